"""A company among its relatives: the parents above it and what stands below, in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass, field

from companies.models import Company

SHOWN = 30
_DEEPEST = 20

_ABOVE = """
WITH RECURSIVE above AS (
    SELECT c.id, c.parent_id, 0 AS step FROM companies_company c WHERE c.id = %s
    UNION ALL
    SELECT c.id, c.parent_id, a.step + 1 FROM companies_company c JOIN above a ON c.id = a.parent_id WHERE a.step < %s
)
SELECT c.*, a.step FROM above a JOIN companies_company c ON c.id = a.id WHERE a.step > 0 ORDER BY a.step DESC
"""


@dataclass
class Relative:
    """A company below another, with those below it; `more` of them are not listed."""

    company: Company
    below: list[Relative] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class Family:
    """`above` from the top down to the parent; `tree` starts with the company itself."""

    above: list[Company]
    tree: Relative

    @property
    def is_alone(self) -> bool:
        """Neither parent nor subsidiary."""
        return not self.above and not self.tree.below


def family_of(company: Company) -> Family:
    """Parents up to the top, subsidiaries two steps down: three statements."""
    above = list(Company.objects.raw(_ABOVE, [company.pk, _DEEPEST]))
    root = Relative(company)
    level = {company.pk: root}
    for _ in range(2):
        below: dict[int, Relative] = {}
        children = Company.objects.standing().filter(parent__in=list(level)).order_by("name", "pk")
        for child in children[: SHOWN * 10]:
            assert child.parent_id is not None
            over = level[child.parent_id]
            if len(over.below) < SHOWN:
                below[child.pk] = Relative(child)
                over.below.append(below[child.pk])
            else:
                over.more += 1
        level = below
    return Family(above, root)
