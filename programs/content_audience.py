"""Whom content is for: firms and their people. `ContentItemQuerySet.visible_to` asks the same the other way round."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.enums import PartnerStatus
from partners.groups.membership import in_groups_q
from partners.models import Partner
from partners.querysets import PartnerQuerySet
from programs.models import ContentItem, Enrolment, Program


def firms_for(item: ContentItem, at: datetime | None = None) -> PartnerQuerySet:
    """The firms that an item is for: all but ended ones, or those in its groups and those that take part in a
    program that it belongs to and that goes on."""
    firms, moment = Partner.objects.exclude(status=PartnerStatus.ENDED), at or database_clock()
    if item.for_all:
        return firms
    holding = Program.objects.going_on(vendor_day(moment)).filter(program_contents__item=item)
    inside = Enrolment.objects.enrolled().filter(program__in=holding).order_by()
    return firms.filter(in_groups_q(item.groups.all(), moment) | Q(pk__in=inside.values("partner")))


def people_for(item: ContentItem, at: datetime | None = None) -> QuerySet[User]:
    """Everybody who can sign in and read the item on the partners' side, by id."""
    readers = User.objects.filter(is_active=True, role__permissions__contains=["content.read"])
    return readers.filter(member__partner__in=firms_for(item, at).order_by().values("pk")).order_by("pk")


def in_words(item: ContentItem) -> str:
    """'all partners', or the names of the groups and 'firms in' the programs; goes on after 'for'."""
    if item.for_all:
        return "all partners"
    named = [group.name for group in item.groups.all()]
    named += [f"firms in {link.program.name}" for link in item.program_contents.all()]
    return ", ".join(named) or "nobody yet"
