"""What a change of a firm's status does to its programs: enrolments end with the partnership. Once the firm is active again
the sweep lets go on what rested or ended with it, since nobody meant the program."""

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from core.clock import Clock, database_clock
from core.vendor_days import vendor_day
from partners.consequences import Consequence, Ended, Entry
from partners.enums import StandingChange
from partners.models import Partner
from programs.enums import EnrolmentAction, EnrolmentStatus, Joining
from programs.models import Enrolment, Program
from programs.services import notices
from programs.services.steps import take_steps_back
from programs.services.sweeping import rested
from programs.services.training import granting
from programs.workflow import TRANSITIONS, status_before

KEY, ASKED = "enrolments ended", "invitations and applications ended"
_WORDS = {
    EnrolmentStatus.ENROLLED: "left",
    EnrolmentStatus.INVITED: "the invitation ended",
    EnrolmentStatus.APPLIED: "the application ended",
}


def foresee(partner: Partner, change: StandingChange) -> list[Consequence]:
    """What would follow now: two queries at most."""
    if change == StandingChange.REINSTATE:
        return [_going_on(partner)]
    if change == StandingChange.SUSPEND:
        return _resting(partner)
    if change != StandingChange.END:
        return []
    standing = list(Enrolment.objects.open().filter(partner=partner).values_list("status", flat=True))
    number = standing.count(EnrolmentStatus.ENROLLED)
    programs, url = _programs(number), reverse("programs:list")
    asked = len(standing) - number
    what = "1 invitation or application" if asked == 1 else f"{asked} invitations and applications"
    return [
        Consequence(KEY, f"It leaves {programs}", number, url, "Certificates stay as they are."),
        Consequence(ASKED, f"{what} to programs {'ends' if asked == 1 else 'end'}", asked, url),
    ]


def _resting(partner: Partner) -> list[Consequence]:
    """What a suspended firm stays in, and what the sweep lets it go from until it is reinstated."""
    mine = Enrolment.objects.enrolled().filter(partner=partner)
    let_go = mine.filter(
        way=Joining.AUTOMATIC,
        program__in=Program.objects.running(vendor_day(database_clock())).filter(joining=Joining.AUTOMATIC),
    )
    kept, gone = mine.exclude(pk__in=let_go).count(), let_go.count()
    url = reverse("programs:list")
    return [
        Consequence(
            "enrolments kept",
            f"It stays in {_programs(kept)}",
            kept,
            url,
            "Its training rests until it is reinstated.",
            changes=False,
        ),
        Consequence(
            "enrolments resting",
            f"It is out of {_programs(gone)} until it is reinstated",
            gone,
            url,
            "Firms take part there by themselves, and only active ones do. Steps that are open are taken back within the hour,"
            " and come again with it.",
            changes=False,
        ),
    ]


def _going_on(partner: Partner) -> Consequence:
    number = rested(database_clock()).filter(partner=partner).count()
    return Consequence(
        "enrolments going on",
        f"It takes part in {_programs(number)} again",
        number,
        reverse("programs:list"),
        "Within the hour, once it is active. Programs that take firms in by themselves have to be for it still.",
        changes=False,
    )


def _programs(number: int) -> str:
    return "1 program" if number == 1 else f"{number} programs"


def carry_out(
    partner: Partner, change: StandingChange, *, by: User | None, reason: str, clock: Clock
) -> dict[str, int]:
    """Ends every invitation, application and enrolment with the partnership. Whoever may end a partnership may do this.
    Reinstated, training that was shortened meanwhile is passed.

    They end in the moment of the firm's line of history: by that they are told from those that a person ended."""
    if change == StandingChange.REINSTATE:
        granting.pass_rested(partner, at=clock())
    if change != StandingChange.END:
        return {}
    now, row = clock(), TRANSITIONS[EnrolmentAction.END]
    rows = Enrolment.objects.open().filter(partner=partner).order_by("pk").select_for_update(of=("self",))
    done = {KEY: 0, ASKED: 0}
    for enrolment in rows.select_related("program", "partner"):
        enrolled = enrolment.status == EnrolmentStatus.ENROLLED
        if enrolled:
            take_steps_back(enrolment, by=by, at=now)
        enrolment.status, enrolment.ended_by, enrolment.ended_at = row.target, by, now
        enrolment.reason = reason.strip()[:1000] or "The partnership has ended."
        enrolment.save(update_fields=["status", "ended_by", "ended_at", "reason"])
        done[KEY if enrolled else ASKED] += 1
    return done


def ended(partner: Partner, since: datetime) -> list[tuple[User, Ended]]:
    """The programs that it left with the partnership from `since` on, or was asked into, for the firm's admins."""
    rows = Enrolment.objects.filter(partner=partner, status=EnrolmentStatus.ENDED, ended_at__gte=since)
    people = notices.admins_of(partner)
    return [
        (person, Ended("Programs", enrolment.program.name, _WORDS[status_before(enrolment)]))
        for enrolment in rows.select_related("program").order_by("pk")
        for person in people
    ]


ENTRY = Entry("programs", foresee, carry_out, order=40, ended=ended)
