"""Operations invite firms of the audience."""

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
    """The firms of the audience that are not in the program; each invitation stands by itself, and what failed is said."""
    found, now = program_in_reach(request, code), database_clock()
    page_url = reverse("programs:program", args=[code])
    if not Program.objects.running(now.date()).filter(pk=found.pk).exists():
        raise WrongStatus(f"{found.name} does not run now, so nobody can be invited.")
    inside = Enrolment.objects.open().filter(program=found).values("partner")
    firms = audience_of(found, now).exclude(pk__in=inside).order_by("name")
    if wanted := " ".join(without_controls(request.GET.get("q", "")).split()):
        firms = firms.mentioning(wanted)
    form = InviteForm(request.POST or None, firms=firms)
    if request.method == "POST" and form.is_valid():
        invited = 0
        for partner in form.cleaned_data["partners"]:
            try:
                invite(found, partner, by=person_of(request), text=form.cleaned_data["text"])
                invited += 1
            except DomainError as reason:
                messages.warning(request, reason.message)
        if invited:
            words = "1 firm was" if invited == 1 else f"{invited} firms were"
            messages.success(request, f"{words} invited.")
        return redirect(page_url)
    page = Paginator(firms, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "Invite firms",
        "breadcrumbs": crumbs(request, (found.name, page_url), title="Invite"),
        "program": found,
        "form": form,
        "page": page,
        "wanted": wanted,
        "chosen": set(request.POST.getlist("partners")),
    }
    return render(request, "programs/invite.html", context, status=422 if form.errors else 200)
