"""Fields that take what people really type."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError

from core.fields import DayField, LineField, TextField

FIELDS = [LineField(max_length=80), TextField(max_length=80)]


@pytest.mark.parametrize("field", FIELDS, ids=["line", "text"])
@pytest.mark.parametrize("typed", ["\u200d", " \u200c\u200d ", "\u2800", "\u3164 \u3164"])
def test_what_shows_nothing_is_no_answer(field: LineField, typed: str) -> None:
    with pytest.raises(ValidationError):
        field.clean(typed)


@pytest.mark.parametrize("field", FIELDS, ids=["line", "text"])
@pytest.mark.parametrize("typed", ["نمی\u200cخواهم", "👩\u200d💻", "a"])
def test_joiners_within_words_stay(field: LineField, typed: str) -> None:
    assert field.clean(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "2027-02-01",
        " 2027/2/1 ",
        "1.2.2027",
        "01.02.2027",
        "1 Feb 2027",
        "1 February 2027",
        "Feb 1, 2027",
    ],
)
def test_a_day_that_is_read_in_one_way_alone_is_taken(typed: str) -> None:
    assert DayField().clean(typed) == date(2027, 2, 1)


@pytest.mark.parametrize(
    "typed", ["01/02/2027", "13/02/2027", "02/13/2027", "01/02/27", "01-02-2027", "1.2.27", "010227"]
)
def test_a_day_that_could_be_another_one_is_asked_for_again(typed: str) -> None:
    with pytest.raises(ValidationError, match="Enter a day such as"):
        DayField().clean(typed)
    with pytest.raises(ValidationError):
        forms.DateField().clean(typed)
    with pytest.raises(ValidationError):
        forms.DateTimeField().clean(f"{typed} 09:00")
