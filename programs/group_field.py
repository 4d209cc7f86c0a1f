"""The program a firm takes part in, as a field of the rule builder of groups."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from partners.groups.fields import MANY_VALUES, Values, choice_field
from partners.models import Partner
from programs.enums import EnrolmentStatus
from programs.models import Enrolment, Program
from programs.querysets.programs import EnrolmentQuerySet


def _enrolled() -> EnrolmentQuerySet:
    return Enrolment.objects.filter(partner_id=OuterRef("pk"), status=EnrolmentStatus.ENROLLED).order_by()


def _has(values: Values, at: datetime) -> Q:
    return Q(Exists(_enrolled().filter(program__code__in=values)))


def _shown(firm: Partner, at: datetime) -> str:
    rows = Enrolment.objects.enrolled().filter(partner=firm).order_by("program__name")
    return ", ".join(rows.values_list("program__name", flat=True))


FIELD = choice_field(
    "program",
    "Program",
    has=_has,
    some=lambda at: Q(Exists(_enrolled())),
    shown=_shown,
    choices=lambda: list(Program.objects.order_by("name").values_list("code", "name")),
    operators=MANY_VALUES,
)
