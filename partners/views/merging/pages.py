"""Two records of one firm: choose the other, read what a merge would move, do it, take it back within a day."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.errors import DomainError
from partners.forms.merging import MergeForm, SearchForm
from partners.models import Partner, PartnerMerge
from partners.services.merging import UNDO_HOURS, merge_partners, plan_merge, undo_merge
from partners.services.merging.merge import EDIT
from partners.views.merging.beside import beside

_ON_A_PAGE = 12


@require_safe
@requires(EDIT)
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Which other record is the same firm; before anything is typed, those that share a word of the name."""
    partner = _found(request, code)
    form = SearchForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data.get("q") or ""
    others = Partner.objects.visible_to(_person(request)).exclude(pk=partner.pk)
    others = others.exclude(merges__in=PartnerMerge.objects.filter(undone_at=None))
    found = others.mentioning(asked or _longest_word(partner.name)).order_by("name", "pk")
    context = {
        "page_title": "Merge with another record",
        "breadcrumbs": _crumbs(partner, "Merge"),
        "partner": partner,
        "form": form,
        "asked": asked,
        "page": Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "partners/merging/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def merge(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """What joining the two would do; a POST does it. `keep` in the address says which record goes on."""
    pair = (_found(request, code), _found(request, other))
    keep = request.POST.get("keep") or request.GET.get("keep", "")
    survivor = next((one for one in pair if one.code == keep), min(pair, key=lambda one: one.pk))
    gone = pair[0] if survivor is pair[1] else pair[1]
    form = MergeForm(request.POST if request.method == "POST" else None)
    refused, status = "", None
    if request.method == "POST" and form.is_valid():
        try:
            merge_partners(
                gone,
                into=survivor,
                by=_person(request),
                reason=form.cleaned_data["reason"],
                versions={one.pk: _version(request, one) for one in pair},
            )
        except DomainError as error:
            refused, status = error.message, error.status
            gone, survivor = (_found(request, one.code) for one in (gone, survivor))
        else:
            messages.success(
                request,
                f"{gone.name} is part of {survivor.name} now. It can be taken back for {UNDO_HOURS} hours.",
            )
            return redirect("partners:partner", survivor.code)
    context = {
        "page_title": "Merge two records",
        "breadcrumbs": _crumbs(survivor, "Merge"),
        "plan": plan_merge(gone, into=survivor),
        "rows": beside(gone, survivor),
        "form": form,
        "refused": refused,
        "hours": UNDO_HOURS,
        "turned_url": f"{reverse('partners:merge', args=[survivor.code, gone.code])}?keep={gone.code}",
    }
    return render(
        request, "partners/merging/plan.html", context, status=status or (422 if form.errors else 200)
    )


@require_POST
@requires(EDIT)
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the merge apart; what stays is told."""
    found = get_object_or_404(PartnerMerge.objects.select_related("gone", "survivor"), code=code)
    done = undo_merge(found, by=_person(request))
    begun = "What its people wrote and submitted since the merge went with them."
    messages.success(request, f"{found.gone.name} stands for itself again. {begun}")
    for kept in done.kept:
        named = f": {', '.join(kept['examples'])}" if kept["examples"] else ""
        messages.warning(
            request,
            f"Changed since, so still with {found.survivor.name}: {kept['count']} of {kept['label'].lower()}{named}.",
        )
    return redirect("partners:partner", found.gone.code)


def _found(request: HttpRequest, code: str) -> Partner:
    seen = Partner.objects.visible_to(_person(request)).select_related("manager")
    return get_object_or_404(seen.prefetch_related("territories", "industries"), code=code)


def _version(request: HttpRequest, partner: Partner) -> int:
    """The version that the page was made from; one that can't be read is never the present one."""
    text = request.POST.get(f"version-{partner.code}", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _longest_word(name: str) -> str:
    return max(name.split(), key=len, default="")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _crumbs(partner: Partner, title: str) -> list[dict[str, Any]]:
    return [
        {"label": "Partners", "url": reverse("partners:list")},
        {"label": partner.name, "url": reverse("partners:partner", args=[partner.code])},
        {"label": title},
    ]
