from core.clock import Clock
from registrations.management.sweeps import SweepCommand
from registrations.services.expiry import Sweep, expire_registrations


class Command(SweepCommand):
    help = "Expires protections that have run out and were warned of."
    verb = "expired"

    def sweep(self, clock: Clock, dry_run: bool) -> Sweep:
        return expire_registrations(clock=clock, dry_run=dry_run)
