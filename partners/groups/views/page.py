"""One group: its rule in words, its firms, what was said by hand, what uses it, and why a firm is in or isn't."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from core.http import render_page_or_partial
from partners.enums import PickKind
from partners.groups.membership import membership_q
from partners.groups.preview import answer, firm_row
from partners.groups.rules import Block, Rule, read_rule
from partners.groups.uses import uses_of
from partners.groups.views.access import EDIT, VIEW, crumbs, in_reach
from partners.groups.views.history import latest_of
from partners.groups.words import Words
from partners.models import Partner

_ON_A_PAGE = 25
_LATEST = 4


@require_safe
@requires(VIEW)
def group(request: HttpRequest, code: str) -> HttpResponse:
    """The group's page; `?firm=` asks why a firm is in or isn't, by name or code."""
    found, person = in_reach(request, code), _person(request)
    rule, now = read_rule(found.rule), database_clock()
    inside = Partner.objects.visible_to(person).filter(membership_q(rule, found, now))
    page = Paginator(inside.order_by("name", "pk"), _ON_A_PAGE).get_page(request.GET.get("page"))
    picks = list(found.picks.select_related("partner", "by"))
    added = {pick.partner_id for pick in picks if pick.kind == PickKind.ADDED}
    context = {
        "page_title": found.name,
        "breadcrumbs": crumbs(found),
        "group": found,
        "rule": _in_words(rule),
        "page": page,
        "rows": [(firm_row(firm), firm.pk in added) for firm in page.object_list],
        "picks": [_pick(pick) for pick in picks],
        "uses": uses_of([found.pk])[found.pk],
        "answer": answer(request.GET.get("firm", ""), rule, reader=person, at=now, group=found),
        "changed": formats.date_format(timezone.localtime(found.changed_at), "DATE_FORMAT"),
        "may_edit": person.may(EDIT),
        "history": latest_of(found, _LATEST),
    }
    return render_page_or_partial(
        request, "partners/groups/group.html", "partners/groups/_answer.html", context
    )


def _in_words(rule: Rule) -> dict[str, Any]:
    """The rule for a list: its match, and each condition or block in words."""
    words = Words()
    items = [
        {
            "match": item.match,
            "words": [words.of_condition(condition) for condition in item.items],
        }
        if isinstance(item, Block)
        else {"words": [words.of_condition(item)]}
        for item in rule.items
    ]
    return {"match": rule.match, "items": items}


def _pick(pick: Any) -> dict[str, Any]:
    return {
        "firm": pick.partner.name,
        "code": pick.partner.code,
        "url": reverse("partners:partner", args=[pick.partner.code]),
        "label": pick.get_kind_display(),
        "tone": "ok" if pick.kind == PickKind.ADDED else "stop",
        "reason": pick.reason,
        "by": f"{pick.by}, {formats.date_format(timezone.localtime(pick.at), 'DATE_FORMAT')}",
    }


def _person(request: HttpRequest) -> Any:
    return request.user
