from core.clock import Clock
from registrations.management.sweeps import SweepCommand
from registrations.services.expiry import Sweep
from registrations.services.reminders import send_reminders


class Command(SweepCommand):
    help = "Sends the reminders and final notices that are due."
    verb = "reminded"

    def sweep(self, clock: Clock, dry_run: bool) -> Sweep:
        return send_reminders(clock=clock, dry_run=dry_run)
