"""What a rule would take in, while it is built: how many firms, the first of them, and why one firm is in or isn't."""

from dataclasses import dataclass, field
from datetime import datetime

from django_countries import countries

from accounts.models import User
from partners.groups.explaining import Explanation, explain
from partners.groups.membership import membership_q
from partners.groups.rules import Rule
from partners.models import Group, Partner

_FIRST = 8
_SUGGESTED = 6


@dataclass(frozen=True)
class FirmRow:
    """A firm in a list."""

    code: str
    name: str
    detail: str


@dataclass(frozen=True)
class Answer:
    """The answer to 'is this firm in?': an explanation, or firms that may be meant, or nothing for nothing asked."""

    asked: str = ""
    explanation: Explanation | None = None
    meant: list[FirmRow] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """`count` of `total` firms are in; `first` are some of them by name."""

    count: int
    total: int
    first: list[FirmRow]

    @property
    def others(self) -> int:
        """How many are in besides those shown."""
        return self.count - len(self.first)


def preview(rule: Rule, *, reader: User, at: datetime, group: Group | None = None) -> Preview:
    """The firms that `rule` takes in at `at`, those picked by hand for `group` among them: three queries."""
    firms = Partner.objects.visible_to(reader)
    inside = firms.filter(membership_q(rule, group, at)).order_by("name", "pk")
    return Preview(inside.count(), firms.count(), [firm_row(firm) for firm in inside[:_FIRST]])


def answer(asked: str, rule: Rule, *, reader: User, at: datetime, group: Group | None = None) -> Answer:
    """Why the firm with this name or code is in or isn't; where the text fits several, those."""
    text = " ".join(asked.split())[:200]
    if not text or not text.isprintable():
        return Answer()
    firms = Partner.objects.visible_to(reader).select_related("manager")
    exact = firms.filter(name__iexact=text).first() or firms.filter(code__iexact=text).first()
    if exact is None:
        fitting = list(firms.mentioning(text).order_by("name", "pk")[: _SUGGESTED + 1])
        if len(fitting) != 1:
            return Answer(text, None, [firm_row(firm) for firm in fitting[:_SUGGESTED]])
        exact = fitting[0]
    return Answer(text, explain(rule, exact, at=at, group=group))


def firm_row(firm: Partner) -> FirmRow:
    """What lists of groups show of a firm."""
    place = countries.name(str(firm.country)) or str(firm.country)
    detail = f"{firm.get_kind_display()} · {firm.get_tier_display()} · {place}"
    if not firm.is_active:
        detail += f" · {firm.get_status_display()}"
    return FirmRow(firm.code, firm.name, detail)
