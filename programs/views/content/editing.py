"""Writing an item, or its next version."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.errors import BadInput, StaleVersion
from programs.enums import ContentKind
from programs.forms.content import ContentForm, initial_of
from programs.models import ContentItem
from programs.services.content.keeping import change_item, create_item
from programs.views.content.access import EDIT, crumbs, in_reach

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(EDIT)
def new_content(request: HttpRequest, kind: str) -> HttpResponse:
    """A document, page or announcement; nobody reads it before it is published."""
    if kind not in ContentKind.values:
        raise Http404("There is no such kind of content.")
    form = ContentForm(*_sent(request), kind=kind)
    label = ContentKind(kind).label.lower()
    if request.method == "POST" and form.is_valid():
        try:
            made = create_item(by=_person(request), kind=kind, said=form.said(), audience=form.whom())
        except BadInput as refused:
            _refuse(form, refused)
        else:
            messages.success(request, f"The {label} is saved as a draft. Look at it, then publish it.")
            return redirect("programs:content", made.code)
    title = f"New {label}"
    return _page(request, form, title, crumbs(None, "", title), reverse("programs:library"))


@require_http_methods(METHODS)
@requires(EDIT)
def change_content(request: HttpRequest, code: str) -> HttpResponse:
    """The next version, and whom the item is for. Readers keep the version they have until this one is published."""
    item = in_reach(request, code)
    last = item.versions.latest("number")
    initial = None if request.method == "POST" else initial_of(item, last)
    form = ContentForm(*_sent(request), kind=item.kind, last=last, initial=initial)
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            change_item(
                item,
                by=_person(request),
                version=form.cleaned_data["version"] or 0,
                said=form.said(),
                audience=form.whom(),
            )
        except BadInput as refused:
            _refuse(form, refused)
        except StaleVersion as stale:
            form.add_error(None, stale.message)
            status = stale.status
        else:
            messages.success(request, "Saved as a draft. Readers see it once it is published.")
            return redirect("programs:content", item.code)
    title = f"Change {last.title}"
    own = reverse("programs:content", args=[item.code])
    return _page(request, form, title, crumbs(item, last.title, "Change"), own, item=item, status=status)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _refuse(form: ContentForm, refused: BadInput) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _page(
    request: HttpRequest,
    form: ContentForm,
    title: str,
    breadcrumbs: list[dict[str, str]],
    cancel_url: str,
    *,
    item: ContentItem | None = None,
    status: int | None = None,
) -> HttpResponse:
    context = {
        "page_title": title,
        "breadcrumbs": breadcrumbs,
        "form": form,
        "item": item,
        "cancel_url": cancel_url,
        "multipart": "file" in form.fields,
        "is_live": item is not None and item.current_id is not None and item.withdrawn_at is None,
    }
    return render(
        request, "programs/content/edit.html", context, status=status or (422 if form.errors else 200)
    )


def _person(request: HttpRequest) -> Any:
    return request.user
