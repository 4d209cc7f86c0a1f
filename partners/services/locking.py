"""The lock that every change of a firm's status takes first."""

from partners.models import Partner


def lock_firm(pk: int) -> Partner:
    """The firm's row, locked against other changes of it. Not against new rows that point to it: those hold locks of
    companies that a change of status takes afterwards."""
    firms = Partner.objects.select_for_update(of=("self",), no_key=True).select_related("manager")
    return firms.get(pk=pk)
