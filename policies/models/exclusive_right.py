"""Distribution rights, exclusive or not: who registers a product line, in an area, for an industry, for a time (L3)."""

from functools import partial

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    BigIntegerRangeField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models

from accounts.models import User
from catalog.models import Industry, ProductLine, Territory
from core.codes import new_code
from partners.models import Partner
from policies.enums import Barred
from policies.querysets import ExclusiveRightQuerySet

_code = partial(new_code, "X")


class OneOrAll(models.Func):
    """A column as a range: a value is itself alone, NULL is all values. Ranges overlap where two rights meet."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, column: str | models.Case) -> None:
        value = models.F(column) if isinstance(column, str) else column
        super().__init__(value, value, models.Value("[]"))


class Places(models.Func):
    """A list of countries as a set of numbers, all of them for an empty list. The function is in the migration."""

    function = "concord_places"
    output_field = (
        BigIntegerRangeField()
    )  # a multirange, which Django has no field for; only && is asked of it


class Period(models.Func):
    """From the beginning until the end, which is not part of it; without an end, for ever."""

    function = "tstzrange"
    output_field = DateTimeRangeField()

    def __init__(self, begins: str, ends: str) -> None:
        super().__init__(models.F(begins), models.F(ends), RangeBoundary())


def _kept_apart() -> OneOrAll:
    """All for an exclusive right, which so meets every other; itself alone for one that is not: those meet none of their kind."""
    return OneOrAll(models.Case(models.When(is_exclusive=False, then=models.F("id"))))


class ExclusiveRight(models.Model):
    """`partner` registers what lies within it from `begins_at` until `ends_at`: alone where `is_exclusive`, else beside others
    that hold a right to it. Empty dimensions are 'all'.

    `countries` are those of the territory when the right was given: a later change of the catalogue moves no right. The
    exclusion constraint is the promise that an exclusive right meets no other in product line, country, industry and time,
    whatever the territories are called; one taken back before it began is none. What was given is never rewritten: a trigger
    lets the end move, to an earlier moment, and the holder, where records are merged.
    """

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="exclusive_rights")
    product_line = models.ForeignKey(ProductLine, null=True, on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, null=True, on_delete=models.PROTECT, related_name="+")
    countries = ArrayField(models.CharField(max_length=2), default=list)
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, related_name="+")
    is_exclusive = models.BooleanField(default=True, db_default=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    effect = models.CharField(
        max_length=10, choices=Barred, default=Barred.REFUSED, help_text="What others inside it get."
    )
    note = models.CharField(max_length=300, help_text="Why it was given. Partners don't read this.")
    nobody_concerned = models.BooleanField(
        default=False, help_text="The notice period was waived when it was given."
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    end_note = models.CharField(max_length=300, blank=True, default="")
    end_set_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    end_set_at = models.DateTimeField(null=True)
    end_agreed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The holder agreed to an end before the notice period is over.",
    )
    withdrawn_at = models.DateTimeField(null=True)  # taken back before it began; it never applied

    objects = ExclusiveRightQuerySet.as_manager()

    class Meta:
        ordering = ["begins_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(effect__in=Barred.values), name="exclusive_right_effect_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("begins_at")),
                name="exclusive_right_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(territory=None, countries=[])
                | models.Q(territory__isnull=False) & ~models.Q(countries=[]),
                name="exclusive_right_territory_has_countries",
            ),
            models.CheckConstraint(
                condition=models.Q(begins_at__gte=models.F("created_at")),
                name="exclusive_right_never_back_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(end_set_at=None)
                | models.Q(ends_at=None)
                | models.Q(ends_at__gte=models.F("end_set_at")),
                name="exclusive_right_end_never_back_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__lte=models.F("begins_at")),
                name="exclusive_right_taken_back_before_it_began",
            ),
            ExclusionConstraint(
                name="one_exclusive_right",
                expressions=[
                    (OneOrAll("product_line"), RangeOperators.OVERLAPS),
                    (OneOrAll("industry"), RangeOperators.OVERLAPS),
                    (Places("countries"), RangeOperators.OVERLAPS),
                    (Period("begins_at", "ends_at"), RangeOperators.OVERLAPS),
                    (_kept_apart(), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.code
