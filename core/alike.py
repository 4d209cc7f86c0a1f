"""Names that readers would take for one another: alike but for capitals, spaces, and forms of a letter that look the same."""

from typing import Any

from django.db import models
from django.db.models import Func, Value


class Alike(Func):
    """A name as it is compared, by the database alone: composed letters, no capitals, no spaces. Fit for an index."""

    template = r"lower(regexp_replace(normalize(%(expressions)s, NFKC), '\s+', '', 'g'))"
    output_field = models.TextField()


def alike(rows: Any, name: str, field: str = "name") -> Any:
    """The rows of a queryset whose `field` reads like `name`."""
    return rows.alias(alike_key=Alike(field)).filter(alike_key=Alike(Value(name)))


def tell_apart(rows: Any, field: str = "name") -> None:
    """Numbers names that read alike, '… (2)', the first one keeps its own: for the migration that forbids them."""
    longest = rows.model._meta.get_field(field).max_length
    for row in rows.order_by("pk"):
        name, number = getattr(row, field), 1
        while alike(
            rows.filter(pk__lt=row.pk) if number == 1 else rows.exclude(pk=row.pk), getattr(row, field), field
        ).exists():
            number += 1
            end = f" ({number})"
            setattr(row, field, name[: longest - len(end)] + end)
        if number > 1:
            row.save(update_fields=[field])
