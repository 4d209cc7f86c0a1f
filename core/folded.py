"""Text without case and without accents, told the same by Python and by PostgreSQL: 'Größe' and 'grosse' differ in one sign
only, 'MÜLLER' and 'muller', 'großen' and 'GROSSEN' in none. For searching; nothing is stored so."""

import unicodedata
from collections.abc import Iterator

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Concat, Replace

_LETTERS = (range(0x41, 0x5B), range(0xC0, 0x250), range(0x370, 0x530), range(0x1E00, 0x1F00))
# Combining accents, and the vowel signs of Arabic and Hebrew.
_MARKS = (range(0x300, 0x370), range(0x591, 0x5BE), range(0x64B, 0x660), range(0x640, 0x641))
# Letters with a stroke are no letters with an accent to Unicode; those of two letters come before the others.
_STROKES = dict(zip("øØłŁđĐðÐıħĦŧŦ", "oollddddihhtt", strict=True))
_TWO_LETTERS = {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"}


def _pairs() -> Iterator[tuple[str, str]]:
    for letter in (chr(number) for block in _LETTERS for number in block):
        plain = _STROKES.get(letter) or unicodedata.normalize("NFD", letter)[0].lower()
        if plain != letter and len(plain) == 1 and letter not in _TWO_LETTERS:
            yield letter, plain


_MARK_SIGNS = "".join(chr(number) for block in _MARKS for number in block)
_FROM = "".join(letter for letter, _ in _pairs())
_TO = "".join(plain for _, plain in _pairs())
_TABLE = str.maketrans(_FROM, _TO, _MARK_SIGNS) | str.maketrans(_TWO_LETTERS)


def fold(text: str) -> str:
    """The text as `Folded` has it."""
    return text.translate(_TABLE)


class Folded(Func):
    """Columns of text, one after the other, folded by the database."""

    function = "TRANSLATE"
    output_field = TextField()

    def __init__(self, *columns: str) -> None:
        pieces: list[F | Value] = []
        for column in columns:
            pieces += [F(column), Value(" ")]
        whole: Func = Concat(*pieces, output_field=TextField())
        for letter, letters in _TWO_LETTERS.items():
            whole = Replace(whole, Value(letter), Value(letters), output_field=TextField())
        # What has no counterpart in the second list is left out.
        super().__init__(whole, Value(_FROM + _MARK_SIGNS), Value(_TO))
