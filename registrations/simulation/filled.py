"""What was left empty, of runs that were kept before this was kept with them: as the registration says it now.

A guess, as with what is older still: where it does not lead to where the registration landed, comparing.py says so.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef

from registrations.facts import left_empty
from registrations.models import Line, Registration
from registrations.simulation.case import Case


def filled_up(cases: Sequence[Case]) -> list[Case]:
    """The same cases, with what was left empty of those that are marked as reconstructed; one query, none for none."""
    wanted = {case.registration for case in cases if case.reconstructed}
    if not wanted:
        return list(cases)
    lines = Line.objects.filter(registration=OuterRef("pk"))
    rows = Registration.objects.filter(pk__in=wanted).annotate(has_lines=Exists(lines))
    empty = {row.pk: left_empty(row, row.has_lines) for row in rows}
    return [
        replace(case, facts=replace(case.facts, left_empty=empty[case.registration]))
        if case.reconstructed and case.facts is not None
        else case
        for case in cases
    ]
