"""Content for tests: an item of a kind, for groups or for all, published unless told otherwise."""

from typing import Any

from accounts.models import User
from core.clock import Clock
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group
from partners.models import Group, Partner
from programs.models import ContentItem
from programs.services.content.keeping import Audience, Said, create_item
from programs.services.content.publishing import publish
from tests.people import MONDAY_CLOCK


def group_of(partner: Partner, by: User) -> Group:
    """A group that holds one firm."""
    rule = Rule("all", (Condition("name", Operator.STARTS_WITH, (partner.name,)),))
    return create_group(by=by, name=f"Only {partner.name}", rule=rule, clock=MONDAY_CLOCK)


def content(
    by: User,
    title: str,
    *,
    kind: str = "page",
    groups: tuple[Group, ...] = (),
    published: bool = True,
    clock: Clock = MONDAY_CLOCK,
    **said: Any,
) -> ContentItem:
    """An item with `title`; without groups it is for all partners."""
    words = {"body": "Nothing more.", **said}
    audience = Audience(for_all=not groups, groups=groups)
    item = create_item(by=by, kind=kind, said=Said(title=title, **words), audience=audience, clock=clock)
    if published:
        publish(item, by=by, version=item.version, clock=clock)
        item.refresh_from_db()
    return item
