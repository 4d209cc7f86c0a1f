"""Random facts and versions of the policy, and simulations run to their end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from accounts.models import User
from core.clock import fixed
from policies.binding import Area, Authorisation, Right
from policies.enums import RequiredField, Treatment
from policies.facts import Facts, Firm, Rival
from policies.findings import Effect
from policies.models import RegistrationPolicy
from policies.planned import Change
from policies.rulebook import Rulebook
from policies.rules.required_fields import FIELDS
from registrations.models import Simulation
from registrations.services.simulating import run_simulations
from registrations.services.simulations import start_simulation
from tests.people import MONDAY

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
_IDS = st.integers(1, 4)
_SCORES = st.floats(0, 1)
_TIERS = st.sampled_from(["registered", "silver", "gold", "platinum"])
_CODES = st.lists(st.sampled_from(["one", "two"]), max_size=2, unique=True).map(tuple)


def _some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _tuples(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


firms = st.builds(
    Firm,
    id=_IDS,
    kind=st.sampled_from(["reseller", "distributor"]),
    tier=_TIERS,
    status=st.sampled_from(["prospect", "onboarding", "active", "suspended", "ended"]),
    country=st.sampled_from(["DE", "FR"]),
    territories=_tuples(_IDS),
    certificates=_CODES,
    groups=_CODES,
)
rivals = st.builds(
    Rival,
    score=_SCORES,
    holds=st.booleans(),
    product_lines=_some(_tuples(_IDS)),
    territory=_some(_IDS),
    industry=_some(_IDS),
    family=st.booleans(),
    branch=st.booleans(),
    same_company=st.booleans(),
    kind=st.sampled_from(["registration", "named_account", "claim"]),
)
all_facts = st.builds(
    Facts,
    at=_MOMENTS,
    firm=firms,
    product_lines=_tuples(_IDS),
    territory=_some(_IDS),
    areas=_tuples(_IDS),
    industry=_some(_IDS),
    country=st.sampled_from(["", "DE", "FR"]),
    value_in_base=_some(st.decimals(0, 10**9, places=2)),
    tender=st.booleans(),
    contact_stated=st.booleans(),
    open_registrations=st.integers(0, 300),
    let_expire_at=_some(_MOMENTS),
    let_expire_family=_some(_MOMENTS),
    rivals=_tuples(rivals),
    crowd=st.booleans(),
    check_failed=st.booleans(),
    left_empty=_tuples(st.sampled_from(list(FIELDS))),
)
_SETTINGS: dict[str, st.SearchStrategy[Any]] = {
    "auto_approve": st.booleans(),
    "auto_approve_below": st.decimals(0, 10**6, places=2),
    "least_value": st.decimals(0, 10**4, places=2),
    "least_tier": _TIERS,
    "required_fields": _tuples(st.sampled_from(RequiredField.values)).map(list),
    "outside_territory": st.sampled_from(Treatment.values),
    "onboarding_partners": st.sampled_from(Treatment.values),
    "registering_kinds": st.lists(st.sampled_from(["reseller", "distributor"]), unique=True),
    "same_score": _SCORES,
    "review_score": _SCORES,
    "cooling_off_days": st.integers(0, 400),
    "open_most_registered": _some(st.integers(1, 300)),
    "open_most_silver": _some(st.integers(1, 300)),
    **{
        name: st.booleans()
        for name in (
            *("waitlist_same", "review_other_scope", "refuse_public_tender", "evidence_required"),
            *("scope_product_line", "scope_territory", "scope_industry", "scope_family"),
        )
    },
}
_NAMED = st.lists(st.sampled_from([("one", "One"), ("two", "Two")]), max_size=2, unique=True).map(tuple)
_AREAS = st.builds(
    Area,
    id=_IDS,
    name=st.just("There"),
    countries=st.sampled_from([frozenset({"DE"}), frozenset({"FR", "DE"})]),
)
_EFFECTS = st.sampled_from([Effect.REFUSED, Effect.REVIEW])
# What binds comes and goes: half of these run when a deal of the same years is submitted.
_PERIODS = {"from_at": _MOMENTS, "until": _some(_MOMENTS)}
authorisations = st.builds(
    Authorisation,
    code=st.just("authorisation:1"),
    product_line=_IDS,
    product_line_name=st.just("Gateways"),
    **_PERIODS,
    kinds=_tuples(st.sampled_from(["reseller", "distributor"])),
    least_tier=st.just("") | _TIERS,
    certificates=_NAMED,
    areas=_tuples(_AREAS),
    groups=_NAMED,
    effect=_EFFECTS,
)
rights = st.builds(
    Right,
    code=st.just("right:X-1"),
    partner=_IDS,
    **_PERIODS,
    product_line=_some(_IDS),
    product_line_name=st.just("Gateways"),
    area=_some(_AREAS),
    industry=_some(_IDS),
    industry_name=st.just("Metals"),
    effect=_EFFECTS,
    is_exclusive=st.booleans(),
)
bound = st.fixed_dictionaries({"authorisations": _tuples(authorisations), "rights": _tuples(rights)})


def book(settings: dict[str, Any], version: int = 1, **binding: Any) -> Rulebook:
    """A version with these settings, and what binds beside it."""
    return Rulebook(RegistrationPolicy(version=version, **settings), **binding)


settings = st.fixed_dictionaries(_SETTINGS)
books = st.builds(lambda values, binding: book(values, **binding), settings, bound)
# Two versions beside which the same binds, as a simulation asks them.
pairs_of_books = st.builds(
    lambda one, other, binding: (book(one, **binding), book(other, 2, **binding)), settings, settings, bound
)


def draft_with(**settings: Any) -> RegistrationPolicy:
    """A version that is not in force, with these settings changed from those in force on MONDAY."""
    from policies.settings import settings_of

    values = {**settings_of(RegistrationPolicy.objects.in_force(MONDAY)), **settings}
    last = RegistrationPolicy.objects.order_by("-version")[0].version
    return RegistrationPolicy.objects.create(version=last + 1, created_at=MONDAY, **values)


def simulated(
    policy: RegistrationPolicy,
    by: User,
    *,
    since: datetime = MONDAY,
    until: datetime | None = None,
    beside: Sequence[Change] = (),
    **how: Any,
) -> Simulation:
    """A simulation that has been worked on, by default over everything from MONDAY on, until nothing was left to do."""
    now = MONDAY + timedelta(days=900)
    simulation = start_simulation(
        policy, by=by, since=since, until=until or now, beside=beside, clock=fixed(now)
    )
    while run_simulations(clock=fixed(now), **how):
        pass
    simulation.refresh_from_db()
    return simulation
