"""Who may see which content, and what a search finds."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from partners.enums import PartnerStatus
from partners.groups.membership import which_of
from partners.models import Group
from programs.querysets.reach import firm_of, running_with

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models import ContentItem


class ContentItemQuerySet(models.QuerySet["ContentItem"]):
    def visible_to(self, user: "User") -> "ContentItemQuerySet":
        """Everything for the vendor's staff; a firm's people see what is published for their firm: for all, for one of its
        groups, or in a program that it takes part in. Two queries for the groups come before the one that this becomes."""
        if user.may("content.view_all"):
            return self
        firm = firm_of(user)
        if firm is None or firm.status == PartnerStatus.ENDED or not user.may("content.read"):
            return self.none()
        used = Group.objects.filter(content_audiences__item__current__isnull=False).distinct()
        inside = which_of(used, firm)
        audiences: Any = self.model._meta.get_field("audiences").related_model
        ours = audiences.objects.filter(item=OuterRef("pk"), group__in=inside)
        links: Any = self.model._meta.get_field("program_contents").related_model
        taken = Exists(links.objects.filter(item=OuterRef("pk"), program__in=running_with(firm)))
        return self.published().filter(Q(for_all=True) | Exists(ours) | taken)

    def published(self) -> "ContentItemQuerySet":
        """Published and not withdrawn."""
        return self.filter(current__isnull=False, withdrawn_at=None)

    def searched(self, text: str) -> "ContentItemQuerySet":
        """Those whose current version has the words, the best first (`rank`); 'quoted words' and -without work."""
        query = search_query(text)
        return (
            self.filter(current__search=query)
            .annotate(rank=SearchRank(F("current__search"), query))
            .order_by("-rank", "-pk")
        )


def search_query(text: str) -> SearchQuery:
    """What people type, as written and in English word forms."""
    written = SearchQuery(text, config="simple", search_type="websearch")
    return written | SearchQuery(text, config="english", search_type="websearch")
