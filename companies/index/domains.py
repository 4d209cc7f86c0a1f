"""The stored domains of companies and named accounts follow the lists that domains are reduced by."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from companies.matching import domain_as_name, evident_domain, registrable_domain
from companies.models import Company, NamedAccount

_BATCH = 2_000
# Only where nobody changed the website meanwhile. A domain that is another may make doubles, so they are looked for anew.
_WRITE = """
UPDATE companies_company AS c SET domain = told.domain, doubles_seen = 0
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS told(id, website, stored, domain)
 WHERE c.id = told.id AND c.website = told.website AND c.domain = told.stored
"""

_Told = tuple[int, str, str, str]


def bring_domains_in_step() -> int:
    """Reduces every stored domain anew by this code's lists; returns how many companies have another one now.

    To be called before the index is said to be of this version: a run that was cut off is then done again. Each batch
    commits by itself where no transaction is open.
    """
    for account in NamedAccount.objects.exclude(website="").only("website", "domain").iterator():
        if (domain := registrable_domain(account.website)) != account.domain:
            NamedAccount.objects.filter(pk=account.pk, website=account.website).update(domain=domain)
    return sum(_write(batch) for batch in _batches())


def domain_anew(website: str, stored: str, name: str) -> str:
    """A company's domain by this code's lists, given what an older version stored: from the website; without one what is stored
    came from a mail address or from the name."""
    return evident_domain(website or stored) or (domain_as_name(name) if stored else "")


def _batches() -> Iterator[list[_Told]]:
    after = 0
    while True:
        known = Company.objects.exclude(website="", domain="").filter(pk__gt=after).order_by("pk")
        rows = list(known.values_list("pk", "website", "domain", "name")[:_BATCH])
        if not rows:
            return
        after = rows[-1][0]
        anew = (
            (pk, website, stored, domain_anew(website, stored, name)) for pk, website, stored, name in rows
        )
        yield [told for told in anew if told[2] != told[3]]


def _write(batch: list[_Told]) -> int:
    if not batch:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever locks companies does so in id order.
        ids = [told[0] for told in batch]
        list(
            Company.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
        )
        cursor.execute(_WRITE, [list(column) for column in zip(*batch, strict=True)])
        return int(cursor.rowcount)
