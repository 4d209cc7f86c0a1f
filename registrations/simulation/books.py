"""The two books that each case is held against."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from policies.loading import authorisations_during, rights_as_held, routes_during
from policies.models import RegistrationPolicy
from policies.planned import Change, Kind, with_change
from policies.rulebook import Rulebook
from registrations.simulation.case import Case
from registrations.simulation.latecomers import latecomers_of, with_latecomers
from registrations.simulation.merged import with_merged


class Books:
    """What bound in a period, loaded once: rules look only at what runs at the moment of the facts. `trial` is the version
    that is simulated, None for that of each case; `changes` of rights and requirements are laid over what bound then.
    `now` is when all that was asked for."""

    def __init__(
        self,
        since: datetime,
        until: datetime,
        *,
        trial: RegistrationPolicy | None = None,
        changes: Sequence[Change] = (),
        now: datetime,
    ) -> None:
        self._trial = trial
        # A right that is given takes the place of one that ends: that one goes first.
        self._changes = sorted(changes, key=lambda change: change.kind != Kind.END)
        self._bound = _bound(since, until)
        self._merged = [
            with_merged([change.right.partner]) - {change.right.partner}
            if change.right is not None
            else frozenset()
            for change in self._changes
        ]
        asked = [change.asked for change in self._changes if change.asked is not None]
        self._latecomers = [late for one in asked for late in latecomers_of(one, since, now)]
        self._known: dict[tuple[int, tuple[int | None, ...]], tuple[Rulebook, Rulebook]] = {}

    def prepared(self, case: Case) -> Case:
        """The case as it is looked at: with groups, certificates and territories that came later."""
        if case.facts is None or not self._latecomers:
            return case
        return replace(case, facts=with_latecomers(case.facts, self._latecomers))

    def of(self, case: Case) -> tuple[Rulebook, Rulebook]:
        """The book that decided the case, and the one that is tried."""
        firm = case.facts.firm.id if case.facts is not None else None
        key = case.policy, tuple(firm if firm in merged else None for merged in self._merged)
        if key not in self._known:
            then = replace(self._bound, policy=_version(case))
            tried = replace(then, policy=self._trial or then.policy)
            for change, holder_then in zip(self._changes, key[1], strict=True):
                tried = with_change(tried, change, holder_then=holder_then)
            self._known[key] = then, tried
        return self._known[key]


def _bound(since: datetime, until: datetime) -> Rulebook:
    return Rulebook(
        policy=RegistrationPolicy(),
        authorisations=authorisations_during(since, until),
        rights=rights_as_held(since, until),
        routes=routes_during(since, until),
    )


def _version(case: Case) -> RegistrationPolicy:
    return RegistrationPolicy.objects.get(pk=case.policy)
