"""What the sweep of firms does: safe to run never, once or a hundred times, by two workers at once."""

from dataclasses import dataclass, field
from datetime import timedelta

from core.clock import Clock, database_clock, fixed
from notifications.holding import by_calendar
from partners.services.applications import sweep_unconfirmed
from partners.services.ending import finish_ended
from partners.services.merging.strays import carry_strays
from partners.services.step_reminders import remind_of_steps

# Longer than any transaction that was on its way while a partnership ended, and than an outage over a weekend.
_LOOK_BACK = timedelta(days=4)


@dataclass
class FirmSweep:
    """What a sweep did: codes of firms by what became of them, and how many applications were forgotten."""

    reminded: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    forgotten: int = 0


def sweep_firms(*, clock: Clock = database_clock, dry_run: bool = False) -> FirmSweep:
    """Reminds of steps that fall due, carries over what came to a record while it was merged, goes on ending what firms
    worked on whose partnership ended, and forgets applications that nobody confirmed. A dry run says whom it would remind,
    and changes nothing."""
    now = clock()
    with by_calendar(now):
        reminded = remind_of_steps(clock=fixed(now), dry_run=dry_run)
    if dry_run:
        return FirmSweep(reminded)
    carry_strays(since=now - _LOOK_BACK, clock=fixed(now))
    return FirmSweep(
        reminded,
        finish_ended(since=now - _LOOK_BACK, clock=fixed(now)),
        sweep_unconfirmed(clock=fixed(now)),
    )
