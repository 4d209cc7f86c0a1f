"""What product lines require: announced, taken back before it begins, never changed after (L2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from catalog.models import ProductLine, Territory
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.vendor_days import midnight, vendor_day
from partners.enums import PartnerKind, PartnerTier
from partners.models import Group
from policies.authorised import Difference, difference
from policies.binding import Authorisation
from policies.certificates import names_of
from policies.enums import Barred
from policies.findings import Effect
from policies.following import Following, if_it_comes
from policies.loading import areas_of, groups_of
from policies.models import ProductAuthorisation
from policies.services import requirement_notices

_FURTHEST = timedelta(days=2 * 365)
_NOTE = 200


@dataclass(frozen=True)
class Asked:
    """What a firm needs; empty asks for nothing. `certificates` are codes of types."""

    kinds: Sequence[str] = ()
    least_tier: str = ""
    certificates: Sequence[str] = ()
    territories: Collection[Territory] = ()
    groups: Collection[Group] = ()
    effect: str = Barred.REFUSED


def set_requirement(
    line: ProductLine,
    asked: Asked,
    *,
    by: User,
    begins_on: date,
    note: str,
    based_on: int | None = None,
    clock: Clock = database_clock,
) -> ProductAuthorisation:
    """What `line` requires from `begins_on` (a day of the vendor's; today is at once) on. The firms that it shuts out or
    lets in are told. `based_on` is the id of the row in force that the author saw, 0 for none.

    Raises NotAllowed without 'policies.edit'; StaleVersion when another row came into force since; BadInput, naming the
    field, for unknown kinds, tiers and certificates, a territory without countries, a group that is gone, a past or far day,
    no note, nothing changed, a day that is taken.
    """
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")
    text = _note(note)
    with transaction.atomic():
        ProductLine.objects.select_for_update().get(pk=line.pk)  # two that write at once: one after the other
        now = clock()
        current = ProductAuthorisation.objects.in_force(now).filter(product_line=line).first()
        if based_on is not None and based_on != (current.pk if current else 0):
            raise StaleVersion("What this product line requires was changed while you were writing.")
        groups = _held(asked.groups)
        draft = drafted(line, replace(asked, groups=groups), begins_on=begins_on, now=now)
        _refuse_same(draft)
        touched = difference(draft)
        row = ProductAuthorisation.objects.create(
            product_line=line,
            effective_from=draft.from_at,
            kinds=list(draft.kinds),
            least_tier=draft.least_tier,
            certificates=[code for code, _ in draft.certificates],
            effect=draft.effect,
            note=text,
            created_by=by,
            created_at=now,
        )
        row.territories.set(asked.territories)
        row.groups.set(groups)
        requirement_notices.changes(row, draft, touched)
    return row


def drafted(line: ProductLine, asked: Asked, *, begins_on: date, now: datetime) -> Authorisation:
    """The requirement as the rule would see it. Raises BadInput naming the field."""
    today = vendor_day(now)
    if begins_on < today:
        raise BadInput("It can't begin in the past: registrations were decided without it.", "begins_on")
    if begins_on > today + _FURTHEST:
        raise BadInput("Choose a day within the next two years.", "begins_on")
    if asked.least_tier and asked.least_tier not in PartnerTier.values:
        raise BadInput("Choose a tier from the list.", "least_tier")
    if not set(asked.kinds) <= set(PartnerKind.values):
        raise BadInput("Choose types of partners from the list.", "kinds")
    if asked.effect not in Barred.values:
        raise BadInput("Choose what follows.", "effect")
    if empty := [str(territory) for territory in asked.territories if not territory.countries]:
        raise BadInput(f"{min(empty)} has no countries, so nothing would lie in it.", "territories")
    names = names_of(asked.certificates)
    unknown = [code for code in asked.certificates if code not in names]
    if unknown:
        raise BadInput(f"There is no type of certificate called {', '.join(unknown)}.", "certificates")
    return Authorisation(
        code="",
        product_line=line.pk,
        product_line_name=line.name,
        from_at=now if begins_on == today else midnight(begins_on),
        kinds=tuple(kind for kind in PartnerKind.values if kind in asked.kinds),
        least_tier=asked.least_tier,
        certificates=tuple(sorted((code, names[code]) for code in set(asked.certificates))),
        areas=areas_of(sorted(asked.territories, key=lambda territory: territory.name)),
        groups=groups_of(sorted(asked.groups, key=lambda group: group.name)),
        effect=Effect(asked.effect),
    )


def preview(line: ProductLine, asked: Asked, *, begins_on: date, now: datetime) -> Difference:
    """Whom `set_requirement` would shut out and let in. Raises BadInput as it does."""
    return difference(drafted(line, asked, begins_on=begins_on, now=now))


def preview_of_next(line: ProductLine, asked: Asked, *, begins_on: date, now: datetime) -> Following | None:
    """What the requirement that is announced next would mean after it; None where there is none. Raises as `preview`."""
    return if_it_comes(drafted(line, asked, begins_on=begins_on, now=now))


def take_back_requirement(row: ProductAuthorisation, *, by: User, clock: Clock = database_clock) -> None:
    """Takes back what has not begun; the firms that were told of it are told. Raises NotAllowed, WrongStatus."""
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")
    with transaction.atomic():
        now = clock()
        waiting = ProductAuthorisation.objects.scheduled(now).filter(pk=row.pk)
        if not waiting.update(withdrawn_at=now, withdrawn_by=by):
            raise WrongStatus("This applies already or was taken back. Write down what shall apply instead.")
        requirement_notices.taken_back(row, now)


def _held(groups: Collection[Group]) -> list[Group]:
    """The groups, kept from being deleted until the transaction ends."""
    wanted = {group.pk for group in groups}
    held = list(Group.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    if len(held) < len(wanted):
        raise BadInput("A group that you chose was deleted. Choose again.", "groups")
    return held


def _refuse_same(draft: Authorisation) -> None:
    rows = ProductAuthorisation.objects.standing().filter(product_line=draft.product_line)
    if rows.filter(effective_from=draft.from_at).exists():
        raise BadInput("There is a change for that day already. Take it back first.", "begins_on")
    before = rows.filter(effective_from__lt=draft.from_at).order_by("-effective_from").first()
    areas = {area.id for area in draft.areas}
    groups = {code for code, _ in draft.groups}
    asks = (draft.kinds, draft.least_tier, {code for code, _ in draft.certificates}, areas, groups)
    if before is None:
        same = not any(asks)
    else:
        theirs = set(before.territories.values_list("pk", flat=True))
        circles = set(before.groups.values_list("code", flat=True))
        was = (tuple(before.kinds), before.least_tier, set(before.certificates), theirs, circles)
        same = was == asks and before.effect == draft.effect
    if same:
        raise BadInput("Nothing differs from what applies on that day.")


def _note(note: str) -> str:
    text = " ".join(note.split())
    if not text:
        raise BadInput("Say what changes and why, for those who read it later.", "note")
    if len(text) > _NOTE:
        raise BadInput(f"Please keep this to {_NOTE} characters.", "note")
    return text
