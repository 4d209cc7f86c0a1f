"""How firms are taken in: the steps of onboarding by kind of partner, and the checklist of applications."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.errors import BadInput
from partners.enums import PartnerKind, StepSide
from partners.forms.plans import ChecklistItemForm, PlanStepForm
from partners.models import ChecklistItem, OnboardingPlan, PlanStep
from partners.services import plans as services

EDIT = "partners.edit"


@require_safe
@requires("partners.view_all")
def plans(request: HttpRequest) -> HttpResponse:
    """All plans with their stages, and the checklist: a constant number of queries. All of the vendor's staff read it,
    operations change it."""
    assert isinstance(request.user, User)
    found = list(OnboardingPlan.objects.prefetch_related("steps"))
    taken = {plan.kind for plan in found}
    context = {
        "page_title": "Taking partners in",
        "breadcrumbs": [_partners(), {"label": "Taking partners in"}],
        "may_edit": request.user.may(EDIT),
        "plans": [_shown(plan) for plan in found],
        "kinds": [(kind.value, kind.label) for kind in PartnerKind if kind not in taken],
        "items": [
            {
                "pk": item.pk,
                "label": item.label,
                "kind": item.get_kind_display() or "Every kind",
                "required": item.required,
                "active": item.active,
            }
            for item in ChecklistItem.objects.all()
        ],
    }
    return render(request, "partners/plans/plans.html", context)


@require_POST
@requires(EDIT)
def new_plan(request: HttpRequest) -> HttpResponse:
    """Gives one kind of partner a plan of its own."""
    assert isinstance(request.user, User)
    try:
        plan = services.begin_plan(request.POST.get("kind", ""), by=request.user)
    except BadInput as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request, f"{plan} begins with a copy of the steps for all kinds. Change what differs."
        )
    return redirect("partners:plans")


@require_POST
@requires(EDIT)
def plan_activation(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Whether firms of this plan become active by themselves."""
    assert isinstance(request.user, User)
    plan = get_object_or_404(OnboardingPlan, pk=plan_id)
    services.set_activation(plan, by_itself=request.POST.get("by_itself") == "yes", by=request.user)
    messages.success(request, "Saved.")
    return redirect("partners:plans")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new_step(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Adds a step to a plan."""
    plan = get_object_or_404(OnboardingPlan, pk=plan_id)
    last = plan.steps.order_by("stage").last()
    first = {"stage": last.stage, "stage_title": last.stage_title} if last else {"stage": 1}
    step = PlanStep(plan=plan, **first)
    return _step(request, step, f"New step: {plan}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def edit_step(request: HttpRequest, step_id: int) -> HttpResponse:
    """Changes a step for the firms to come."""
    step = get_object_or_404(PlanStep.objects.select_related("plan"), pk=step_id)
    return _step(request, step, step.title)


@require_POST
@requires(EDIT)
def remove_step(request: HttpRequest, step_id: int) -> HttpResponse:
    """Takes a step out of its plan."""
    assert isinstance(request.user, User)
    services.remove_step(get_object_or_404(PlanStep, pk=step_id), by=request.user)
    messages.success(request, "Taken out. Firms that have the step keep it.")
    return redirect("partners:plans")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new_item(request: HttpRequest) -> HttpResponse:
    """Adds an item to the checklist."""
    return _item(request, ChecklistItem(), "New item")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def edit_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Changes an item for the applications to come."""
    item = get_object_or_404(ChecklistItem, pk=item_id)
    return _item(request, item, item.label)


@require_POST
@requires(EDIT)
def remove_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Takes an item off the checklist."""
    assert isinstance(request.user, User)
    services.remove_item(get_object_or_404(ChecklistItem, pk=item_id), by=request.user)
    messages.success(request, "Taken off. Applications that came in keep it.")
    return redirect("partners:plans")


def _step(request: HttpRequest, step: PlanStep, title: str) -> HttpResponse:
    assert isinstance(request.user, User)
    known = PlanStep.objects.get(pk=step.pk) if step.pk else step
    form = PlanStepForm(request.POST if request.method == "POST" else None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_step(step, by=request.user, fields=form.cleaned_data)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "Saved. Firms that have the step already keep it as it was.")
            return redirect("partners:plans")
    remove = reverse("partners:remove_step", args=[step.pk]) if step.pk else ""
    return _form_page(request, form, title, remove)


def _item(request: HttpRequest, item: ChecklistItem, title: str) -> HttpResponse:
    assert isinstance(request.user, User)
    known = ChecklistItem.objects.get(pk=item.pk) if item.pk else item
    form = ChecklistItemForm(request.POST if request.method == "POST" else None, instance=known)
    if request.method == "POST" and form.is_valid():
        services.save_item(item, by=request.user, fields=form.cleaned_data)
        messages.success(request, "Saved. Applications that came in keep their checklist.")
        return redirect("partners:plans")
    remove = reverse("partners:remove_item", args=[item.pk]) if item.pk else ""
    return _form_page(request, form, title, remove)


def _form_page(request: HttpRequest, form: BaseForm, title: str, remove: str) -> HttpResponse:
    whole = {"label": "Taking partners in", "url": reverse("partners:plans")}
    context = {
        "page_title": title,
        "breadcrumbs": [_partners(), whole, {"label": title}],
        "form": form,
        "remove_url": remove,
        "cancel_url": whole["url"],
    }
    return render(request, "partners/plans/form.html", context, status=422 if form.errors else 200)


def _shown(plan: OnboardingPlan) -> dict[str, Any]:
    stages: dict[int, dict[str, Any]] = {}
    for step in plan.steps.all():
        stage = stages.setdefault(step.stage, {"number": step.stage, "title": step.stage_title, "steps": []})
        stage["steps"].append(
            {
                "pk": step.pk,
                "title": step.title,
                "side": "The partner" if step.side == StepSide.PARTNER else "Us",
                "due": "" if step.due_days is None else f"{step.due_days} days",
                "required": step.required,
            }
        )
    return {
        "pk": plan.pk,
        "title": str(plan),
        "by_itself": plan.activates_by_itself,
        "stages": list(stages.values()),
    }


def _partners() -> dict[str, str]:
    return {"label": "Partners", "url": reverse("partners:list")}
