"""The two books that each case is held against."""

from dataclasses import replace
from datetime import datetime

from partners.models import PartnerMerge
from policies.loading import authorisations_during, rights_as_held, routes_during
from policies.models import RegistrationPolicy
from policies.planned import Change, with_change
from policies.rulebook import Rulebook
from registrations.simulation.case import Case
from registrations.simulation.latecomers import latecomers_of, with_latecomers


class Books:
    """What bound in a period, loaded once: rules look only at what runs at the moment of the facts. `trial` is the version
    that is simulated; what decided each case then is its own version."""

    def __init__(self, trial: RegistrationPolicy, since: datetime, until: datetime) -> None:
        self._trial = _bound(trial, since, until)
        self._then: dict[int, Rulebook] = {}

    def prepared(self, case: Case) -> Case:
        """The case as it is looked at."""
        return case

    def of(self, case: Case) -> tuple[Rulebook, Rulebook]:
        """The book that decided the case, and the one that is tried."""
        if case.policy not in self._then:
            self._then[case.policy] = replace(self._trial, policy=_version(case))
        return self._then[case.policy], self._trial


class BooksOfChange:
    """The same where a change of rights or requirements is tried: each case's own version, with it and without it.
    `now` is when that was asked for."""

    def __init__(self, change: Change, since: datetime, until: datetime, *, now: datetime) -> None:
        self._change = change
        self._bound = _bound(RegistrationPolicy(), since, until)
        self._merged = _merged_into(change.right.partner) if change.right is not None else frozenset()
        self._latecomers = latecomers_of(change.asked, since, now) if change.asked is not None else ()
        self._known: dict[tuple[int, bool], tuple[Rulebook, Rulebook]] = {}

    def prepared(self, case: Case) -> Case:
        """The case as it is looked at: with groups and certificates that came later."""
        if case.facts is None or not self._latecomers:
            return case
        return replace(case, facts=with_latecomers(case.facts, self._latecomers))

    def of(self, case: Case) -> tuple[Rulebook, Rulebook]:
        """The book that decided the case, and that with the change."""
        key = case.policy, case.facts is not None and case.facts.firm.id in self._merged
        if key not in self._known:
            then = replace(self._bound, policy=_version(case))
            self._known[key] = then, with_change(then, self._change, holder_then=key[1])
        return self._known[key]


def _bound(policy: RegistrationPolicy, since: datetime, until: datetime) -> Rulebook:
    return Rulebook(
        policy=policy,
        authorisations=authorisations_during(since, until),
        rights=rights_as_held(since, until),
        routes=routes_during(since, until),
    )


def _version(case: Case) -> RegistrationPolicy:
    return RegistrationPolicy.objects.get(pk=case.policy)


def _merged_into(partner: int) -> frozenset[int]:
    """The ids of the records that have become this one, one after the other."""
    found: set[int] = set()
    following = {partner}
    while following:
        gone = PartnerMerge.objects.filter(survivor__in=following, undone_at=None).values_list(
            "gone", flat=True
        )
        following = set(gone) - found - {partner}
        found |= following
    return frozenset(found)
