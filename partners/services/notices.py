"""Who is told about what of a firm. Every mail about firms and their steps leaves from here, through the outbox."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from core.clock import Clock, database_clock, fixed
from notifications.services import Inside, notify, take_back_inside, tell_inside, tell_many_inside
from partners.consequences import Ended
from partners.contacts import admins_among, admins_of
from partners.enums import MilestoneKind, StandingChange, StepSide
from partners.keepers import keepers_of, keepers_of_some
from partners.models import FirmEntry, FirmMilestone, OnboardingStep, Partner
from partners.workflow import MOVES

MOST_LISTED = 60


def admins_of_many(firms: Collection[Partner]) -> dict[int, list[User]]:
    """The same for each of these firms by its id: one query."""
    found: dict[int, list[User]] = {firm.pk: [] for firm in firms}
    people = User.objects.filter(member__partner__in=found, is_active=True).select_related("member")
    for person in people.order_by("pk"):
        found[person.member.partner_id].append(person)
    return {firm: admins_among(those) for firm, those in found.items()}


def standing_changed(
    partner: Partner, change: StandingChange, entry: FirmEntry, *, reason: str, but_not: User | None
) -> None:
    """The firm's admins learn of a change of status; the firm's manager too, by a notice inside."""
    event = "partner.activated" if change == StandingChange.ACTIVATE else "partner.standing_changed"
    words = {
        "partner_name": partner.name,
        "change": change.value,
        "headline": MOVES[change].done,
        "status_label": partner.get_status_display(),
        "text": reason,
        "firm_name": partner.name,
    }
    for person in admins_of(partner):
        _mail(event, person, words, f"{event}:{partner.code}:{entry.pk}", reverse("partners:firm"), partner)
    for person in keepers_of(partner, entry.at):
        if person != but_not:
            label = partner.get_status_display().lower()
            title = f"{partner.name} is {label} now"
            _inside(event, person, title, f"{event}:{partner.code}:{entry.pk}", _page(partner), entry.at)


def records_ended(partner: Partner, person: User, ended: list[Ended], entry: FirmEntry) -> None:
    """One mail with the list of what ended with the partnership for this person: at most MOST_LISTED lines a heading, the
    rest as a number. Once for an entry of the firm's history."""
    groups: dict[str, list[Ended]] = {}
    for row in ended:
        groups.setdefault(row.group, []).append(row)
    words = {
        "partner_name": partner.name,
        "firm_name": partner.name,
        "number": len(ended),
        "groups": [
            {
                "title": title,
                "rows": [{"title": row.title, "note": row.note} for row in rows[:MOST_LISTED]],
                "more": max(len(rows) - MOST_LISTED, 0),
            }
            for title, rows in groups.items()
        ],
        "reason": str(partner.history.filter(kind=StandingChange.END).latest("at", "id").data["reason"]),
    }
    link = reverse("partners:firm") if person.is_partner_side else _page(partner)
    occasion = f"partner.records_ended:{partner.code}:{entry.pk}"
    _mail("partner.records_ended", person, words, occasion, link, partner)


def new_firm(partner: Partner, *, but_not: User, at: datetime) -> None:
    """Whoever keeps a firm that was taken in learns of it, and of the steps that are theirs; a notice inside, no mail."""
    for person in keepers_of(partner, at):
        if person != but_not:
            title = f"{partner.name} is a new partner. Its onboarding begins"
            _inside("partner.new", person, title, f"partner.new:{partner.code}", _steps(partner), at)


def stage_opened(partner: Partner, steps: list[OnboardingStep], *, but_not: User) -> None:
    """The firm's admins, and whoever keeps the firm, see which new steps wait for their side; a notice inside, no mail."""
    for side, whose in ((StepSide.PARTNER, partner.name), (StepSide.VENDOR, f"us with {partner.name}")):
        own = [step for step in steps if step.side == side]
        if not own:
            continue
        first = min(own, key=lambda step: (step.stage, step.place, step.pk))
        at = first.opened_at or database_clock()
        title = f"New steps for {whose}: {first.stage_title}"
        occasion = f"partner.stage_opened:{partner.code}:{first.source}:{first.stage}"
        for person in admins_of(partner) if side == StepSide.PARTNER else keepers_of(partner, at):
            if person != but_not:
                _inside("partner.stage_opened", person, title, occasion, _steps(partner), at)


def step_given(firms: list[Partner], title: str, step: str, *, but_not: User, at: datetime) -> None:
    """The admins of firms that got one more step see that it waits for them; a notice inside, no mail. `step` marks it."""
    readers = admins_of_many(firms)
    tell_many_inside(
        "partner.stage_opened",
        [
            Inside(
                recipient=person,
                title=f"New step for {firm.name}: {title}",
                occasion=f"partner.step_given:{firm.code}:{step}:{at:%Y%m%d%H%M%S}",
                link=_steps(firm),
            )
            for firm in firms
            for person in readers[firm.pk]
            if person != but_not
        ],
        clock=fixed(at),
    )


def ours_given(firms: list[Partner], source: str, label: str, *, but_not: User | None, at: datetime) -> None:
    """Whoever keeps one of these firms sees that steps of ours came with `source`, shown as `label`. One notice to each,
    however many firms get them at one moment; a notice inside, no mail."""
    told = [
        Inside(
            recipient=person,
            title=f"New steps for us with firms in {label}",
            occasion=f"partner.ours_given:{source}:{at:%Y%m%d%H%M%S}",
            link=reverse("partners:our_steps"),
        )
        for person in keepers_of_some(firms, at)
        if person != but_not
    ]
    tell_many_inside("partner.stage_opened", told, clock=fixed(at))


def steps_due(partner: Partner, steps: list[OnboardingStep], people: Iterable[User], *, clock: Clock) -> None:
    """One mail for all these steps, to each of `people`. Whoever calls notes in the same transaction that they were reminded of:
    a step that was opened again since is another occasion."""
    first, at = min(step.pk for step in steps), clock()
    words = {
        "partner_name": partner.name,
        "steps": [{"title": step.title, "due": step.due_at, "help": step.help} for step in steps],
        "firm_name": partner.name,
    }
    for person in people:
        occasion = f"partner.step_due:{partner.code}:{steps[0].side}:{first}:{len(steps)}:{at:%Y-%m-%dT%H:%M}"
        _mail("partner.step_due", person, words, occasion, _steps(partner), partner, clock=clock)


def milestone_reached(milestone: FirmMilestone, owner: User | None) -> None:
    """A quiet notice to the firm and its channel manager."""
    partner = milestone.partner
    words = {
        MilestoneKind.FIRST_REGISTRATION: "registered its first deal",
        MilestoneKind.FIRST_WIN: "won its first deal",
    }[MilestoneKind(milestone.kind)]
    firm = {person.pk: person for person in [*admins_of(partner), *([owner] if owner else [])]}
    vendor = {person.pk: person for person in keepers_of(partner, milestone.at)} if partner.manager_id else {}
    for person in (firm | vendor).values():
        link = reverse("partners:firm") if person.is_partner_side else _page(partner)
        title = f"{partner.name} {words}: {milestone.label}"
        _inside(f"partner.{milestone.kind}", person, title, _first(milestone), link, milestone.at)


def milestone_undone(milestone: FirmMilestone) -> None:
    """What was told of it is taken back from behind the bell."""
    take_back_inside(_first(milestone))


def _first(milestone: FirmMilestone) -> str:
    return f"partner.{milestone.kind}:{milestone.partner.code}"


def _mail(
    event: str,
    person: User,
    words: dict[str, Any],
    occasion: str,
    link: str,
    partner: Partner,
    clock: Clock = database_clock,
) -> None:
    notify(
        event=event,
        recipient=person,
        context=words,
        occasion=occasion,
        link=link,
        about=partner.code,
        clock=clock,
    )


def _inside(event: str, person: User, title: str, occasion: str, link: str, at: datetime) -> None:
    tell_inside(event=event, recipient=person, title=title, occasion=occasion, link=link, clock=fixed(at))


def _page(partner: Partner) -> str:
    return reverse("partners:partner", args=[partner.code])


def _steps(partner: Partner) -> str:
    return reverse("partners:onboarding", args=[partner.code])
