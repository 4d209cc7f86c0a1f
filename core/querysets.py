"""Reading and moving the pulse."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from core.models import Heartbeat


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str, moment: datetime) -> None:
        """Notes that `name` was at work at `moment`; two at once do no harm."""
        self.bulk_create(
            [self.model(name=name, at=moment)],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )
