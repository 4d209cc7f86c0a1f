from core.clock import Clock
from registrations.management.sweeps import SweepCommand
from registrations.services.escalations import escalate_overdue
from registrations.services.expiry import Sweep


class Command(SweepCommand):
    help = "Tells reviewers, then their managers, of decisions past their time."
    verb = "escalated"

    def sweep(self, clock: Clock, dry_run: bool) -> Sweep:
        return escalate_overdue(clock=clock, dry_run=dry_run)
