"""What the settings of a registration policy are, and which of their values contradict each other."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from partners.enums import PartnerTier
from policies.models import RegistrationPolicy

_ABOUT_THE_VERSION = {
    *("id", "version", "effective_from", "note", "created_by", "created_at", "withdrawn_by", "withdrawn_at"),
}
SETTINGS: tuple[str, ...] = tuple(
    field.name for field in RegistrationPolicy._meta.concrete_fields if field.name not in _ABOUT_THE_VERSION
)

Values = Mapping[str, Any]


def settings_of(policy: RegistrationPolicy) -> dict[str, Any]:
    """The settings of a version: name → value."""
    return {name: getattr(policy, name) for name in SETTINGS}


def contradictions(values: Values) -> dict[str, str]:
    """Setting → the sentence that says what is wrong with it beside the others. Empty when all fit together.

    Settings that are missing or None are not looked at: a form reports those by itself.
    """
    found: dict[str, str] = {}
    for setting, check in _CHECKS:
        words = check(values)
        if words and setting not in found:
            found[setting] = words
    return found


def _given(values: Values, *names: str) -> bool:
    return all(values.get(name) is not None for name in names)


def _reminder_in_time(values: Values) -> str:
    if not _given(values, "reminder_days", "protection_days"):
        return ""
    reminder, protection = values["reminder_days"], values["protection_days"]
    if reminder < protection:
        return ""
    return (
        f"The first reminder would come on day {reminder}, when the protection of {protection} days has ended. "
        f"Choose fewer than {protection} days."
    )


def _reminder_before_final(values: Values) -> str:
    if not _given(values, "reminder_days", "protection_days") or not values.get("final_notice_days"):
        return ""
    first = values["protection_days"] - max(values["final_notice_days"])
    if first <= 0 or values["reminder_days"] < first:
        return ""
    return (
        f"A reminder on day {values['reminder_days']} would never be sent: the first final notice goes out on "
        f"day {first}. Choose fewer than {first} days."
    )


def _some_final(values: Values) -> str:
    finals = values.get("final_notice_days")
    if finals is None or finals:
        return ""
    return "Name at least one day: nothing may expire without a final notice."


def _final_from_one(values: Values) -> str:
    return (
        "A final notice goes out at least 1 day ahead."
        if min(values.get("final_notice_days") or [1]) < 1
        else ""
    )


def _final_within(values: Values) -> str:
    if not _given(values, "protection_days") or not values.get("final_notice_days"):
        return ""
    longest, protection = max(values["final_notice_days"]), values["protection_days"]
    if longest < protection:
        return ""
    return f"A final notice {longest} days ahead lies before the protection of {protection} days begins."


def _warning_fits(values: Values) -> str:
    if not _given(values, "warning_days_before_expiry") or not values.get("final_notice_days"):
        return ""
    warning, ahead = values["warning_days_before_expiry"], max(values["final_notice_days"])
    if warning <= ahead:
        return ""
    return (
        f"Nothing expires until {warning} days after a final notice was sent, but the first one goes out only "
        f"{ahead} {'day' if ahead == 1 else 'days'} ahead: protection would always last longer than it says. "
        f"Choose {ahead} or fewer."
    )


def _escalation_after_final(values: Values) -> str:
    ahead, days = max(values.get("final_notice_days") or [0]), values.get("escalation_days")
    if not ahead or not days or days < ahead:
        return ""
    return (
        f"The channel manager would hear of it {days} {'day' if days == 1 else 'days'} ahead, before the partner was "
        f"warned. Choose fewer than {ahead}, or 0 for never."
    )


def _person_within_firm(values: Values) -> str:
    if not _given(values, "prechecks_per_person", "prechecks_per_day"):
        return ""
    if values["prechecks_per_person"] <= values["prechecks_per_day"]:
        return ""
    return (
        f"A person can't ask more often than the whole firm. Choose {values['prechecks_per_day']:,} or fewer."
    )


def _scores_in_order(values: Values) -> str:
    if not _given(values, "review_score", "same_score") or values["review_score"] <= values["same_score"]:
        return ""
    return (
        "Companies would count as the same before they count as similar. Choose a value up to that of “same”."
    )


def _limit_is_amount(values: Values) -> str:
    limit = values.get("auto_approve_below")
    return "An amount can't be below zero." if limit is not None and Decimal(limit) < 0 else ""


def _caps_in_order(values: Values) -> str:
    """A higher tier is never allowed less; None is no limit."""
    if not all(f"open_most_{tier}" in values for tier in PartnerTier.values):
        return ""
    caps = [values[f"open_most_{tier}"] for tier in PartnerTier.values]
    limits = [float("inf") if cap is None else cap for cap in caps]
    if limits == sorted(limits):
        return ""
    return "A higher tier would be allowed fewer open registrations than a lower one."


def _cap_from_one(values: Values) -> str:
    caps = [values.get(f"open_most_{tier}") for tier in PartnerTier.values]
    return "Choose 1 or more, or leave it empty for no limit." if 0 in caps else ""


_CHECKS: list[tuple[str, Callable[[Values], str]]] = [
    ("reminder_days", _reminder_in_time),
    ("reminder_days", _reminder_before_final),
    ("final_notice_days", _some_final),
    ("final_notice_days", _final_from_one),
    ("final_notice_days", _final_within),
    ("warning_days_before_expiry", _warning_fits),
    ("escalation_days", _escalation_after_final),
    ("prechecks_per_person", _person_within_firm),
    ("review_score", _scores_in_order),
    ("auto_approve_below", _limit_is_amount),
    ("open_most_registered", _cap_from_one),
    ("open_most_registered", _caps_in_order),
]
