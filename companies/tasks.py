"""The sweeps that beat asks for. The database decides what is due."""

from celery import shared_task

from companies.index.rebuild import catch_up_all, is_outdated, mark_all
from companies.index.state import IndexBusy
from companies.index.vocabulary import count_words, counts_are_due
from companies.services.doubles import look_for_doubles

_SECONDS = 45.0


@shared_task(name="companies.suggest_doubles")
def suggest_doubles() -> None:
    """Looks for doubles of the companies that changed."""
    look_for_doubles()


@shared_task(name="companies.index_names")
def index_names() -> None:
    """Indexes the names that have no entry yet; all of them when this code writes entries in another way than the last."""
    if is_outdated():
        try:
            mark_all()
        except IndexBusy:
            return  # somebody rebuilds it by hand; else the next run tries again
    catch_up_all(seconds=_SECONDS)
    if counts_are_due():
        count_words()
