"""Facts and settings by chance, for what must hold whatever they are."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from partners.enums import PartnerKind, PartnerStatus, PartnerTier
from policies.enums import Treatment
from policies.facts import Facts, Firm, Rival
from policies.rules.required_fields import FIELDS

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
few = st.integers(1, 3)
ids = st.lists(few, max_size=3, unique=True).map(lambda found: tuple(sorted(found)))
scores = st.sampled_from([0.0, 0.1, 0.15, 0.35, 0.5, 0.85, 0.99, 1.0])
amounts = st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(5_000), Decimal(99_999), Decimal(100_000)])

firms = st.builds(
    Firm,
    id=few,
    kind=st.sampled_from(PartnerKind.values),
    tier=st.sampled_from([*PartnerTier.values, ""]),
    status=st.sampled_from(PartnerStatus.values),
    country=st.sampled_from(["DE", "FR", ""]),
    territories=ids,
    countries=st.sampled_from([None, (), ("DE",), ("DE", "FR")]),
    certificates=st.sampled_from([(), ("gateways-engineer",)]),
)
rivals = st.builds(
    Rival,
    score=scores,
    holds=st.booleans(),
    product_lines=st.none() | ids,
    territory=st.none() | few,
    industry=st.none() | few,
    family=st.booleans(),
    branch=st.booleans(),
    same_company=st.booleans(),
    kind=st.sampled_from(["registration", "named_account", "claim"]),
)
deals = st.builds(
    Facts,
    at=st.just(AT),
    firm=firms,
    product_lines=ids,
    territory=st.none() | few,
    areas=ids,
    industry=st.none() | few,
    country=st.sampled_from(["DE", "FR", ""]),
    value_in_base=st.none() | amounts,
    tender=st.booleans(),
    contact_stated=st.booleans(),
    open_registrations=st.sampled_from([0, 1, 50, 100, 10**6]),
    let_expire_at=st.none() | st.integers(0, 60).map(lambda days: AT - timedelta(days=days)),
    let_expire_family=st.none() | st.integers(0, 60).map(lambda days: AT - timedelta(days=days)),
    let_expire_like=st.lists(
        st.tuples(scores, st.integers(0, 60).map(lambda days: AT - timedelta(days=days))), max_size=2
    ).map(tuple),
    turned_down=st.lists(st.tuples(scores, st.just(AT)), max_size=2).map(tuple),
    rivals=st.lists(rivals, max_size=3).map(tuple),
    crowd=st.booleans(),
    check_failed=st.booleans(),
    left_empty=st.lists(st.sampled_from(list(FIELDS)), max_size=3, unique=True).map(tuple),
)
policies = st.fixed_dictionaries(
    {
        "registering_kinds": st.sampled_from([[], ["msp"], ["msp", "reseller"]]),
        "least_tier": st.sampled_from(PartnerTier.values),
        "onboarding_partners": st.sampled_from(Treatment.values),
        "outside_territory": st.sampled_from(Treatment.values),
        "least_value": amounts,
        "required_fields": st.sampled_from([[], ["website"], ["territory", "next_step"]]),
        "refuse_public_tender": st.booleans(),
        "evidence_required": st.booleans(),
        "auto_approve": st.booleans(),
        "auto_approve_below": amounts,
        "review_score": st.sampled_from([0.15, 0.35]),
        "same_score": st.sampled_from([0.5, 0.85]),
        "waitlist_same": st.booleans(),
        "scope_product_line": st.booleans(),
        "scope_territory": st.booleans(),
        "scope_industry": st.booleans(),
        "scope_family": st.booleans(),
        "review_other_scope": st.booleans(),
        "open_most_silver": st.none() | st.just(1),
        "cooling_off_days": st.sampled_from([0, 30]),
    }
)
