"""Leads come into being, are corrected, taken back and closed here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.models import Currency, ProductLine, Territory
from companies.matching import CompanyQuery
from companies.models import Company
from companies.services import find_or_create_company
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed
from leads.enums import CloseReason, GiftEnd, LeadAction
from leads.models import Lead
from leads.permissions import MANAGE
from leads.services import notices, timeline
from leads.services.ending import end_gift
from leads.services.transitions import move, opened

# What a person may write. Anything else that a form sends is ignored, so no status can be smuggled in.
EDITABLE = (
    "company_name website country city postcode contact_name contact_title contact_email contact_phone need territory "
    "value currency program source note"
).split()
SOURCE = "lead"


def create_lead(
    *,
    by: User,
    fields: dict[str, Any],
    product_lines: Iterable[ProductLine],
    clock: Clock = database_clock,
) -> Lead:
    """A new lead, with nobody yet; its company is found or comes into being. Raises BadInput, NotAllowed."""
    if not by.may(MANAGE):
        raise NotAllowed("Your role does not include this.")
    lines = list(product_lines)
    with transaction.atomic():
        at = clock()
        lead = unsaved(fields, by=by, at=at)
        _check(lead, lines)
        query = query_of(lead)
        lead.company = find_or_create_company(query, by=by, clock=clock, source=SOURCE).company
        lead.save(force_insert=True)
        lead.product_lines.set(lines)
        timeline.record(lead, LeadAction.CREATE.value, actor=by, at=at, data={"source": lead.source})
    return lead


def unsaved(fields: dict[str, Any], *, by: User | None, at: datetime) -> Lead:
    """The lead that these fields make, without its company; territory and currency follow from what is known."""
    values = {name: value for name, value in fields.items() if name in EDITABLE}
    if values.get("currency") is None:
        values["currency"] = Currency.objects.filter(rate_to_base=1).earliest("id")
    if values.get("territory") is None and values.get("country"):
        values["territory"] = territory_of(str(values["country"]))
    return Lead(created_by=by, created_at=at, changed_at=at, **values)


def territory_of(country: str) -> Territory | None:
    """The territory that a country lies in, where there is one."""
    return Territory.objects.filter(countries__contains=[country]).first()


def query_of(lead: Lead) -> CompanyQuery:
    """What the lead says about the company, as the search wants it."""
    return CompanyQuery(
        name=lead.company_name,
        domain=lead.website,
        country=str(lead.country or ""),
        city=lead.city,
        postcode=lead.postcode,
        phone=lead.contact_phone,
    )


def change_lead(
    lead: Lead,
    *,
    by: User,
    fields: dict[str, Any],
    product_lines: Iterable[ProductLine],
    version: int | None = None,
    clock: Clock = database_clock,
) -> Lead:
    """Corrects a lead that no firm has. Another name, website or country may mean another company: it is looked for anew.

    Raises StaleVersion, WrongStatus once it was given, BadInput, NotAllowed.
    """
    lines = list(product_lines)
    with transaction.atomic():
        locked, _ = opened(lead, LeadAction.CHANGE, by=by, version=version)
        values = {name: value for name, value in fields.items() if name in EDITABLE}
        if "territory" in values and values["territory"] is None:  # the country's, as for a new one
            values["territory"] = territory_of(str(values.get("country") or locked.country))
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        for name in changed:
            setattr(locked, name, values[name])
        _check(locked, lines)
        saved = list(changed)
        if {"company_name", "website", "country"} & set(changed):
            found = find_or_create_company(query_of(locked), by=by, clock=clock, source=SOURCE)
            locked.company = found.company
            saved.append("company")
        if set(lines) != set(locked.product_lines.all()):
            locked.product_lines.set(lines)
            changed.append("product_lines")
        if changed:
            move(locked, LeadAction.CHANGE, by=by, at=clock(), data={"fields": changed}, fields=saved)
    return locked


def take_back(
    lead: Lead, *, by: User, text: str = "", version: int | None = None, clock: Clock = database_clock
) -> Lead:
    """The vendor takes a lead out of a firm's hands, or out of the pool. The firm is told, and may get it again."""
    with transaction.atomic():
        locked, gift = opened(lead, LeadAction.TAKE_BACK, by=by, version=version)
        at = clock()
        if gift is not None:
            end_gift(gift, GiftEnd.TAKEN_BACK, by=by, at=at, text=text)
        partner = gift.partner if gift else None
        move(locked, LeadAction.TAKE_BACK, by=by, at=at, partner=partner, data={"text": text})
        if gift is not None:
            notices.pulled_back(gift, at=at)
    return locked


def close_lead(
    lead: Lead,
    *,
    by: User,
    reason: str,
    text: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Lead:
    """Ends a lead that is with no firm. Raises BadInput without a reason from the list."""
    if reason not in CloseReason.values:
        raise BadInput("Choose a reason from the list.", field="reason")
    with transaction.atomic():
        locked, _ = opened(lead, LeadAction.CLOSE, by=by, version=version)
        data = {"reason": reason, "text": text}
        return move(locked, LeadAction.CLOSE, by=by, at=clock(), data=data)


def open_at(company: Company, *, but: Lead) -> list[Lead]:
    """Other leads at the same company that are not closed."""
    return list(
        Lead.objects.filter(company=company).exclude(pk=but.pk).exclude(status="closed").order_by("pk")[:10]
    )


def _check(lead: Lead, lines: list[ProductLine]) -> None:
    if not lead.country:
        raise BadInput("Choose the company's country.", field="country")
    if not lead.need.strip():
        raise BadInput("Say what the company needs.", field="need")
    if not lines:
        raise BadInput("Choose at least one product line.", field="product_lines")
