"""L3: what lies within another partner's exclusive right, or within rights of others of which the firm holds none, is refused or
looked at. The words never say whose they are, of what kind, or how many."""

from collections.abc import Iterable

from policies.binding import Right, runs
from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.reach import outermost
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, days

CODE = "exclusive_right"


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """The rights of others that keep the firm out of the deal, the strictest of them in words, no scope twice. What is not known
    yet (no product lines, no country) speaks for the partner; an industry that was left out is for a person to find out."""
    met = [
        (right, effect)
        for right in book.rights
        if right.partner != facts.firm.id
        and covers(right, facts)
        and (effect := _effect(right, facts, book.rights)) is not None
    ]
    if not met:
        return None
    strictest = min((effect for _, effect in met), key=lambda effect: effect != Effect.REFUSED)
    told = outermost([right for right, effect in met if effect == strictest])
    first, *others = (right.code for right in told)
    return Finding(
        CODE, strictest, " ".join(_words(right, strictest) for right in told), first, tuple(others)
    )


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if not policy.right_notice_days:
        return Said(Kind.WE, "What is reserved for a partner can be so without notice.", has_effect=False)
    text = (
        "Some product lines, territories or industries may be reserved for a time, for one firm or several. Firms concerned "
        f"hear of it at least {days(policy.right_notice_days)} before, and so does a firm whose own right ends early, unless "
        "it agreed; what is protected by then stays protected."
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


def _effect(right: Right, facts: Facts, rights: Iterable[Right]) -> Effect | None:
    """What another one's right, within which the deal lies, does to it; None where the firm holds rights of its own to all of
    the deal that lies within it, which none can where it is exclusive."""
    own = [] if right.is_exclusive else [one for one in rights if one.partner == facts.firm.id]
    if _shares(own, right, facts, sure=True):
        return None
    unsure = _industry_open(right, facts)
    if _shares(own, right, facts, sure=False):
        if not facts.product_lines:
            return None
        unsure = True
    return Effect.REVIEW if unsure else right.effect


def _shares(own: Iterable[Right], right: Right, facts: Facts, *, sure: bool) -> bool:
    """Whether the firm's `own` rights hold all of the deal that lies within `right`; not `sure`: or may, by an industry that was
    left out."""
    industries = {None, right.industry if facts.industry is None else facts.industry}
    reaching = [
        one
        for one in own
        if runs(one, facts.at)
        and (_in_area(one, facts) or not (facts.country or facts.territory))
        and (one.industry in industries or (not sure and facts.industry is None))
    ]
    lines = facts.product_lines if right.product_line is None else (right.product_line,)
    if not lines:
        return bool(reaching)
    return all(any(one.product_line in (None, line) for one in reaching) for line in lines)


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
