"""Publishing versions: what is refused, what stays, and what the database keeps by itself."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.clock import database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from partners.enums import PartnerKind
from policies.contradictions import contradictions, remarks
from policies.models import RegistrationPolicy
from policies.services import (
    begin_draft,
    publish_draft,
    publish_version,
    save_draft,
    withdraw_version,
)
from policies.settings import settings_of

pytestmark = pytest.mark.django_db


def in_days(number):
    return database_clock() + timedelta(days=number)


def first():
    return RegistrationPolicy.objects.get(version=1)


def test_a_new_version_starts_from_the_one_in_force(olga):
    made = publish_version(by=olga, settings={"protection_days": 90}, note="  Longer   deals. ")

    assert (made.version, made.note, made.created_by) == (2, "Longer deals.", olga)
    assert {**settings_of(first()), "protection_days": 90} == settings_of(
        RegistrationPolicy.objects.get(version=2)
    )
    assert RegistrationPolicy.objects.in_force(database_clock()) == made


def test_a_scheduled_version_waits_for_its_day(olga):
    day = in_days(10)
    made = publish_version(by=olga, settings={"protection_days": 90}, effective_from=day, note="Longer.")

    assert RegistrationPolicy.objects.in_force(database_clock()).version == 1
    assert list(RegistrationPolicy.objects.scheduled(database_clock())) == [made]
    assert RegistrationPolicy.objects.in_force(day) == made


@pytest.mark.parametrize(
    ("settings", "field", "words"),
    [
        ({"reminder_days": 60}, "reminder_days", "when the protection of 60 days has ended"),
        ({"reminder_days": 55}, "reminder_days", "would never be sent"),
        ({"final_notice_days": []}, "final_notice_days", "Name at least one day"),
        ({"final_notice_days": [0]}, "final_notice_days", "at least 1 day ahead"),
        ({"final_notice_days": [60]}, "final_notice_days", "before the protection of 60 days begins"),
        ({"warning_days_before_expiry": 8}, "warning_days_before_expiry", "longer than it says"),
        ({"escalation_days": 7}, "escalation_days", "before the partner was warned"),
        ({"review_score": 0.95}, "review_score", "Choose a value up to that of"),
        ({"auto_approve_below": Decimal(-1)}, "auto_approve_below", "below zero"),
        ({"protection_days": 0}, "protection_days", "Enter 1 or more"),
        ({"same_score": 1.5}, "same_score", "Enter 1.* or less"),
        ({"prechecks_per_person": 201}, "prechecks_per_person", "than the whole firm"),
        ({"prechecks_per_day": 0}, "prechecks_per_day", "Enter 1 or more"),
        ({"open_most_silver": 49}, "open_most_registered", "fewer open registrations than a lower one"),
        ({"open_most_registered": None}, "open_most_registered", "fewer open registrations than a lower one"),
        ({"open_most_registered": 0}, "open_most_registered", "1 or more, or leave it empty"),
        ({"appeal_days": 0}, "appeal_days", "Enter 1 or more"),
        ({"auto_approve_below": Decimal(0)}, "auto_approve_below", "none could be approved"),
        (
            {"least_value": Decimal(200_000)},
            "auto_approve_below",
            "those below 200,000 are not registered, and those from 100,000 on",
        ),
        ({"least_value": Decimal(-1)}, "least_value", "Enter 0 or more"),
        ({"review_score": 0.0}, "review_score", "every company would count as similar"),
        ({"registering_kinds": ["bakery"]}, "registering_kinds", "not a valid choice"),
        ({"least_tier": "iron"}, "least_tier", "not a valid choice"),
        ({"onboarding_partners": "maybe"}, "onboarding_partners", "not a valid choice"),
        ({"required_fields": ["shoe_size"]}, "required_fields", "not a valid choice"),
        ({"magic": 1}, "magic", "no setting called magic"),
        ({"protection_days": 60}, None, "Nothing differs"),
    ],
)
def test_contradictions_are_refused_with_the_field_named(settings, field, words, olga):
    with pytest.raises(BadInput, match=words) as refusal:
        publish_version(by=olga, settings=settings, note="Trying.")

    assert refusal.value.field == field
    assert RegistrationPolicy.objects.count() == 1


def test_the_defaults_contradict_nothing():
    assert contradictions(settings_of(RegistrationPolicy())) == {}


@pytest.mark.parametrize(
    ("settings", "setting", "words"),
    [
        ({}, "scope_territory", ""),
        ({"scope_territory": True}, "scope_territory", "holds the company in all of them"),
        ({"scope_territory": True, "required_fields": ["territory"]}, "scope_territory", ""),
        ({"scope_industry": True}, "scope_industry", "holds the company for all of them"),
        (
            {"registering_kinds": [kind.value for kind in PartnerKind]},
            "registering_kinds",
            "the same as none",
        ),
        ({"onboarding_partners": "allowed"}, "onboarding_partners", "nobody has vetted"),
    ],
)
def test_what_somebody_may_not_have_meant_is_remarked(settings, setting, words):
    values = {**settings_of(RegistrationPolicy()), **settings}

    found = remarks(values).get(setting)

    assert contradictions(values) == {}
    assert words in found.words if found else words == ""


def test_lists_are_kept_in_their_usual_form(olga):
    made = publish_version(
        by=olga,
        settings={
            "registering_kinds": ["msp", "reseller", "msp"],
            "required_fields": ["next_step", "website"],
        },
        note="Fewer.",
    )
    assert (made.registering_kinds, made.required_fields) == (["reseller", "msp"], ["website", "next_step"])
    every = {"registering_kinds": [kind.value for kind in PartnerKind]}
    assert publish_version(by=olga, settings=every, note="All.").registering_kinds == []


def test_notices_are_kept_in_order_and_once(olga):
    made = publish_version(by=olga, settings={"final_notice_days": [1, 14, 7, 7]}, note="Earlier notice.")

    assert made.final_notice_days == [14, 7, 1]


@pytest.mark.parametrize("moment", [-1, -1000, 3 * 365])
def test_the_past_and_the_far_future_are_refused(moment, olga):
    with pytest.raises(BadInput) as refusal:
        publish_version(
            by=olga, settings={"protection_days": 90}, effective_from=in_days(moment), note="Back."
        )

    assert refusal.value.field == "effective_from"


def test_two_versions_never_begin_at_the_same_moment(olga):
    """The one with the lower number would never apply, and partners would have been told that it does."""
    day = in_days(10)
    waits = publish_version(by=olga, settings={"protection_days": 90}, effective_from=day, note="Longer.")
    draft = begin_draft(by=olga)
    draft = save_draft(
        draft, by=olga, revision=draft.revision, settings={"protection_days": 80}, note="Less."
    )

    with pytest.raises(BadInput, match="Version 2 begins at that very moment") as refusal:
        publish_draft(draft, by=olga, revision=draft.revision, effective_from=day)
    with pytest.raises(BadInput, match="Version 2 begins"):
        publish_version(by=olga, settings={"protection_days": 70}, effective_from=day, note="Less.")

    assert refusal.value.field == "effective_from"
    withdraw_version(waits, by=olga)
    assert publish_draft(draft, by=olga, revision=draft.revision, effective_from=day).effective_from == day


@pytest.mark.parametrize("note", ["", "   ", "x" * 201])
def test_a_note_is_asked_for(note, olga):
    with pytest.raises(BadInput) as refusal:
        publish_version(by=olga, settings={"protection_days": 90}, note=note)

    assert refusal.value.field == "note"


def test_only_those_who_edit_the_policy_publish_and_withdraw(mara, ivan, alice, olga):
    made = publish_version(
        by=olga, settings={"protection_days": 90}, effective_from=in_days(5), note="Longer."
    )

    for person in (mara, ivan, alice):
        with pytest.raises(NotAllowed):
            publish_version(by=person, settings={"protection_days": 80}, note="Mine.")
        with pytest.raises(NotAllowed):
            withdraw_version(made, by=person)


def test_a_form_that_began_from_an_older_version_is_stale(olga, ada):
    publish_version(by=ada, settings={"protection_days": 90}, based_on=1, note="First.")

    with pytest.raises(StaleVersion, match="Version 2 came into force"):
        publish_version(by=olga, settings={"protection_days": 80}, based_on=1, note="Second.")


def test_a_scheduled_version_can_be_withdrawn_and_its_number_is_gone(olga):
    made = publish_version(
        by=olga, settings={"protection_days": 90}, effective_from=in_days(5), note="Longer."
    )

    withdraw_version(made, by=olga)

    made.refresh_from_db()
    assert made.withdrawn_by == olga
    assert not RegistrationPolicy.objects.scheduled(database_clock()).exists()
    assert RegistrationPolicy.objects.in_force(in_days(6)).version == 1
    assert publish_version(by=olga, settings={"protection_days": 80}, note="Again.").version == 3
    with pytest.raises(WrongStatus):
        withdraw_version(made, by=olga)


def test_what_is_in_force_cannot_be_withdrawn(olga):
    with pytest.raises(WrongStatus, match="publishing a new version"):
        withdraw_version(first(), by=olga)


@pytest.mark.parametrize(
    "change",
    [
        lambda: RegistrationPolicy.objects.filter(version=1).update(protection_days=1),
        lambda: RegistrationPolicy.objects.filter(version=1).update(note="Rewritten."),
        lambda: RegistrationPolicy.objects.filter(version=1).delete(),
    ],
)
def test_the_database_refuses_any_change_of_a_version_that_applies(change):
    with pytest.raises(IntegrityError, match="applies and is never changed"), transaction.atomic():
        change()

    assert (first().protection_days, first().note) == (60, "The defaults that Concord comes with.")


def test_the_database_lets_a_waiting_version_go_but_not_begin_early(olga):
    made = publish_version(
        by=olga, settings={"protection_days": 90}, effective_from=in_days(5), note="Longer."
    )
    waiting = RegistrationPolicy.objects.filter(pk=made.pk)

    with pytest.raises(IntegrityError, match="not before"), transaction.atomic():
        waiting.update(effective_from=in_days(-1))
    assert waiting.delete()[0] == 1


def test_a_version_taken_back_stays_so(olga):
    made = publish_version(
        by=olga, settings={"protection_days": 90}, effective_from=in_days(5), note="Longer."
    )
    withdraw_version(made, by=olga)

    with pytest.raises(IntegrityError, match="taken back"), transaction.atomic():
        RegistrationPolicy.objects.filter(pk=made.pk).update(withdrawn_at=None, withdrawn_by=None)
