from core.clock import Clock
from registrations.management.sweeps import SweepCommand
from registrations.services.expiry import Sweep
from registrations.services.new_rules import note_new_rules


class Command(SweepCommand):
    help = "Notes for those who decide what began or ceased to apply while a registration was in review."
    verb = "noted"

    def sweep(self, clock: Clock, dry_run: bool) -> Sweep:
        return note_new_rules(clock=clock, dry_run=dry_run)
