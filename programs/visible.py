"""Which programs a firm may see: those that run and are for it, and those it is or was in."""

from datetime import datetime

from core.vendor_days import vendor_day
from partners.models import Partner
from programs.audience import programs_for
from programs.enums import Joining
from programs.models import Enrolment, Program


def programs_shown_to(firm: Partner, at: datetime) -> list[Program]:
    """By name. A program by invitation only is seen by those who were invited."""
    open_ones = Program.objects.running(vendor_day(at)).exclude(joining=Joining.INVITATION)
    found = {program.pk: program for program in programs_for(firm, open_ones, at)}
    mine = Enrolment.objects.filter(partner=firm).values("program")
    found |= {program.pk: program for program in Program.objects.filter(pk__in=mine)}
    return sorted(found.values(), key=lambda program: program.name)
