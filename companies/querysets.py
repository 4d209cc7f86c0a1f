"""Reads of this app in the domain's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Value

from companies.enums import SuggestionState, VerdictKind
from companies.thresholds import thresholds

if TYPE_CHECKING:
    from companies.models import Change, Company, CompanyName, NamedAccount, Suggestion, Verdict

    _Companies = models.QuerySet[Company]
    _Names = models.QuerySet[CompanyName]
    _Verdicts = models.QuerySet[Verdict]
    _Accounts = models.QuerySet[NamedAccount]
    _Changes = models.QuerySet[Change]
    _Suggestions = models.QuerySet[Suggestion]
else:
    _Companies = _Names = _Verdicts = _Accounts = _Changes = _Suggestions = models.QuerySet


class CompanyQuerySet(_Companies):
    """End customers."""

    def visible_to(self, user: Any) -> Self:
        """Every company for vendor staff with `companies.view`; none for anybody else."""
        allowed = getattr(user, "is_vendor", False) and user.may("companies.view")
        return self if allowed else self.none()

    def standing(self) -> Self:
        """Companies that were not merged into another."""
        return self.filter(merged_into=None)

    def due_for_doubles(self) -> Self:
        """Standing companies that changed since they were last looked at for doubles, or for which only likelier ones
        were looked for than the policy asks for now; two partial indexes answer."""
        changed, looked_higher = ~Q(doubles_seen=F("version")), Q(doubles_least__gt=thresholds().review)
        return self.filter(changed | looked_higher, merged_into=None)

    def called_with(self, text: str) -> Self:
        """Companies with a name that contains a text, in either case; none for fewer than the three characters that
        the trigram index needs."""
        if len(text) < 3:
            return self.none()
        return self.filter(names__text__icontains=text, names__withdrawn_at=None).distinct()

    def with_open_claims(self) -> Self:
        """Each with `claims`, how many named accounts it has."""
        return self.annotate(claims=Count("named_accounts", distinct=True))

    def locked(self, ids: list[int]) -> Self:
        """Rows locked FOR UPDATE in id order, so that two transactions can't wait for each other."""
        return self.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))

    def with_active_names(self, ids: Iterable[int]) -> Self:
        """These companies with `active_names`, a list of texts in the order in which they were added: one statement."""
        return self.filter(pk__in=list(ids))._with_names()

    def merged_into_any(self, ids: Iterable[int]) -> Self:
        """Companies that were merged into one of these, as by `with_active_names`, in id order."""
        return self.filter(merged_into__in=list(ids)).order_by("pk")._with_names()

    def _with_names(self) -> Self:
        names = ArrayAgg(
            "names__text",
            filter=Q(names__withdrawn_at=None, names__id__isnull=False),
            order_by="names__id",
            default=Value([]),
        )
        return self.select_related("industry", "parent").annotate(active_names=names)

    def with_different_from(self) -> Self:
        """Each with `different_from`, the ids of those that a person declared to be another company: within one statement."""
        verdicts = apps.get_model("companies", "Verdict").objects
        declared = verdicts.active().different().about(OuterRef("pk"))
        others = declared.values(other=F("low_id") + F("high_id") - OuterRef("pk"))
        return self.annotate(different_from=ArraySubquery(others))

    def with_merged(self) -> Self:
        """Each with `has_merged`, whether another was merged into it; `companies.merged` loads those."""
        part = apps.get_model("companies", "Company").objects.filter(merged_into=OuterRef("pk"))
        return self.annotate(has_merged=Exists(part))


class CompanyNameQuerySet(_Names):
    """What companies are called."""

    def active(self) -> Self:
        """Names not withdrawn."""
        return self.filter(withdrawn_at=None)


class VerdictQuerySet(_Verdicts):
    """What people decided about pairs."""

    def active(self) -> Self:
        """Verdicts not undone."""
        return self.filter(undone_at=None)

    def between(self, one: int, other: int) -> Self:
        """Verdicts about this pair, in whichever order it is given."""
        return self.filter(low_id=min(one, other), high_id=max(one, other))

    def about(self, company_id: int | models.OuterRef) -> Self:
        """Verdicts that name this company."""
        return self.filter(Q(low_id=company_id) | Q(high_id=company_id))

    def different(self) -> Self:
        """Verdicts that two companies are not one."""
        return self.filter(verdict=VerdictKind.DIFFERENT)


class ChangeQuerySet(_Changes):
    """What people changed."""

    def active(self) -> Self:
        """Changes not undone."""
        return self.filter(undone_at=None)


class SuggestionQuerySet(_Suggestions):
    """Pairs that look like doubles."""

    def visible_to(self, user: Any) -> Self:
        """Every pair for vendor staff with `companies.view`; none for anybody else."""
        allowed = getattr(user, "is_vendor", False) and user.may("companies.view")
        return self if allowed else self.none()

    def between(self, one: int, other: int) -> Self:
        """The pair's row, in whichever order it is given."""
        return self.filter(low_id=min(one, other), high_id=max(one, other))

    def about(self, company_id: int) -> Self:
        """Pairs with this company."""
        return self.filter(Q(low_id=company_id) | Q(high_id=company_id))

    def waiting(self) -> Self:
        """Pairs that a person is to look at."""
        return self.in_state(SuggestionState.OPEN)

    def in_state(self, state: str) -> Self:
        """Pairs as they are listed under one state; see `_listed_under`."""
        return self.filter(_listed_under(state, thresholds().review))

    def counted_by_state(self) -> dict[str, int]:
        """How many `in_state` lists under each state, by one query."""
        least = thresholds().review
        counts = {state: Count("pk", filter=_listed_under(state, least)) for state in SuggestionState.values}
        return self.order_by().aggregate(**counts)

    def unanswered(self) -> Self:
        """Pairs about which nobody has said anything: open or put off, and both stand for themselves."""
        return self.filter(_UNANSWERED)


_UNANSWERED = Q(
    state__in=(SuggestionState.OPEN, SuggestionState.LATER), low__merged_into=None, high__merged_into=None
)


def _listed_under(state: str, least: float) -> Q:
    """An answer stands. What nobody answered is listed while both companies stand for themselves and look alike from the score
    `least` on, the policy's of now."""
    listed = Q(state=state)
    if state in (SuggestionState.OPEN, SuggestionState.LATER):
        listed &= _UNANSWERED & Q(score__gte=least)
    return listed


class NamedAccountQuerySet(_Accounts):
    """Claims of direct sales."""

    def visible_to(self, user: Any) -> Self:
        """Every account for vendor staff with `named_accounts.view`; none for anybody else."""
        allowed = getattr(user, "is_vendor", False) and user.may("named_accounts.view")
        return self if allowed else self.none()

    def effective(self, on: date) -> Self:
        """Claims in force on a day (UTC): begun, and not ended before it."""
        return self.filter(effective_from__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def in_force(self, when: str, today: date) -> Self:
        """Claims in force 'now', 'later' or 'ended' on a day; all of them for any other word."""
        if when == "now":
            return self.effective(today)
        if when == "later":
            return self.filter(effective_from__gt=today)
        return self.filter(ends_on__lt=today) if when == "ended" else self

    def of_kind(self, kind: str) -> Self:
        """Claims of one kind; all of them for an empty one."""
        return self.filter(kind=kind) if kind else self

    def mentioning(self, text: str) -> Self:
        """Claims whose name, owner, reference or website contains the text."""
        if not text:
            return self
        return self.filter(
            Q(name__icontains=text)
            | Q(owner_name__icontains=text)
            | Q(reference__icontains=text)
            | Q(website__icontains=text)
        )
