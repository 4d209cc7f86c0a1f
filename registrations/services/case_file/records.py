"""Rows of the database as plain values: every field of every table that belongs to a registration, so that what is added
to the portal later is in the case file without being thought of."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from core.chain import Entry
from notifications.models import Message
from registrations.models import Registration

Row = dict[str, Any]

# Told in their own way, or nobody's evidence: who looked at what and who put it off.
_APART = {"timeline", "timeline_head", "looks", "snooze"}
# A stored path, the key of a form: of no use to a reader.
_LEFT_OUT = {"file", "form_key"}
# An address with a key in it, such as the 'still active' link or an offer's: whoever holds it can act. What signing.dumps
# makes is known wherever it stands: the portal may have had another name when the mail was written.
_KEY = r"[A-Za-z0-9_-]{8,}:[A-Za-z0-9_-]{4,10}:[A-Za-z0-9_-]{27,}"
_KEYED = re.compile(
    rf"({re.escape(settings.PORTAL_URL)}/(?:[a-z-]+/)+)[^\s/\"'<>]{{24,}}|(?<![A-Za-z0-9_-]){_KEY}(?![A-Za-z0-9_-])"
)


def fields_of(row: models.Model) -> Row:
    """Field → plain value. What a field points to is told by code, else in words; people by name and address."""
    return {
        field.name: _plain(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if field.name not in _LEFT_OUT
    }


def tables_of(registration: Registration) -> dict[str, list[Row]]:
    """The rows of every table of this app that belong to the registration: lines, holdings, decisions, evidence and so on."""
    found = {}
    for relation in Registration._meta.related_objects:
        model = relation.related_model
        name = relation.get_accessor_name()
        if (
            not isinstance(model, type)
            or model._meta.app_label != "registrations"
            or relation.field.name != "registration"
            or name is None
            or name in _APART
        ):
            continue
        pointers = [field.name for field in model._meta.concrete_fields if field.is_relation]
        rows = model._default_manager.filter(registration=registration).select_related(*pointers)
        found[name] = [fields_of(row) for row in rows.order_by("pk")]
    return dict(sorted(found.items()))


def chain_of(entries: Sequence[Entry], broken: Entry | int | None) -> Row:
    """What a case file says of a chain: its end, and whether it holds. `broken` is what `first_broken` found."""
    return {
        "entries": len(entries),
        "last_hash": entries[-1].hash if entries else "",
        "intact": broken is None,
        "first_broken": broken if broken is None or isinstance(broken, int) else broken.number,
    }


def mails_about(code: str, firms: Collection[str] = ()) -> list[Row]:
    """Every mail about what has this code, in the order of writing. Of those about several at once (overdue reviews, what
    ended with the partnership of one of `firms`) the lines that name it: the others are no part of the dispute."""
    of_several = Q(about__in=["", *firms], text__contains=code)
    found = Message.objects.filter(Q(about=code) | of_several).order_by("pk")
    return [_mail(message, code) for message in found]


def without_keys(text: str) -> str:
    """A mail's text whose links can no longer be used: the case file goes to people that the mail did not go to."""
    return _KEYED.sub(lambda found: f"{found[1] or ''}(key left out)", text)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, User):
        return {"id": value.pk, "name": value.name, "email": value.email}
    if isinstance(value, models.Model):
        code = getattr(value, "code", None)
        return {"code": code, "name": str(value)} if code else str(value)
    return str(getattr(value, "code", value))


def _mail(message: Message, code: str) -> Row:
    text = message.text
    if message.about != code:
        text = "\n".join(line.strip() for line in text.splitlines() if code in line)
    return {
        "event": message.event,
        "to": message.address,
        "subject": message.subject,
        "status": message.status,
        "written_at": message.created_at.isoformat(),
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
        "message_id": message.message_id,
        "text": without_keys(text),
    }
