"""Who may see which content, and what a search finds."""

import re
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from core.folded import Folded, fold
from partners.enums import PartnerStatus
from partners.groups.membership import which_of
from partners.models import Group
from programs.querysets.reach import firm_of, going_on_with

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models import ContentItem


_SEARCHED = ("title", "summary", "file_name", "body")
_SAYS = re.compile(r"\w")
_TOKEN = re.compile(r'-?"[^"]*"?|\S+')
_MOST_WORDS = 12
_UMLAUTS = re.compile("([aou])e")


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
        taken = Exists(links.objects.filter(item=OuterRef("pk"), program__in=going_on_with(firm)))
        return self.published().filter(Q(for_all=True) | Exists(ours) | taken)

    def published(self) -> "ContentItemQuerySet":
        """Published and not withdrawn."""
        return self.filter(current__isnull=False, withdrawn_at=None)

    def searched(self, text: str) -> "ContentItemQuerySet":
        """Those whose current version has the words, the best first; 'quoted words' and -without work. Where none has, those
        with each word somewhere inside: one query more."""
        query = search_query(text)
        found = self.filter(current__search=query)
        if found.exists():
            return found.annotate(rank=SearchRank(F("current__search"), query)).order_by("-rank", "-pk")
        return holding(self, text, "current__").order_by("-current__published_at", "-pk")


def holding(rows: Any, text: str, version: str = "") -> Any:
    """The rows whose version (`version`: the way to it) has each word of `text` somewhere, and none that it excludes: parts of
    words, words without their accents, and scripts that put no space between words, which the search by whole words does not
    find."""
    wanted, unwanted = _parts(text)
    words = _words(wanted)
    if not words:
        return rows.none()
    rows = rows.alias(folded=Folded(*(f"{version}{column}" for column in _SEARCHED)))
    rows = rows.filter(*(_has(word) for word in words[:_MOST_WORDS]))
    for one in unwanted:
        rows = rows.exclude(*(_has(word) for word in _words(one)))
        rows = rows.exclude(**{f"{version}search": _in_forms(one)})
    return rows


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s\"]+", fold(text)) if _SAYS.search(word)]


def _has(word: str) -> Q:
    """The word, also where it was typed with 'ae', 'oe' and 'ue' for want of a key with 'ä', 'ö' and 'ü'."""
    return Q(folded__contains=word) | Q(folded__contains=_UMLAUTS.sub(r"\1", word))


def search_query(text: str) -> Any:
    """What people type, as written and in English word forms; what is excluded is excluded in both."""
    wanted, unwanted = _parts(text)
    query: Any = _in_forms(wanted) if wanted or not unwanted else None
    for one in unwanted:
        absent = ~_websearch(one, "simple") & ~_websearch(one, "english")
        query = absent if query is None else query & absent
    return query


def _in_forms(text: str) -> Any:
    return _websearch(text, "simple") | _websearch(text, "english")


def _websearch(text: str, config: str) -> SearchQuery:
    return SearchQuery(text, config=config, search_type="websearch")


def _parts(text: str) -> tuple[str, list[str]]:
    """What is searched for, and each word or quoted words that a minus excludes."""
    tokens = _TOKEN.findall(text)
    unwanted = [token for token in tokens if token[0] == "-" and _SAYS.search(token)]
    wanted = " ".join(token for token in tokens if token not in unwanted)
    return wanted, [one[1:] for one in unwanted[:_MOST_WORDS]]
