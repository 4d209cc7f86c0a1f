"""What people do in random lives (life.py): by name, and what fits which status."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from accounts.models import User
from registrations.enums import Action, LossReason, RefusalReason, RequestState, Status
from registrations.models import Agreement, Registration
from registrations.services import (
    agreements,
    appeals,
    decisions,
    extensions,
    holdings,
    line_order,
    offers,
    partner_actions,
)

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


def _ask_for_time(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    """An extension, or after a refusal an appeal against it."""
    refused = deal.decisions.filter(action=Action.REFUSE_EXTENSION, appeal=None).first()
    if refused is not None and chance.random() < 0.5:
        life.do(appeals.appeal, refused, by=by, text="Look again.")
    else:
        life.do(extensions.ask, deal, by=by, text="They wait for their board.")


def _answer_about_time(life: "Life", deal: Registration, by: User, chance: Random) -> None:
    for asked in deal.extensions.filter(state=RequestState.OPEN):
        life.do(chance.choice([extensions.grant, extensions.refuse]), asked, by=by, text="So be it.")
    for made in deal.appeals.filter(state=RequestState.OPEN):
        life.do(chance.choice([appeals.grant, appeals.dismiss]), made, by=life.world.noor, text="So be it.")


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
    "ask_for_time": _ask_for_time,
    "answer_about_time": _answer_about_time,
}
MANAGERS = {"assign", "refuse", "revoke", "ask", "line_up", "reorder", "propose", "answer_about_time"}
_REVIEW = ["line_up"] * 6 + [
    "assign",
    "assign",
    "refuse",
    "withdraw",
    "lose",
    "propose",
    "consent",
    "consent",
]
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
        "answer_about_time",
    ],
    Status.SHARED: ["withdraw", "lose", "update"],
}
