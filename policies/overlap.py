"""How a version of the policy sees a deal's rivals: how likely it takes them for the same company, and whether they
meet in what the version says is held."""

from collections.abc import Collection

from policies.facts import Facts, Rival
from policies.models import RegistrationPolicy


def meet(
    held: tuple[Collection[int] | None, Collection[int] | None, int | None],
    other: tuple[Collection[int] | None, int | None, int | None],
) -> bool:
    """Whether two deals at one company overlap: product lines, territory, industry of each; None stands for all. Of the
    first one the territories are those that share a country with its own."""
    (lines, territories, industry), (their_lines, their_territory, their_industry) = held, other
    if lines is not None and their_lines is not None and set(lines).isdisjoint(their_lines):
        return False
    if territories is not None and their_territory is not None and their_territory not in territories:
        return False
    return industry is None or their_industry is None or industry == their_industry


def score(rival: Rival, policy: RegistrationPolicy) -> float:
    """How likely it is the same company, as the version counts it: families as one where it says so, and a branch just
    likely enough for a look. Where a person or the directory said that it is the same, a low score of the names says
    nothing."""
    if rival.family and policy.scope_family:
        return 1.0
    if rival.same_company and rival.score < policy.review_score:
        return 1.0
    return policy.review_score if is_lifted(rival, policy) else rival.score


def is_lifted(rival: Rival, policy: RegistrationPolicy) -> bool:
    """Whether a person compares the two only because the name is that of a branch: its likeness alone would be silent."""
    return rival.branch and rival.score < policy.review_score and not _is_known_as_one(rival, policy)


def _is_known_as_one(rival: Rival, policy: RegistrationPolicy) -> bool:
    return rival.same_company or (rival.family and policy.scope_family)


def overlaps(facts: Facts, rival: Rival, policy: RegistrationPolicy) -> bool:
    """Whether the rival is within the scope that the deal would hold under the version."""
    met = None if facts.territory is None else (*facts.territories_met, facts.territory)
    held = (
        (facts.product_lines or None) if policy.scope_product_line else None,
        met if policy.scope_territory else None,
        facts.industry if policy.scope_industry else None,
    )
    return meet(held, (rival.product_lines, rival.territory, rival.industry))


def counts(rival: Rival, policy: RegistrationPolicy) -> bool:
    """Whether a person would compare the two under the version. A relative with another name is nobody's rival by it."""
    likelihood = score(rival, policy)
    return 0 < likelihood >= policy.review_score


def likely(facts: Facts, policy: RegistrationPolicy) -> list[Rival]:
    """The rivals that a person would compare under the version."""
    return [rival for rival in facts.rivals if counts(rival, policy)]


def keeps_out(facts: Facts, rival: Rival, policy: RegistrationPolicy) -> bool:
    """Whether the rival surely holds what the deal wants: the line behind it is kept per company, or family where the
    version says so. A holder elsewhere is for a person to judge."""
    return (
        rival.holds
        and _is_known_as_one(rival, policy)
        and score(rival, policy) >= policy.same_score
        and overlaps(facts, rival, policy)
    )
