"""Whose firm somebody acts for, and which programs it takes part in."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps

from core.clock import database_clock
from core.vendor_days import vendor_day
from programs.enums import EnrolmentStatus

if TYPE_CHECKING:
    from accounts.models import User
    from partners.models import Partner


def firm_of(user: "User") -> "Partner | None":
    """The firm that this person belongs to; None for the vendor's staff and for people without one."""
    member = getattr(user, "member", None)
    return member.partner if member is not None else None


def going_on_with(firm: "Partner", at: datetime | None = None) -> Any:
    """The programs that a firm takes part in, as long as they go on; for use inside another query."""
    programs: Any = apps.get_model("programs", "Program")
    joined = apps.get_model("programs", "Enrolment").objects.filter(
        partner=firm, status=EnrolmentStatus.ENROLLED
    )
    day = vendor_day(at or database_clock())
    return programs.objects.going_on(day).filter(pk__in=joined.values("program")).order_by().values("pk")
