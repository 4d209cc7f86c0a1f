"""The sweeps of the policies app. The database decides what is due."""

from celery import shared_task

from policies.services.publishing import TELL
from policies.services.telling import tell_of_versions as tell


@shared_task(name=TELL)  # type: ignore[untyped-decorator]
def tell_of_versions() -> None:
    """Tells partners of versions that come or do not come after all."""
    tell()
