"""What a verdict about two companies does in this app, and the way back when it is undone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from accounts.models import User
from companies.enums import VerdictKind
from companies.models import Company, Verdict
from companies.services.came_since import that_mean
from core.errors import ScopeTaken, WrongStatus
from core.shown import sentence
from registrations.conflicts import query_of
from registrations.enums import Action, Audience, ConflictState
from registrations.models import Conflict, Decision, Holding, Registration
from registrations.services import holdings, kept, timeline, waitlist

_DOUBLES = "double_holdings"  # in Verdict.moved: what ended since its registration held the same at both
_UNJUDGED = "unjudged"  # the conflicts that nobody had said anything about
_GAVE_WAY = "gave_way"  # what was kept for reviews, and is held by others since the two are one
_WAITED_FOR = "waited_for"  # whom each in line waited for
_TOLD_APART = (
    "told_apart"  # the conflicts that an older verdict about the survivor, or one carried to it, has answered
)
_STATES = {VerdictKind.SAME: ConflictState.SAME, VerdictKind.DIFFERENT: ConflictState.DIFFERENT}
TABLES: dict[str, type[Model]] = {"registrations": Registration, "holdings": Holding, "conflicts": Conflict}


def rows_of(name: str, company: Company) -> QuerySet[Any]:
    """The rows of one of TABLES that a merge of `company` takes along."""
    return TABLES[name]._default_manager.filter(company=company)


def take_over(*, verdict: Verdict, gone: Company | None, survivor: Company | None, **_: Any) -> None:
    """Listens to companies.signals.verdict_given, inside its transaction and under its locks.

    Answers the conflicts between the two, and points the rows of `gone` at `survivor`, whose conflicts are then answered by
    what was said of other companies and either of the two; the verdict keeps which ones, and what nobody had said anything
    about, and who waited for whom, for the way back. What is kept for a review of the one at the
    other is given back where they are two, and gives way to a holder where they are one; the lines go on. Raises ScopeTaken
    where both have a holder for one product line.
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
    line = Registration.objects.in_line().filter(company__in=(gone, survivor))
    verdict.moved[_WAITED_FOR] = {str(pk): behind for pk, behind in line.values_list("pk", "waits_for")}
    verdict.moved[_GAVE_WAY] = kept.give_way(yielding, at=verdict.at)
    for name in TABLES:
        rows = rows_of(name, gone)
        verdict.moved[name] = list(rows.values_list("pk", flat=True))
        if name == "holdings":
            verdict.moved[_DOUBLES] = holdings.carry_over(gone.pk, survivor.pk, at=verdict.at)
        else:
            rows.update(company=survivor)
    verdict.moved[_TOLD_APART] = _tell_apart(survivor)
    verdict.save(update_fields=["moved"])
    told = f"{gone.name} is part of {survivor.name} now. {verdict.reason}".strip()
    _record(verdict.moved["registrations"], "company_merged", by=verdict.by, at=verdict.at, text=told)
    kept.lines_go_on(yielding, at=verdict.at)
    waitlist.wait_for_holders(survivor.pk, at=verdict.at)


def _tell_apart(
    survivor: Company, *, among: Collection[int] | None = None, since: datetime | None = None
) -> list[int]:
    """Nobody is asked again whether what became `survivor` is a company that one of the two was told apart from. Returns the
    conflicts that this answers. What is kept for a review at such a company stays kept until that review is over: nobody has
    locked that company, and no decision about the two could take its line's turns back. `among`: those conflicts alone;
    `since`: by what was said from then on."""
    answered: list[int] = []
    verdicts = Verdict.objects.active().different().about(survivor.pk).select_related("by")
    unjudged = Conflict.objects.unjudged()
    for said in verdicts if since is None else verdicts.filter(at__gte=since):
        other = said.low_id + said.high_id - survivor.pk
        between = Q(registration__company=survivor, company=other) | Q(
            registration__company=other, company=survivor
        )
        asked = unjudged.filter(between) if among is None else unjudged.filter(between, pk__in=among)
        found = list(asked.values_list("pk", flat=True))
        if found:
            Conflict.objects.filter(pk__in=found).update(**_answer(said))
        answered += found
    return answered


def _answer(verdict: Verdict | None) -> dict[str, Any]:
    """What a conflict between two companies says under a verdict; None: nobody has said anything."""
    if verdict is None:
        return {"state": ConflictState.OPEN, "judged_by": None, "judged_at": None}
    state = _STATES[VerdictKind(verdict.verdict)]
    return {"state": state, "judged_by": verdict.by, "judged_at": verdict.at}


def two_holders(one: Company, two: Company, clash: Holding) -> str:
    """The sentence for a scope that both companies have a holder of."""
    return f"Both {one.name} and {two.name} have a holder for {clash.product_line or 'all products'}. Revoke one of them first."


def place_given_back(who: str) -> str:
    """The sentence for a review whose place gives way, and for those behind it."""
    return (
        f"What is kept for {who} is given back, since somebody else has it there. The line behind it goes on: "
        "whose turn comes by that gets a mail."
    )


def carry_back(*, verdict: Verdict, restored: Company | None, survivor: Company | None, **_: Any) -> None:
    """Listens to companies.signals.verdict_undone, inside its transaction and under its locks.

    The conflicts that the verdict answered are open again, or say what an older verdict says that holds again. A
    registration that came over goes back with all that became of it since, and so does one that was submitted since by the
    restored company's very name; who stood in line before the verdict waits for whom
    they waited for then. Raises WrongStatus while one that came into line since waits behind another that would end up at
    the other company.
    """
    pair = [verdict.low_id, verdict.high_id]
    older = Verdict.objects.active().between(*pair).select_related("by").first()
    answered = Conflict.objects.filter(**_answer(verdict), company__in=pair, registration__company__in=pair)
    # What was found since the older verdict, and stood open, is open again.
    answered.filter(pk__in=verdict.moved.get(_UNJUDGED, [])).update(**_answer(None))
    answered.update(**_answer(older))
    told_apart = Conflict.objects.filter(
        pk__in=verdict.moved.get(_TOLD_APART, []), state=ConflictState.DIFFERENT
    )
    told_apart.update(**_answer(None))
    if restored is None or survivor is None:
        return
    since = Registration.objects.filter(company=survivor, submitted_at__gte=verdict.at)
    came = that_mean(restored, survivor, {row.pk: query_of(row) for row in since})
    came |= set(verdict.moved.get("registrations", []))
    moved = Registration.objects.filter(pk__in=came, company=survivor)
    ids = set(moved.values_list("pk", flat=True))
    across = _waiting_across(verdict, survivor, ids)
    _require_in_line_before(across, verdict)
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
    # What another company that is part of it was told apart from, it still is.
    _tell_apart(survivor, among=verdict.moved.get(_TOLD_APART, []), since=verdict.at)
    kept.come_back(verdict.moved.get(_GAVE_WAY, {}), at=verdict.undone_at or verdict.at)
    for waiting in Registration.objects.filter(pk__in=across):
        waitlist.wait_again(waiting, behind=verdict.moved[_WAITED_FOR][str(waiting.pk)])
    told = sentence(f"{restored.name} stands for itself again, apart from {survivor.name}")
    _record(ids, "company_parted", by=verdict.undone_by, at=verdict.undone_at or verdict.at, text=told)


def _waiting_across(verdict: Verdict, survivor: Company, came: Collection[int]) -> list[int]:
    """Who in line waits for nobody of their own company once those that `came` over have left: one waits for one that stays, or
    the other way round. What was kept before the verdict at the company of the other is kept there again, and who waits for
    it goes on waiting."""
    before = Holding.objects.filter(company=survivor, ended_at=None, since__lt=verdict.at)
    moved = Q(pk__in=verdict.moved.get("holdings", []))
    came_over = Q(registration__in=came)
    kept_there = before.filter(came_over & ~moved | moved & ~came_over)
    line = Registration.objects.in_line().filter(company=survivor)
    rows = line.exclude(waits_for__in=kept_there.values("registration")).values_list("pk", "waits_for")
    return [pk for pk, behind in rows if behind is None or (pk in came) != (behind in came)]


def _require_in_line_before(across: Collection[int], verdict: Verdict) -> None:
    """Raises WrongStatus where one of them came into line since the verdict: it has no place there once the two are apart."""
    known = [pk for pk in across if str(pk) in verdict.moved.get(_WAITED_FOR, {})]
    put = Decision.objects.filter(action=Action.WAITLIST, at__gt=verdict.at, undone_at=None)
    since = Registration.objects.filter(pk__in=across).filter(~Q(pk__in=known) | Q(decisions__in=put))
    newest = since.order_by("rank").first()
    if newest is not None:
        raise WrongStatus(
            f"{newest.code} waits in line because the two are one company. Decide about it first."
        )


def _record(ids: Collection[int], kind: str, *, by: User | None, at: datetime, text: str) -> None:
    """An entry for the vendor in the timeline of every open registration whose company changed."""
    concerned = (
        Registration.objects.open().filter(pk__in=ids).order_by("rank").select_for_update(of=("self",))
    )
    for registration in concerned:
        timeline.record(registration, kind, actor=by, at=at, data={"text": text}, audience=Audience.VENDOR)
