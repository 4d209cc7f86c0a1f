"""Who may register, what is asked for, and what is decided without a person: what doesn't fit."""

from decimal import Decimal

from partners.enums import PartnerTier
from policies.contradictions.check import Check, Ground, given
from policies.settings import Values

_CAPS = tuple(f"open_most_{tier}" for tier in PartnerTier.values)


def _person_within_firm(values: Values, ground: Ground) -> str:
    if not given(values, "prechecks_per_person", "prechecks_per_day"):
        return ""
    if values["prechecks_per_person"] <= values["prechecks_per_day"]:
        return ""
    return (
        f"A person can't ask more often than the whole firm. Choose {values['prechecks_per_day']:,} or fewer."
    )


def _scores_in_order(values: Values, ground: Ground) -> str:
    if not given(values, "review_score", "same_score") or values["review_score"] <= values["same_score"]:
        return ""
    return (
        "Companies would count as the same before they count as similar. Choose a value up to that of “same”."
    )


def _some_likeness(values: Values, ground: Ground) -> str:
    if values.get("review_score") == 0:
        return "From 0% on every company would count as similar. Enter more than 0."
    return ""


def _limit_is_amount(values: Values, ground: Ground) -> str:
    limit = values.get("auto_approve_below")
    return "An amount can't be below zero." if limit is not None and Decimal(limit) < 0 else ""


def _least_is_amount(values: Values, ground: Ground) -> str:
    least = values.get("least_value")
    return "An amount can't be below zero." if least is not None and Decimal(least) < 0 else ""


def _some_approval(values: Values, ground: Ground) -> str:
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


def _cap_from_one(values: Values, ground: Ground) -> str:
    caps = [values.get(name) for name in _CAPS]
    return "Choose 1 or more, or leave it empty for no limit." if 0 in caps else ""


def _caps_in_order(values: Values, ground: Ground) -> str:
    """A higher tier is never allowed less; None is no limit."""
    if not all(name in values for name in _CAPS):
        return ""
    limits = [float("inf") if values[name] is None else values[name] for name in _CAPS]
    if limits == sorted(limits):
        return ""
    return "A higher tier would be allowed fewer open registrations than a lower one."


def _something_to_fill_in(values: Values, ground: Ground) -> str:
    """What is asked for has to be there to be chosen."""
    asked = values.get("required_fields") or []
    none = [
        words
        for name, there, words in (
            ("territory", ground.territories, "a territory"),
            ("industry", ground.industries, "an industry"),
        )
        if name in asked and not there
    ]
    if not none:
        return ""
    named = " and ".join(none)
    return (
        f"Nobody could submit anything: {named} would have to be chosen, and the catalogue has none. "
        "Untick it here, or fill the catalogue first."
    )


CHECKS = (
    Check("required_fields", (), _something_to_fill_in),
    Check("prechecks_per_person", ("prechecks_per_day",), _person_within_firm),
    Check("review_score", ("same_score",), _scores_in_order),
    Check("review_score", (), _some_likeness),
    Check("auto_approve_below", (), _limit_is_amount),
    Check("least_value", (), _least_is_amount),
    Check("auto_approve_below", ("least_value", "auto_approve"), _some_approval),
    Check("open_most_registered", _CAPS[1:], _cap_from_one),
    Check("open_most_registered", _CAPS[1:], _caps_in_order),
)
