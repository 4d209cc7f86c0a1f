"""A firm applies, and proves its address by the link in a mail. Nothing here looks at who is known already: neither words nor
time tell a stranger whether a firm or an address exists."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django_countries import countries

from accounts.zones import is_zone
from core.business_time import add_business_days, vendor_calendar
from core.clock import Clock, database_clock
from core.errors import BadInput, LinkSpent
from notifications.rendering import Reader
from notifications.services import notify, notify_address
from partners.enums import ApplicationState
from partners.keepers import operations
from partners.models import Application, ApplicationCheck, ChecklistItem

FIELDS = (
    *("name", "kind", "country", "city", "website", "time_zone"),
    *("contact_name", "contact_title", "contact_email", "contact_phone", "about"),
)
ANSWER_BUSINESS_DAYS = 5
LINK_DAYS = 7
# So many mails to one address in a day: a form that mails strangers is a weapon.
A_DAY = 3
_SALT = "partners.application"
_GONE = "This link has expired or was cut off by the mail program. Copy it whole, or apply again."


def apply(fields: Mapping[str, Any], *, clock: Clock = database_clock) -> Application | None:
    """Keeps what a stranger wrote and mails them a link to confirm it. None, and no mail, where the address got A_DAY of
    them within a day already: the stranger is not told. Raises BadInput for what a form would have refused."""
    given = {name: value for name, value in fields.items() if name in FIELDS}
    given["contact_email"] = str(given["contact_email"]).strip().lower()
    if not is_zone(str(given.get("time_zone", "UTC"))):
        raise BadInput("Choose a time zone from the list.", field="time_zone")
    at = clock()
    with transaction.atomic():
        recent = Application.objects.filter(
            contact_email__iexact=given["contact_email"], sent_at__gt=at - timedelta(days=1)
        )
        if recent.count() >= A_DAY:
            return None
        made = Application.objects.create(**given, sent_at=at)
        notify_address(
            event="partner.application_confirm",
            reader=reader_of(made),
            occasion=f"application:{made.code}:confirm",
            link=link_for(made),
            about=made.code,
            clock=clock,
            context=words_of(made)
            | {"accept_url": link_for(made), "respond_by": at + timedelta(days=LINK_DAYS)},
        )
    return made


def confirm(token: str, *, clock: Clock = database_clock) -> Application:
    """The address is proven: the application reaches operations, with the checklist of its kind. A second time changes
    nothing. Raises LinkSpent."""
    with transaction.atomic():
        found = read_link(token, clock=clock, lock=True)
        if found.state != ApplicationState.UNCONFIRMED:
            return found
        at = clock()
        found.state, found.confirmed_at = ApplicationState.RECEIVED, at
        found.answer_by = add_business_days(at, ANSWER_BUSINESS_DAYS, vendor_calendar())
        found.save(update_fields=["state", "confirmed_at", "answer_by"])
        give_checklist(found, found.kind)
        _tell_operations(found, clock)
    return found


def give_checklist(application: Application, kind: str) -> None:
    """Copies the checklist of a kind of partner to an application; the items that it has already stay as they are."""
    items = ChecklistItem.objects.filter(Q(kind="") | Q(kind=kind), active=True)
    have = application.checks.values("label")
    ApplicationCheck.objects.bulk_create(
        ApplicationCheck(
            application=application,
            place=item.place,
            label=item.label,
            help=item.help,
            required=item.required,
        )
        for item in items.exclude(label__in=have)
    )


def read_link(token: str, *, clock: Clock = database_clock, lock: bool = False) -> Application:
    """The application that a mailed link stands for. Raises LinkSpent for one that is broken, or swept away unconfirmed."""
    try:
        code = str(signing.loads(token, salt=_SALT))
    except signing.BadSignature as error:
        raise LinkSpent(_GONE) from error
    rows = Application.objects.select_for_update() if lock else Application.objects.all()
    found = rows.filter(code=code).first()
    if found is None or _too_old(found, clock()):
        raise LinkSpent(_GONE)
    return found


def link_for(application: Application) -> str:
    """The address for the mail; afterwards it shows the applicant how far it has come."""
    token = signing.dumps(application.code, salt=_SALT)
    return f"{settings.PORTAL_URL}{reverse('partners:confirm_application', args=[token])}"


def sweep_unconfirmed(*, clock: Clock = database_clock) -> int:
    """Deletes what nobody confirmed in LINK_DAYS: the names of strangers are not kept. Returns how many."""
    old = clock() - timedelta(days=LINK_DAYS)
    number, _ = Application.objects.filter(state=ApplicationState.UNCONFIRMED, sent_at__lt=old).delete()
    return number


def reader_of(application: Application) -> Reader:
    """Whom mails to the applicant are written for."""
    return Reader(
        name=application.contact_name, email=application.contact_email, time_zone=application.time_zone
    )


def words_of(application: Application) -> dict[str, Any]:
    """Plain values for the mails about it."""
    return {
        "partner_name": application.name,
        "firm_name": application.name,
        "application": {
            "code": application.code,
            "contact_name": application.contact_name,
            "kind": application.get_kind_display(),
            "country": str(countries.name(str(application.country))),
            "answer_by": application.answer_by,
        },
    }


def _too_old(application: Application, now: datetime) -> bool:
    unconfirmed = application.state == ApplicationState.UNCONFIRMED
    return unconfirmed and application.sent_at + timedelta(days=LINK_DAYS) < now


def _tell_operations(application: Application, clock: Clock) -> None:
    for person in operations():
        notify(
            event="partner.application_received",
            recipient=person,
            context=words_of(application),
            occasion=f"application:{application.code}:received",
            link=reverse("partners:application", args=[application.code]),
            about=application.code,
            clock=clock,
        )
