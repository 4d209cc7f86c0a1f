"""Split and transfer (R5): a manager proposes, both partners agree, and only then anything changes hands.

Until both have agreed neither learns who the other is.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, DomainError, LinkSpent, NotAllowed, ScopeTaken
from policies.models import RegistrationPolicy
from registrations.enums import UNDER_REVIEW, Action, AgreementKind, AgreementState, Status
from registrations.models import Agreement, Registration
from registrations.permissions import person_may
from registrations.services import (
    co_sellers,
    holdings,
    notices,
    proposal_ends,
    proposals,
    protection,
    receipts,
    receiving,
    resting,
    timeline,
    waitlist,
)
from registrations.services.transitions import Step, move, opened

# The rules that asked for a look when it was proposed, in the timeline of who would come into the deal.
_SEEN = "seen"
_NOT_AT_PRESENT = "This cannot be carried out at present."
_ASK = "Nothing is changed. Ask your channel manager."
_BOTH = "Both partners agreed to what a channel manager proposed: "


class NotNow(DomainError):
    """The firm that is to come into the deal may not at present, or a person has to look first. The proposal stays open."""

    title = "This cannot be done at present"


class AgreementOver(LinkSpent):
    """The proposal was carried out, declined, or overtaken by events."""

    title = "This proposal is over"


def propose(
    other: Registration,
    *,
    holder: Registration,
    kind: str,
    other_share: int,
    text: str,
    by: User,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Agreement:
    """Proposes that the partner of `other` comes into `holder`'s deal: with `other_share` percent of it (a split), or
    instead of it (a transfer, 100). Both are told, without the other's name.

    The policy is asked about the firm of `other` as at a turn in line; what asks for a look, `by` has looked at. Raises
    BadInput where it refuses, where `holder` alone does not hold what `other` wants, or one of the two has an agreement
    already.
    """
    if kind not in AgreementKind.values:
        raise BadInput("Choose a split or a transfer.", "kind")
    other_share = 100 if kind == AgreementKind.TRANSFER else other_share
    if kind == AgreementKind.SPLIT and not 1 <= other_share <= 99:
        raise BadInput("Choose a share from 1 to 99 percent; the holder keeps the rest.", "other_share")
    if not text.strip():
        raise BadInput("Write why. Both partners read it.", "text")
    with transaction.atomic():
        companies = [holder.company_id] if holder.company_id else []
        locked = opened(other, Action.PROPOSE, by=by, version=version, also_companies=companies)
        holder = _locked(holder.pk)
        _check_pair(locked, holder)
        at = clock()
        answer = receiving.ask_policy(locked, at)
        if answer.refused:
            raise BadInput(refusal_words(locked, answer))
        agreement = Agreement.objects.create(
            kind=kind,
            holder=holder,
            other=locked,
            holder_share=100 - other_share,
            other_share=other_share,
            text=text.strip(),
            proposed_by=by,
            proposed_at=at,
            answer_by=proposals.deadline(holder, locked, RegistrationPolicy.objects.in_force(at), at),
            review_due_at=resting.rest(locked),
        )
        for deal, share in ((holder, agreement.holder_share), (locked, agreement.other_share)):
            said = {"agreement": agreement.code, "kind": kind, "share": share, "text": agreement.text}
            if deal is locked:
                said[_SEEN] = [found.rule for found in answer.looks]
            timeline.record(deal, Action.PROPOSE.value, actor=by, at=at, data=said)
            _tell(agreement, deal, "registration.agreement_proposed")
    return agreement


def agree(agreement: Agreement, *, by: User, clock: Clock = database_clock) -> Agreement:
    """One side's consent. With the second one it is carried out. Raises AgreementOver, NotAllowed, and NotNow where the firm
    that comes into the deal may not: that firm reads why, the holder only that it is so."""
    with transaction.atomic():
        agreement, mine, at = _opened(agreement, Action.AGREE, by, clock)
        side = "holder" if mine.pk == agreement.holder_id else "other"
        if side == "other" or agreement.other_agreed_at:
            _require_open_to(agreement, at, tells_why=side == "other")
        if getattr(agreement, f"{side}_agreed_at") is None:
            setattr(agreement, f"{side}_agreed_at", at)
            setattr(agreement, f"{side}_agreed_by", by)
            agreement.save(update_fields=[f"{side}_agreed_at", f"{side}_agreed_by"])
            timeline.record(mine, Action.AGREE.value, actor=by, at=at, data={"agreement": agreement.code})
        if agreement.holder_agreed_at and agreement.other_agreed_at:
            _carry_out(agreement, at)
    return agreement


def decline(agreement: Agreement, *, by: User, text: str = "", clock: Clock = database_clock) -> Agreement:
    """One side does not want it: nothing changes. The other side learns so, the manager who proposed it also why. Raises
    AgreementOver, NotAllowed."""
    with transaction.atomic():
        agreement, mine, at = _opened(agreement, Action.DISAGREE, by, clock)
        proposal_ends.end(agreement, AgreementState.DECLINED, at=at)
        said = {"agreement": agreement.code, "text": text}
        timeline.record(mine, Action.DISAGREE.value, actor=by, at=at, data=said)
        theirs = _locked(agreement.other_id if mine.pk == agreement.holder_id else agreement.holder_id)
        timeline.record(theirs, "agreement_declined", actor=None, at=at, data={"agreement": agreement.code})
        _tell(agreement, theirs, "registration.agreement_declined")
        newcomer = mine if mine.pk == agreement.other_id else theirs
        proposal_ends.tell_proposer(agreement, newcomer, at=at, who=str(mine.partner), text=text.strip())
    return agreement


def side_of(agreement: Agreement, user: User) -> Registration | None:
    """The registration for which `user` may answer; None for people of neither side."""
    for deal in (agreement.holder, agreement.other):
        if person_may(user, "registrations.register", deal):
            return deal
    return None


def require_open(agreement: Agreement, at: datetime) -> None:
    """Raises AgreementOver, saying what happened, unless it still waits for an answer at `at`."""
    late = proposals.is_past(agreement, at)
    if agreement.state == AgreementState.PROPOSED and not late:
        return
    raise AgreementOver(
        {
            AgreementState.AGREED: "Both partners agreed, and it was carried out. Nothing more is needed here.",
            AgreementState.DECLINED: "One of the two partners declined, so everything stays as it is.",
            AgreementState.LAPSED: "Not both partners answered in time, so everything stays as it is. "
            "Your channel manager can propose it again.",
            AgreementState.TAKEN_BACK: "A channel manager took it back, so everything stays as it is.",
        }.get(
            AgreementState.LAPSED if late else AgreementState(agreement.state),
            "One of the two registrations ended, and the proposal with it.",
        )
    )


def _check_pair(other: Registration, holder: Registration) -> None:
    if holder.status != Status.APPROVED:
        raise BadInput(f"{holder.code} does not hold the deal any more. Look again.")
    if holder.partner_id == other.partner_id:
        raise BadInput("Both registrations are of one partner: there is nobody to share with.")
    held = {holding.registration_id for holding in holdings.held_by_others(other)}
    if held != {holder.pk}:
        raise BadInput(
            f"{holder.code} is not the only holder of what {other.code} wants. "
            "If the two companies have not been compared yet, say first whether they are the same."
        )
    if not other.partner.is_selling:
        raise BadInput(
            f"{other.partner} is not active at present, so it can neither share a deal nor take it over."
        )
    third = receiving.unjudged_third(other, holder)
    if third is not None:
        raise BadInput(
            f"{third.company_name} is held by {third.partner} ({third.code}). "
            "Say first whether it is the same company or a different one."
        )
    if Agreement.objects.current().of(holder).exists() or Agreement.objects.current().of(other).exists():
        raise BadInput("One of the two is part of a split, or of a proposal that is not answered yet.")


def _opened(
    agreement: Agreement, action: Action, by: User, clock: Clock
) -> tuple[Agreement, Registration, datetime]:
    """The agreement behind the locks, the side that `by` stands for, and the time there."""
    mine = side_of(agreement, by)
    if mine is None:
        raise NotAllowed("Only the two partners answer this.")
    agreement.refresh_from_db(fields=["state", "ended_at"])
    require_open(agreement, clock())
    theirs = agreement.other if mine.pk == agreement.holder_id else agreement.holder
    companies = [theirs.company_id] if theirs.company_id else []
    locked = opened(mine, action, by=by, also_companies=companies)
    fresh = (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("holder", "other")
        .get(pk=agreement.pk)
    )
    at = clock()
    require_open(fresh, at)
    return fresh, locked, at


def bar_to(agreement: Agreement, at: datetime) -> str:
    """Why a proposal cannot be carried out now, as the firm that would come into the deal reads it; '' where it can."""
    other = agreement.other
    if receiving.unjudged_third(other, agreement.holder) is not None:
        return "A channel manager has to compare two companies first."
    proposed = other.timeline.filter(kind=Action.PROPOSE, data__agreement=agreement.code).first()
    if proposed is None or _SEEN not in proposed.data:  # of before it was kept what the manager saw
        answer = receiving.ask_policy(other, at)
        return receiving.what_bars(other, at, seen=[found.rule for found in answer.looks])
    return receiving.what_bars(other, at, seen=proposed.data[_SEEN])


def refusal_words(other: Registration, answer: receiving.Answer) -> str:
    """That the policy stands against the firm of `other` coming into the deal, for the vendor's people; '' where it does not."""
    if not answer.refused:
        return ""
    told = receiving.words_of(answer.refused)
    return f"The policy refuses this to {other.partner} at present. What they would be told: {told}"


def _require_open_to(agreement: Agreement, at: datetime, *, tells_why: bool) -> None:
    """Raises NotNow. The holder must not learn how the vendor stands to the other firm."""
    bar = bar_to(agreement, at)
    if not bar:
        return
    raise NotNow(f"{bar if tells_why else _NOT_AT_PRESENT} {_ASK}")


def _carry_out(agreement: Agreement, at: datetime) -> None:
    holder, other = _locked(agreement.holder_id), _locked(agreement.other_id)
    if holder.status != Status.APPROVED or other.status not in (*UNDER_REVIEW, Status.WAITLISTED):
        raise AgreementOver(
            "One of the two registrations has moved on since, so this cannot be carried out any more."
        )
    agreement.state = AgreementState.AGREED
    if agreement.kind == AgreementKind.TRANSFER:
        agreement.ended_at = at
    agreement.save(update_fields=["state", "ended_at"])
    if agreement.kind == AgreementKind.TRANSFER:
        try:
            _transfer(agreement, holder, other, at)
        except ScopeTaken as error:  # neither is to learn that a third one holds something of it
            raise NotNow(f"{_NOT_AT_PRESENT} {_ASK}") from error
    else:
        _split(agreement, holder, other, at)
    proposal_ends.tell_proposer(agreement, other, at=at, terms=_terms(agreement))


def _transfer(agreement: Agreement, holder: Registration, other: Registration, at: datetime) -> None:
    """The holder gives the scope back and the other one takes it, in one transaction: nobody comes between."""
    policy = RegistrationPolicy.objects.in_force(at)
    holder.closed_at = at
    said = {"agreement": agreement.code}
    step = Step(said | {"to_partner": other.partner.name, "text": agreement.text}, ["closed_at"])
    move(holder, Action.TRANSFER, Status.TRANSFERRED, by=None, at=at, step=step)
    before = other.status
    other.waits_for = None
    other.policy = policy
    protection.renew(other, policy, at=at)
    step = Step(
        said | {"from_partner": holder.partner.name, "text": agreement.text},
        ("waits_for", "policy", *protection.FIELDS),
    )
    move(other, Action.TAKE_OVER, Status.APPROVED, by=None, at=at, step=step)
    for deal, action, was in (
        (holder, Action.TRANSFER, Status.APPROVED),
        (other, Action.TAKE_OVER, before),
    ):
        _receipt(agreement, deal, action, was, at)
    Registration.objects.in_line().filter(waits_for=holder).update(waits_for=other)
    waitlist.move_up(holder, at=at)  # what the other one did not want of it
    waitlist.go_on(other, at=at)  # what was kept for it at another company


def _split(agreement: Agreement, holder: Registration, other: Registration, at: datetime) -> None:
    """The holder stays the only holder; the other one sells along."""
    before = other.status
    other.waits_for = None
    names = {"agreement": agreement.code, "text": agreement.text}
    step = Step(names | {"share": agreement.other_share, "with_partner": holder.partner.name}, ["waits_for"])
    move(other, Action.SHARE, Status.SHARED, by=None, at=at, step=step)
    waitlist.go_on(other, at=at)  # what was kept for it at another company
    data = names | {"share": agreement.holder_share, "with_partner": other.partner.name}
    timeline.record(holder, Action.SHARE.value, actor=None, at=at, data=data)
    _receipt(agreement, holder, Action.SHARE, Status.APPROVED, at)
    _receipt(agreement, other, Action.SHARE, before, at)
    co_sellers.warn_newcomer(holder, other, at)


def _receipt(agreement: Agreement, deal: Registration, action: Action, before: str, at: datetime) -> None:
    rule = f"{_BOTH}{_terms(agreement)}."
    decision = receipts.write(
        deal, action, before=before, by=agreement.proposed_by, at=at, rule=rule, text=agreement.text
    )
    _tell(agreement, deal, "registration.agreement_done", decision=decision)


def _terms(agreement: Agreement) -> str:
    """What was agreed, with both names: each knows the other by now."""
    holder, other = agreement.holder.partner, agreement.other.partner
    if agreement.kind == AgreementKind.TRANSFER:
        return f"{holder} gives the deal to {other}"
    return f"{holder} has {agreement.holder_share}% of the deal, {other} {agreement.other_share}%"


def _tell(agreement: Agreement, deal: Registration, event: str, **more: object) -> None:
    """`done` names the other partner; before that nobody is named."""
    is_holder = deal.pk == agreement.holder_id
    theirs = agreement.other if is_holder else agreement.holder
    notices.tell_partner(
        deal,
        event,
        occasion=agreement.code,
        agreement={
            "code": agreement.code,
            "kind": agreement.kind,
            "text": agreement.text,
            "is_holder": is_holder,
            "own_share": agreement.holder_share if is_holder else agreement.other_share,
            "other_share": agreement.other_share if is_holder else agreement.holder_share,
            "with": theirs.partner.name if agreement.state == AgreementState.AGREED else "",
            "until": proposals.last_day(agreement, deal),
        },
        **more,  # type: ignore[arg-type]
    )


def _locked(pk: int) -> Registration:
    return (
        Registration.objects.select_for_update(of=("self",))
        .select_related("partner__manager", "company", "owner", "currency")
        .get(pk=pk)
    )
