"""Operations invite firms of the audience."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.clock import database_clock
from core.errors import DomainError, WrongStatus
from core.fields import without_controls
from core.vendor_days import vendor_day
from partners.querysets import PartnerQuerySet
from programs.audience import audience_of
from programs.forms.programs import InviteForm
from programs.models import Enrolment, Program
from programs.permissions import ENROL
from programs.services.enrolling import invite
from programs.views.access import crumbs, person_of, program_in_reach

_ON_A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@requires(ENROL)
def invite_firms(request: HttpRequest, code: str) -> HttpResponse:
    """The firms of the audience that are not in the program; each invitation stands by itself, and what failed is said.
    Finding others and turning pages are buttons of the same form, so what was chosen and written stays."""
    found, now = program_in_reach(request, code), database_clock()
    page_url = reverse("programs:program", args=[code])
    if not Program.objects.running(vendor_day(now)).filter(pk=found.pk).exists():
        raise WrongStatus(f"{found.name} does not run now, so nobody can be invited.")
    inside = Enrolment.objects.open().filter(program=found).values("partner")
    firms = audience_of(found, now).exclude(pk__in=inside).order_by("name", "pk")
    sent = request.POST if request.method == "POST" else None
    if sent is not None and not {"find", "page"} & set(sent):
        form = InviteForm(sent, firms=firms)
        if form.is_valid():
            _invite(request, found, form)
            return redirect(page_url)
    else:
        form = InviteForm(firms=firms, initial={"text": sent.get("text", "") if sent else ""})
    context = {
        "page_title": "Invite firms",
        "breadcrumbs": crumbs(request, (found.name, page_url), title="Invite"),
        "program": found,
        "form": form,
        **_shown(request, firms),
    }
    return render(request, "programs/invite.html", context, status=422 if form.errors else 200)


def _invite(request: HttpRequest, program: Program, form: InviteForm) -> None:
    invited = 0
    for partner in form.cleaned_data["partners"]:
        try:
            invite(program, partner, by=person_of(request), text=form.cleaned_data["text"])
            invited += 1
        except DomainError as reason:
            messages.warning(request, reason.message)
    if invited:
        words = "1 firm was" if invited == 1 else f"{invited} firms were"
        messages.success(request, f"{words} invited.")


def _shown(request: HttpRequest, firms: PartnerQuerySet) -> dict[str, Any]:
    """The page of firms that was asked for, and those chosen on others."""
    asked = request.POST if request.method == "POST" else request.GET
    wanted = " ".join(without_controls(asked.get("q", "")).split())
    number = "1" if "find" in asked else asked.get("page") or asked.get("at")
    page = Paginator(firms.mentioning(wanted), _ON_A_PAGE).get_page(number)
    given = [pk for pk in request.POST.getlist("partners") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    chosen = {int(pk) for pk in given}
    elsewhere = chosen - {partner.pk for partner in page}
    return {
        "wanted": wanted,
        "page": page,
        "chosen": chosen,
        "elsewhere": list(firms.filter(pk__in=elsewhere)) if elsewhere else [],
    }
