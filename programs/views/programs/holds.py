"""What a program holds, as its page shows it: what of the library, incentives to come, and what other apps provide."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from programs.contents import held_by
from programs.models import ContentItem, ContentVersion, PlannedIncentive, Program, ProgramContent

# Of a program's documents so many are shown, the others folded away.
_AT_ONCE = 8


def for_firm(person: Any, found: Program, *, enrolled: bool) -> dict[str, Any]:
    """For a firm's people: documents and what other apps have once they take part; incentives in any case."""
    today = vendor_day(database_clock())
    planned = found.incentives.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    documents = documents_for(person, found) if enrolled else []
    return {
        "documents": documents[:_AT_ONCE],
        "further_documents": documents[_AT_ONCE:],
        "sections": held_by(found, person) if enrolled else [],
        "incentives": [incentive_row(one) for one in planned],
    }


def for_vendor(person: Any, found: Program) -> dict[str, Any]:
    """For the vendor: what was put into it, with its standing, and all that is planned."""
    today = vendor_day(database_clock())
    return {
        "items": [item_row(one) for one in items_of(found)],
        "for_groups": ContentItem.objects.published()
        .filter(groups__in=found.audience.all())
        .exclude(program_contents__program=found)
        .distinct()
        .count(),
        "sections": held_by(found, person),
        "incentives": [
            incentive_row(one) | {"is_over": bool(one.ends_on and one.ends_on < today)}
            for one in found.incentives.all()
        ],
    }


def documents_for(person: Any, found: Program) -> list[dict[str, str]]:
    """What the library has in the program and for its groups, as far as `person` may read it; what was put in before what its
    groups have, the newest first."""
    inside = Exists(ProgramContent.objects.filter(program=found, item=OuterRef("pk")))
    rows = ContentItem.objects.visible_to(person).annotate(inside=inside)
    rows = rows.filter(Q(inside=True) | Q(groups__in=found.audience.all())).distinct()
    return [
        {
            "title": row.current.title,
            "summary": row.current.summary,
            "kind": row.get_kind_display(),
            "url": reverse("programs:content", args=[row.code]),
        }
        for row in rows.select_related("current").order_by("-inside", "-pk")
        if row.current
    ]


def items_of(found: Program) -> list[ContentItem]:
    """The items that were put in, each with the title of its newest version (`newest`): two queries."""
    return with_titles(ContentItem.objects.filter(program_contents__program=found).order_by("pk"))


def with_titles(items: Any) -> list[ContentItem]:
    """The items, each with its newest version's title as `newest`."""
    listed: list[ContentItem] = list(items)
    newest = ContentVersion.objects.filter(item__in=listed).order_by("item_id", "-number").distinct("item_id")
    titles = dict(newest.values_list("item_id", "title"))
    for item in listed:
        item.newest = titles.get(item.pk, item.code)  # type: ignore[attr-defined]
    return listed


def item_row(item: Any) -> dict[str, str]:
    """An item of the library in a list of the vendor's; it comes from `with_titles`."""
    label, tone = ("Published", "ok") if item.current_id else ("Draft", "wait")
    if item.withdrawn_at:
        label, tone = "Withdrawn", "off"
    return {
        "code": item.code,
        "title": item.newest,
        "kind": item.get_kind_display(),
        "url": reverse("programs:content", args=[item.code]),
        "label": label,
        "tone": tone,
    }


def incentive_row(one: PlannedIncentive) -> dict[str, Any]:
    """What is planned, and for when in words."""
    first, last = shown.day(one.starts_on), shown.day(one.ends_on)
    if first and last:
        when = f"{first} to {last}"
    else:
        when = f"From {first} on" if first else f"Until {last}" if last else "The dates are not set yet"
    return {"pk": one.pk, "name": one.name, "text": one.text, "when": when}
