"""Tiers: what each asks for, what firms had on which day, and the moves that follow."""

from functools import partial

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models

from accounts.models import User
from core.codes import new_code
from partners.enums import PartnerTier
from partners.models import Partner
from programs.enums import MOVE_OPEN, MoveStatus, TakenBack
from programs.models.program import Program
from programs.querysets.tiers import CriterionQuerySet, MoveQuerySet, SnapshotQuerySet

_code = partial(new_code, "MV")


class OneText(models.Func):
    """A text as a range that overlaps only its own: plain ranges need no extension to be compared in an index."""

    template = "int8range(hashtextextended(%(expressions)s, 0), hashtextextended(%(expressions)s, 0), '[]')"
    output_field = BigIntegerRangeField()


class OneProgram(models.Func):
    """A program as a range that overlaps only itself; none is one of its own, too."""

    template = "int8range(COALESCE(%(expressions)s, 0), COALESCE(%(expressions)s, 0), '[]')"
    output_field = BigIntegerRangeField()


class Days(models.Func):
    """The days from the first to the last, both included."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, first: str, last: str) -> None:
        super().__init__(models.F(first), models.F(last), models.Value("[]"))


class Criterion(models.Model):
    """What a tier asks for: a measure of programs/measures.py and its least value, from a day until another, both
    included. With a program it binds only the firms enrolled there. Two of one tier, program and measure never
    overlap: an exclusion constraint sees to it."""

    tier = models.CharField(max_length=20, choices=PartnerTier)
    program = models.ForeignKey(
        Program, null=True, blank=True, on_delete=models.PROTECT, related_name="criteria"
    )
    measure = models.CharField(max_length=40)
    threshold = models.DecimalField(max_digits=14, decimal_places=2)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["tier", "measure", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__in=PartnerTier.values), name="criterion_tier_known"
            ),
            models.CheckConstraint(condition=models.Q(threshold__gt=0), name="criterion_asks_something"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="criterion_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="one_criterion_at_a_time",
                expressions=[
                    (OneText("tier"), RangeOperators.OVERLAPS),
                    (OneProgram("program"), RangeOperators.OVERLAPS),
                    (OneText("measure"), RangeOperators.OVERLAPS),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier}: {self.measure} ≥ {self.threshold}"


class Snapshot(models.Model):
    """A firm's figures on a day (in UTC), the tier it had then and the one that they earn. Kept, one a firm and day."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="tier_snapshots")
    on = models.DateField()
    tier = models.CharField(max_length=20, choices=PartnerTier)
    earned = models.CharField(max_length=20, choices=PartnerTier)
    figures = models.JSONField()  # measure → decimal as text

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "partner"]
        constraints = [models.UniqueConstraint(fields=["partner", "on"], name="one_snapshot_a_day")]

    def __str__(self) -> str:
        return f"{self.partner_id} on {self.on}: {self.earned}"


class Move(models.Model):
    """A move of a firm to another tier: proposed by the portal with the figures of that day, decided by a person. A move
    down waits until `due_on`; until then figures that recover take it back. A partial UNIQUE keeps one open at a time."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="tier_moves")
    source = models.CharField(max_length=20, choices=PartnerTier)
    target = models.CharField(max_length=20, choices=PartnerTier)
    status = models.CharField(max_length=12, choices=MoveStatus, default=MoveStatus.PROPOSED)
    figures = models.JSONField()  # frozen: what programs/ladder.py found
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=1000, blank=True)
    due_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # '' for what was not taken back, or was before this was kept: then of a proposal `reason` says it.
    taken_back_for = models.CharField(max_length=12, choices=TakenBack, blank=True, default="", db_default="")

    objects = MoveQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=MoveStatus.values), name="move_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=MoveStatus.NOTICED) | models.Q(due_on__isnull=False),
                name="move_noticed_has_a_day",
            ),
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(status__in=MOVE_OPEN), name="one_open_move"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.source} to {self.target}"

    @property
    def is_up(self) -> bool:
        """Whether it leads to a higher tier."""
        return PartnerTier.values.index(self.target) > PartnerTier.values.index(self.source)


class EnteredFigure(models.Model):
    """A figure that a person enters, such as satisfaction; the latest one up to a day counts."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="entered_figures")
    measure = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["partner", "measure", "-at"], name="figure_latest")]

    def __str__(self) -> str:
        return f"{self.measure} of {self.partner_id}: {self.value}"
