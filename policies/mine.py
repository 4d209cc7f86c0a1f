"""What binds one firm besides the registration policy, in words for its people (L1). Nothing here names another firm."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.models import ProductLine
from partners.models import Partner
from policies.authorised import Touched, compare, in_force
from policies.binding import Authorisation, Right
from policies.by_country import Standing
from policies.concerned import binds
from policies.facts import Facts, Firm
from policies.findings import Effect
from policies.firms import firm_of
from policies.loading import authorisations_during, rights_during
from policies.may import open_deals
from policies.models import RegistrationPolicy
from policies.outcome import decide
from policies.reach import outermost
from policies.reopening import Binding, Reopening, reopening
from policies.reserved import Reserved, reserved_at, reserved_later
from policies.rulebook import Rulebook
from policies.rules.exclusive_right import scope_words
from policies.rules.product_authorisation import Gap, requirement_words
from policies.saying import joined
from policies.shown import day_words, period_words
from policies.stands import Around, Stand, standing_of, version_at


@dataclass(frozen=True)
class MyLine:
    """A product line as the firm stands to it: what it lacks, and where others keep it from it at present. `in_part`: it may
    register it, but not for all customers, or not in all industries."""

    name: str
    standing: Standing
    in_part: bool
    requirement: str
    lacks: tuple[Gap, ...]
    reserved: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its pill: open, but for a part that is not; looked at first; not open."""
        if self.in_part:
            return "May register in part"
        return "Not open" if self.standing == Standing.REFUSED else self.standing.words

    @property
    def tone(self) -> str:
        """The tone of its pill."""
        if self.in_part:
            return "wait"
        return {Standing.OPEN: "ok", Standing.REVIEW: "wait", Standing.REFUSED: "stop"}[self.standing]


@dataclass(frozen=True)
class MyRight:
    """A distribution right of the firm's own."""

    scope: str
    period: str
    coming: bool
    is_exclusive: bool


@dataclass(frozen=True)
class Change:
    """Something that will be otherwise from a day on. `worse`: it takes something from the firm."""

    day: str
    at: datetime
    words: str
    worse: bool


@dataclass(frozen=True)
class Earlier:
    """An earlier version, and how many of the firm's deals it protects still."""

    version: int
    deals: int


@dataclass(frozen=True)
class Mine:
    """All of it. `whole` says what stands against each deal of the firm's, whatever it is about; `earlier` are the versions
    that its protected deals stand under, but for the one in force."""

    whole: list[str]
    lines: list[MyLine]
    rights: list[MyRight]
    reserved: list[str]
    changes: list[Change]
    earlier: list[Earlier]


# A firm's id → how many of its deals each version protects, by the version's number: known further up.
_protected: list[Callable[[int], dict[int, int]]] = []


def provide_protected(count: Callable[[int], dict[int, int]]) -> None:
    """Adds who counts a firm's protected deals by version; an app does so when it is ready."""
    if count not in _protected:
        _protected.append(count)


def mine(partner: Partner, now: datetime) -> Mine:
    """What binds `partner` at `now` and what will, as far as it is announced; in a constant number of queries."""
    firm = firm_of(partner, now)
    far = datetime.max.replace(tzinfo=now.tzinfo)
    asked = authorisations_during(now, far)
    rights = rights_during(now, far)
    versions = RegistrationPolicy.objects.from_now(now)
    current = versions[0]
    binding = Binding(rights, asked, versions)
    others = [right for right in rights if right.partner != partner.pk and binds(firm, right, versions, now)]
    reserved_now = reserved_at(now, partner.pk, others, rights)
    around = Around(current, rights, now)
    deal = Facts(at=now, firm=firm, open_registrations=open_deals(partner.pk))
    whole = decide(deal, Rulebook(current))
    lines = [
        _line(line, one, around.stand(firm, line.pk, one), reserved_now, standing_of(whole))
        for line in ProductLine.objects.filter(is_active=True)
        for one in [in_force(asked, line.pk, now)]
    ]
    own = [
        MyRight(
            scope_words(right),
            period_words(right.from_at, right.until),
            right.from_at > now,
            right.is_exclusive,
        )
        for right in sorted(rights, key=lambda right: right.from_at)
        if right.partner == partner.pk
    ]
    changes = [
        Change(day_words(moment), moment, one.words_ahead, worse=True)
        for moment, one in reserved_later(now, partner.pk, others, rights)
    ]
    soon = now + timedelta(days=current.right_notice_days)
    changes += _ends(firm, [one for one in others if one.until and one.until <= soon], binding)
    changes += _requirements(partner, firm, asked, rights, versions, now)
    return Mine(
        [finding.words for finding in whole.findings],
        lines,
        own,
        [one.words for one in reserved_now],
        sorted(changes, key=lambda change: change.at),
        [
            Earlier(version, deals)
            for count in _protected
            for version, deals in sorted(count(partner.pk).items(), reverse=True)
            if version != current.version
        ],
    )


def _line(
    line: ProductLine,
    asked: Authorisation | None,
    stand: Stand,
    reserved_now: list[Reserved],
    whole: Standing,
) -> MyLine:
    """`whole` is what the policy makes of each deal of the firm's, with as many open as it has."""
    where = max(stand.freest, whole)
    inside = [one.words for one in reserved_now if one.right.product_line in (None, line.pk)]
    return MyLine(
        line.name,
        where,
        where == Standing.OPEN and (stand.in_part or bool(inside)),
        requirement_words(asked) if asked else "",
        stand.lacks,
        tuple(inside),
    )


def _ends(firm: Firm, ending: list[Right], binding: Binding) -> list[Change]:
    """What opens to the firm, as its papers are today, as others' rights end; no scope twice for one day."""
    found = {right.code: reopening(right, firm, binding) for right in ending}
    opening = [right for right in ending if found[right.code] is not None]
    changes = []
    for moment in sorted({right.until for right in opening if right.until is not None}):
        for right in outermost([one for one in opening if one.until == moment]):
            one = found[right.code]
            assert one is not None
            changes.append(Change(day_words(moment), moment, _opens(right, one), worse=False))
    return changes


def _opens(right: Right, found: Reopening) -> str:
    part = ", but for a part of it that stays as it is" if found.in_part else ""
    closes = f"; what is announced for {day_words(found.until)} changes that again" if found.until else ""
    if right.effect == Effect.REVIEW:
        return f"{scope_words(right)}: new registrations of your firm are not looked at first any more{part}{closes}."
    look = " A channel manager looks at them first." if found.standing == Standing.REVIEW else ""
    return f"{scope_words(right)}: new registrations of your firm are possible again{part}{closes}.{look}"


def _requirements(
    partner: Partner,
    firm: Firm,
    asked: tuple[Authorisation, ...],
    rights: tuple[Right, ...],
    versions: list[RegistrationPolicy],
    now: datetime,
) -> list[Change]:
    """Announced requirements that alter what the firm may register, as its papers are today, under that of `versions` (the one in
    force, then those that come) which applies on the day."""
    changes = []
    for row in asked:
        if row.from_at <= now:
            continue
        before = max(
            (one for one in asked if one.product_line == row.product_line and one.from_at < row.from_at),
            key=lambda one: one.from_at,
            default=None,
        )
        around = Around(version_at(versions, row.from_at), rights, row.from_at)
        found = compare([(partner, firm)], before, row, around)
        for touched in [*found.loses, *found.gains]:
            words = f"{requirement_words(row)} {_then(touched)}"
            changes.append(Change(day_words(row.from_at), row.from_at, words, touched in found.loses))
    return changes


def _then(touched: Touched) -> str:
    """How the firm will stand to it: what it lacks, with what would open it, or that it lacks nothing: who has a part of the
    line alone is another matter."""
    lacking = touched.after.lacks
    if not lacking:
        return "Your firm has all that it takes."
    lacks = joined([gap.words for gap in lacking])
    if touched.after.in_part:
        return f"It is open to your firm in part then: {lacks}."
    opens = " ".join(dict.fromkeys(gap.opens for gap in lacking if gap.opens))
    return f"What your firm lacks for that today: {lacks}. {opens}".strip()
