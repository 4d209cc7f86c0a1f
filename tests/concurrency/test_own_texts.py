"""Two people at operations' own texts: a change moves the end of the text before it and the link of the one after, so one is made
after another. The control takes the line away."""

import pytest
from django.db import IntegrityError

from core.vendor_days import midnight
from policies.models import Guidance
from policies.services import guidance
from tests.concurrency.racing import meeting, race
from tests.policies.makers import in_days, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def both(olga, monkeypatch):
    """Corrects the present text and puts off the one that is planned, at the same moment."""
    now = guidance.write_text(by=olga, kind="do", text="Now.", begins_on=today())
    then = guidance.change_text(now, by=olga, kind="do", text="Then.", begins_on=in_days(10))
    monkeypatch.setattr(guidance, "_begin", meeting(guidance._begin, 2))

    def change(text, words, day):
        return guidance.change_text(text, by=olga, kind="do", text=words, begins_on=in_days(day))

    return lambda: race(lambda: change(now, "Corrected.", 0), lambda: change(then, "Then.", 15))


def test_a_correction_and_a_new_day_at_once_leave_one_text_on_every_day(both):
    corrected, put_off = both()

    assert Guidance.objects.get(pk=put_off.pk).replaces == corrected
    read = [[text.text for text in Guidance.objects.in_force(midnight(in_days(day)))] for day in (1, 12, 15)]
    assert read == [["Corrected."], ["Corrected."], ["Then."]]


def test_without_the_line_one_of_them_ends_in_an_error(both, monkeypatch):
    monkeypatch.setattr(guidance, "wait_in_line", lambda number: None)

    assert [type(result) for result in both()].count(IntegrityError) == 1
