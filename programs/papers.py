"""The certificates of firms as far as a program can go by them: one that ended before it began counted for nothing there."""

from collections.abc import Collection
from datetime import date

from partners.certificates.gates import Case
from partners.models import Certificate
from programs.models import Program


class Papers:
    """All certificates of these firms: one query."""

    def __init__(self, firms: Collection[int]) -> None:
        rows = (
            Certificate.objects.filter(partner__in=firms).order_by() if firms else Certificate.objects.none()
        )
        self._known = {
            pk: (code, first, last)
            for pk, code, first, last in rows.values_list("pk", "type__code", "valid_from", "valid_to")
        }

    def counted(self, case: Case, program: Program, *, until: date | None = None) -> frozenset[str]:
        """The types of those of the case that had not ended when the program began; with `until`, of those that had begun
        by then."""
        found = [self._known[pk] for pk in case.certificates if pk in self._known]
        return frozenset(
            code
            for code, first, last in found
            if (last is None or last >= program.starts_on) and (until is None or first <= until)
        )
