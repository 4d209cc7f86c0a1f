"""What every view of a lead begins with: the lead in reach, and the version that a form was made from."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.http import note_place
from leads.models import Gift, Lead
from leads.permissions import MANAGE, VIEW_ALL, WORK

__all__ = ["MANAGE", "VIEW_ALL", "WORK", "crumbs", "holding_of", "in_reach"]


def in_reach(request: HttpRequest, code: str) -> Lead:
    """The lead, if this person may see it; else 404, as if it did not exist. A page that refuses something leads a firm's people
    to its leads, the vendor's back to this one."""
    vendor = request.user.is_vendor  # type: ignore[union-attr]
    note_place(request, reverse("leads:lead", args=[code]) if vendor else reverse("leads:ours"))
    reach = Lead.objects.visible_to(request.user)  # type: ignore[arg-type]
    return get_object_or_404(
        reach.select_related("company", "territory", "currency", "registration", "created_by", "program"),
        code=code,
    )


def holding_of(lead: Lead) -> Gift | None:
    """The lead's open gift."""
    return lead.gifts.open().select_related("partner__manager", "by__role").first()


def crumbs(request: HttpRequest, lead: Lead | None, title: str = "") -> list[dict[str, str]]:
    """Where a page of leads stands."""
    vendor = request.user.is_vendor  # type: ignore[union-attr]
    found = [{"label": "Leads", "url": reverse("leads:list" if vendor else "leads:ours")}]
    if lead is not None:
        found.append({"label": lead.code, "url": reverse("leads:lead", args=[lead.code])})
    if title:
        found.append({"label": title})
    else:
        found[-1].pop("url")
    return found
