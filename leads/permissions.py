"""Who may do a thing to which lead, as far as role and firm go; workflow.py asks when the status allows it."""

from accounts.models import User
from leads.models import Gift
from leads.querysets import firm_of

VIEW_ALL = "leads.view_all"
MANAGE = "leads.manage"
WORK = "leads.work"


def person_may(user: User, permission: str, gift: Gift | None, *, needs_gift: bool) -> bool:
    """Whether the role holds `permission` and, where the action is the firm's that has the lead, it is their firm."""
    if not user.may(permission):
        return False
    if permission != WORK:
        return True
    firm = firm_of(user)
    if firm is None:
        return False
    return not needs_gift or (gift is not None and gift.partner_id == firm.pk)
