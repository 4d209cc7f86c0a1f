"""Views of the queue that people keep by name. Each sees their own."""

from django.db import IntegrityError, transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput
from registrations.models import SavedView
from registrations.models.desk import LONGEST_QUERY

MOST = 12


def save_view(person: User, *, name: str, query: str, clock: Clock = database_clock) -> SavedView:
    """Keeps `query` (the address after '?', without it) under `name`. Raises BadInput for a name that is taken or
    empty, and beyond twelve views."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=person.pk)
        if person.saved_views.count() >= MOST:
            raise BadInput(f"You have {MOST} views already. Delete one first.", field="name")
        try:
            with transaction.atomic():
                return SavedView.objects.create(
                    user=person, name=_name(name), query=query[:LONGEST_QUERY], created_at=clock()
                )
        except IntegrityError as error:
            raise BadInput("You have a view of this name already.", field="name") from error


def rename_view(view: SavedView, *, name: str) -> SavedView:
    """Gives a view another name. Raises BadInput for one that is taken or empty."""
    view.name = _name(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise BadInput("You have a view of this name already.", field="name") from error
    return view


def delete_view(view: SavedView) -> None:
    """Forgets a view; the registrations in it are untouched."""
    view.delete()


def _name(name: str) -> str:
    told = " ".join(name.split())
    if not told:
        raise BadInput("Give the view a name.", field="name")
    return told[:40]
