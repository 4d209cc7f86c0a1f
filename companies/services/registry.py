"""Companies come into being here, and get their names; the search's index is kept in step with them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from django.db import transaction

from accounts.models import User
from companies import permissions
from companies.enums import ChangeKind, NameKind
from companies.index.upkeep import keep_in_step
from companies.matching import CompanyQuery, domain_as_name, evident_domain, names_in
from companies.matching.fold import LONGEST, clean_display
from companies.models import Company, CompanyName
from companies.naming import why_no_name
from companies.services import changes
from companies.services.exact import find_exact
from companies.services.locks import lock_companies, lock_registry
from core.clock import Clock, database_clock, fixed
from core.errors import BadInput, WrongStatus


class Resolution(NamedTuple):
    """The company that a query stands for, and whether it was there before."""

    company: Company
    how: Literal["found", "created"]


@transaction.atomic
def find_or_create_company(
    query: CompanyQuery, *, by: User | None, clock: Clock = database_clock, source: str = "registration"
) -> Resolution:
    """The company with exactly the query's name (normalised) and agreeing country and domain, else a new one.

    Takes the registry lock, so that two callers at once never create the same company twice. Nothing of an
    existing company is changed. Raises BadInput for a name without letters or digits.
    """
    check_name(query.name)
    lock_registry()
    found = find_exact(query)
    if found is not None:
        return Resolution(found, "found")
    return Resolution(create_company(query, by=by, clock=clock, source=source), "created")


@transaction.atomic
def create_company(
    query: CompanyQuery, *, by: User | None, clock: Clock = database_clock, source: str = "registration"
) -> Company:
    """A new company with its names, whether or not one like it exists; the names are findable at once.

    'X dba Y' becomes company X with the trading name Y. Raises BadInput for a name without letters or digits.
    """
    check_name(query.name)
    lock_registry()
    company = company_from(query)
    company.save()
    moment = clock()
    CompanyName.objects.bulk_create(names_from(company, query, by=by, moment=moment, source=source))
    keep_in_step()
    return company


def company_from(query: CompanyQuery) -> Company:
    """The unsaved company that a query describes."""
    return Company(
        name=_parts(query)[0][1],
        country=country_code(query.country),
        city=clean_display(query.city)[:120],
        postcode=clean_display(query.postcode)[:20],
        website=clean_display(query.domain)[:300] if "@" not in query.domain else "",
        domain=evident_domain(query.domain) or domain_as_name(query.name),
        phone=clean_display(query.phone)[:40],
    )


def names_from(
    company: Company, query: CompanyQuery, *, by: User | None, moment: datetime, source: str
) -> list[CompanyName]:
    """The unsaved names that a query gives to a company just created."""
    parts = {text: kind for kind, text in reversed(_parts(query))}
    return [
        _name(company, text, kind=kind, by=by, moment=moment, source=source)
        for text, kind in reversed(parts.items())
    ]


def _parts(query: CompanyQuery) -> list[tuple[str, str]]:
    parts = names_in(query.name)
    if len(parts) == 1:
        return [("legal", clean_display(query.name))]
    return [(kind, clean_display(name.raw)) for kind, name in parts]


@transaction.atomic
def add_alias(
    company: Company,
    text: str,
    *,
    by: User | None,
    kind: str = NameKind.ALIAS,
    source: str = "confirmed",
    reason: str = "",
    clock: Clock = database_clock,
) -> CompanyName:
    """Another name for a company, found by the search from now on; the existing row where it has the name already.

    Kept as a change with who, when and why, which can be undone. Raises NotAllowed, BadInput for a text without letters
    or digits, WrongStatus for a company merged into another.
    """
    permissions.check(by, permissions.JUDGE)
    check_name(text)
    if kind not in NameKind.values:
        raise BadInput("Choose what kind of name it is.", field="kind")
    lock_registry()
    locked = lock_companies([company.pk])[company.pk]
    if locked.merged_into_id is not None:
        raise WrongStatus("This company was merged into another; give the name to that one.")
    moment = clock()
    name, is_new = _add_name(locked, text, kind=kind, by=by, clock=fixed(moment), source=source)
    if is_new:
        changes.record(locked, ChangeKind.NAME_ADDED, by=by, at=moment, reason=reason, name=name)
        keep_in_step()
    return name


@transaction.atomic
def withdraw_name(
    name: CompanyName, *, by: User | None, reason: str = "", clock: Clock = database_clock
) -> CompanyName:
    """Take a name away from a company; the row stays, and a change says who, when and why and can be undone.

    Raises NotAllowed; WrongStatus for the company's last name, for the one it goes by, and for a merged company.
    """
    permissions.check(by, permissions.JUDGE)
    lock_registry()
    company = lock_companies([name.company_id])[name.company_id]
    if company.merged_into_id is not None:
        raise WrongStatus("This company was merged into another; its names are that one's now.")
    others = CompanyName.objects.active().filter(company_id=name.company_id).exclude(pk=name.pk)
    if not others.exists():
        raise WrongStatus("A company keeps at least one name.")
    if name.text == company.name:
        raise WrongStatus("This is the name the company goes by. It stays.")
    moment = clock()
    if CompanyName.objects.active().filter(pk=name.pk).update(withdrawn_at=moment) != 1:
        raise WrongStatus("This name was withdrawn already.")
    changes.record(company, ChangeKind.NAME_WITHDRAWN, by=by, at=moment, reason=reason, name=name)
    keep_in_step()
    name.withdrawn_at = moment
    return name


def check_name(text: str) -> None:
    """Raises BadInput, in words for the person, unless the text can be a company's name."""
    if not text.strip():
        raise BadInput("Enter the company's name.", field="name")
    if len(text) > LONGEST:
        raise BadInput(f"The company's name may be at most {LONGEST} characters long.", field="name")
    if why := why_no_name(text):
        raise BadInput(why, field="name")


def _add_name(
    company: Company, text: str, *, kind: str, by: User | None, clock: Clock, source: str
) -> tuple[CompanyName, bool]:
    shown = clean_display(text)
    name: CompanyName | None = CompanyName.objects.active().filter(company=company, text=shown).first()
    if name is not None:
        return name, False
    name = _name(company, shown, kind=kind, by=by, moment=clock(), source=source)
    name.save()
    return name, True


def _name(
    company: Company, text: str, *, kind: str, by: User | None, moment: datetime, source: str
) -> CompanyName:
    return CompanyName(
        company=company,
        text=text,
        kind=kind,
        source=source,
        confirmed_by=by,
        created_at=moment,
    )


def country_code(text: str) -> str:
    """The two capitals of a country code, '' for anything else."""
    code = text.strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""
