"""What does not fit, setting by setting: told at one of them, in words that name the others, with the way to them."""

from decimal import Decimal

import pytest

from catalog.models import Industry, Territory
from core.errors import BadInput
from partners.enums import PartnerStatus
from partners.models import Partner
from policies.contradictions import CHECKS, REMARKS, Ground, contradictions, ground_now, remarks
from policies.models import RegistrationPolicy
from policies.services import publish_version
from policies.settings import SETTINGS, settings_of
from tests.policies.makers import territory

EMPTY = Ground(territories=False, industries=False)


def values(**settings):
    return {**settings_of(RegistrationPolicy()), **settings}


# Settings, where it is told, what its words name (one piece for each setting that it is about), on which ground.
CLASHES = [
    ({"protection_days": 2}, "protection_days", ["Protection of 2 days", "reminder", "final notice"]),
    ({"protection_days": 1}, "protection_days", ["Choose 3 days or more"]),
    ({"reminder_days": 60}, "reminder_days", ["first reminder", "protection of 60 days"]),
    ({"reminder_days": 54}, "reminder_days", ["A reminder on day 54", "final notice goes out on day 53"]),
    (
        {"protection_days": 8, "reminder_days": 1},
        "reminder_days",
        ["A reminder on day 1", "on day 1", "Let the final notices come later."],
    ),
    ({"final_notice_days": []}, "final_notice_days", ["without a final notice"]),
    ({"final_notice_days": [0]}, "final_notice_days", ["at least 1 day ahead"]),
    ({"final_notice_days": [61]}, "final_notice_days", ["final notice 61 days", "protection of 60 days"]),
    (
        {"warning_days_before_expiry": 8},
        "warning_days_before_expiry",
        ["8 days after a final notice", "7 days ahead", "Choose 7 or fewer"],
    ),
    ({"escalation_days": 7}, "escalation_days", ["channel manager", "final notice, 7 days", "fewer than 7"]),
    ({"final_notice_days": [1], "warning_days_before_expiry": 1}, "escalation_days", ["Choose 0 for never"]),
    (
        {"offer_business_days": 45},
        "offer_business_days",
        ["offer to the next in line", "45 business days, 63 days or more", "protection of 60 days"],
    ),
    ({"prechecks_per_person": 201}, "prechecks_per_person", ["A person", "the whole firm", "200 or fewer"]),
    ({"review_score": 0.95}, "review_score", ["count as similar", "“same”"]),
    ({"review_score": 0}, "review_score", ["every company"]),
    ({"auto_approve_below": Decimal(-1)}, "auto_approve_below", ["below zero"]),
    ({"least_value": Decimal(-1)}, "least_value", ["below zero"]),
    (
        {"auto_approve_below": Decimal(0)},
        "auto_approve_below",
        ["none could be approved", "switch approval off"],
    ),
    (
        {"least_value": Decimal(100_000)},
        "auto_approve_below",
        ["below 100,000 are not registered", "from 100,000 on are looked at"],
    ),
    ({"open_most_gold": 0}, "open_most_registered", ["1 or more", "empty for no limit"]),
    ({"open_most_registered": 101}, "open_most_registered", ["higher tier", "lower one"]),
]
MEANT = [
    ({"scope_territory": True}, "scope_territory", ["names no territory", "filled in before submitting"]),
    ({"scope_industry": True}, "scope_industry", ["names no industry", "filled in before submitting"]),
    ({"onboarding_partners": "allowed"}, "onboarding_partners", ["nobody has vetted"]),
    ({"auto_approve": False, "evidence_required": True}, "evidence_required", ["approved without a person"]),
    ({"least_tier": "gold"}, "open_most_registered", ["tier Gold", "Registered and Silver partners"]),
    ({"grace_days": 61}, "grace_days", ["61 days of grace", "protection of 60 days"]),
    ({"extension_days": 61}, "extension_days", ["add 61 days", "protection of 60 days"]),
    ({"cooling_off_days": 61}, "cooling_off_days", ["wait 61 days", "protection of 60 days"]),
    ({"review_sla_business_days": 45}, "review_sla_business_days", ["45 business days", "of 60 days"]),
]
ON_EMPTY_GROUND = [
    (
        {"required_fields": ["territory"]},
        contradictions,
        "required_fields",
        "a territory would have to be chosen",
    ),
    (
        {"required_fields": ["industry", "territory", "city"]},
        contradictions,
        "required_fields",
        "a territory and an industry would have to be chosen, and the catalogue has none",
    ),
    ({"scope_territory": True}, remarks, "scope_territory", "The catalogue has no territories"),
    ({"scope_industry": True}, remarks, "scope_industry", "The catalogue has no industries"),
]


@pytest.mark.parametrize(("settings", "setting", "pieces"), CLASHES)
def test_what_does_not_fit_is_told_with_the_settings_that_it_is_about(settings, setting, pieces):
    told = contradictions(values(**settings))[setting]

    for piece in pieces:
        assert piece in told.words
    assert told.words.endswith(".") and setting not in told.beside


@pytest.mark.parametrize(("settings", "setting", "pieces"), MEANT)
def test_what_may_not_have_been_meant_is_remarked_and_forbids_nothing(settings, setting, pieces):
    told = remarks(values(**settings))[setting]

    for piece in pieces:
        assert piece in told.words
    assert contradictions(values(**settings)) == {}


@pytest.mark.parametrize(("settings", "find", "setting", "words"), ON_EMPTY_GROUND)
def test_what_the_catalogue_does_not_offer(settings, find, setting, words):
    assert words in find(values(**settings), EMPTY)[setting].words
    full = find(values(**settings)).get(setting)
    assert full is None or words not in full.words


@pytest.mark.parametrize(
    ("settings", "ground", "setting", "words"),
    [
        ({"least_tier": "platinum"}, {"tiers": {"gold"}}, "least_tier", "has reached the tier Platinum"),
        ({"registering_kinds": ["msp"]}, {"kinds": {"reseller"}}, "registering_kinds", "is of these kinds"),
        (
            {"registering_kinds": ["msp"], "least_tier": "gold"},
            {
                "kinds": {"msp", "reseller"},
                "tiers": {"gold", "silver"},
                "firms": {("msp", "silver"), ("reseller", "gold")},
            },
            "least_tier",
            "of the kinds that register has reached the tier Gold",
        ),
        ({"outside_territory": "refused"}, {"own_territories": False}, "outside_territory", "touches nobody"),
    ],
)
def test_what_touches_no_firm_of_today(settings, ground, setting, words):
    assert words in remarks(values(**settings), Ground(**ground))[setting].words
    assert setting not in remarks(values(**settings))


def test_the_defaults_fit_and_every_check_is_tried_here():
    assert contradictions(values()) == {} == remarks(values())
    tried = {setting for _, setting, _ in CLASHES} | {"required_fields"}
    assert {check.setting for check in CHECKS} == tried
    assert len({check.words for check in CHECKS}) == len(CHECKS)
    remarked = {setting for _, setting, _ in MEANT} | {"least_tier", "registering_kinds", "outside_territory"}
    assert {check.setting for check in REMARKS} == remarked
    for check in (*CHECKS, *REMARKS):
        assert {check.setting, *check.beside} <= set(SETTINGS)


@pytest.mark.django_db
def test_the_ground_is_what_there_is(django_assert_num_queries, northgate, europe):
    Industry.objects.all().delete()
    Partner.objects.create(name="Gone", country="DE", status=PartnerStatus.ENDED, kind="msp", tier="gold")

    with django_assert_num_queries(4):
        ground = ground_now()

    assert ground == Ground(
        territories=True,
        industries=False,
        kinds=frozenset({"reseller"}),
        tiers=frozenset({"registered"}),
        firms=frozenset({("reseller", "registered")}),
        own_territories=False,
    )
    northgate.territories.add(europe)
    assert ground_now().own_territories


@pytest.mark.django_db
def test_nobody_publishes_what_nobody_could_fill_in(olga):
    Territory.objects.all().delete()
    asks = {"required_fields": ["territory"]}

    with pytest.raises(BadInput, match="Nobody could submit anything") as refusal:
        publish_version(by=olga, settings=asks, note="Where is it?")

    assert refusal.value.field == "required_fields"
    territory("north", "SE")
    assert publish_version(by=olga, settings=asks, note="Where is it?").required_fields == ["territory"]
