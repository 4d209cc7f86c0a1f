"""What a verdict about two companies does in this app, and the way back when it is undone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from accounts.models import User
from companies.enums import VerdictKind
from companies.models import Company, Verdict
from core.errors import ScopeTaken, WrongStatus
from registrations.enums import Audience, ConflictState, Status
from registrations.models import Conflict, Holding, Registration
from registrations.services import holdings, kept, timeline

_DOUBLES = "double_holdings"  # in Verdict.moved: what ended since its registration held the same at both
_UNJUDGED = "unjudged"  # the conflicts that nobody had said anything about
_GAVE_WAY = "gave_way"  # what was kept for reviews, and is held by others since the two are one
_STATES = {VerdictKind.SAME: ConflictState.SAME, VerdictKind.DIFFERENT: ConflictState.DIFFERENT}
TABLES: dict[str, type[Model]] = {"registrations": Registration, "holdings": Holding, "conflicts": Conflict}


def rows_of(name: str, company: Company) -> QuerySet[Any]:
    """The rows of one of TABLES that a merge of `company` takes along."""
    return TABLES[name]._default_manager.filter(company=company)


def take_over(*, verdict: Verdict, gone: Company | None, survivor: Company | None, **_: Any) -> None:
    """Listens to companies.signals.verdict_given, inside its transaction and under its locks.

    Answers the conflicts between the two, and points the rows of `gone` at `survivor`; the verdict keeps which ones, and
    what nobody had said anything about, for the way back. What is kept for a review of the one at the other is given back where
    they are two. Raises ScopeTaken where both have a holder for one product line.
    """
    one, two = verdict.low_id, verdict.high_id
    between = Q(registration__company=one, company=two) | Q(registration__company=two, company=one)
    found = Conflict.objects.filter(between)
    verdict.moved[_UNJUDGED] = list(found.unjudged().values_list("pk", flat=True))
    verdict.save(update_fields=["moved"])
    found.update(**_answer(verdict))
    if gone is None or survivor is None:
        kept.part(one, two, at=verdict.at)
        return
    clashes, yielding = kept.collisions(gone, survivor)
    if clashes:
        raise ScopeTaken(two_holders(gone, survivor, clashes[0]))
    verdict.moved[_GAVE_WAY] = kept.give_way(yielding, at=verdict.at)
    for name in TABLES:
        rows = rows_of(name, gone)
        verdict.moved[name] = list(rows.values_list("pk", flat=True))
        if name == "holdings":
            verdict.moved[_DOUBLES] = holdings.carry_over(gone.pk, survivor.pk, at=verdict.at)
        else:
            rows.update(company=survivor)
    verdict.save(update_fields=["moved"])
    told = f"{gone.name} is part of {survivor.name} now. {verdict.reason}".strip()
    _record(verdict.moved["registrations"], "company_merged", by=verdict.by, at=verdict.at, text=told)


def _answer(verdict: Verdict | None) -> dict[str, Any]:
    """What a conflict between two companies says under a verdict; None: nobody has said anything."""
    if verdict is None:
        return {"state": ConflictState.OPEN, "judged_by": None, "judged_at": None}
    state = _STATES[VerdictKind(verdict.verdict)]
    return {"state": state, "judged_by": verdict.by, "judged_at": verdict.at}


def held_by_both(one: Company, two: Company) -> list[Holding]:
    """The holdings of `two` for product lines that are held at `one`, too. What is only kept for a review gives way."""
    return kept.collisions(one, two)[0]


def two_holders(one: Company, two: Company, clash: Holding) -> str:
    """The sentence for a scope that both companies have a holder of."""
    return f"Both {one.name} and {two.name} have a holder for {clash.product_line or 'all products'}. Revoke one of them first."


def carry_back(*, verdict: Verdict, restored: Company | None, survivor: Company | None, **_: Any) -> None:
    """Listens to companies.signals.verdict_undone, inside its transaction and under its locks.

    The conflicts that the verdict answered are open again, or say what an older verdict says that holds again. A
    registration that came over goes back with all that became of it since. Raises WrongStatus while one waits in line
    behind another that would end up at the other company.
    """
    pair = [verdict.low_id, verdict.high_id]
    older = Verdict.objects.active().between(*pair).select_related("by").first()
    answered = Conflict.objects.filter(**_answer(verdict), company__in=pair, registration__company__in=pair)
    # What was found since the older verdict, and stood open, is open again.
    answered.filter(pk__in=verdict.moved.get(_UNJUDGED, [])).update(**_answer(None))
    answered.update(**_answer(older))
    if restored is None or survivor is None:
        return
    came = verdict.moved.get("registrations", [])
    moved = Registration.objects.filter(pk__in=came, company=survivor)
    ids = set(moved.values_list("pk", flat=True))
    _require_lines_apart(verdict, survivor, ids)
    holdings.carry_back(
        restored.pk,
        survivor.pk,
        came=ids,
        moved=verdict.moved.get("holdings", []),
        doubles=verdict.moved.get(_DOUBLES, []),
        since=verdict.at,
    )
    # A conflict names the company of the rival: it goes where that one goes.
    theirs = (
        Q(rival__in=ids) | Q(named_account__company=restored) | Q(pk__in=verdict.moved.get("conflicts", []))
    )
    Conflict.objects.filter(theirs, company=survivor).update(company=restored)
    moved.update(company=restored)
    kept.come_back(verdict.moved.get(_GAVE_WAY, {}), at=verdict.undone_at or verdict.at)
    told = f"{restored.name} stands for itself again, apart from {survivor.name}."
    _record(ids, "company_parted", by=verdict.undone_by, at=verdict.undone_at or verdict.at, text=told)


def _require_lines_apart(verdict: Verdict, survivor: Company, came: Collection[int]) -> None:
    """Raises WrongStatus where one of those that `came` over would wait for one that stays, or the other way round. What was
    kept before the verdict at the company of the other is kept there again, and who waits for it goes on waiting."""
    before = Holding.objects.filter(company=survivor, ended_at=None, since__lt=verdict.at)
    moved = Q(pk__in=verdict.moved.get("holdings", []))
    came_over = Q(registration__in=came)
    across = before.filter(came_over & ~moved | moved & ~came_over)
    line = Registration.objects.filter(company=survivor, status=Status.WAITLISTED)
    for waiting in line.exclude(waits_for__in=across.values("registration")).order_by("rank"):
        if waiting.waits_for_id is None or (waiting.pk in came) != (waiting.waits_for_id in came):
            raise WrongStatus(
                f"{waiting.code} waits in line because the two are one company. Decide about it first."
            )


def _record(ids: Collection[int], kind: str, *, by: User | None, at: datetime, text: str) -> None:
    """An entry for the vendor in the timeline of every open registration whose company changed."""
    concerned = (
        Registration.objects.open().filter(pk__in=ids).order_by("rank").select_for_update(of=("self",))
    )
    for registration in concerned:
        timeline.record(registration, kind, actor=by, at=at, data={"text": text}, audience=Audience.VENDOR)
