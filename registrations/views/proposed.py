"""The proposal or split that a registration is part of, as its pages say it, and what waits for a partner's consent."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from registrations import shown
from registrations.enums import AgreementState
from registrations.models import Agreement, Registration
from registrations.services import agreements, proposals
from registrations.views.access import REGISTER
from registrations.waiting import Group, Item


def agreement_on(deal: Registration, person: User, now: datetime) -> dict[str, Any] | None:
    """The proposal that waits for an answer, or the split in force, in words for `person`; None where there is neither. Of
    partners nobody is named before both agreed."""
    found = Agreement.objects.current().of(deal).select_related("holder__partner", "other__partner").first()
    if found is None:
        return None
    if found.state == AgreementState.AGREED:
        return _split(found, deal, vendor=person.is_vendor)
    return _for_vendor(found, person, now) if person.is_vendor else _for_partner(found, deal, person)


def waiting_for(person: User, now: datetime) -> Group | None:
    """The proposals that a partner has not answered yet, the one due first first; None where there is none. Two queries."""
    mine = Registration.objects.visible_to(person)
    as_holder = Q(holder__in=mine, holder_agreed_at=None)
    as_other = Q(other__in=mine, other_agreed_at=None)
    waiting = (
        Agreement.objects.filter(as_holder | as_other, state=AgreementState.PROPOSED, ended_at=None)
        .exclude(answer_by__lt=now)
        .select_related("holder__partner", "holder__currency", "other__partner", "other__currency")
        .order_by("answer_by", "pk")
    )
    if not waiting:
        return None
    own = set(mine.filter(pk__in=[one.holder_id for one in waiting]).values_list("pk", flat=True))
    items = [_item(one, one.holder if one.holder_id in own else one.other, now) for one in waiting]
    return Group("Proposals to answer", "arrows-split", items, len(items), reverse("registrations:list"))


def _item(found: Agreement, mine: Registration, now: datetime) -> Item:
    last = proposals.last_day(found, mine)
    return Item(
        name=mine.company_name,
        url=reverse("registrations:agreement", args=[found.code]),
        action="Answer the proposal",
        days=shown.days_to(last, now),
        until=found.answer_by,
        value=f"Answer by {shown.day(last)}" if last else "",
    )


def _split(found: Agreement, deal: Registration, *, vendor: bool) -> dict[str, Any]:
    is_holder = found.holder_id == deal.pk
    theirs = found.other if is_holder else found.holder
    share = found.holder_share if is_holder else found.other_share
    text = f"Your share is {share}%, that of {theirs.partner.name} {100 - share}%."
    told = f"{deal.partner.name} has {share}%, {theirs.partner.name} {100 - share}%."
    return {"tone": "ok", "title": "Two partners sell this together", "text": told if vendor else text}


def _for_partner(found: Agreement, deal: Registration, person: User) -> dict[str, Any]:
    is_holder = found.holder_id == deal.pk
    url = reverse("registrations:agreement", args=[found.code]) if person.may(REGISTER) else ""
    if found.holder_agreed_at if is_holder else found.other_agreed_at:
        return {
            "tone": "info",
            "title": f"You agreed to a {found.kind}",
            "text": "It is done once the other partner agrees, too. Until then nothing changes.",
            "url": url,
            "link_label": "Look at it again",
        }
    return {
        "tone": "wait",
        "title": f"A {found.kind} is proposed to you",
        "text": "Nothing changes unless both partners agree.",
        "url": url,
        "link_label": "Look and answer",
    }


def _for_vendor(found: Agreement, person: User, now: datetime) -> dict[str, Any]:
    """`sides` says who has what and has answered what; `take_back_url` is '' for those who may only read."""
    bar = agreements.bar_to(found, now)
    told = f"At present it could not be carried out. What {found.other.partner} is told: {bar}"
    may = person.may("registrations.decide") and not proposals.is_past(found, now)
    return {
        "tone": "wait" if bar else "info",
        "title": f"A {found.kind} is proposed",
        "text": told if bar else "Both partners are asked. Until both agree nothing changes.",
        "pending": True,
        "sides": [
            _side(found.holder, found.holder_share, found.holder_agreed_at, found),
            _side(found.other, found.other_share, found.other_agreed_at, found),
        ],
        "why": found.text,
        "by": str(found.proposed_by),
        "proposed": shown.day(found.proposed_at),
        "answer_by": shown.moment(found.answer_by),
        "take_back_url": reverse("registrations:take_back_proposal", args=[found.code]) if may else "",
    }


def _side(deal: Registration, share: int, agreed_at: datetime | None, found: Agreement) -> dict[str, Any]:
    is_holder = deal.pk == found.holder_id
    if found.kind == "split":
        gets = f"{share}%, and goes on holding the deal" if is_holder else f"{share}%"
    else:
        gets = "gives the deal" if is_holder else "takes the deal over"
    return {
        "partner": deal.partner.name,
        "code": deal.code,
        "url": reverse("registrations:registration", args=[deal.code]),
        "gets": gets,
        "answer": f"Agreed on {shown.day(agreed_at)}" if agreed_at else "No answer yet",
    }
