"""What the words in a story's steps do. Each verb is one call of the service that a person's click would reach."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from unittest import mock

from accounts.models import User
from companies.search import SearchFailed
from core.clock import Clock, fixed
from demo import evidence, filling
from demo.files import lines
from demo.story import Step, Story
from partners.enums import StandingChange
from partners.models import Partner
from partners.services.standing import change_standing
from registrations.conflicts import query_of
from registrations.enums import AgreementKind, RequestState, Stage, Status
from registrations.models import Agreement, Registration
from registrations.services import (
    agreements,
    appeals,
    attachments,
    decisions,
    drafts,
    extensions,
    judgements,
    offers,
    partner_actions,
    precheck,
    still_active,
    submission,
)


@dataclass
class Scene:
    """A story while it is told: `others` are the registrations of all stories by key."""

    story: Story
    people: dict[str, User]
    others: dict[str, Registration]

    @cached_property
    def deal(self) -> Registration:
        """The registration as it is at the beginning of a step."""
        rows = Registration.objects.select_related("partner__manager", "company", "owner")
        return rows.get(pk=self.others[self.story.key].pk)

    def look_again(self) -> None:
        """Forgets what `deal` was: it changed."""
        self.__dict__.pop("deal", None)

    @property
    def owner(self) -> User:
        return self.people[self.story.owner]

    @property
    def referee(self) -> User:
        manager = self.deal.partner.manager
        assert manager is not None
        return manager


_TYPING = timedelta(minutes=14)
Verb = Callable[[Scene, Step, Clock], None]


def draft(scene: Scene, step: Step, clock: Clock) -> None:
    """Fills in the form, product lines included."""
    values, product_lines = filling.form(scene.story, step.at)
    begun = drafts.start_draft(by=scene.owner, fields=values, clock=clock)
    scene.others[scene.story.key] = drafts.save_draft(
        begun, by=scene.owner, fields={}, lines=product_lines, clock=clock
    )


def submit(scene: Scene, step: Step, clock: Clock) -> None:
    """Writes the draft where there is none, asks the pre-check, submits. 'submit unchecked' lets the check fail."""
    if scene.story.key not in scene.others:
        draft(scene, step, fixed(step.at - _TYPING))
        scene.look_again()
    if scene.story.random("precheck").random() < 0.2:
        precheck.precheck(query_of(scene.deal), by=scene.owner, clock=clock)
    with _failing_search() if step.words == "unchecked" else _nothing():
        submission.submit(scene.deal, by=scene.owner, clock=clock)


def decide(scene: Scene, step: Step, clock: Clock) -> None:
    """Gives the deal to its partner if a person has to; companies that look alike are declared different, and the
    step's words say why."""
    if scene.deal.status != Status.IN_REVIEW:
        return
    different(scene, step, clock)
    scene.look_again()
    decisions.assign(scene.deal, by=scene.referee, clock=clock)


def assign(scene: Scene, step: Step, clock: Clock) -> None:
    text, note = _two(step.words)
    decisions.assign(scene.deal, by=scene.referee, text=text, internal_note=note, clock=clock)


def refuse(scene: Scene, step: Step, clock: Clock) -> None:
    reason, text, note = _reasoned(step.words)
    decisions.refuse(
        scene.deal, by=scene.referee, reason_code=reason, text=text, internal_note=note, clock=clock
    )


def revoke(scene: Scene, step: Step, clock: Clock) -> None:
    reason, text, note = _reasoned(step.words)
    decisions.revoke(
        scene.deal, by=scene.referee, reason_code=reason, text=text, internal_note=note, clock=clock
    )


def ask(scene: Scene, step: Step, clock: Clock) -> None:
    decisions.ask_information(scene.deal, by=scene.referee, text=step.words, clock=clock)


def answer(scene: Scene, step: Step, clock: Clock) -> None:
    partner_actions.answer(scene.deal, by=scene.owner, text=step.words, clock=clock)


def waitlist(scene: Scene, step: Step, clock: Clock) -> None:
    """'waitlist <key of the holder>: <text>'."""
    key, _, text = step.words.partition(": ")
    behind = Registration.objects.get(pk=scene.others[key].pk)
    decisions.put_on_waitlist(scene.deal, behind=behind, by=scene.referee, text=text, clock=clock)


def same(scene: Scene, step: Step, clock: Clock) -> None:
    """Judges the likeliest open conflict."""
    conflict = scene.deal.conflicts.unjudged().select_related("registration").order_by("-score")[0]
    judgements.declare_same(conflict, by=scene.referee, reason=step.words, clock=clock)


def different(scene: Scene, step: Step, clock: Clock) -> None:
    """Judges every open conflict, one company at a time."""
    reason = step.words or "Other address, other web site."
    while conflict := scene.deal.conflicts.unjudged().select_related("registration").first():
        judgements.declare_different(conflict, by=scene.referee, reason=reason, clock=clock)


def update(scene: Scene, step: Step, clock: Clock) -> None:
    """An update with a note, a next step and, mostly, a later stage."""
    chance = scene.story.random(step.at)
    stages = list(Stage)
    stage = stages[min(stages.index(Stage(scene.deal.stage)) + chance.randrange(2), len(stages) - 1)]
    fields = {"stage": stage, "next_step": chance.choice(lines("next_steps"))}
    note = step.words or chance.choice(lines("notes")).format(count=chance.randrange(8, 60))
    partner_actions.update(scene.deal, by=scene.owner, fields=fields, note=note, clock=clock)


def alive(scene: Scene, step: Step, clock: Clock) -> None:
    """Presses the button of a reminder."""
    token = still_active.link_for(scene.deal).rstrip("/").rsplit("/", 1)[-1]
    still_active.keep_alive(token, note=step.words, clock=clock)


def won(scene: Scene, step: Step, clock: Clock) -> None:
    """'won <percent of the registered value>'."""
    value = ((scene.deal.value or Decimal(0)) * int(step.words) / 100).quantize(Decimal(100))
    partner_actions.record_won(scene.deal, by=scene.owner, value=value, closed_on=step.at.date(), clock=clock)


def lost(scene: Scene, step: Step, clock: Clock) -> None:
    reason, text, _ = _reasoned(step.words)
    partner_actions.record_lost(
        scene.deal, by=scene.owner, reason=reason, text=text, closed_on=step.at.date(), clock=clock
    )


def withdraw(scene: Scene, step: Step, clock: Clock) -> None:
    partner_actions.withdraw(scene.deal, by=scene.owner, text=step.words, clock=clock)


def accept(scene: Scene, step: Step, clock: Clock) -> None:
    """Takes the deal that was offered when its turn came."""
    offers.accept(scene.deal.offers.open().get(), by=scene.owner, clock=clock)


def split(scene: Scene, step: Step, clock: Clock) -> None:
    """'split <key of the holder> <share of this one in percent>: <text>', proposed to both partners."""
    pair, _, text = step.words.partition(": ")
    key, share = pair.split()
    _propose(scene, key, AgreementKind.SPLIT, int(share), text, clock)


def transfer(scene: Scene, step: Step, clock: Clock) -> None:
    """'transfer <key of the holder>: <text>', proposed to both partners."""
    key, _, text = step.words.partition(": ")
    _propose(scene, key, AgreementKind.TRANSFER, 100, text, clock)


def _propose(scene: Scene, key: str, kind: str, share: int, text: str, clock: Clock) -> None:
    holder = Registration.objects.get(pk=scene.others[key].pk)
    agreements.propose(
        scene.deal, holder=holder, kind=kind, other_share=share, text=text, by=scene.referee, clock=clock
    )


def agree(scene: Scene, step: Step, clock: Clock) -> None:
    """Says yes to what was proposed, for this side."""
    agreements.agree(Agreement.objects.current().of(scene.deal).get(), by=scene.owner, clock=clock)


def attach(scene: Scene, step: Step, clock: Clock) -> None:
    """'attach <file name>': a PDF with the notes of the contact."""
    deal = scene.deal
    paragraphs = [
        f"{deal.company_name}, {deal.city}",
        f"Met: {deal.contact_name}, {deal.contact_title}",
        f"On: {deal.contact_on or step.at.date()}",
        "",
        deal.contact_note,
    ]
    upload = evidence.pdf(step.words, deal.deal_name, paragraphs)
    attachments.attach(deal, upload, by=scene.owner, clock=clock)


def extend(scene: Scene, step: Step, clock: Clock) -> None:
    """Asks for an extension, with a letter of the customer."""
    deal = scene.deal
    upload = evidence.pdf("customers-mail.pdf", deal.company_name, [step.words])
    extensions.ask(deal, by=scene.owner, text=step.words, upload=upload, clock=clock)


def grant(scene: Scene, step: Step, clock: Clock) -> None:
    """Grants the open request for an extension."""
    asked = scene.deal.extensions.get(state=RequestState.OPEN)
    extensions.grant(asked, by=scene.referee, text=step.words, clock=clock)


def appeal(scene: Scene, step: Step, clock: Clock) -> None:
    """Disputes the last decision."""
    appeals.appeal(scene.deal.decisions.all()[0], by=scene.owner, text=step.words, clock=clock)


def dismiss(scene: Scene, step: Step, clock: Clock) -> None:
    """Another manager than the first says that the decision stands."""
    made = scene.deal.appeals.get(state=RequestState.OPEN)
    appeals.dismiss(made, by=appeals.judges_of(made)[0], text=step.words, clock=clock)


def suspend(scene: Scene, step: Step, clock: Clock) -> None:
    """The owner's firm loses its standing; the words say why."""
    change_standing(
        Partner.objects.get(members__user=scene.owner),
        StandingChange.SUSPEND,
        by=scene.people["olga"],
        reason=step.words or "Two invoices are unpaid since spring.",
        clock=clock,
    )


VERBS: dict[str, Verb] = {
    verb.__name__: verb
    for verb in (
        *(draft, submit, decide, assign, refuse, revoke, ask, answer, waitlist, same, different),
        *(update, alive, won, lost, withdraw, accept, attach, suspend, extend, grant, appeal, dismiss),
        *(split, transfer, agree),
    )
}


def _two(words: str) -> tuple[str, str]:
    text, _, note = words.partition(" // ")
    return text, note


def _reasoned(words: str) -> tuple[str, str, str]:
    reason, _, rest = words.partition(": ")
    return reason, *_two(rest)


@contextmanager
def _failing_search() -> Iterator[None]:
    """The search does not answer, as on a bad day; the portal's log is spared the trace."""
    log = logging.getLogger("registrations.conflicts")
    failure = SearchFailed("The search did not answer in time.")
    log.disabled = True
    try:
        with mock.patch("registrations.conflicts.search", side_effect=failure):
            yield
    finally:
        log.disabled = False


@contextmanager
def _nothing() -> Iterator[None]:
    yield
