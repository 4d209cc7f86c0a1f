"""What becomes of a firm's distribution rights when its standing changes."""

from django.urls import reverse

from accounts.models import User
from core.clock import Clock, database_clock
from partners.consequences import Consequence, Entry
from partners.enums import StandingChange
from partners.models import Partner
from policies.services.rights import end_rights_of, rights_left

_KEY = "distribution rights ended"


def foresee(partner: Partner, change: StandingChange) -> list[Consequence]:
    """They end with the partnership and outlast a suspension."""
    number = rights_left(partner, database_clock()).count()
    if not number or change not in (StandingChange.SUSPEND, StandingChange.END):
        return []
    rights = "1 distribution right" if number == 1 else f"{number:,} distribution rights"
    ends = change == StandingChange.END
    verb = ("ends" if ends else "goes on") if number == 1 else ("end" if ends else "go on")
    note = (
        "Firms concerned are told that it is open again."
        if ends
        else "End them yourself where others shall sell."
    )
    return [Consequence(_KEY, f"{rights} {verb}", number, reverse("policies:rights"), note, changes=ends)]


def carry_out(
    partner: Partner, change: StandingChange, *, by: User | None, reason: str, clock: Clock
) -> dict[str, int]:
    """Ends them with the partnership."""
    if change != StandingChange.END:
        return {}
    return {_KEY: end_rights_of(partner, by=by, reason=reason, clock=clock)}


ENTRY = Entry("policies", foresee, carry_out, order=60)
