"""Operations' own dos and don'ts that are planned: put off, brought forward, taken back, corrected. On every day partners read
what the list says, and one of two texts where one comes in the place of another."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from core.clock import database_clock, fixed
from core.errors import BadInput, StaleVersion, WrongStatus
from core.vendor_days import midnight
from policies.models import Guidance
from policies.services.guidance import change_text, end_text, write_text
from policies.shown import day_words
from policies.views.partner_page import own_words
from tests.policies.makers import in_days, today
from tests.policies.test_binding_pages import text_of

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LIST, NET, GROSS = "Quote list prices.", "Quote net prices.", "Quote gross prices."


def read(*days):
    """What partners read at the end of each of the days to come."""
    return [[one.text for one in own_words(midnight(in_days(day + 1)) - SECOND)] for day in days]


def words_of(day):
    return day_words(midnight(in_days(day)))


def last(text):
    return Guidance.objects.get(text=text, ended_at=None)


@pytest.fixture
def planned(olga):
    """Of list prices now, of net prices from the tenth day on."""
    now = write_text(by=olga, kind="do", text=LIST, begins_on=today())
    return now, change_text(now, by=olga, kind="do", text=NET, begins_on=in_days(10))


@pytest.fixture
def three(planned, olga):
    """Of list prices now, of gross ones from the fifth day on, of net ones from the tenth on."""
    now, then = planned
    between = change_text(now, by=olga, kind="do", text=GROSS, begins_on=in_days(5))
    return now, between, then


def test_what_a_text_that_is_taken_back_was_to_replace_goes_on(planned, olga):
    now, then = planned
    end_text(then, by=olga)

    assert read(0, 9, 10, 300) == [[LIST]] * 4
    now.refresh_from_db()
    assert (now.ended_at, now.ended_by) == (None, None)
    again = change_text(now, by=olga, kind="do", text=GROSS, begins_on=in_days(3))
    assert again.replaces == now and read(2, 3, 10) == [[LIST], [GROSS], [GROSS]]


@pytest.mark.parametrize("day", [0, 2, 15])
@pytest.mark.parametrize("text", [NET, GROSS])
def test_what_stands_before_ends_as_the_other_comes_whenever_that_is(planned, olga, day, text):
    change_text(planned[1], by=olga, kind="do", text=text, begins_on=in_days(day))

    assert read(day, 9, 10, 15) == [
        [text],
        [text if day < 10 else LIST],
        [text if day < 11 else LIST],
        [text],
    ]
    if day:
        assert read(day - 1) == [[LIST]]


def test_a_day_alone_is_a_change_of_what_is_coming_and_none_of_what_stands(planned, olga):
    now, then = planned
    with pytest.raises(BadInput, match="Nothing differs"):
        change_text(then, by=olga, kind="do", text=NET, begins_on=in_days(10))
    with pytest.raises(BadInput, match="Nothing differs"):
        change_text(now, by=olga, kind="do", text=LIST, begins_on=in_days(3))
    assert read(9, 10) == [[LIST], [NET]]


def test_the_present_text_is_corrected_and_what_is_planned_still_comes(planned, olga):
    now, then = planned
    right = change_text(now, by=olga, kind="dont", text=GROSS, begins_on=today())

    assert read(0, 9, 10) == [[GROSS], [GROSS], [NET]]
    then.refresh_from_db()
    assert then.replaces == right
    end_text(then, by=olga)
    assert read(9, 10) == [[GROSS], [GROSS]]  # of the two, the corrected one goes on


def test_the_present_text_ends_at_once_and_comes_back_no_more(planned, olga):
    now, then = planned
    end_text(now, by=olga)

    assert read(0, 9, 10) == [[], [], [NET]]
    later = change_text(then, by=olga, kind="do", text=NET, begins_on=in_days(15))
    assert read(10, 14, 15) == [[], [], [NET]]
    end_text(later, by=olga)
    assert read(0, 15) == [[], []]


def test_the_middle_one_of_three_is_moved_between_the_others_and_taken_back(three, olga):
    _now, between, then = three
    assert read(4, 5, 9, 10) == [[LIST], [GROSS], [GROSS], [NET]]
    with pytest.raises(BadInput, match=r"‘Quote net prices\.’ comes in its place on") as refused:
        change_text(between, by=olga, kind="do", text=GROSS, begins_on=in_days(10))
    assert refused.value.field == "begins_on"
    with pytest.raises(BadInput, match=r"‘Quote gross prices\.’ comes on .*, before this one") as refused:
        change_text(then, by=olga, kind="do", text=NET, begins_on=in_days(5))
    assert refused.value.field == "begins_on"

    moved = change_text(between, by=olga, kind="do", text=GROSS, begins_on=in_days(7))
    assert read(6, 7, 9, 10) == [[LIST], [GROSS], [GROSS], [NET]]
    end_text(moved, by=olga)
    assert read(6, 9, 10) == [[LIST], [LIST], [NET]]
    then.refresh_from_db()
    end_text(then, by=olga)
    assert read(10) == [[LIST]]


def test_a_text_that_never_began_is_taken_back_from_before_another(olga):
    first = write_text(by=olga, kind="do", text=LIST, begins_on=in_days(5))
    moved = change_text(first, by=olga, kind="do", text=LIST, begins_on=in_days(7))
    end_text(moved, by=olga)

    assert read(0, 5, 7) == [[], [], []]
    assert not Guidance.objects.scheduled(database_clock()).exists()
    assert not Guidance.objects.past(midnight(in_days(9))).exists()


def test_what_somebody_saw_beside_it_is_still_there_or_they_look_again(planned, olga):
    now, then = planned
    seen = then.neighbours(database_clock())
    right = change_text(now, by=olga, kind="do", text=GROSS, begins_on=today())

    with pytest.raises(StaleVersion):
        end_text(then, by=olga, neighbours=seen)
    with pytest.raises(StaleVersion):
        change_text(then, by=olga, kind="do", text=NET, begins_on=in_days(3), neighbours=seen)
    moved = change_text(then, by=olga, kind="do", text=NET, begins_on=in_days(11))
    assert moved.replaces == right
    for gone in (now, then):
        with pytest.raises(WrongStatus):
            end_text(gone, by=olga)
    assert read(10, 11) == [[GROSS], [NET]]


def test_the_pages_say_what_follows(client, planned, olga):
    now, then = planned
    client.force_login(olga)
    listed = client.get(reverse("policies:guidance"))
    (shown,), (coming,) = listed.context["shown"], listed.context["coming"]
    assert (shown["ended"], coming["begins"]) == (words_of(9), words_of(10))
    page = text_of(listed)
    assert f"in place of ‘{LIST}’" in page and f"‘{LIST}’ goes on." in page
    assert f"Nothing stands in its place until ‘{NET}’ comes on {words_of(10)}." in page

    edit = reverse("policies:edit_text", args=[then.pk])
    assert f"Partners read ‘{LIST}’ until this one comes" in text_of(client.get(edit))
    sent = {"kind": "do", "text": NET, "begins_on": in_days(15).isoformat()}
    put_off = text_of(client.post(edit, sent | {"neighbours": coming["neighbours"]}, follow=True))
    assert f"Partners read it from {words_of(15)} on. ‘{LIST}’ stands until then." in put_off
    assert client.get(edit).status_code == 409  # another one is in its place
    correct = reverse("policies:edit_text", args=[now.pk])
    assert f"‘{NET}’ comes in its place on {words_of(15)}" in text_of(client.get(correct))

    moved = last(NET)
    told = client.post(reverse("policies:end_text", args=[moved.pk]), follow=True)
    assert f"Taken back. ‘{LIST}’ goes on." in text_of(told)
    assert [one["ended"] for one in told.context["shown"]] == [""] and read(15) == [[LIST]]


def test_a_form_that_is_overtaken_is_shown_again_with_what_was_typed(client, olga):
    now = write_text(by=olga, kind="do", text=LIST, begins_on=today())
    client.force_login(olga)
    page = reverse("policies:edit_text", args=[now.pk])
    opened = client.get(page).context["form"].initial
    change_text(now, by=olga, kind="do", text=NET, begins_on=in_days(10))
    sent = {"kind": "do", "text": GROSS, "begins_on": today().isoformat()}

    stale = client.post(page, sent | {"neighbours": opened["neighbours"]})
    assert stale.status_code == 409 and GROSS in text_of(stale)
    assert f"‘{NET}’ comes in its place on {words_of(10)}" in text_of(stale)
    assert read(0, 10) == [[LIST], [NET]]
    again = client.post(page, sent | {"neighbours": stale.context["form"]["neighbours"].value()})
    assert again.status_code == 302 and read(0, 9, 10) == [[GROSS], [GROSS], [NET]]
    dialog = {"neighbours": opened["neighbours"]}
    assert client.post(reverse("policies:end_text", args=[last(NET).pk]), dialog).status_code == 409
    assert read(10) == [[NET]]


def test_what_was_planned_before_is_put_in_line(olga):
    """As it was written until then: what was never shown stood in the chain, and what it was to replace ended on its day."""

    def text(words, begins, ends=None, replaces=None):
        begins_at, ended_at = (day if day is None else midnight(in_days(day)) for day in (begins, ends))
        by = {"created_by": olga, "created_at": database_clock(), "ended_by": olga if ended_at else None}
        values = {
            "kind": "do",
            "text": words,
            "begins_at": begins_at,
            "ended_at": ended_at,
            "replaces": replaces,
        }
        return Guidance.objects.create(**values, **by)

    taken_back = text("Over.", 5, 5, replaces=text("Goes on.", -9, 5))
    put_off = text("Then.", 8, 8, replaces=text("Later.", -9, 8))
    final = text("At last.", 15, replaces=text("Then.", 9, 9, replaces=put_off))
    sooner = text("Sooner.", -1, replaces=text("Now.", 20, 20, replaces=text("Long.", -9, 20)))
    early = text("Early.", -9, -2)

    import_module("policies.migrations.0019_texts_in_line").mend(apps, None)

    assert read(1, 5, 8, 14, 15) == [["Goes on.", "Later.", "Sooner."]] * 4 + [
        ["Goes on.", "Sooner.", "At last."]
    ]
    for row, replaced in ((taken_back, None), (put_off, None), (final, "Later."), (sooner, "Long.")):
        row.refresh_from_db()
        assert (row.replaces and row.replaces.text) == replaced
    early.refresh_from_db()
    assert early.ended_at == midnight(in_days(-2))


def test_what_was_typed_for_a_text_that_another_one_has_replaced_is_shown_again(client, olga):
    now = write_text(by=olga, kind="do", text=LIST, begins_on=today())
    client.force_login(olga)
    page = reverse("policies:edit_text", args=[now.pk])
    opened = client.get(page).context["form"].initial
    change_text(now, by=olga, kind="do", text=NET, begins_on=today())

    sent = {"kind": "do", "text": GROSS, "begins_on": today().isoformat(), "neighbours": opened["neighbours"]}
    late = client.post(page, sent)

    assert late.status_code == 409
    assert GROSS in text_of(late) and "was changed or ended already" in text_of(late)
    assert read(0) == [[NET]]


def test_who_would_take_back_a_text_that_is_shown_by_now_is_asked_again(olga):
    coming = write_text(by=olga, kind="do", text=LIST, begins_on=in_days(1))
    seen = coming.neighbours(database_clock())

    with pytest.raises(StaleVersion):
        end_text(coming, by=olga, neighbours=seen, clock=fixed(midnight(in_days(1))))
    assert read(1) == [[LIST]]
