"""Fields that take what people really type."""

import pytest
from django.core.exceptions import ValidationError

from core.fields import LineField, TextField

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
