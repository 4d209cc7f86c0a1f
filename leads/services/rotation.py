"""Giving in turn, with weights: stride scheduling over the firms that may have a lead."""

from collections.abc import Collection, Mapping

from django.db import transaction

from accounts.models import User
from core.errors import BadInput, NotAllowed
from leads.models import Turn
from leads.models.rotation import LARGEST_WEIGHT, STRIDE
from leads.permissions import MANAGE
from leads.services.eligibility import Standing, front_of
from partners.models import Partner


def take_turn(candidates: Collection[Standing]) -> Partner | None:
    """The firm whose turn it is among `candidates`, its place moved on; None where all of them sit out.

    Call inside a transaction: the turns are locked first, so that two leads at once go to two firms. Of several at the
    same place the one that has waited longest for a lead is next.
    """
    turns = _turns(candidates)
    standing_now = [standing.at(turns[standing.partner.pk]) for standing in candidates]
    chosen = next_in_turn(standing_now)
    if chosen is None:
        return None
    turn = turns[chosen.partner.pk]
    turn.position = max(turn.position, _floor(standing_now)) + STRIDE // turn.weight
    turn.save(update_fields=["position"])
    return chosen.partner


def next_in_turn(candidates: Collection[Standing]) -> Standing | None:
    """Whose turn it is, as far as known without a lock: what the page says that this way would do."""
    playing, floor = [standing for standing in candidates if standing.weight > 0], _floor(candidates)

    def turn_key(standing: Standing) -> tuple[int, float, int]:
        last = standing.last_at.timestamp() if standing.last_at else 0.0
        return (max(standing.position, floor), last, standing.partner.pk)

    return min(playing, key=turn_key, default=None)


def _floor(candidates: Collection[Standing]) -> int:
    """Where a firm that lags behind counts as standing: a round behind the one that is furthest. Those that take turns
    never lie further apart, so this touches only who was suspended, or could have few of the leads: they come next, and
    aren't owed one lead after the other for the time that they had none."""
    return max((standing.position for standing in candidates if standing.weight > 0), default=0) - STRIDE


def set_weights(weights: Mapping[Partner, int], *, by: User) -> int:
    """Writes how many leads each firm gets for each one of a firm with weight 1; 0 sits out. Returns how many changed.

    A firm that comes back begins where the others stand now: it isn't owed the leads of the time it sat out.
    Raises NotAllowed, BadInput for a weight out of range.
    """
    if not by.may(MANAGE):
        raise NotAllowed("Your role does not include this.")
    if any(not 0 <= weight <= LARGEST_WEIGHT for weight in weights.values()):
        raise BadInput(f"Choose a weight from 0 to {LARGEST_WEIGHT}.")
    changed = 0
    with transaction.atomic():
        _add_missing([partner.pk for partner in weights])
        turns = {turn.partner_id: turn for turn in Turn.objects.locked()}
        front = front_of(turns.values())
        for partner, weight in weights.items():
            turn = turns[partner.pk]
            if turn.weight == weight:
                continue
            if turn.weight == 0:
                turn.position = max(turn.position, front)
            turn.weight = weight
            turn.save(update_fields=["weight", "position"])
            changed += 1
    return changed


def _turns(candidates: Collection[Standing]) -> dict[int, Turn]:
    _add_missing([standing.partner.pk for standing in candidates])
    return {turn.partner_id: turn for turn in Turn.objects.locked()}


def _add_missing(partner_ids: list[int]) -> None:
    """Firms that are new begin where the others stand."""
    known = {turn.partner_id: turn for turn in Turn.objects.all()}
    front = front_of(known.values())
    fresh = [Turn(partner_id=pk, position=front) for pk in sorted(partner_ids) if pk not in known]
    Turn.objects.bulk_create(fresh, ignore_conflicts=True)
