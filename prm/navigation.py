"""What stands in the sidebar, for whom, and how many things wait there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from core.clock import database_clock
from leads.models import Lead
from leads.querysets import firm_of
from partners.keepers import steps_waiting_for
from partners.models import Application, Certificate
from programs.asking import asked_of
from programs.models import Enrolment
from programs.permissions import ENROL, JOIN
from programs.services.tiers.deciders import waiting_for
from registrations.models import Appeal, Extension, Registration


@dataclass(frozen=True)
class Entry:
    """One entry: shown to people with one of `permissions`, the first with its route. It is lit on pages below its own
    address, or below one of `within`."""

    label: str
    route: str
    icon: str
    permissions: tuple[str, ...]
    badge: Callable[[User], int] | None = None
    within: tuple[str, ...] = ()


def _to_review(user: User) -> int:
    asleep = {"snooze__until__gt": Now(), "snooze__at__gte": F("changed_at")}
    return Registration.objects.visible_to(user).awaiting_review().exclude(**asleep).count()


def _to_answer(user: User) -> int:
    return Registration.objects.visible_to(user).filter(status="information_asked").count()


def _asked_for(user: User) -> int:
    asked = (Extension, Appeal)
    return sum(model.objects.visible_to(user).awaiting().count() for model in asked)


def _to_give(user: User) -> int:
    return Lead.objects.to_give().count() if user.may("leads.manage") else 0


def _our_steps(user: User) -> int:
    return steps_waiting_for(user, database_clock()).count()


def _to_vet(user: User) -> int:
    return Application.objects.visible_to(user).waiting().count() if user.may("partners.vet") else 0


def _to_acknowledge(user: User) -> int:
    return len(asked_of(user))


def _to_accept(user: User) -> int:
    firm = firm_of(user)
    return Lead.objects.given_to(firm).count() if firm else 0


def _to_verify(user: User) -> int:
    return Certificate.objects.to_verify().count() if user.may("certificates.verify") else 0


def _programs_to_decide(user: User) -> int:
    found = Enrolment.objects.filter(status="applied").count() if user.may(ENROL) else 0
    return found + waiting_for(user, database_clock()).count()


def _invited_to(user: User) -> int:
    return Enrolment.objects.visible_to(user).filter(status="invited").count() if user.may(JOIN) else 0


_ASKED = ("/extensions/", "/appeals/")
ENTRIES = [
    Entry("Overview", "registrations:overview", "home", ("registrations.register",)),
    Entry("Review queue", "registrations:queue", "inbox", ("registrations.view_all",), _to_review),
    Entry(
        "Requests",
        "registrations:requests",
        "list-check",
        ("registrations.view_all",),
        _asked_for,
        within=("/requests/", *_ASKED),
    ),
    Entry(
        "Registrations",
        "registrations:list",
        "briefcase",
        ("registrations.view_all",),
        within=("/registrations/", "/decisions/", "/agreements/"),
    ),
    Entry(
        "Registrations",
        "registrations:list",
        "briefcase",
        ("registrations.view_own", "registrations.view_firm"),
        _to_answer,
        within=("/registrations/", "/decisions/", "/agreements/", "/offers/", *_ASKED),
    ),
    Entry("Leads", "leads:list", "send", ("leads.view_all",), _to_give),
    Entry("Leads", "leads:ours", "send", ("leads.work",), _to_accept),
    Entry("Open by company", "reports:open_registrations", "chart-bar", ("reports.view",)),
    Entry("Companies", "companies:search", "building", ("companies.view",)),
    Entry("Named accounts", "companies:named_accounts", "flag", ("named_accounts.view",)),
    Entry("Partners", "partners:list", "users", ("partners.view_all",), _our_steps),
    Entry("Applications", "partners:applications", "user-plus", ("partners.view_all",), _to_vet),
    Entry("Groups", "partners:groups", "category", ("partners.view_all",)),
    Entry(
        "Programs",
        "programs:list",
        "package",
        ("programs.view_all",),
        _programs_to_decide,
        within=("/programs/",),
    ),
    Entry(
        "Programs", "programs:ours", "package", ("programs.view_own",), _invited_to, within=("/programs/",)
    ),
    Entry("Training", "programs:training", "school", ("training.take",)),
    Entry("Library", "programs:library", "book", ("content.read", "content.view_all"), _to_acknowledge),
    Entry("Certificates", "partners:certificates", "file-certificate", ("partners.view_all",), _to_verify),
    Entry("Agreements", "partners:agreements", "shield-check", ("partners.view_all",)),
    Entry("Our people", "partners:people", "user-check", ("members.invite_any",)),
    Entry("My firm", "partners:firm", "users", ("partners.view_own",)),
    Entry(
        "Policies", "policies:registration_policy", "file-text", ("policies.view",), within=("/policies/",)
    ),
    Entry("Outbox", "notifications:outbox", "mail", ("outbox.view",)),
    Entry("Incoming mail", "registrations:incoming", "message", ("outbox.view",)),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`: the entries this person may open; empty before sign-in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "htmx", False):
        return {"navigation": []}
    here = request.path
    entries: dict[str, dict[str, Any]] = {}
    for entry in ENTRIES:
        if entry.route in entries or not any(user.may(permission) for permission in entry.permissions):
            continue
        url = reverse(entry.route)
        entries[entry.route] = {
            "label": entry.label,
            "url": url,
            "icon": entry.icon,
            "badge": entry.badge(user) if entry.badge else 0,
            "active": here.startswith(entry.within or url),
        }
    # The page that is open lies under one entry only: the one with the longest address.
    opened = max((entry["url"] for entry in entries.values() if entry["active"]), key=len, default="")
    for shown in entries.values():
        shown["active"] = shown["url"] == opened
    member = getattr(user, "member", None)
    return {
        "navigation": list(entries.values()),
        "firm_name": member.partner.name if member else "",
        "search_url": reverse("companies:search") if user.may("companies.view") else "",
    }
