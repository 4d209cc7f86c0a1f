"""Applications as the pages show them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_countries import countries

from accounts.models import User
from core import shown
from partners.doubles import domain_of, fold, likely_doubles
from partners.enums import ApplicationState
from partners.models import Application, ApplicationCheck

_MOST = 5


@dataclass(frozen=True)
class ApplicationRow:
    """One application in the queue. `days` until the answer is due, None once it was given."""

    name: str
    url: str
    code: str
    kind: str
    place: str
    contact: str
    state: str
    tone: str
    received: str
    days: int | None
    answer_by: datetime | None
    progress: str
    decided: str
    partner_url: str


@dataclass(frozen=True)
class DoubleRow:
    """A firm or another application that may be the same, and why."""

    name: str
    url: str
    what: str
    why: str


@dataclass(frozen=True)
class CheckRow:
    """An item of the checklist."""

    pk: int
    label: str
    help: str
    required: bool
    done: bool
    who: str


_TONES = {
    ApplicationState.UNCONFIRMED: "off",
    ApplicationState.RECEIVED: "wait",
    ApplicationState.ACCEPTED: "ok",
    ApplicationState.DECLINED: "stop",
}


def row_of(application: Application, now: datetime) -> ApplicationRow:
    """What the queue shows; `ticked` and `items` come with the queue's query."""
    waits = application.state == ApplicationState.RECEIVED and application.answer_by is not None
    days = None
    if waits and application.answer_by is not None:
        days = (timezone.localdate(application.answer_by) - timezone.localdate(now)).days
    items = getattr(application, "items", 0)
    place = shown.listed(application.city, _country(application))
    return ApplicationRow(
        name=application.name,
        url=reverse("partners:application", args=[application.code]),
        code=application.code,
        kind=application.get_kind_display(),
        place=place,
        contact=application.contact_name,
        state=application.get_state_display(),
        tone=_TONES[ApplicationState(application.state)],
        received=_day(application.confirmed_at),
        days=days,
        answer_by=application.answer_by,
        progress=f"{getattr(application, 'ticked', 0)} of {items}" if items else "–",
        decided=f"{_day(application.decided_at)} by {application.decided_by}"
        if application.decided_at
        else "",
        partner_url=reverse("partners:partner", args=[application.partner.code])
        if application.partner
        else "",
    )


def facts_of(application: Application) -> list[tuple[str, str]]:
    """What the applicant wrote, label and value."""
    return [
        ("Kind", application.get_kind_display()),
        ("Place", shown.listed(application.city, _country(application))),
        ("Website", application.website),
        ("Person", shown.listed(application.contact_name, application.contact_title)),
        ("E-mail", application.contact_email),
        ("Telephone", application.contact_phone),
        ("Confirmed", _day(application.confirmed_at)),
    ]


def checklist(application: Application) -> list[CheckRow]:
    """The items, with who ticked them."""
    rows: list[ApplicationCheck] = list(application.checks.select_related("done_by"))
    return [
        CheckRow(
            pk=row.pk,
            label=row.label,
            help=row.help,
            required=row.required,
            done=row.done_at is not None,
            who=f"{row.done_by}, {_day(row.done_at)}" if row.done_at else "",
        )
        for row in rows
    ]


def notes_of(application: Application) -> list[dict[str, object]]:
    """The notes as a timeline, the newest first."""
    rows = application.notes.select_related("by").order_by("-at", "-id")
    return [{"title": str(row.by), "when": row.at, "body": row.text, "icon": "message"} for row in rows]


def doubles_of(application: Application, reader: User) -> list[DoubleRow]:
    """Firms and other applications that may be the same one. The firm made of this application is none."""
    firms = [
        DoubleRow(
            double.partner.name,
            reverse("partners:partner", args=[double.partner.code]),
            f"Partner, {double.partner.get_status_display().lower()}",
            double.why,
        )
        for double in likely_doubles(
            application.name, website=application.website, email=application.contact_email
        )
        if double.partner.pk != application.partner_id
    ]
    return firms + _other_applications(application, reader)


def _other_applications(application: Application, reader: User) -> list[DoubleRow]:
    alike = Q(name__iexact=application.name) | Q(contact_email__iexact=application.contact_email)
    if domain := domain_of(application.contact_email):
        alike |= Q(contact_email__iendswith=f"@{domain}")
    others = Application.objects.visible_to(reader).filter(alike).exclude(pk=application.pk)
    same = fold(application.name)
    return [
        DoubleRow(
            other.name,
            reverse("partners:application", args=[other.code]),
            f"Application, {other.get_state_display().lower()}",
            "the same name" if fold(other.name) == same else "the same mail domain",
        )
        for other in others.order_by("-confirmed_at")[:_MOST]
    ]


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%-d %b %Y}" if moment else ""


def _country(application: Application) -> str:
    return str(countries.name(str(application.country)))
