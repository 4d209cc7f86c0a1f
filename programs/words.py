"""Programs in words: dates, ways in, where a firm stands."""

from datetime import date

from core import shown
from programs.enums import EnrolmentStatus, Joining, ProgramStatus
from programs.models import Enrolment, Program
from programs.workflow import FIRM_LABELS, TONES

HOW = {
    Joining.INVITATION: "Firms are invited by us.",
    Joining.APPLICATION: "Firms apply, we approve.",
    Joining.AUTOMATIC: "Firms of the audience take part by themselves.",
}


def dates_of(program: Program) -> str:
    """'1 January 2026 to 31 December 2026', 'since …' without an end."""
    first = shown.day(program.starts_on)
    return f"{first} to {shown.day(program.ends_on)}" if program.ends_on else f"From {first} on"


def status_of(program: Program, today: date) -> tuple[str, str]:
    """Where a program stands today: words and tone."""
    if program.status == ProgramStatus.DRAFT:
        return program.get_status_display(), "off"
    if program.ends_on and program.ends_on < today:
        return "Over", "off"
    if program.status == ProgramStatus.CLOSED:
        return "Closed to newcomers", "off"
    if today < program.starts_on:
        return f"Begins {shown.day(program.starts_on)}", "info"
    return "Running", "ok"


def standing_of(enrolment: Enrolment, *, vendor: bool) -> tuple[str, str]:
    """Where a firm stands in a program: words and tone."""
    status = EnrolmentStatus(enrolment.status)
    label = enrolment.get_status_display() if vendor else FIRM_LABELS[status]
    return label, TONES[status]
