"""Correcting what is known of a company."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from companies import permissions
from companies.enums import ChangeKind
from companies.matching import evident_domain
from companies.matching.fold import clean_display
from companies.models import Change, Company
from companies.services import changes
from companies.services.locks import lock_companies, lock_registry
from companies.services.registry import country_code
from core.clock import Clock, database_clock
from core.errors import BadInput, StaleVersion, WrongStatus

LENGTHS = {"website": 300, "country": 2, "city": 120, "postcode": 20, "phone": 40}


@transaction.atomic
def edit_facts(
    company: Company,
    facts: Mapping[str, str],
    *,
    by: User | None,
    version: int | None = None,
    reason: str = "",
    clock: Clock = database_clock,
) -> Change | None:
    """Writes those of website, country, city, postcode and phone that differ; the domain follows the website.

    Returns the change, None where nothing differs. `version` is the company's that the person saw. Raises NotAllowed,
    StaleVersion, BadInput for a country that is none, WrongStatus for a company merged into another.
    """
    permissions.check(by, permissions.JUDGE)
    lock_registry()
    held = lock_companies([company.pk])[company.pk]
    if held.merged_into_id is not None:
        raise WrongStatus("This company was merged into another; correct that one.")
    if version is not None and version != held.version:
        raise StaleVersion("Somebody changed this company after you opened it. Look at it again.")
    wanted = {field: clean_display(facts[field])[:most] for field, most in LENGTHS.items() if field in facts}
    if "country" in wanted:
        wanted["country"] = country_code(facts["country"])
        if facts["country"].strip() and not wanted["country"]:
            raise BadInput("Choose a country.", field="country")
    if wanted.get("website", held.website) != held.website:
        wanted["domain"] = evident_domain(wanted["website"])
    before = {field: getattr(held, field) for field, value in wanted.items() if getattr(held, field) != value}
    if not before:
        return None
    after = {field: wanted[field] for field in before}
    Company.objects.filter(pk=held.pk).update(**after)
    return changes.record(
        held, ChangeKind.FACTS, by=by, at=clock(), reason=reason, before=before, after=after
    )
