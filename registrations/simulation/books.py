"""The two books that each case is held against."""

from dataclasses import replace
from datetime import datetime

from policies.loading import authorisations_during, rights_as_held, routes_during
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from registrations.simulation.case import Case


class Books:
    """What bound in a period, loaded once: rules look only at what runs at the moment of the facts. `trial` is the version
    that is simulated; what decided each case then is its own version."""

    def __init__(self, trial: RegistrationPolicy, since: datetime, until: datetime) -> None:
        self._trial = Rulebook(
            policy=trial,
            authorisations=authorisations_during(since, until),
            rights=rights_as_held(since, until),
            routes=routes_during(since, until),
        )
        self._then: dict[int, Rulebook] = {}

    def of(self, case: Case) -> tuple[Rulebook, Rulebook]:
        """The book that decided the case, and the one that is tried."""
        if case.policy not in self._then:
            policy = RegistrationPolicy.objects.get(pk=case.policy)
            self._then[case.policy] = replace(self._trial, policy=policy)
        return self._then[case.policy], self._trial
