"""What people do in random lives (life.py): by name, and what fits which status."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import User
from registrations.enums import LossReason, RefusalReason, RequestState, Status
from registrations.models import Agreement, Appeal, Conflict, Decision, Registration
from registrations.services import (
    agreements,
    appeals,
    customer_letters,
    decisions,
    extensions,
    holdings,
    judgements,
    line_order,
    offers,
    partner_actions,
    reopening,
    taking_back,
    undo,
)
from tests.registrations.requests_help import letter

if TYPE_CHECKING:
    from tests.registrations.life import Life


def _holder(life: "Life", deal: Registration) -> Registration | None:
    if deal.policy_id is not None:  # versions of the policy never change: no need to read one again
        deal.policy = next(policy for policy in life.world.policies if policy.pk == deal.policy_id)
    return next((held.registration for held in holdings.held_by_others(deal)), None)


def _propose(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    holder = _holder(life, deal)
    if holder is not None:
        kind, share = chance.choice(["split", "split", "transfer"]), chance.randrange(0, 101)
        life.do(
            agreements.propose, deal, holder=holder, kind=kind, other_share=share, text="Together.", by=by
        )


def _consent(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    """Both sides of what was proposed about this one."""
    for agreement in Agreement.objects.current().of(deal).select_related("holder", "other"):
        for side in (agreement.holder, agreement.other):
            life.do(agreements.agree, agreement, by=life.world.by_key[side.owner_id])
            agreement.refresh_from_db()


def _answer_offer(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    offer = deal.offers.first()
    if offer is not None:
        life.do(chance.choice([offers.accept, offers.accept, offers.decline]), offer, by=by)


def _line_up(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    every = Registration.objects.order_by("pk").values_list("pk", flat=True)
    behind = _holder(life, deal) or Registration.objects.get(pk=chance.choice(list(every)))
    life.do(decisions.put_on_waitlist, deal, behind=behind, by=by)


def _answer_about_time(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    for asked in deal.extensions.filter(state=RequestState.OPEN):
        life.do(chance.choice([extensions.grant, extensions.refuse]), asked, by=by, text="So be it.")


def _undo(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    """What somebody has just decided, in time unless a minute has passed since; seldom what was decided before."""
    latest = list(Decision.objects.filter(undone_at=None, by__isnull=False).order_by("-pk")[:3])
    if latest:
        decision = latest[0] if chance.random() < 0.8 else chance.choice(latest)
        life.pace = SOON
        life.do(undo.undo, decision, by=decision.by if chance.random() < 0.9 else by)


def _appeal(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    """Against any decision about this one, or the last ones about others."""
    about = Q(registration=deal) if deal.decisions.exists() else Q()
    made = list(
        Decision.objects.filter(about, undone_at=None).select_related("registration").order_by("-pk")[:6]
    )
    against = [decision for decision in made if appeals.can_be_disputed(decision)]
    if against:
        decision = chance.choice(against)
        life.do(
            appeals.appeal, decision, by=life.world.by_key[decision.registration.owner_id], text="Look again."
        )


def _answer_appeal(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    """Who decided first is refused; the other manager is not."""
    for made in Appeal.objects.filter(state=RequestState.OPEN)[:2]:
        judge = life.world.noor if chance.random() < 0.8 else life.world.mara
        life.do(chance.choice([appeals.grant, appeals.dismiss]), made, by=judge, text="So be it.")


def _customer_letter(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    wished = list(customer_letters.wished_for(deal)) or list(Registration.objects.order_by("pk")[:3])
    life.do(
        customer_letters.record,
        deal,
        in_favour_of=chance.choice(wished),
        dated=life.now.date(),
        upload=letter(),
        by=by,
    )


def _take_back(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    for agreement in Agreement.objects.current().of(deal).select_related("holder", "other"):
        life.do(taking_back.take_back, agreement, by=by)


def _judge(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    """The same company or another one, seen from either side."""
    met = list(Conflict.objects.filter(Q(registration=deal) | Q(rival=deal)).order_by("-pk")[:4])
    if met:
        same, different = judgements.declare_same, judgements.declare_different
        say = same if chance.random() < 0.8 else different  # the line is at one company
        life.do(say, chance.choice(met), by=by, seen_from=deal, reason="I asked them.")


Act = Callable[["Life", Registration, User, Random], None]
ACTS: dict[str, Act] = {
    "withdraw": lambda life, deal, by, _: life.do(partner_actions.withdraw, deal, by=by),
    "release": lambda life, deal, by, _: life.do(partner_actions.release, deal, by=by),
    "lose": lambda life, deal, by, _: life.do(
        partner_actions.record_lost, deal, by=by, reason=LossReason.PRICE, closed_on=life.now.date()
    ),
    "win": lambda life, deal, by, _: life.do(
        partner_actions.record_won, deal, by=by, value=Decimal(4_000), closed_on=life.now.date()
    ),
    "update": lambda life, deal, by, _: life.do(
        partner_actions.update, deal, by=by, fields={}, note=f"Met them {life.now:%j %H %M}."
    ),
    "answer": lambda life, deal, by, _: life.do(partner_actions.answer, deal, by=by, text="The head of IT."),
    "assign": lambda life, deal, by, _: life.do(decisions.assign, deal, by=by),
    "refuse": lambda life, deal, by, _: life.do(
        decisions.refuse, deal, by=by, reason_code=RefusalReason.EARLY, text="Too early."
    ),
    "revoke": lambda life, deal, by, _: life.do(
        decisions.revoke, deal, by=by, reason_code=RefusalReason.INACTIVE, text="No update."
    ),
    "reopen": lambda life, deal, by, _: life.do(reopening.reopen, deal, by=by, text="The wrong row."),
    "ask": lambda life, deal, by, _: life.do(
        decisions.ask_information, deal, by=by, text="Whom did you meet?"
    ),
    "line_up": _line_up,
    "reorder": lambda life, deal, by, chance: life.do(
        line_order.reorder, deal, to_place=chance.randrange(0, 4), reason="A reason.", by=by
    ),
    "propose": _propose,
    "consent": _consent,
    "answer_offer": _answer_offer,
    "ask_for_time": lambda life, deal, by, _: life.do(
        extensions.ask, deal, by=by, text=f"Their board met on {life.now:%j %H %M}."
    ),
    "answer_about_time": _answer_about_time,
    "undo": _undo,
    "appeal": _appeal,
    "answer_appeal": _answer_appeal,
    "customer_letter": _customer_letter,
    "take_back": _take_back,
    "judge": _judge,
}
MANAGERS = {
    *("assign", "refuse", "revoke", "reopen", "ask", "line_up", "reorder", "propose", "answer_about_time"),
    *("undo", "answer_appeal", "customer_letter", "take_back", "judge"),
}
# What often comes right after, to the same registration.
NEXT = {
    "assign": ["undo"],
    "refuse": ["undo", "appeal", "reopen"],
    "revoke": ["undo", "appeal", "reopen"],
    "reopen": ["undo", "assign", "refuse", "line_up"],
    "ask": ["undo", "answer"],
    "line_up": ["undo", "appeal"],
    "reorder": ["undo", "appeal"],
    "propose": ["consent", "consent", "take_back"],
    "ask_for_time": ["answer_about_time"],
    "answer_about_time": ["undo", "appeal"],
    "appeal": ["answer_appeal", "answer_appeal", "reopen"],
    "answer_appeal": ["undo"],
    "customer_letter": ["undo", "appeal"],
}
SOON = timedelta(seconds=3)  # in which a decision can be undone
_REVIEW = ["line_up"] * 6 + [
    *["assign"] * 4,
    "refuse",
    "withdraw",
    "lose",
    *["propose"] * 2,
    "consent",
    "consent",
    "take_back",
    "judge",
]
_DISPUTE = ["appeal", "answer_appeal", "answer_appeal"]
FITTING: dict[Status, list[str]] = {
    Status.IN_REVIEW: [*_REVIEW, "ask"],
    Status.INFORMATION_ASKED: [*_REVIEW, "answer", "answer"],
    Status.WAITLISTED: [
        "reorder",
        "withdraw",
        "lose",
        "assign",
        "refuse",
        "propose",
        "propose",
        "consent",
        "consent",
        "take_back",
        *_DISPUTE,
    ],
    Status.OFFERED: ["answer_offer"] * 8 + ["refuse", "withdraw", "lose"],
    Status.APPROVED: [
        "withdraw",
        "release",
        "lose",
        "win",
        *["update"] * 3,
        "revoke",
        *["consent"] * 5,
        *["ask_for_time"] * 2,
        *["answer_about_time"] * 2,
        *["customer_letter"] * 2,
        *_DISPUTE,
    ],
    Status.SHARED: ["withdraw", "lose", "update"],
    Status.REFUSED: [*_DISPUTE, "reopen"],
    Status.REVOKED: [*_DISPUTE, "reopen"],
}
