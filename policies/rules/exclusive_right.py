"""L3: what lies within another partner's exclusive right is refused or looked at. The words never say whose it is."""

from policies.binding import Right, runs
from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, days

CODE = "exclusive_right"


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """The rights of others that the deal lies within, the strictest of them in words. What is not known yet (no product
    lines, no country) speaks for the partner; an industry that was left out is for a person to find out."""
    met = [
        (right, Effect.REVIEW if _industry_open(right, facts) else right.effect)
        for right in book.rights
        if right.partner != facts.firm.id and covers(right, facts)
    ]
    if not met:
        return None
    right, effect = min(met, key=lambda pair: pair[1] != Effect.REFUSED)
    return Finding(CODE, effect, _words(right, effect), right.code)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if not policy.right_notice_days:
        return Said(Kind.WE, "What is reserved for a partner can be so without notice.", has_effect=False)
    text = (
        "Some product lines, territories or industries may be reserved for a time. Firms concerned hear of it at least "
        f"{days(policy.right_notice_days)} before; what is protected by then stays protected."
    )
    return Said(Kind.WE, text)


def covers(right: Right, facts: Facts) -> bool:
    """Whether the deal lies within the right, whosever it is."""
    return (
        runs(right, facts.at)
        and (right.product_line is None or right.product_line in facts.product_lines)
        and _in_area(right, facts)
        and (right.industry in (None, facts.industry) or _industry_open(right, facts))
    )


def _in_area(right: Right, facts: Facts) -> bool:
    """By the customer's country, whatever territory was stated; by that one where no country is known."""
    if right.area is None:
        return True
    if facts.country:
        return facts.country in right.area.countries
    return facts.territory == right.area.id


def _industry_open(right: Right, facts: Facts) -> bool:
    """A finished registration that does not say its industry."""
    return right.industry is not None and facts.industry is None and bool(facts.product_lines)


def scope_words(right: Right) -> str:
    """'Gateways in DACH for Automotive': what the right is about, without whose it is."""
    where = f" in {right.area.name}" if right.area else ""
    industry = f" for {right.industry_name}" if right.industry_name else ""
    return f"{right.product_line_name or 'All product lines'}{where}{industry}"


def _words(right: Right, effect: Effect) -> str:
    what = scope_words(right)
    if effect == Effect.REFUSED:
        return f"Not open to your firm at present: {what}."
    if right.effect == Effect.REFUSED:
        return f"Not open to your firm at present: {what}. The industry is not stated, so a channel manager looks at it first."
    return f"{what}: a channel manager looks at registrations of this at present."
