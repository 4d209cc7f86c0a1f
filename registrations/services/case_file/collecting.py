"""What belongs to a dispute, and all of it as one tree of plain values."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from companies.relatives import merged_down
from registrations import words
from registrations.chains import providers
from registrations.enums import Status
from registrations.models import Agreement, Conflict, Registration, TimelineEntry
from registrations.services.case_file.end_customers import companies_of, named_accounts_of
from registrations.services.case_file.records import chain_of, fields_of, mails_about, tables_of
from registrations.services.timeline import first_broken, sealed_content

FORMAT = "concord-case-file"
VERSION = 1
HOW = (
    "Each entry of a timeline carries the SHA-256 of its content as JSON (keys sorted, no spaces, UTF-8), in which 'previous' "
    "is the hash of the entry before it, empty for the first. Whoever changes or takes away an entry breaks what follows. "
    "'manage verify_timeline --case FILE' does the sums."
)


def registrations_of(registration: Registration) -> list[Registration]:
    """The registrations of the company, of those that were merged into it, and the rivals that a conflict check found
    for any of them, in the order of the line. Drafts are nobody's claim."""
    company = registration.company.survivor() if registration.company else None
    if company is None:
        return [registration]
    own = Registration.objects.filter(company__in=merged_down([company.pk])[company.pk])
    conflicts = Conflict.objects.filter(Q(registration__in=own) | Q(rival__in=own)).exclude(rival=None)
    ids = {pk for pair in conflicts.values_list("registration", "rival") for pk in pair}
    every = Registration.objects.filter(Q(pk__in=ids) | Q(pk__in=own.values("pk")))
    return list(every.exclude(status=Status.DRAFT).order_by("rank", "pk"))


def collect(registrations: list[Registration], *, by: User, at: datetime) -> dict[str, Any]:
    """The whole case. Queries grow with the number of registrations and tables, not with their rows."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "portal": {"name": settings.PORTAL_NAME, "url": settings.PORTAL_URL},
        "exported_at": at.isoformat(),
        "exported_by": {"id": by.pk, "name": by.name, "email": by.email},
        "how_to_verify": HOW,
        "companies": companies_of(registrations),
        "named_accounts": named_accounts_of(registrations),
        "registrations": [_registration(row) for row in registrations],
        **{provider.name: provider.in_case(registrations) for provider in providers()},
    }


def _registration(registration: Registration) -> dict[str, Any]:
    entries = list(registration.timeline.order_by("number").select_related("actor__role"))
    broken = first_broken(registration, entries)
    return {
        "code": registration.code,
        "fields": fields_of(registration),
        "timeline": [_entry(entry, registration) for entry in entries],
        "chain": chain_of(entries, broken),
        **tables_of(registration),
        "agreements": [fields_of(row) for row in _agreements(registration)],
        "mails": mails_about(registration.code, [registration.partner.code]),
    }


def _agreements(registration: Registration) -> Any:
    """The splits and transfers that it was part of, on either side."""
    people = ("proposed_by", "holder_agreed_by", "other_agreed_by")
    return Agreement.objects.of(registration).select_related("holder", "other", *people).order_by("pk")


def _entry(entry: TimelineEntry, registration: Registration) -> dict[str, Any]:
    told = words.told(entry, registration, vendor=True)
    return {
        "content": sealed_content(entry, registration.code),
        "hash": entry.hash,
        "words": told.title,
        "more": told.body,
        "who": told.who,
    }
