"""Operations choose what of the library belongs to a program, and write which incentives are to come."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from core.clock import database_clock
from core.vendor_days import vendor_day
from programs.forms.contents import IncentiveForm, PickForm
from programs.models import ContentItem, ContentVersion, PlannedIncentive, Program
from programs.permissions import EDIT
from programs.querysets.content import holding, search_query
from programs.services import contents as services
from programs.views.access import crumbs, person_of, program_in_reach, sent_version
from programs.views.acting import act
from programs.views.programs.holds import item_row, items_of, with_titles

METHODS = ["GET", "HEAD", "POST"]
_FOUND = 20


@require_http_methods(METHODS)
@requires(EDIT)
def contents(request: HttpRequest, code: str) -> HttpResponse:
    """What was put in, with a button to take it out; what the search finds, with one to put it in."""
    found = program_in_reach(request, code)
    if request.method == "POST":
        return _put_or_take(request, found)
    form = PickForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    inside = items_of(found)
    others = _others(found, text)
    context = {
        "page_title": "What belongs to the program",
        "breadcrumbs": crumbs(request, (found.name, _page(found)), title="Documents"),
        "program": found,
        "form": form,
        "text": text,
        "inside": [item_row(one) for one in inside],
        "others": [item_row(one) for one in with_titles(others[:_FOUND])],
        "more": max(others.count() - _FOUND, 0),
        "has_library": bool(inside) or ContentItem.objects.exists(),
    }
    return render(request, "programs/contents.html", context)


def _others(found: Program, text: str) -> QuerySet[ContentItem]:
    """Items that are not in the program: those whose newest words match, or the latest."""
    rows = ContentItem.objects.filter(withdrawn_at=None).exclude(program_contents__program=found)
    if text:
        # Versions, not `current`: a draft is put in before it is published, too.
        versions = ContentVersion.objects.filter(search=search_query(text))
        if not versions.exists():
            versions = holding(ContentVersion.objects.all(), text)
        rows = rows.filter(pk__in=versions.values("item"))
    return rows.order_by("-pk")


def _put_or_take(request: HttpRequest, found: Program) -> HttpResponse:
    person, query = person_of(request), request.POST.get("q", "")
    code = request.POST.get("put") or request.POST.get("take") or ""
    item = ContentItem.objects.filter(code=code).first()
    if item is None:
        messages.error(request, "This is not in the library any more.")
    elif "put" in request.POST:
        services.put_in(found, item, by=person)
        messages.success(request, f"It belongs to the program now. {_who_reads(found, item)}")
    else:
        services.take_out(found, item, by=person)
        messages.success(request, "It does not belong to the program any more.")
    here = reverse("programs:contents", args=[found.code])
    form = PickForm({"q": query})
    kept = form.cleaned_data["q"] if form.is_valid() else ""
    return redirect(_with_search(here, kept))


def _who_reads(found: Program, item: ContentItem) -> str:
    if item.current_id is None:
        return "The firms that take part can read it once it is published."
    if not Program.objects.going_on(vendor_day(database_clock())).filter(pk=found.pk).exists():
        return "The firms that take part can read it while the program goes on."
    return "The firms that take part can read it."


def _with_search(here: str, text: str) -> str:
    return f"{here}?{urlencode({'q': text})}" if text else here


@require_http_methods(METHODS)
@requires(EDIT)
def new_incentive(request: HttpRequest, code: str) -> HttpResponse:
    """One more incentive to come."""
    return _incentive(request, program_in_reach(request, code), None)


@require_http_methods(METHODS)
@requires(EDIT)
def change_incentive(request: HttpRequest, code: str, incentive_id: int) -> HttpResponse:
    """What is planned, in other words or for other days."""
    found = program_in_reach(request, code)
    return _incentive(request, found, get_object_or_404(found.incentives, pk=incentive_id))


@require_POST
@requires(EDIT)
def delete_incentive(request: HttpRequest, code: str, incentive_id: int) -> HttpResponse:
    """Not planned any more."""
    found = program_in_reach(request, code)
    one = get_object_or_404(found.incentives, pk=incentive_id)
    services.delete_incentive(one, by=person_of(request), version=sent_version(request))
    messages.success(request, "It is not announced any more.")
    return redirect(f"{_page(found)}#incentives")


def _incentive(request: HttpRequest, found: Program, one: PlannedIncentive | None) -> HttpResponse:
    form = IncentiveForm(request.POST or None, incentive=one)

    def post() -> PlannedIncentive:
        said: dict[str, Any] = form.cleaned_data
        return services.save_incentive(
            found, by=person_of(request), version=sent_version(request), incentive=one, **said
        )

    title = "Change what is planned" if one else "An incentive to come"
    return act(
        request,
        form,
        post,
        title=title,
        done="Saved.",
        go=lambda _: f"{_page(found)}#incentives",
        breadcrumbs=crumbs(request, (found.name, _page(found)), title=title),
        submit="Save",
        cancel_url=_page(found),
        lead="Firms read what is planned and for when. Nothing is computed or paid from it.",
        version=found.version,
    )


def _page(found: Program) -> str:
    return reverse("programs:program", args=[found.code])
