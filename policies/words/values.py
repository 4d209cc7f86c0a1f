"""The values of settings, as they stand in a list of changes."""

from typing import Any

from partners.enums import PartnerTier
from policies.enums import RequiredField, Treatment
from policies.rules.firm_kind import named
from policies.saying import amount, business_days, day_list, days, joined, percent

_AMOUNTS = ("auto_approve_below", "least_value")


def value_words(setting: str, value: Any, base: str) -> str:
    """A value in words; `base` is the code of the base currency."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if setting in _AMOUNTS:
        return amount(value, base) if value or setting != "least_value" else "any"
    if setting in ("registering_kinds", "required_fields", "final_notice_days"):
        return _list_words(setting, value)
    if setting.endswith("_score"):
        return percent(value)
    if setting in ("review_sla_business_days", "offer_business_days"):
        return business_days(value)
    if setting in ("onboarding_partners", "outside_territory"):
        label = str(Treatment(value).label)
        return label[0].lower() + label[1:]
    if setting == "least_tier":
        return str(PartnerTier(value).label)
    return _number_words(setting, value)


def _list_words(setting: str, value: list[Any]) -> str:
    if setting == "registering_kinds":
        return named(value) if value else "all"
    if not value:
        return "none" if setting == "final_notice_days" else "nothing besides"
    if setting == "final_notice_days":
        return f"{day_list(value)} ahead"
    return joined([str(field.label) for field in RequiredField if field in value])


def _number_words(setting: str, value: int | None) -> str:
    if setting.startswith("open_most_"):
        return "no limit" if value is None else f"{value:,}"
    assert value is not None
    if setting in ("cooling_off_days", "grace_days", "right_notice_days") and value == 0:
        return "none"
    if setting == "escalation_days":
        return f"{days(value)} ahead" if value else "never"
    if setting == "extensions_most":
        return "none" if value == 0 else f"{value:,}"
    return f"{value:,} in 24 hours" if setting.startswith("prechecks_per_") else days(value)
