"""What becomes of a split or a proposal when one of its two registrations ends. Who sold along goes back into line, at its own
place; who was asked for consent, or had given it, is told."""

from datetime import datetime
from decimal import Decimal

from registrations.enums import Action, AgreementState, Status
from registrations.models import Agreement, Registration
from registrations.services import notices, proposal_ends, timeline
from registrations.services.transitions import Step, move

_TOO_MUCH = Decimal(10**12)  # more than a value can say: only in a currency of small units


def close_with(ended: Registration, *, at: datetime) -> None:
    """Ends the split or the proposal that `ended` was part of, before the line moves up. Both are at locked companies."""
    for agreement in Agreement.objects.current().of(ended).select_for_update(of=("self",)):
        if agreement.state == AgreementState.PROPOSED:
            _end_proposal(agreement, ended, at)
            continue
        agreement.ended_at = at
        agreement.save(update_fields=["ended_at"])
        partner = _locked(_beside(ended, agreement))
        if ended.status == Status.WON and partner.status == Status.SHARED:
            _win_along(partner, ended, agreement, at)
        elif partner.status == Status.SHARED:
            partner.waits_for = ended  # until the line moves up: behind whoever holds it then
            move(partner, Action.UNSHARE, Status.WAITLISTED, by=None, at=at, step=Step({}, ["waits_for"]))
        else:
            timeline.record(partner, "split_ended", actor=None, at=at)
        # An end that is undone is no end: the mail about the next one is another one.
        occasion = f"{agreement.code}:ended:v{ended.version}"
        notices.tell_partner(partner, "registration.split_ended", occasion=occasion)


def _end_proposal(agreement: Agreement, ended: Registration, at: datetime) -> None:
    """Nobody has learned who the other one is, and does not now."""
    proposal_ends.end(agreement, AgreementState.ENDED, at=at)
    partner = _locked(_beside(ended, agreement))
    timeline.record(partner, "proposal_ended", actor=None, at=at, data={"agreement": agreement.code})
    occasion = f"{agreement.code}:v{ended.version}"  # as with a split: an end that is undone is no end
    told = {"kind": agreement.kind}
    notices.tell_partner(partner, "registration.agreement_ended", occasion=occasion, agreement=told)
    newcomer = partner if partner.pk == agreement.other_id else ended
    last = ended.timeline.filter(data__to=ended.status).order_by("-number").values_list("actor", flat=True)
    said = {"who": str(ended.partner), "ended": ended.code}
    proposal_ends.tell_proposer(agreement, newcomer, at=at, but_not=last.first(), occasion=occasion, **said)


def _beside(ended: Registration, agreement: Agreement) -> int:
    return agreement.other_id if agreement.holder_id == ended.pk else agreement.holder_id


def _win_along(partner: Registration, ended: Registration, agreement: Agreement, at: datetime) -> None:
    """The co-seller has won its share of the value, at today's rate where its currency is another; closed on the same day."""
    share = Decimal(agreement.other_share) / 100
    if ended.closed_value is not None:
        if ended.currency_id != partner.currency_id:
            share *= ended.currency.rate_to_base / partner.currency.rate_to_base
        value = (ended.closed_value * share).quantize(Decimal("0.01"))
        partner.closed_value = value if value < _TOO_MUCH else None
    partner.closed_on, partner.closed_at = ended.closed_on, at
    told = {"share": agreement.other_share}
    step = Step(told, ("closed_value", "closed_on", "closed_at"))
    move(partner, Action.WIN_TOGETHER, Status.WON, by=None, at=at, step=step)


def _locked(pk: int) -> Registration:
    return Registration.objects.select_for_update(of=("self",)).select_related("partner", "owner").get(pk=pk)
