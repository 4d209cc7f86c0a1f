"""What the settings do beside each other that their author may not have meant. Nothing of it is forbidden."""

from partners.enums import PartnerKind, PartnerTier
from policies.contradictions.check import Check, Ground, given, in_calendar_days
from policies.enums import Treatment
from policies.saying import business_days, days, joined
from policies.settings import Values


def _territory_asked_for(values: Values, ground: Ground) -> str:
    if not values.get("scope_territory"):
        return ""
    if not ground.territories:
        return (
            "The catalogue has no territories, so no deal can name one: each holds its company everywhere, as if this were "
            "off."
        )
    if "territory" in (values.get("required_fields") or []):
        return ""
    return (
        "A deal that names no territory holds the company in all of them. To prevent that, let the territory be filled "
        "in before submitting."
    )


def _industry_asked_for(values: Values, ground: Ground) -> str:
    if not values.get("scope_industry"):
        return ""
    if not ground.industries:
        return (
            "The catalogue has no industries, so no deal can name one: each holds its company for all of them, as if this "
            "were off."
        )
    if "industry" in (values.get("required_fields") or []):
        return ""
    return (
        "A deal that names no industry holds the company for all of them. To prevent that, let the industry be filled in "
        "before submitting."
    )


def _all_kinds(values: Values, ground: Ground) -> str:
    kinds = values.get("registering_kinds") or []
    if len(kinds) == len(PartnerKind):
        return "All kinds are ticked: that is the same as none."
    if kinds and ground.kinds and ground.kinds.isdisjoint(kinds):
        return "No partner of today is of these kinds: nobody could register a deal."
    return ""


def _somebody_of_the_tier(values: Values, ground: Ground) -> str:
    least = values.get("least_tier")
    if least not in PartnerTier.values or not ground.tiers:
        return ""
    enough = PartnerTier.values[PartnerTier.values.index(least) :]
    if not ground.tiers.intersection(enough):
        return f"No partner of today has reached the tier {PartnerTier(least).label}: nobody could register a deal."
    kinds = values.get("registering_kinds") or []
    both = any(kind in kinds and tier in enough for kind, tier in ground.firms)
    if (
        not kinds or not ground.firms or both or ground.kinds.isdisjoint(kinds)
    ):  # of kinds alone `_all_kinds` speaks
        return ""
    return (
        f"No partner of the kinds that register has reached the tier {PartnerTier(least).label}: nobody could register a "
        "deal."
    )


def _onboarding_needs_review(values: Values, ground: Ground) -> str:
    if values.get("onboarding_partners") != Treatment.ALLOWED:
        return ""
    return "Firms that nobody has vetted yet can have deals protected at once."


def _some_own_territory(values: Values, ground: Ground) -> str:
    if values.get("outside_territory") in (None, Treatment.ALLOWED) or ground.own_territories:
        return ""
    return "No partner of today has territories of its own, and to those without it does not apply: it touches nobody."


def _looked_at_anyway(values: Values, ground: Ground) -> str:
    if values.get("auto_approve") is not False or not values.get("evidence_required"):
        return ""
    return "While nothing is approved without a person, each deal is looked at anyway: this changes nothing."


def _caps_of_the_shut_out(values: Values, ground: Ground) -> str:
    least = values.get("least_tier")
    if least not in PartnerTier.values:
        return ""
    below = PartnerTier.values[: PartnerTier.values.index(least)]
    idle = [str(PartnerTier(tier).label) for tier in below if values.get(f"open_most_{tier}") is not None]
    if not idle:
        return ""
    return (
        f"Partners register from the tier {PartnerTier(least).label} on, so the limit for {joined(idle)} partners has no "
        "effect."
    )


def _grace_shorter(values: Values, ground: Ground) -> str:
    if (
        not given(values, "grace_days", "protection_days")
        or values["grace_days"] <= values["protection_days"]
    ):
        return ""
    return (
        f"The {days(values['grace_days'])} of grace after the end are longer than the protection of "
        f"{days(values['protection_days'])} itself."
    )


def _extension_shorter(values: Values, ground: Ground) -> str:
    if not given(values, "extension_days", "protection_days") or not values.get("extensions_most"):
        return ""
    if values["extension_days"] <= values["protection_days"]:
        return ""
    return (
        f"An extension would add {days(values['extension_days'])}, more than the protection of "
        f"{days(values['protection_days'])} that it prolongs."
    )


def _wait_shorter(values: Values, ground: Ground) -> str:
    if not given(values, "cooling_off_days", "protection_days"):
        return ""
    if values["cooling_off_days"] <= values["protection_days"]:
        return ""
    return (
        f"A firm would wait {days(values['cooling_off_days'])} for a company that it let expire, longer than the protection "
        f"of {days(values['protection_days'])} that another firm could have of it meanwhile."
    )


def _answer_shorter(values: Values, ground: Ground) -> str:
    if not given(values, "review_sla_business_days", "protection_days"):
        return ""
    number, protection = values["review_sla_business_days"], values["protection_days"]
    if in_calendar_days(number) <= protection:
        return ""
    return (
        f"A partner could wait {business_days(number)} for an answer, longer than the protection of {days(protection)} "
        "that it may bring."
    )


REMARKS = (
    Check("scope_territory", ("required_fields",), _territory_asked_for),
    Check("scope_industry", ("required_fields",), _industry_asked_for),
    Check("registering_kinds", (), _all_kinds),
    Check("least_tier", ("registering_kinds",), _somebody_of_the_tier),
    Check("onboarding_partners", (), _onboarding_needs_review),
    Check("outside_territory", (), _some_own_territory),
    Check("evidence_required", ("auto_approve",), _looked_at_anyway),
    Check("open_most_registered", ("least_tier",), _caps_of_the_shut_out),
    Check("grace_days", ("protection_days",), _grace_shorter),
    Check("extension_days", ("protection_days",), _extension_shorter),
    Check("cooling_off_days", ("protection_days",), _wait_shorter),
    Check("review_sla_business_days", ("protection_days",), _answer_shorter),
)
