"""What of this app uses groups of partners: programs and content."""

from collections.abc import Collection

from django.urls import reverse

from partners.groups.uses import Use
from programs.models import ContentAudience, ContentVersion, Program


def uses_of_groups(group_ids: Collection[int]) -> dict[int, list[Use]]:
    """Programs and content whose audience each group is: three queries."""
    found: dict[int, list[Use]] = {group_id: [] for group_id in group_ids}
    links = Program.audience.through.objects.filter(group__in=group_ids).select_related("program")
    for link in links.order_by("program__name"):
        url = reverse("programs:program", args=[link.program.code])
        found[link.group_id].append(Use("Program", link.program.name, url))
    audiences = list(ContentAudience.objects.filter(group__in=group_ids).select_related("item"))
    titles = _titles({audience.item_id for audience in audiences})
    for audience in audiences:
        url = reverse("programs:content", args=[audience.item.code])
        title = titles.get(audience.item_id, audience.item.code)
        found[audience.group_id].append(Use(audience.item.get_kind_display(), title, url))
    return found


def _titles(item_ids: Collection[int]) -> dict[int, str]:
    """The title of each item's newest version."""
    newest = (
        ContentVersion.objects.filter(item__in=item_ids).order_by("item_id", "-number").distinct("item_id")
    )
    return dict(newest.values_list("item_id", "title"))
