"""How a version of the policy sees a deal's rivals: how likely it takes them for the same company, and whether they
meet in what the version says is held."""

from collections.abc import Collection

from policies.facts import Facts, Rival
from policies.models import RegistrationPolicy


def meet(
    held: tuple[Collection[int] | None, int | None, int | None],
    other: tuple[Collection[int] | None, int | None, int | None],
) -> bool:
    """Whether two deals at one company overlap: product lines, territory, industry of each; None stands for all."""
    lines, theirs = held[0], other[0]
    if lines is not None and theirs is not None and set(lines).isdisjoint(theirs):
        return False
    return all(
        mine is None or yours is None or mine == yours
        for mine, yours in zip(held[1:], other[1:], strict=True)
    )


def score(rival: Rival, policy: RegistrationPolicy) -> float:
    """How likely it is the same company, as the version counts it: families as one where it says so, and a branch just
    likely enough for a look. Where a person or the directory said that it is the same, a low score of the names says
    nothing."""
    if rival.family and policy.scope_family:
        return 1.0
    if rival.same_company and rival.score < policy.review_score:
        return 1.0
    return max(rival.score, policy.review_score) if rival.branch else rival.score


def overlaps(facts: Facts, rival: Rival, policy: RegistrationPolicy) -> bool:
    """Whether the rival is within the scope that the deal would hold under the version."""
    held = (
        (facts.product_lines or None) if policy.scope_product_line else None,
        facts.territory if policy.scope_territory else None,
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
    together = rival.same_company or (rival.family and policy.scope_family)
    return (
        rival.holds
        and together
        and score(rival, policy) >= policy.same_score
        and overlaps(facts, rival, policy)
    )
