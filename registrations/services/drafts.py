"""Drafts: begun with three answers, saved as they grow, seen by nobody but the firm."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from catalog.models import Currency, ProductLine
from companies.naming import why_no_name
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from registrations import permissions
from registrations.enums import Status
from registrations.models import Line, Registration
from registrations.services import timeline
from registrations.services.locks import lock_registration

# What a partner may write. Anything else that a form sends is ignored, so no status or rank can be smuggled in.
EDITABLE = (
    "company_name website country city postcode industry contact_name contact_title contact_email contact_phone "
    "deal_name value currency expected_close stage competitors next_step tender territory contact_made contact_on "
    "contact_note"
).split()


@dataclass(frozen=True)
class LineInput:
    """A product line as entered: `value` in the registration's currency, or None."""

    product_line: ProductLine
    quantity: int = 1
    value: Decimal | None = None


def start_draft(
    *, by: User, fields: dict[str, Any], form_key: UUID | None = None, clock: Clock = database_clock
) -> Registration:
    """A new draft of the firm that `by` belongs to. The same `form_key` again returns the first draft.

    Raises NotAllowed for people without a firm, BadInput for a name without letters or digits.
    """
    member = getattr(by, "member", None)
    if member is None or not by.may("registrations.register"):
        raise NotAllowed("Only members of a partner can register deals.")
    values = _clean(fields)
    now = clock()
    if form_key and Registration.objects.filter(form_key=form_key).exclude(owner=by).exists():
        form_key = None  # somebody else's form: a key of its own, and no hint that the other exists
    with transaction.atomic():
        values.setdefault("currency", Currency.objects.filter(rate_to_base=1).earliest("id"))
        draft, created = Registration.objects.get_or_create(
            form_key=form_key or uuid4(),
            owner=by,
            defaults={"partner": member.partner, "created_at": now, "changed_at": now, **values},
        )
        if created:
            timeline.record(draft, "draft", actor=by, at=now)
    return draft


def save_draft(
    draft: Registration,
    *,
    by: User,
    fields: dict[str, Any],
    lines: Iterable[LineInput] | None = None,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Registration:
    """Writes what was entered; `lines` None leaves the product lines as they are. Lines with values set the total.

    Raises StaleVersion when `version` is not the draft's any more, WrongStatus once it was submitted.
    """
    values = _clean(fields)
    with transaction.atomic():
        locked = lock_registration(draft.pk)
        if locked.status != Status.DRAFT:
            raise WrongStatus(f"{locked.code} was submitted already, so the draft cannot be changed.")
        if not permissions.may_edit_draft(by, locked):
            raise NotAllowed("This draft belongs to another firm.")
        if version is not None and version != locked.version:
            raise StaleVersion("This draft was saved in another window. Reload to see it, then go on.")
        for name, value in values.items():
            setattr(locked, name, value)
        changed = [*values, "version", "changed_at"]
        if lines is not None:
            total = _replace_lines(locked, list(lines))
            if total is not None:
                locked.value = total
                changed.append("value")
        locked.version += 1
        locked.changed_at = clock()
        locked.save(update_fields=changed)
    return locked


def copy_to_draft(ended: Registration, *, by: User, clock: Clock = database_clock) -> Registration:
    """A new draft with the content of one that was refused or ended, linked to it: how a partner tries again."""
    if ended.status not in {Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN, Status.LOST, Status.REVOKED}:
        raise WrongStatus("Only a registration that has ended can be used again.")
    with transaction.atomic():
        draft = start_draft(by=by, fields={name: getattr(ended, name) for name in EDITABLE}, clock=clock)
        draft.previous = ended
        draft.save(update_fields=["previous"])
        _replace_lines(
            draft, [LineInput(line.product_line, line.quantity, line.value) for line in ended.lines.all()]
        )
    return draft


def discard_draft(draft: Registration, *, by: User) -> None:
    """Throws a draft away for good, as far as anybody can see. Raises WrongStatus once it was submitted."""
    with transaction.atomic():
        locked = lock_registration(draft.pk)
        if not permissions.may_edit_draft(by, locked):
            raise WrongStatus("Only a draft can be thrown away; this was submitted.")
        locked.discarded_at = database_clock()
        locked.save(update_fields=["discarded_at"])


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in fields.items() if name in EDITABLE}
    name = values.get("company_name")
    if name is not None and (why := why_no_name(name)):
        raise BadInput(why, field="company_name")
    return values


def _replace_lines(draft: Registration, lines: list[LineInput]) -> Decimal | None:
    """Writes the lines anew; the total of their values, or None where no line has one."""
    draft.lines.all().delete()
    Line.objects.bulk_create(
        Line(registration=draft, product_line=line.product_line, quantity=line.quantity, value=line.value)
        for line in lines
    )
    values = [line.value for line in lines if line.value is not None]
    return sum(values, Decimal(0)) if values else None
