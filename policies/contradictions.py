"""Which values of a registration policy's settings contradict each other."""

from collections.abc import Callable
from decimal import Decimal

from partners.enums import PartnerKind, PartnerTier
from policies.enums import Treatment
from policies.settings import Values


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


def remarks(values: Values) -> dict[str, str]:
    """Setting → a sentence about what it does beside the others that its author may not have meant. None of them forbids
    anything."""
    return {setting: words for setting, check in _REMARKS if (words := check(values))}


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


def _some_approval(values: Values) -> str:
    """Deals below the smallest are not registered, and from the limit on each is looked at: there must be room between."""
    limit, least = values.get("auto_approve_below"), values.get("least_value")
    if not values.get("auto_approve") or limit is None or Decimal(limit) < 0:
        return ""
    least = Decimal(least or 0)
    if Decimal(limit) > least:
        return ""
    if not least:
        return "No deal is worth less than nothing, so none could be approved. Enter a larger amount, or switch approval off."
    return (
        f"No deal could be approved: those below {least:,.0f} are not registered, and those from {Decimal(limit):,.0f} on "
        f"are looked at. Enter more than {least:,.0f}, or switch approval off."
    )


def _least_is_amount(values: Values) -> str:
    least = values.get("least_value")
    return "An amount can't be below zero." if least is not None and Decimal(least) < 0 else ""


def _some_likeness(values: Values) -> str:
    if values.get("review_score") == 0:
        return "From 0 % on every company would count as similar. Enter more than 0."
    return ""


def _territory_asked_for(values: Values) -> str:
    if not values.get("scope_territory") or "territory" in (values.get("required_fields") or []):
        return ""
    return (
        "A deal that names no territory holds the company in all of them. To prevent that, let the territory be filled "
        "in before submitting."
    )


def _industry_asked_for(values: Values) -> str:
    if not values.get("scope_industry") or "industry" in (values.get("required_fields") or []):
        return ""
    return (
        "A deal that names no industry holds the company for all of them. To prevent that, let the industry be filled in "
        "before submitting."
    )


def _all_kinds(values: Values) -> str:
    kinds = values.get("registering_kinds") or []
    return "All kinds are ticked: that is the same as none." if len(kinds) == len(PartnerKind) else ""


def _onboarding_needs_review(values: Values) -> str:
    if values.get("onboarding_partners") != Treatment.ALLOWED:
        return ""
    return "Firms that nobody has vetted yet can have deals protected at once."


_REMARKS: list[tuple[str, Callable[[Values], str]]] = [
    ("scope_territory", _territory_asked_for),
    ("scope_industry", _industry_asked_for),
    ("registering_kinds", _all_kinds),
    ("onboarding_partners", _onboarding_needs_review),
]
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
    ("review_score", _some_likeness),
    ("auto_approve_below", _limit_is_amount),
    ("least_value", _least_is_amount),
    ("auto_approve_below", _some_approval),
    ("open_most_registered", _cap_from_one),
    ("open_most_registered", _caps_in_order),
]
