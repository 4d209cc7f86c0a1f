"""Whom on the vendor's side a lead comes to."""

from accounts.absences import Roster
from accounts.models import User
from leads.enums import LeadAction
from leads.models import Lead
from leads.permissions import MANAGE, VIEW_ALL
from partners.keepers import operations
from partners.models import Partner

_PLACED = (LeadAction.GIVE, LeadAction.POOL)


def keepers_of(lead: Lead, present: Roster, partner: Partner | None = None) -> list[User]:
    """The manager of the firm that it is about, if it is about one; else who gave it or put it into the pool last, else who
    wrote it: the first of them who has not left, while they are away whoever stands in for them. Where nobody is, everybody in
    operations who gives leads."""
    placed = lead.timeline.filter(kind__in=_PLACED, actor__isnull=False).order_by("-number")
    last = placed.select_related("actor__role").first()
    known = (partner.manager if partner else None, last.actor if last else None, lead.created_by)
    for person in known:
        if person is not None and person.is_vendor and person.may(VIEW_ALL):
            acting = present.stand_in(person)
            return [acting if acting is not None and acting.may(VIEW_ALL) else person]
    return [person for person in operations() if person.may(MANAGE)]
