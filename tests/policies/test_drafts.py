"""Drafts: written by several people in several sittings, contradictory if need be, binding nobody until published."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.clock import database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from policies.models import RegistrationPolicy
from policies.services import (
    begin_draft,
    delete_draft,
    publish_draft,
    publish_version,
    save_draft,
    withdraw_version,
)
from policies.settings import settings_of

pytestmark = pytest.mark.django_db


def first():
    return RegistrationPolicy.objects.get(version=1)


def in_days(number):
    return database_clock() + timedelta(days=number)


def written(by, note="Longer deals.", **settings):
    draft = begin_draft(by=by)
    return save_draft(
        draft, by=by, revision=draft.revision, settings=settings or {"protection_days": 90}, note=note
    )


def test_a_draft_begins_as_the_version_in_force_and_binds_nobody(olga):
    draft = begin_draft(by=olga)

    assert (draft.version, draft.effective_from, draft.is_draft) == (2, None, True)
    assert settings_of(draft) == settings_of(first())
    for moment in (database_clock(), in_days(1000)):
        assert RegistrationPolicy.objects.in_force(moment) == first()
    assert not RegistrationPolicy.objects.scheduled(database_clock()).exists()
    assert list(RegistrationPolicy.objects.drafts()) == [draft]


def test_it_can_begin_as_any_other_version(olga):
    publish_version(by=olga, settings={"protection_days": 90}, note="Longer.")

    assert begin_draft(by=olga, base=first()).protection_days == 60


def test_several_people_write_at_one_draft(olga, ada):
    draft = begin_draft(by=olga)

    draft = save_draft(draft, by=olga, revision=1, settings={"protection_days": 90}, note=" Longer   deals. ")
    draft = save_draft(draft, by=ada, revision=2, settings={"reminder_days": 20})

    draft.refresh_from_db()
    assert (draft.protection_days, draft.reminder_days, draft.note) == (90, 20, "Longer deals.")
    assert (draft.revision, draft.created_by, draft.changed_by) == (3, olga, ada)
    assert set(draft.authors.all()) == {olga, ada}
    with pytest.raises(StaleVersion, match="Ada saved this draft in the meantime"):
        save_draft(draft, by=olga, revision=2, settings={"protection_days": 70})
    draft.refresh_from_db()
    assert draft.protection_days == 90


def test_what_contradicts_itself_is_kept_but_not_published(olga):
    draft = written(olga, protection_days=20, review_score=0.95)

    draft.refresh_from_db()
    assert (draft.protection_days, draft.reminder_days) == (20, 30)
    with pytest.raises(BadInput) as refusal:
        publish_draft(draft, by=olga, revision=draft.revision)
    assert refusal.value.field == "reminder_days"
    with pytest.raises(IntegrityError, match="policy_"), transaction.atomic():
        RegistrationPolicy.objects.filter(pk=draft.pk).update(
            effective_from=in_days(1), published_at=database_clock()
        )
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_is_no_value_yet_is_kept_as_text_and_not_published(olga):
    draft = begin_draft(by=olga)

    draft = save_draft(
        draft,
        by=olga,
        revision=1,
        settings={"appeal_days": 20},
        unfinished={"protection_days": "ni\x00nety"},
        note="Longer.",
    )

    draft.refresh_from_db()
    assert draft.unfinished == {"protection_days": "ninety"}
    with pytest.raises(BadInput) as refusal:
        publish_draft(draft, by=olga, revision=2)
    assert refusal.value.field == "protection_days"


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"magic": 1}, "magic"),
        ({"protection_days": 0}, "protection_days"),
        ({"effective_from": None}, "effective_from"),
        ({"least_tier": "iron"}, "least_tier"),
    ],
)
def test_a_setting_that_is_none_is_refused(settings, field, olga):
    draft = begin_draft(by=olga)

    with pytest.raises(BadInput) as refusal:
        save_draft(draft, by=olga, revision=1, settings=settings)

    assert refusal.value.field == field


def test_publishing_at_once_and_for_a_later_day(olga, ada):
    now, later = written(olga), written(olga, appeal_days=21)

    now = publish_draft(now, by=ada, revision=now.revision)
    day = in_days(10)
    later = publish_draft(later, by=ada, revision=later.revision, effective_from=day)

    assert (now.version, now.created_by, now.published_by) == (2, olga, ada)
    assert RegistrationPolicy.objects.in_force(database_clock()) == now
    assert list(RegistrationPolicy.objects.scheduled(database_clock())) == [later]
    assert RegistrationPolicy.objects.in_force(day) == later
    with pytest.raises(WrongStatus, match="was published meanwhile"):
        save_draft(now, by=olga, revision=now.revision, settings={"protection_days": 70})
    with pytest.raises(WrongStatus):
        delete_draft(later, by=olga)


def test_numbers_follow_one_another_as_versions_do(olga):
    early = written(olga, appeal_days=21)
    publish_version(by=olga, settings={"protection_days": 90}, note="Overtook it.")

    assert publish_draft(early, by=olga, revision=early.revision).version == 4


@pytest.mark.parametrize(
    ("start", "words"), [(-1, "can't begin in the past"), (3 * 365, "within the next two years")]
)
def test_back_dating_is_refused(start, words, olga):
    draft = written(olga)

    with pytest.raises(BadInput, match=words) as refusal:
        publish_draft(draft, by=olga, revision=draft.revision, effective_from=in_days(start))

    assert refusal.value.field == "effective_from"


def test_the_database_refuses_back_dating_and_a_way_back(olga):
    draft = written(olga)
    row = RegistrationPolicy.objects.filter(pk=draft.pk)

    with pytest.raises(IntegrityError, match="policy_never_back_dated"), transaction.atomic():
        row.update(effective_from=in_days(-1), published_at=database_clock())
    with pytest.raises(IntegrityError, match="moment of its publishing"), transaction.atomic():
        row.update(effective_from=in_days(-1))
    publish_draft(draft, by=olga, revision=draft.revision, effective_from=in_days(3))
    with pytest.raises(IntegrityError, match="no draft any more"), transaction.atomic():
        row.update(effective_from=None)
    with pytest.raises(IntegrityError, match="not before"), transaction.atomic():
        row.update(effective_from=in_days(-1), published_at=None)


def test_a_note_a_difference_and_the_right_state_are_asked_for(olga, ada):
    nameless, same = written(olga, note=""), written(olga, protection_days=60)

    with pytest.raises(BadInput, match="Say what changes"):
        publish_draft(nameless, by=olga, revision=nameless.revision)
    with pytest.raises(BadInput, match="Nothing differs from version 1"):
        publish_draft(same, by=olga, revision=same.revision)
    save_draft(nameless, by=ada, revision=nameless.revision, settings={}, note="Mine.")
    with pytest.raises(StaleVersion):
        publish_draft(nameless, by=olga, revision=nameless.revision)


def test_a_draft_differs_from_what_applies_before_it_not_from_today(olga):
    publish_version(by=olga, settings={"protection_days": 90}, effective_from=in_days(5), note="Longer.")
    draft = written(olga, protection_days=90)

    with pytest.raises(BadInput, match="Nothing differs from version 2"):
        publish_draft(draft, by=olga, revision=draft.revision, effective_from=in_days(6))
    assert publish_draft(draft, by=olga, revision=draft.revision, effective_from=in_days(4)).version == 3


def test_deleting_a_draft(olga, ada):
    draft = written(olga)

    delete_draft(draft, by=ada)

    assert not RegistrationPolicy.objects.drafts().exists()
    with pytest.raises(WrongStatus, match="deleted meanwhile"):
        save_draft(draft, by=olga, revision=draft.revision, settings={})
    with pytest.raises(WrongStatus):
        delete_draft(first(), by=olga)


def test_only_those_who_edit_the_policy_write_at_drafts(mara, ivan, alice, olga):
    draft = begin_draft(by=olga)
    for person in (mara, ivan, alice):
        for attempt in (
            lambda by=person: begin_draft(by=by),
            lambda by=person: save_draft(draft, by=by, revision=1, settings={}),
            lambda by=person: delete_draft(draft, by=by),
            lambda by=person: publish_draft(draft, by=by, revision=1),
        ):
            with pytest.raises(NotAllowed):
                attempt()


def test_a_published_draft_can_be_taken_back_while_it_waits(olga):
    draft = written(olga)
    made = publish_draft(draft, by=olga, revision=draft.revision, effective_from=in_days(5))

    withdraw_version(made, by=olga)

    assert RegistrationPolicy.objects.in_force(in_days(6)) == first()
    with pytest.raises(WrongStatus):
        withdraw_version(begin_draft(by=olga), by=olga)
