"""What all pages of one firm share: the firm, its heading and its tabs."""

from typing import Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import User
from partners.models import OnboardingStep, Partner


def found_firm(reader: User, code: str) -> Partner:
    """The firm, with what its pages show. 404 for one that is not the reader's."""
    seen = Partner.objects.visible_to(reader).select_related("manager")
    return get_object_or_404(seen.prefetch_related("territories", "industries"), code=code)


def frame(reader: User, partner: Partner, page: str) -> dict[str, Any]:
    """Title, breadcrumbs and tabs; `page` is the tab that is open: '', 'onboarding' or 'history'. One query."""
    whole_list = {"label": "Partners", "url": reverse("partners:list")}
    home = reverse(
        "partners:partner" if reader.is_vendor else "partners:firm", args=_arguments(reader, partner)
    )
    titles = {"": partner.name, "onboarding": "Onboarding", "history": "History"}
    steps = OnboardingStep.objects.current().filter(partner=partner)
    counted = steps.aggregate(all=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
    trail = [whole_list] if reader.is_vendor else []
    trail.append({"label": partner.name, "url": home})
    if page:
        trail.append({"label": titles[page]})
    else:
        trail = [whole_list, {"label": partner.name}] if reader.is_vendor else []
    tabs = [_tab("Overview", home, not page)]
    if counted["all"]:
        url = reverse("partners:onboarding", args=[partner.code])
        tabs.append(_tab("Steps", url, page == "onboarding", f"{counted['done']}/{counted['all']}"))
    tabs.append(_tab("History", reverse("partners:history", args=[partner.code]), page == "history"))
    return {
        "page_title": partner.name if not page else f"{titles[page]}: {partner.name}",
        "breadcrumbs": trail,
        "partner": partner,
        "tabs": tabs,
        "is_own": not reader.is_vendor,
        "may_edit": reader.may("partners.edit"),
    }


def _arguments(reader: User, partner: Partner) -> list[str]:
    return [partner.code] if reader.is_vendor else []


def _tab(label: str, url: str, active: bool, count: str | None = None) -> dict[str, Any]:
    return {"label": label, "url": url, "active": active, "count": count}
