"""What merging two records would do, read with the functions that the merge itself uses. Nothing is written."""

from dataclasses import dataclass, field

from django_countries import countries

from partners.enums import PartnerStatus
from partners.merging.relations import (
    Relation,
    candidates,
    clashes,
    declared,
    giving_way,
    moving,
    rows_of,
)
from partners.models import Partner, PartnerMerge

_EXAMPLES = 5


@dataclass(frozen=True)
class Share:
    """One relation's part: how many rows move, how many of the survivor's give way to them, how many stay with the record that
    goes by what they are, and how many since the survivor has the like."""

    relation: Relation
    moves: int
    gives_way: int
    kept: int
    double: int
    examples: list[str] = field(default_factory=list)

    @property
    def stays(self) -> int:
        """How many stay in all."""
        return self.kept + self.double

    @property
    def left(self) -> list[tuple[int, str]]:
        """How many rows stay, and why, for each reason that there is."""
        reasons = [(self.kept, self.relation.stays), (self.double, self.relation.already)]
        return [(number, why) for number, why in reasons if number]


@dataclass(frozen=True)
class MergePlan:
    """Everything of `gone` that `survivor` would take over. `clashes` forbid the merge, `warnings` are to be read."""

    gone: Partner
    survivor: Partner
    shares: list[Share]
    clashes: list[str]
    warnings: list[str]

    @property
    def is_possible(self) -> bool:
        """Whether nothing forbids it."""
        return not self.clashes

    @property
    def moves(self) -> int:
        """How many rows move in all."""
        return sum(share.moves for share in self.shares)


def plan_merge(gone: Partner, *, into: Partner) -> MergePlan:
    """The plan for merging `gone` into another record: every relation with its counts, up to five queries each."""
    shares = [_share(relation, gone, into) for relation in declared()]
    return MergePlan(
        gone=gone,
        survivor=into,
        shares=sorted(
            (share for share in shares if share.moves or share.stays), key=lambda share: -share.moves
        ),
        clashes=[*_already(gone, into), *clashes(gone, into)],
        warnings=_warnings(gone, into),
    )


def _share(relation: Relation, gone: Partner, into: Partner) -> Share:
    rows, may = moving(relation, gone, into), candidates(relation, gone).count()
    moves = rows.count()
    examples: list[str] = []
    if moves and relation.shows:
        shown = rows.order_by("pk").values_list(relation.shows, flat=True)[:_EXAMPLES]
        examples = [str(value) for value in shown]
    gives_way = giving_way(relation, rows, into).count()
    return Share(relation, moves, gives_way, rows_of(relation, gone).count() - may, may - moves, examples)


def _already(gone: Partner, into: Partner) -> list[str]:
    if gone.pk == into.pk:
        return ["This is one record. Choose another one."]
    merged = PartnerMerge.objects.filter(gone__in=[gone, into], undone_at=None).select_related(
        "gone", "survivor"
    )
    told = [f"{merge.gone.name} is part of {merge.survivor.name} already." for merge in merged]
    if into.status == PartnerStatus.ENDED and not told:
        told.append(
            f"The partnership with {into.name} has ended. Merge the other way round, or reinstate it first."
        )
    return told


def _warnings(gone: Partner, into: Partner) -> list[str]:
    told = []
    if gone.country != into.country:
        told.append(f"They sit in different countries: {country_of(gone)} and {country_of(into)}.")
    if gone.tier != into.tier:
        told.append(f"{into.name} stays on its tier: {into.get_tier_display()}.")
    if gone.status != into.status:
        told.append(f"{into.name} stays as it is: {into.get_status_display().lower()}.")
    if gone.manager_id != into.manager_id and into.manager is not None:
        told.append(f"{into.manager} looks after all of it from then on.")
    return told


def country_of(partner: Partner) -> str:
    """The country's name."""
    return str(countries.name(str(partner.country)) or partner.country)
