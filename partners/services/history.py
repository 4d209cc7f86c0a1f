"""Writing a firm's history."""

from datetime import datetime
from typing import Any

from accounts.models import User
from partners.enums import EntryAudience
from partners.models import FirmEntry, Partner


def record(
    partner: Partner,
    kind: str,
    *,
    actor: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
    audience: EntryAudience = EntryAudience.BOTH,
) -> FirmEntry:
    """Appends a line; partners/words.py says it. `audience` VENDOR keeps it from the firm's own eyes."""
    return FirmEntry.objects.create(
        partner=partner, kind=kind, actor=actor, at=at, data=data or {}, audience=audience
    )
