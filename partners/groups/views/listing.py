"""All groups with how many firms are in each."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from core.http import render_page_or_partial
from partners.enums import PickKind
from partners.groups.forms import GroupFilter
from partners.groups.membership import groups_of, sizes_of
from partners.groups.rules import read_rule
from partners.groups.uses import uses_of
from partners.groups.views.access import EDIT, VIEW
from partners.groups.words import Words
from partners.models import Group, Partner

_ON_A_PAGE = 25


@dataclass(frozen=True)
class Row:
    """What the list shows of a group."""

    name: str
    url: str
    code: str
    rule: str
    firms: int
    by_hand: str
    uses: str


@require_safe
@requires(VIEW)
def groups(request: HttpRequest) -> HttpResponse:
    """Groups by name: rule in words, firms, uses. `?firm=` shows those that a firm is in."""
    person: Any = request.user
    form = GroupFilter(request.GET)
    form.is_valid()
    text, code = form.cleaned_data.get("q", ""), form.cleaned_data.get("firm", "")
    firm = Partner.objects.visible_to(person).filter(code=code).first() if code else None
    everything = Group.objects.visible_to(person)
    if firm is not None:
        everything = everything.filter(pk__in=[group.pk for group in groups_of(firm)])
    picked = {
        "added": Count("picks", filter=Q(picks__kind=PickKind.ADDED)),
        "excluded": Count("picks", filter=Q(picks__kind=PickKind.EXCLUDED)),
    }
    found = everything.mentioning(text).annotate(**picked).order_by("name", "pk")
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "Groups",
        "form": form,
        "page": page,
        "rows": rows_of(list(page.object_list)),
        "chips": _chips(text, firm),
        "clear_url": reverse("partners:groups"),
        "filtered": bool(text or firm),
        "may_edit": person.may(EDIT),
    }
    return render_page_or_partial(request, "partners/groups/list.html", "partners/groups/_list.html", context)


def _chips(text: str, firm: Partner | None) -> list[dict[str, str]]:
    address, chips = reverse("partners:groups"), []
    if text:
        rest = f"?{urlencode({'firm': firm.code})}" if firm else ""
        chips.append({"label": f"Search: {text}", "url": address + rest})
    if firm is not None:
        rest = f"?{urlencode({'q': text})}" if text else ""
        chips.append({"label": f"With {firm.name} in it", "url": address + rest})
    return chips


def rows_of(found: list[Group]) -> list[Row]:
    """The rows of groups with `added` and `excluded`: a constant number of queries."""
    sizes = sizes_of(found, database_clock())
    uses = uses_of([group.pk for group in found])
    words = Words()
    return [
        Row(
            name=group.name,
            url=reverse("partners:group", args=[group.code]),
            code=group.code,
            rule=words.of_rule(read_rule(group.rule)) or "By hand only",
            firms=sizes[group.pk],
            by_hand=_by_hand(group),
            uses=_used_by([use.kind for use in uses[group.pk]]),
        )
        for group in found
    ]


def _by_hand(group: Group) -> str:
    added, excluded = group.added, group.excluded  # type: ignore[attr-defined]
    parts = [f"{added} added" if added else "", f"{excluded} excluded" if excluded else ""]
    return ", ".join(part for part in parts if part)


def _used_by(kinds: list[str]) -> str:
    """'Program, Content (3)'."""
    counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    return ", ".join(f"{kind} ({number})" if number > 1 else kind for kind, number in counts.items())
