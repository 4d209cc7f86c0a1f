"""Who is told about what. Every mail of the leads app leaves from here, through the outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.absences import roster
from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from core.clock import fixed
from leads.enums import GiftEnd, LeadStatus
from leads.models import Gift, Lead
from leads.permissions import WORK
from leads.services.between import refusals_for
from leads.services.keepers import keepers_of
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.services import Inside, cancel_message, notify, tell_many_inside
from partners.models import Partner
from registrations.models import Registration

# So many leads a mail about several names.
_LISTED = 10
# What tells a firm that it has a lead.
TELLING = ("lead.given", "lead.deadline_near")


def given(gift: Gift) -> None:
    """The firm learns that it has the lead, and what it lacks to register it. Who claimed it knows already."""
    _tell_firm(gift, "lead.given", at=gift.at, but_not=gift.by, refusals=_refusals(gift, gift.at))


def deadline_near(gift: Gift, *, at: datetime) -> None:
    """The firm is reminded, one business day before the deadline, of what it still lacks, too."""
    _tell_firm(gift, "lead.deadline_near", at=at, refusals=_refusals(gift, at))


def take_back(gift: Gift) -> None:
    """What still waits for the firm's morning, about a gift that has ended, never leaves."""
    for mail in _mails_of(gift).filter(status=MessageStatus.PENDING):
        cancel_message(mail)


def pulled_back(gift: Gift, *, at: datetime) -> None:
    """The firm learns that it no longer has the lead, and why."""
    _tell_firm(gift, "lead.pulled_back", at=at)


def given_past(gift: Gift, *, reason: str, occasion: str, at: datetime) -> None:
    """The firm learns that the deal was given to another registration while it has the lead, and why."""
    _tell_firm(gift, "lead.given_past", at=at, again=occasion, why=reason)


def accepted(gift: Gift, registration: Registration, *, at: datetime) -> None:
    """The manager learns that the lead became a registration."""
    more = {"registration": {"code": registration.code, "status_label": registration.get_status_display()}}
    _tell_manager(gift, "lead.accepted", at=at, **more)


def declined(gift: Gift, onward: str, *, at: datetime) -> None:
    """The manager learns that the firm declined, and where the lead goes; `onward` in words."""
    _tell_manager(gift, "lead.declined", at=at, onward=onward)


def unplaced(lead: Lead, gift: Gift, why: str, *, at: datetime) -> None:
    """The manager learns that nobody is left to offer it to (or why it wasn't offered on): it waits for a person."""
    _tell_manager(gift, "lead.unplaced", at=at, why=why)


def left_pool(lead: Lead, why: str, *, at: datetime) -> None:
    """Who put it there learns that a lead left the pool by itself, and why."""
    _tell_keepers(lead, "lead.left_pool", f"lead.left_pool:{lead.code}:{lead.version}", at=at, why=why)


def out_of_reach(lead: Lead, *, at: datetime) -> None:
    """Who put it there learns that nobody can claim it any more."""
    wanted = {
        "territory": lead.territory.name if lead.territory else "",
        "program": lead.program.name if lead.program else "",
    }
    occasion = f"lead.out_of_reach:{lead.code}:{at:%Y%m%d%H%M%S}"
    _tell_keepers(lead, "lead.out_of_reach", occasion, at=at, **wanted)


def idle(person: User, leads: Sequence[Lead], *, at: datetime) -> None:
    """A keeper learns of all those of theirs that firms could claim and nobody does."""
    rows = [{**_words(lead), "since": lead.pooled_at} for lead in leads[:_LISTED]]
    notify(
        event="lead.idle",
        recipient=person,
        context={"leads": rows, "number": len(leads), "more": len(leads) - len(rows)},
        occasion=f"lead.idle:{at:%Y%m%d%H%M%S}",
        link=f"{reverse('leads:list')}?status={LeadStatus.POOLED}",
        clock=fixed(at),
    )


def in_pool(firm: Partner, leads: Sequence[Lead], *, more: bool, at: datetime) -> None:
    """A firm learns of what it can claim from the pool: by mail those who answer for it, with a notice the others who could
    claim. Nothing about whom to call: that comes with the lead."""
    occasion, link, mailed = f"lead.in_pool:{at:%Y%m%d%H%M%S}", reverse("leads:ours"), people_of(firm)
    for person in mailed:
        context = {"leads": [_words(lead) for lead in leads], "more": more}
        notify(
            event="lead.in_pool",
            recipient=person,
            context=context,
            occasion=occasion,
            link=link,
            clock=fixed(at),
        )
    title = f"{leads[0].company_name}{' and others' if len(leads) > 1 else ''}: new in the pool of leads"
    others = [person for person in _answering(firm) if person not in mailed]
    inside = [Inside(person, title, occasion, link) for person in others]
    tell_many_inside("lead.in_pool", inside, clock=fixed(at))


def _tell_keepers(lead: Lead, event: str, occasion: str, *, at: datetime, **more: str) -> None:
    for person in keepers_of(lead, roster(at)):
        notify(
            event=event,
            recipient=person,
            context={"lead": _words(lead), **more},
            occasion=occasion,
            link=reverse("leads:lead", args=[lead.code]),
            about=lead.code,
            clock=fixed(at),
        )


def told_at(gift: Gift) -> datetime | None:
    """When the first mail about this gift was handed to the mail server; None before."""
    sent = _mails_of(gift).filter(status=MessageStatus.SENT).order_by("sent_at")
    return sent.values_list("sent_at", flat=True).first()


def waits_to_leave(gift: Gift, now: datetime) -> bool:
    """Whether a mail about this gift could have left, and no worker has it in hand: it can be taken back."""
    mails = _mails_of(gift)
    waiting = mails.filter(status=MessageStatus.PENDING, not_before__lte=now)
    return waiting.exists() and not mails.filter(status=MessageStatus.SENDING).exists()


def reaches_nobody(gift: Gift) -> bool:
    """Whether nobody at the firm could be told by mail: nobody is there, or every mail was given up."""
    return not people_of(gift.partner) or is_undeliverable(gift)


def is_undeliverable(gift: Gift) -> bool:
    """Whether the mails about this gift were given up: none has left, and none will."""
    mails = _mails_of(gift)
    gone = (MessageStatus.FAILED, MessageStatus.CANCELLED)
    return mails.filter(status=MessageStatus.FAILED).exists() and not mails.exclude(status__in=gone).exists()


def others_there(gift: Gift) -> list[User]:
    """Who may answer at the firm, and was sent no mail about it."""
    told = set(_mails_of(gift).values_list("recipient", flat=True))
    return [person for person in _answering(gift.partner) if person.pk not in told]


def given_anew(gift: Gift, *, at: datetime) -> None:
    """The firm learns that it has the lead, with the deadline as it is now: the mail before waited for so long that it was taken
    back."""
    take_back(gift)
    _tell_firm(gift, "lead.given", at=at, again=f"{gift.answer_by:%Y%m%d%H%M}", refusals=_refusals(gift, at))


def given_to_others(gift: Gift, people: Iterable[User], *, at: datetime) -> None:
    """`people` at the firm learn that it has the lead, since the mail to those who were to answer was given up."""
    context = _context(gift) | {"refusals": _refusals(gift, at)}
    for person in people:
        _notify(gift, "lead.given", person, context, at=at)


def undelivered(gift: Gift, *, at: datetime) -> None:
    """The manager learns that nobody at the firm could be told of the lead."""
    _tell_manager(gift, "lead.undelivered", at=at)


def _mails_of(gift: Gift) -> QuerySet[Message]:
    given, near = (f"{_occasion(gift, event)}:" for event in TELLING)
    own = Q(occasion__startswith=given) | Q(occasion__startswith=near)
    return Message.objects.filter(own, about=gift.lead.code)


def people_of(partner: Partner) -> list[User]:
    """The firm's admins, else everybody there who may answer a lead."""
    people = _answering(partner)
    return [user for user in people if user.role.code == PARTNER_ADMIN] or people


def _answering(partner: Partner) -> list[User]:
    people = User.objects.filter(member__partner=partner, is_active=True).select_related("role")
    return [user for user in people.order_by("pk") if user.may(WORK)]


def _refusals(gift: Gift, at: datetime) -> list[str]:
    """Why the policy would refuse the firm's registration of it: a person of the vendor's may give it all the same."""
    return list(refusals_for(gift.partner, [gift.lead], at=at)[gift.lead_id])


def _tell_firm(
    gift: Gift, event: str, *, at: datetime, but_not: User | None = None, again: str = "", **more: Any
) -> None:
    people = people_of(gift.partner)
    if gift.by is not None and gift.by.is_partner_side and gift.by not in people:
        people.append(gift.by)  # who claimed it
    told = User.objects.filter(messages__in=_mails_of(gift), member__partner=gift.partner, is_active=True)
    people += [person for person in told.distinct().order_by("pk") if person not in people]
    for person in people:
        if person != but_not:
            _notify(gift, event, person, _context(gift) | more, at=at, again=again)


def _tell_manager(gift: Gift, event: str, *, at: datetime, **more: Any) -> None:
    for person in keepers_of(gift.lead, roster(at), gift.partner):
        _notify(gift, event, person, _context(gift) | more, at=at)


def _notify(
    gift: Gift, event: str, person: User, context: dict[str, Any], *, at: datetime, again: str = ""
) -> None:
    """Once for each event of a gift, and once for each occasion that it is told `again`."""
    notify(
        event=event,
        recipient=person,
        context=context,
        occasion=_occasion(gift, event) + (f":{again}" if again else ""),
        link=reverse("leads:lead", args=[gift.lead.code]),
        about=gift.lead.code,
        clock=fixed(at),
    )


def _occasion(gift: Gift, event: str) -> str:
    return f"{event}:{gift.lead.code}:{gift.rank}"


def _context(gift: Gift) -> dict[str, Any]:
    """Plain values for the templates. The contact isn't among them: mail is forwarded, the portal asks who reads."""
    lead = gift.lead
    return {
        "lead": _words(lead),
        "partner_name": gift.partner.name,
        "claimed": gift.way == "pool",
        "message": gift.message,
        "given_at": gift.at,
        "answer_by": gift.answer_by,
        "late": gift.end == GiftEnd.PULLED_BACK,
        "reason_label": gift.get_reason_display(),
        "text": gift.text,
    }


def _words(lead: Lead) -> dict[str, str]:
    return {"code": lead.code, "company_name": lead.company_name, "need": lead.need}
