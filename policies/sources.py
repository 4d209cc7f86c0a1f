"""Where the rules of a decision stand, kept with it: the row, and words that both sides may read. A right goes without its
holder."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from policies.models import ProductAuthorisation
from policies.outcome import Outcome
from policies.rulebook import Rulebook
from policies.rules.exclusive_right import scope_words
from policies.shown import day_words

# {'record': 'authorisation:4', 'words': 'Requirement for Gateways, in force since 3 Mar 2026'}: JSON, as it is kept.
Source = dict[str, str]


def sources_of(outcome: Outcome, book: Rulebook) -> list[Source]:
    """The rows by which `book` led to `outcome`, the deciding one first; none where nothing stood against it."""
    words = dict(_words(book))
    return [{"record": record, "words": words.get(record, record)} for record in outcome.records]


def is_version(source: Source) -> bool:
    """Whether it is a version of the registration policy, which every decision names anyhow."""
    return source["record"].startswith("policy:")


def address_of(record: str) -> str:
    """The page of the row, for the vendor's people; '' for one that is not there."""
    kind, _, key = record.partition(":")
    if kind == "policy":
        return reverse("policies:version", args=[key])
    if kind == "right":
        return reverse("policies:right", args=[key])
    row = ProductAuthorisation.objects.select_related("product_line").filter(pk=key).first()
    return reverse("policies:requirement", args=[row.product_line.code]) if row else ""


def _words(book: Rulebook) -> Iterator[tuple[str, str]]:
    yield (
        book.record,
        f"Registration policy, version {book.policy.version}{_since(book.policy.effective_from)}",
    )
    for asked in book.authorisations:
        yield asked.code, f"Requirement for {asked.product_line_name}{_since(asked.from_at)}"
    for right in book.rights:
        yield right.code, f"Distribution right to {scope_words(right)}{_since(right.from_at)}"


def _since(moment: datetime | None) -> str:
    return f", in force since {day_words(moment)}" if moment else ""
