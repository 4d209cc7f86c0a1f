from core.clock import Clock
from registrations.management.sweeps import SweepCommand
from registrations.services.expiry import Sweep
from registrations.services.offers import lapse_offers
from registrations.services.proposals import lapse_proposals
from registrations.services.waitlist import offer_free_places


class Command(SweepCommand):
    help = (
        "Ends offers and proposals that were not answered in time, and offers what is free to those who wait."
    )
    verb = "lapsed"

    def sweep(self, clock: Clock, dry_run: bool) -> Sweep:
        done = lapse_offers(clock=clock, dry_run=dry_run)
        proposals = lapse_proposals(clock=clock, dry_run=dry_run)
        done.done += proposals.done
        done.failed += proposals.failed
        if not dry_run:
            for code in offer_free_places(clock=clock):
                self.stdout.write(f"{code} has its turn: its scope was free")
        return done
