"""Whether the index says what the names say."""

from companies.index.rows import row_of
from companies.models import CompanyName, NameEntry, UnindexedName, Word

Entry = tuple[int, str, tuple[int, ...]]


def entries_wanted() -> dict[int, Entry]:
    """Name id → company, core and keys of every active name of a standing company, made from the texts."""
    names = CompanyName.objects.active().filter(company__merged_into=None)
    rows = {name.pk: (name.company_id, row_of(name.text)) for name in names}
    return {pk: (company_id, row.core, row.keys) for pk, (company_id, row) in rows.items()}


def entries_held() -> dict[int, Entry]:
    """The same as the index has it."""
    return {e.pk: (e.company_id, e.core, tuple(e.keys)) for e in NameEntry.objects.all()}


def assert_in_step() -> None:
    """Every entry is right, none is missing, none is left over, no mark remains, every word is known."""
    assert entries_held() == entries_wanted()
    assert not UnindexedName.objects.exists()
    words = {word for name in CompanyName.objects.active() for word in row_of(name.text).words}
    assert words <= set(Word.objects.values_list("word", flat=True))
