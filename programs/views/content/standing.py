"""Publishing, withdrawing, putting back and throwing a draft away: one button each, on the item's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import requires
from programs.services.content.keeping import discard_draft
from programs.services.content.publishing import publish, put_back, withdraw
from programs.views.content.access import EDIT, in_reach, sent_version


@require_POST
@requires(EDIT)
def publish_content(request: HttpRequest, code: str) -> HttpResponse:
    """The draft becomes what readers see; they are told by mail."""
    item, person = in_reach(request, code), _person(request)
    publish(item, by=person, version=sent_version(request))
    messages.success(request, "Published. The audience is told by mail now.")
    return redirect("programs:content", item.code)


@require_POST
@requires(EDIT)
def withdraw_content(request: HttpRequest, code: str) -> HttpResponse:
    """Readers see it no more; everything stays for the vendor."""
    item, person = in_reach(request, code), _person(request)
    withdraw(item, by=person, version=sent_version(request))
    messages.success(request, "Withdrawn: readers don't see it any more.")
    return redirect("programs:content", item.code)


@require_POST
@requires(EDIT)
def put_back_content(request: HttpRequest, code: str) -> HttpResponse:
    """A withdrawn item is shown again."""
    item, person = in_reach(request, code), _person(request)
    put_back(item, by=person, version=sent_version(request))
    messages.success(request, "Readers see it again.")
    return redirect("programs:content", item.code)


@require_POST
@requires(EDIT)
def discard_content(request: HttpRequest, code: str) -> HttpResponse:
    """Throws the draft away."""
    item, person = in_reach(request, code), _person(request)
    was_published = item.current_id is not None
    discard_draft(item, by=person, version=sent_version(request))
    messages.success(request, "The draft is gone.")
    return redirect("programs:content", item.code) if was_published else redirect("programs:library")


def _person(request: HttpRequest) -> Any:
    return request.user
