"""What a merge of two partner records does in this app: what both have stays behind, and rests there until the merge is taken
back."""

from datetime import datetime

from accounts.models import User
from partners.merging.relations import Moved
from partners.models import Partner
from programs.enums import EnrolmentStatus
from programs.models import Enrolment
from programs.workflow import status_before


def follow(moved: Moved, *, by: User, at: datetime) -> None:
    """Ends, as of the merge, the open enrolments that the survivor has, too: one firm takes part once. Taken back, they are
    what they were."""
    if moved.back:
        _put_back(moved.target, moved.merged_at)
        return
    Enrolment.objects.open().filter(partner=moved.source).update(
        status=EnrolmentStatus.ENDED,
        ended_by=by,
        ended_at=moved.merged_at,
        reason=f"{moved.source.name} is part of {moved.target.name} now.",
    )


def _put_back(partner: Partner, merged_at: datetime) -> None:
    rows = Enrolment.objects.filter(partner=partner, status=EnrolmentStatus.ENDED, ended_at=merged_at)
    for enrolment in rows.order_by("pk").select_for_update(of=("self",)):
        enrolment.status = status_before(enrolment)
        enrolment.ended_by, enrolment.ended_at, enrolment.reason = None, None, ""
        enrolment.save(update_fields=["status", "ended_by", "ended_at", "reason"])
