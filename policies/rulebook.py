"""Everything that binds at a moment, loaded once for as many registrations as are looked at."""

from dataclasses import dataclass
from datetime import datetime

from policies.binding import Authorisation as Authorisation
from policies.binding import Right as Right
from policies.binding import Route as Route
from policies.loading import authorisations_at, rights_at, routes_at
from policies.models import RegistrationPolicy


@dataclass(frozen=True)
class Rulebook:
    """A version of the registration policy and what binds beside it. Rules read it and nothing else."""

    policy: RegistrationPolicy
    authorisations: tuple[Authorisation, ...] = ()
    rights: tuple[Right, ...] = ()
    routes: tuple[Route, ...] = ()

    @property
    def record(self) -> str:
        """The policy's version, as findings name it."""
        return f"policy:{self.policy.version}"


def rulebook_at(at: datetime, *, policy: RegistrationPolicy | None = None) -> Rulebook:
    """What binds at `at`, in a constant number of queries; `policy` instead of the version in force then, such as a
    draft that is tried."""
    return Rulebook(
        policy=policy or RegistrationPolicy.objects.in_force(at),
        authorisations=authorisations_at(at),
        rights=rights_at(at),
        routes=routes_at(at),
    )
