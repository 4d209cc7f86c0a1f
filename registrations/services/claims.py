"""What becomes of conflicts with a claim of an app further up (registrations/claims.py) when the claim ends."""

from datetime import datetime

from registrations.models import Conflict
from registrations.services import rival_ends


def end_claim(code: str, *, at: datetime) -> int:
    """The claim with this public code no longer stands in the way of anybody; returns how many conflicts it had.

    They stay as evidence of what the check saw.
    """
    rival_ends.note_claim(code, at=at)
    return Conflict.objects.filter(claim_code=code, claim_ended_at=None).update(claim_ended_at=at)
