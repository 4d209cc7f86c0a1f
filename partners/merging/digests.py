"""What rows look like, as a hash: so that a merge that is undone moves back only what nobody touched since."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Model


def columns_of(model: type[Model]) -> list[str]:
    """The table's columns, in order."""
    return [str(field.column) for field in model._meta.concrete_fields]


def digests(model: type[Model], keys: Collection[int], columns: list[str]) -> dict[int, str]:
    """Key → hash over the values of `columns`. Empty where a column is no longer there: then nothing can be compared."""
    if set(columns) - set(columns_of(model)) or not keys:
        return {}
    quote = connection.ops.quote_name
    values = ", ".join(quote(column) for column in columns)
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, md5(ROW({values})::text) FROM {table} WHERE {key} = ANY(%s)", [list(keys)]
        )
        return dict(cursor.fetchall())
