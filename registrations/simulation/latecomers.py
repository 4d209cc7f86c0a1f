"""Groups and certificates that a requirement names and that nobody could be in or have yet when a deal was submitted.

For deals of before, those who are in them or have them when the simulation is asked for count: else a requirement for a group
made today would shut out everybody, which says nothing of what it will do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from django.db.models import Min

from partners.groups.membership import members_of
from partners.models import Certificate, Group
from policies.binding import Authorisation
from policies.facts import Facts


@dataclass(frozen=True)
class Latecomer:
    """A group or a type of certificate by its code, since when there is such, and the ids of those in it or with it."""

    code: str
    since: datetime
    firms: frozenset[int]
    is_group: bool


def latecomers_of(asked: Authorisation, since: datetime, now: datetime) -> tuple[Latecomer, ...]:
    """Those that `asked` names and that came after `since`, with their firms at `now`. A query for each, and two more."""
    codes = [code for code, _ in asked.groups]
    groups = [
        Latecomer(
            group.code, group.created_at, frozenset(members_of(group, now).values_list("pk", flat=True)), True
        )
        for group in Group.objects.filter(code__in=codes, created_at__gt=since).order_by("pk")
    ]
    papers = Certificate.objects.filter(type__code__in=[code for code, _ in asked.certificates])
    firsts = papers.order_by().values_list("type__code").annotate(first=Min("valid_from"))
    begun = [(code, datetime.combine(first, time(), UTC)) for code, first in firsts]
    return (
        *groups,
        *(Latecomer(code, first, _holders(code, now), False) for code, first in begun if first > since),
    )


def with_latecomers(facts: Facts, latecomers: Iterable[Latecomer]) -> Facts:
    """The facts with what the firm is in, or has, of what came later than they."""
    found = [late for late in latecomers if facts.at < late.since and facts.firm.id in late.firms]
    if not found:
        return facts
    groups = {*facts.firm.groups, *(late.code for late in found if late.is_group)}
    papers = {*facts.firm.certificates, *(late.code for late in found if not late.is_group)}
    return replace(
        facts, firm=replace(facts.firm, groups=tuple(sorted(groups)), certificates=tuple(sorted(papers)))
    )


def _holders(code: str, now: datetime) -> frozenset[int]:
    return frozenset(
        Certificate.objects.holding(now).filter(type__code=code).values_list("partner_id", flat=True)
    )
