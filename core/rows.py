"""Rows that are written once and one by one, such as mails and entries of a timeline.

Model.save and bulk_create put their statement together for each row, which takes longer than the database takes for it.
Here it is put together once for each model. Signals are not sent.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """Writes a new row; afterwards it has its id. Raises IntegrityError as `save` does."""
    insert_all([row])


def insert_all(rows: Sequence[Model]) -> None:
    """Writes new rows of one model with one statement; afterwards they have their ids."""
    if rows:
        _store(rows, _execute(rows, ""))


def insert_once(row: Model) -> bool:
    """Writes a new row unless a UNIQUE stands in its way: then False, and the row that was there stays as it is. Of two at
    the same time the second waits for the first."""
    found = _execute([row], " ON CONFLICT DO NOTHING")
    _store([row], found)
    return bool(found)


def _execute(rows: Sequence[Model], otherwise: str) -> list[Any]:
    """The ids of what was written, in the order of `rows`."""
    fields, begin, places, end = _statement(type(rows[0]))
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{begin}{', '.join([places] * len(rows))}{otherwise}{end}", values)
        return [found for (found,) in cursor.fetchall()]


def _store(rows: Sequence[Model], ids: list[Any]) -> None:
    for row, pk in zip(rows, ids, strict=False):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias


@cache
def _statement(model: type[Model]) -> tuple[list["Field[Any, Any]"], str, str, str]:
    """The fields, and the statement's beginning, a row's places in it, and its end."""
    meta, quoted = model._meta, connection.ops.quote_name
    assert meta.pk is not None and meta.pk.column is not None
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(_place(field) for field in fields)
    begin = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES "
    return fields, begin, f"({places})", f" RETURNING {quoted(meta.pk.column)}"


def _place(field: "Field[Any, Any]") -> str:
    """Arrays say of what they are, as Django has it; an empty one could be of anything."""
    own = getattr(field, "get_placeholder", None)
    return str(own(None, None, connection)) if own else "%s"
