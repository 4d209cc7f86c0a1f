"""What becomes of a split when one of its two registrations ends. Who sold along goes back into line, at its own place."""

from datetime import datetime
from decimal import Decimal

from registrations.enums import Action, AgreementState, Status
from registrations.models import Agreement, Registration
from registrations.services import notices, timeline
from registrations.services.transitions import Step, move

_TOO_MUCH = Decimal(10**12)  # more than a value can say: only in a currency of small units


def close_with(ended: Registration, *, at: datetime) -> None:
    """Ends the split or the proposal that `ended` was part of, before the line moves up. Both are at locked companies."""
    for agreement in Agreement.objects.current().of(ended).select_for_update(of=("self",)):
        in_force = agreement.state == AgreementState.AGREED
        if not in_force:
            agreement.state = AgreementState.ENDED
        agreement.ended_at = at
        agreement.save(update_fields=["state", "ended_at"])
        if not in_force:
            continue
        partner = _locked(agreement.other_id if agreement.holder_id == ended.pk else agreement.holder_id)
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
