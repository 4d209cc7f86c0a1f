"""The page on which operations write a draft: what stands beside each field, what is kept, and publishing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from core.clock import database_clock
from partners.models import Partner
from policies.forms.drafts import PublishForm
from policies.forms.settings import as_entered
from policies.models import RegistrationPolicy, VersionNews
from policies.services import begin_draft, publish_draft, publish_version, save_draft
from policies.services.telling import tell_of_versions
from policies.settings import SETTINGS, settings_of
from policies.views.version_rows import day
from policies.words import sentence_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(olga):
    return begin_draft(by=olga)


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def address(name, draft):
    return reverse(f"policies:{name}", args=[draft.version])


def entered(draft, **changes):
    """What the browser sends of the form, with `changes`."""
    values = as_entered(settings_of(draft))
    ticked = {name: "on" if value is True else value for name, value in values.items()}
    sent = {name: value for name, value in ticked.items() if value is not False and value is not None}
    return {**sent, "note": draft.note, "revision": draft.revision, **changes}


def test_a_draft_is_begun_and_opened(desk, olga):
    answer = desk.post(reverse("policies:new_version"), follow=True)

    draft = RegistrationPolicy.objects.drafts().get()
    assert answer.redirect_chain == [(address("edit_draft", draft), 302)]
    assert desk.get(reverse("policies:new_version")).status_code == 405
    for wrong in ("99", "x"):
        desk.post(reverse("policies:new_version"), {"base": wrong})
    assert (
        RegistrationPolicy.objects.drafts().count() == 2
    )  # what is no number is none; an unknown one is refused


def test_every_setting_has_its_field_with_the_sentence_that_it_makes(desk, draft):
    answer = desk.get(address("edit_draft", draft))

    besides = {one.setting: one for one in answer.context["besides"]}
    assert sorted(besides) == sorted(SETTINGS)
    page = answer.content.decode()
    for setting, one in besides.items():
        assert one.sentence == sentence_of(setting, draft, "EUR").text
        assert f'id="beside-{setting}"' in page and f'name="{setting}"' in page
        assert (one.problem, one.was) == ("", "")
    assert "Nothing yet: it is as the version in force." in page
    assert "A deal of 80,000 EUR by a Silver partner <strong>would be approved at once</strong>" in page


def test_while_it_is_typed_it_is_saved_and_says_what_it_means(desk, draft, olga):
    answer = desk.post(
        address("draft_live", draft),
        entered(draft, protection_days="25", open_most_silver="", refuse_public_tender="on"),
    )

    assert answer.status_code == 200
    draft.refresh_from_db()
    assert (draft.protection_days, draft.open_most_silver, draft.revision) == (25, None, 2)
    besides = {one.setting: one for one in answer.context["besides"]}
    assert "protected for 25 days" in besides["protection_days"].sentence
    assert besides["protection_days"].was == "60 days"
    assert "when the protection of 25 days has ended" in besides["reminder_days"].problem
    page = answer.content.decode()
    assert 'id="beside-reminder_days" hx-swap-oob="true"' in page
    assert 'name="revision" value="2"' in page and "Saved " in page
    assert "would be approved" not in page  # a policy that contradicts itself has no examples
    assert besides["reminder_days"].problem_with == (("protection_days", "Protection"),)
    told = page[page.index('id="beside-reminder_days"') :]
    assert '<a href="#setting-protection_days">Protection</a>' in told[: told.index("policy-says")]


def test_what_is_no_value_is_told_kept_and_opened_again(desk, draft):
    sent = entered(draft, protection_days="ninety", auto_approve_below="12 apples", appeal_days="20")

    live = desk.post(address("draft_live", draft), sent)
    again = desk.get(address("edit_draft", draft))

    for answer in (live, again):
        told = {one.setting: one.problem for one in answer.context["problems"]}
        assert set(told) == {"protection_days", "auto_approve_below"}
        assert told == {
            "protection_days": "Enter a whole number.",
            "auto_approve_below": "Enter the number alone, such as 120000 or 120 000.50.",
        }
    draft.refresh_from_db()
    assert (draft.appeal_days, draft.protection_days) == (20, 60)
    assert 'value="ninety"' in again.content.decode() and 'value="12 apples"' in again.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"final_notice_days": "99999999999"}, "Enter days from 1 to 730 with commas between, such as 7, 1."),
        ({"final_notice_days": "7.5"}, "Enter days from 1 to 730"),
        ({"final_notice_days": "1 " * 11}, "Enter at most 10 days."),
        ({"protection_days": "99999999999999999999"}, "Enter 730 or less."),
        ({"protection_days": "9" * 5000}, "Enter 730 or less."),
        ({"protection_days": "-5"}, "Enter 1 or more."),
        ({"protection_days": "😀"}, "Enter a whole number."),
        ({"protection_days": "2020-01-01"}, "Enter a whole number."),
        ({"protection_days": ""}, "Enter a number."),
        ({"protection_days": "\x00"}, "Enter a number."),
        ({"open_most_gold": "1,000,001"}, "Enter 1,000,000 or less."),
        ({"auto_approve_below": "1e500"}, "Enter the number alone"),
        ({"auto_approve_below": "9" * 40}, "at most 12 digits"),
        ({"auto_approve_below": "999999999999.9951"}, "at most 12 digits"),
        ({"auto_approve_below": "-1"}, "An amount can't be below zero."),
        ({"auto_approve_below": ""}, "Enter an amount."),
        ({"review_score": "NaN"}, "Enter a number from 0 to 100"),
        ({"review_score": "1e400"}, "Enter 100 or less."),
        ({"review_score": "42.55"}, "Enter one decimal at most"),
        ({"least_tier": "iron"}, "What was chosen is not in the list any more"),
        ({"registering_kinds": ["bakery"]}, "Enter a list of values."),
    ],
)
def test_nonsense_is_explained_and_kept_never_a_fault(changes, words, desk, draft):
    answer = desk.post(address("edit_draft", draft), entered(draft, **changes), follow=True)

    assert answer.status_code == 200
    ((setting, typed),) = changes.items()
    assert [(one.setting, words in one.problem) for one in answer.context["problems"]] == [(setting, True)]
    draft.refresh_from_db()
    kept = typed if isinstance(typed, str) else typed[-1]
    assert draft.unfinished == {setting: kept.replace("\x00", "")[:200]}
    publish = desk.get(address("publish_draft", draft))
    assert "It can't be published yet" in publish.content.decode()


@pytest.mark.parametrize(
    ("changes", "values"),
    [
        ({"protection_days": " ٩٠ "}, {"protection_days": 90}),
        ({"protection_days": "９０"}, {"protection_days": 90}),
        ({"prechecks_per_day": "1,000"}, {"prechecks_per_day": 1000}),
        ({"open_most_platinum": "12 000"}, {"open_most_platinum": 12_000}),
        ({"final_notice_days": "٧، ١"}, {"final_notice_days": [7, 1]}),
        ({"final_notice_days": "1; 14 7"}, {"final_notice_days": [14, 7, 1]}),
        ({"review_score": "42,5 %"}, {"review_score": 0.425}),
        ({"auto_approve_below": "١٢٠٬٠٠٠٫٥"}, {"auto_approve_below": Decimal("120000.50")}),
    ],
)
def test_numbers_are_read_as_people_of_all_places_type_them(changes, values, desk, draft):
    answer = desk.post(address("edit_draft", draft), entered(draft, **changes), follow=True)

    assert [one.problem for one in answer.context["problems"]] == []
    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in values} == values


@pytest.mark.parametrize(
    "sent", [{}, {"revision": ""}, {"revision": "x"}, {"revision": "1", "note": "x" * 201}]
)
def test_a_broken_page_is_told(sent, desk, draft):
    for name in ("edit_draft", "draft_live"):
        answer = desk.post(address(name, draft), sent)
        assert answer.status_code == 422 and "Not saved" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_the_second_of_two_is_told_and_keeps_what_was_typed(desk, draft, ada):
    save_draft(draft, by=ada, revision=1, settings={"appeal_days": 20})

    live = desk.post(address("draft_live", draft), entered(draft, protection_days="90"))
    page = desk.post(address("edit_draft", draft), entered(draft, protection_days="90"))

    for answer in (live, page):
        assert answer.status_code == 409
        assert "Ada saved this draft in the meantime" in answer.content.decode()
    assert 'value="90"' in page.content.decode()
    assert "If you save now, what you entered takes the place" in page.content.decode()
    differs = [(change.setting, change.before, change.after) for change in page.context["differs"]]
    assert differs == [("protection_days", "60 days", "90 days"), ("appeal_days", "20 days", "14 days")]
    assert "saved is <strong>20 days</strong>, on this page stands <strong>14 days</strong>" in (
        page.content.decode()
    )
    # Typing there must not decide it: the page saves itself no more until somebody presses the button.
    assert address("draft_live", draft) not in page.content.decode()
    assert address("draft_live", draft) in desk.get(address("edit_draft", draft)).content.decode()
    draft.refresh_from_db()
    assert (draft.appeal_days, draft.protection_days) == (20, 60)
    again = entered(draft, protection_days="90", revision=page.context["draft"].revision)
    assert desk.post(address("edit_draft", draft), again).status_code == 302


def test_a_button_pressed_while_the_page_saves_itself_is_no_conflict(desk, draft, olga):
    desk.post(address("draft_live", draft), entered(draft, protection_days="9"))

    assert desk.post(address("edit_draft", draft), entered(draft, protection_days="90")).status_code == 302
    late = desk.post(address("draft_live", draft), entered(draft, protection_days="9", revision=2))
    assert late.status_code == 409  # what the page had sent before the button came in after it
    left = entered(draft, protection_days="90", appeal_days="20", revision=2, leaving="1")
    assert desk.post(address("draft_live", draft), left).status_code == 200
    draft.refresh_from_db()
    assert draft.protection_days == 90
    RegistrationPolicy.objects.filter(pk=draft.pk).update(changed_at=database_clock() - timedelta(minutes=1))
    assert desk.post(address("edit_draft", draft), entered(draft, revision=2)).status_code == 409


def test_publishing_shows_the_difference_and_who_is_told(desk, draft, alice, charlie):
    desk.post(address("edit_draft", draft), entered(draft, protection_days="90", then="publish"))

    page = desk.get(address("publish_draft", draft)).content.decode()
    assert "In force: 60 days" in page and "Then: 90 days" in page
    assert "2 partners are told of it soon after" in page
    day = timezone.localtime(database_clock() + timedelta(days=9))
    form = {"note": "Longer deals.", "begins": "later", "revision": "2"}
    later = {**form, "effective_from": f"{day:%Y-%m-%dT%H:%M}"}
    answer = desk.post(address("publish_draft", draft), later, follow=True)

    made = RegistrationPolicy.objects.get(pk=draft.pk)
    assert (made.note, made.published_by.name, made.is_draft) == ("Longer deals.", "Olga", False)
    assert f"Version 2 is published and applies from {day:%-d %b %Y}" in answer.content.decode()
    for name in ("edit_draft", "publish_draft"):
        assert desk.get(address(name, made)).status_code == 302


def test_publishing_says_what_it_and_a_version_that_waits_take_from_each_other(desk, draft, olga):
    """Each version is whole: one that was begun before another was published knows nothing of it."""
    draft = save_draft(draft, by=olga, revision=1, settings={"protection_days": 90})
    assert desk.get(address("publish_draft", draft)).context["ahead"] == []
    begins = database_clock() + timedelta(days=9)
    brings = {"appeal_days": 30, "protection_days": 90}
    waits = publish_version(by=olga, settings=brings, note="Appeals.", effective_from=begins)
    after = publish_version(
        by=olga,
        settings={**brings, "cooling_off_days": 5},
        note="Back.",
        effective_from=begins + timedelta(9),
    )

    answer = desk.get(address("publish_draft", draft))

    told = {
        one.number: [(change.setting, change.before, change.after) for change in one.taken_back]
        for one in answer.context["ahead"]
    }
    assert told == {
        waits.version: [("appeal_days", "30 days", "14 days")],
        after.version: [("cooling_off_days", "5 days", "30 days")],
    }
    page = " ".join(answer.content.decode().split())
    assert f"Version {waits.version} begins on " in page
    assert "<strong>14 days</strong> instead of 30 days" in page


def test_the_way_back_from_a_version_that_waits_is_published_from_the_page(desk, draft, olga):
    """What it changes is said for each day that can be chosen."""
    begins = database_clock() + timedelta(days=9)
    waits = publish_version(
        by=olga, settings={"appeal_days": 30}, note="December alone.", effective_from=begins
    )

    page = desk.get(address("publish_draft", draft))
    assert [
        (span.before, [(one.setting, one.before, one.after) for one in span.changes], span.since, span.until)
        for span in page.context["spans"]
    ] == [(1, [], "", day(begins)), (waits.version, [("appeal_days", "30 days", "14 days")], day(begins), "")]
    told = " ".join(strip_tags(page.content.decode()).split())
    assert f"if it begins before {day(begins)} Nothing: it is as the version in force. Choose another" in told
    assert f"What it changes if it begins on {day(begins)} or later" in told
    assert f"Version {waits.version}: 30 days" in told and "Then: 14 days" in told

    form = {"note": "As before.", "begins": "later", "revision": "1"}
    sooner, later = (timezone.localtime(begins + timedelta(days=gap)) for gap in (-2, 9))
    refused = desk.post(
        address("publish_draft", draft), form | {"effective_from": f"{sooner:%Y-%m-%dT%H:%M}"}
    )
    assert "Nothing differs from version 1, which applies before it." in refused.content.decode()
    answer = desk.post(address("publish_draft", draft), form | {"effective_from": f"{later:%Y-%m-%dT%H:%M}"})
    assert answer.status_code == 302
    at = later + timedelta(days=1)
    assert RegistrationPolicy.objects.in_force(at).note == "As before."
    assert RegistrationPolicy.objects.in_force(at).appeal_days == 14


@pytest.mark.parametrize(("days", "place"), [(4, 0), (14, 1), (40, 2)])
def test_who_is_told_is_counted_against_what_applies_before_the_day(
    days, place, desk, draft, olga, alice, charlie, northgate, southridge
):
    for firm, tier in ((northgate, "silver"), (southridge, "gold")):
        Partner.objects.filter(pk=firm.pk).update(tier=tier)
    for after, settings in ((9, {"open_most_silver": 90}), (19, {"appeal_days": 30})):
        begins = database_clock() + timedelta(days=after)
        publish_version(by=olga, settings=settings, note="Waits.", effective_from=begins)
    tell_of_versions()
    draft = save_draft(draft, by=olga, revision=1, settings={"open_most_gold": 300}, note="More for gold.")

    spans = desk.get(address("publish_draft", draft)).context["spans"]
    begins = database_clock() + timedelta(days=days)
    publish_draft(draft, by=olga, revision=2, effective_from=begins)
    tell_of_versions()

    assert [span.firms for span in spans] == [1, 2, 2]
    assert VersionNews.objects.get(policy=draft, kind="announced").firms == spans[place].firms


@pytest.mark.parametrize(
    "changes",
    [
        {"begins": "later"},
        {"begins": "later", "effective_from": "2020-01-01T00:00"},
        {"begins": "later", "effective_from": "soon"},
        {"begins": "later", "effective_from": "9999-12-31T23:59"},
        {"begins": "never"},
        {"note": ""},
        {"note": "x" * 201},
        {"revision": ""},
    ],
)
def test_what_cannot_be_published_is_explained_and_stays_a_draft(changes, desk, draft, olga):
    draft = save_draft(draft, by=olga, revision=1, settings={"protection_days": 90})
    sent = {"note": "Longer.", "begins": "now", "revision": "2", **changes}

    answer = desk.post(address("publish_draft", draft), sent)

    assert answer.status_code == 422 and "data-error-summary" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.is_draft, draft.revision) == (True, 2)


def test_an_hour_that_does_not_exist_is_told_in_plain_words(desk, draft, olga):
    with timezone.override("Europe/Berlin"):
        errors = PublishForm({"begins": "later", "effective_from": "2027-03-28T02:30"}).errors

    assert errors["effective_from"] == [
        "The clocks change in that hour, so that time comes twice or not at all. Choose another."
    ]


@pytest.mark.parametrize("name", ["edit_draft", "publish_draft"])
def test_who_comes_after_it_was_published_reads_that_nothing_was_saved(name, desk, draft, olga, ada):
    draft = save_draft(draft, by=olga, revision=1, settings={"protection_days": 90}, note="Longer.")
    publish_draft(draft, by=ada, revision=2)

    answer = desk.post(address(name, draft), entered(draft, protection_days="30"), follow=True)

    assert answer.redirect_chain[0][0] == address("version", draft)
    assert "Version 2 was published meanwhile. What you sent changed nothing." in answer.content.decode()
    assert RegistrationPolicy.objects.get(version=2).protection_days == 90


def test_a_draft_that_was_published_under_a_later_number_is_not_called_deleted(desk, draft, olga, ada):
    other = save_draft(begin_draft(by=ada), by=ada, revision=1, settings={"appeal_days": 20}, note="More.")
    publish_draft(other, by=ada, revision=2)
    was = address("edit_draft", draft)
    draft = save_draft(draft, by=olga, revision=1, settings={"protection_days": 90}, note="Longer.")
    published = publish_draft(draft, by=ada, revision=2)
    assert published.version == 4

    answer = desk.post(was, {**entered(draft, protection_days="30"), "draft": draft.pk}, follow=True)

    assert "Version 4 was published meanwhile. What you sent changed nothing." in answer.content.decode()


def test_a_draft_changed_meanwhile_is_shown_again_before_it_is_published(desk, draft, olga, ada):
    draft = save_draft(draft, by=olga, revision=1, settings={"protection_days": 90}, note="Longer.")
    save_draft(draft, by=ada, revision=2, settings={"appeal_days": 20})
    sent = {"note": "Longer.", "begins": "now", "revision": "2"}

    answer = desk.post(address("publish_draft", draft), sent)

    page = answer.content.decode()
    assert answer.status_code == 409 and "Ada saved this draft" in page and "Then: 20 days" in page
    assert desk.post(address("publish_draft", draft), {**sent, "revision": "3"}).status_code == 302


def test_deleting(desk, draft, olga):
    answer = desk.post(address("delete_draft", draft), follow=True)

    assert "Draft 2 is deleted." in answer.content.decode()
    assert not RegistrationPolicy.objects.drafts().exists()
    assert desk.get(address("edit_draft", draft)).status_code == 404
    for following in (None, begin_draft):  # another draft may have its number by then
        other = following(by=olga) if following else None
        for name in ("edit_draft", "draft_live", "publish_draft", "delete_draft"):
            sent = {**entered(draft, protection_days="30"), "draft": draft.pk}
            late = desk.post(address(name, draft), sent)
            assert late.status_code == 409
            assert "Draft 2 was deleted meanwhile. What you sent was not saved." in late.content.decode()
    other.refresh_from_db()
    assert (other.version, other.protection_days, other.revision) == (2, 60, 1)


def test_the_page_of_a_draft_asks_as_often_however_much_was_changed(desk, draft, olga, ada):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get(address("edit_draft", draft))
    counts = []
    for revision, settings in enumerate(
        ({"appeal_days": 20}, {"protection_days": 90, "reminder_days": 10}), 1
    ):
        save_draft(draft, by=ada, revision=revision, settings=settings)
        with CaptureQueriesContext(connection) as asked:
            desk.get(address("edit_draft", draft))
        counts.append(len(asked))
    assert counts[0] == counts[1]
