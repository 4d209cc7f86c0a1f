"""The sweeps of the policies app. The database decides what is due."""

from celery import shared_task

from policies.services.publishing import TELL
from policies.services.requirement_notices import tell_who_is_touched_since
from policies.services.right_ends import tell_of_right_ends
from policies.services.rights_ahead import tell_who_is_kept_out_since
from policies.services.telling import tell_of_versions as tell


@shared_task(name=TELL)  # type: ignore[untyped-decorator]
def tell_of_versions() -> None:
    """Tells partners of versions that come or do not come after all."""
    tell()


@shared_task(name="policies.tell_of_what_binds")  # type: ignore[untyped-decorator]
def tell_of_what_binds() -> None:
    """Tells of ends of rights, and those whom an announced right or requirement touches since."""
    tell_of_right_ends()
    tell_who_is_kept_out_since()
    tell_who_is_touched_since()
