"""Everything that binds at a moment, loaded once for as many registrations as are looked at."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from policies.binding import Authorisation as Authorisation
from policies.binding import Right as Right
from policies.binding import Route as Route
from policies.loading import authorisations_at, rights_at, routes_at
from policies.models import RegistrationPolicy

_THERE_ARE = """
SELECT EXISTS (SELECT FROM policies_productauthorisation), EXISTS (SELECT FROM policies_exclusiveright),
    EXISTS (SELECT FROM policies_reviewroute)
"""


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
    authorisations, rights, routes = _there_are()
    return Rulebook(
        policy=policy or RegistrationPolicy.objects.in_force(at),
        authorisations=authorisations_at(at) if authorisations else (),
        rights=rights_at(at) if rights else (),
        routes=routes_at(at) if routes else (),
    )


def _there_are() -> tuple[bool, bool, bool]:
    """Whether there are requirements, rights and routes at all: many a vendor has none, and each takes several queries."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE_ARE)
        found: tuple[bool, bool, bool] = cursor.fetchone()
    return found
