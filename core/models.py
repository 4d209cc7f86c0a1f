"""The pulse of the background processes."""

from django.db import models

from core.querysets import HeartbeatQuerySet


class Heartbeat(models.Model):
    """When a background process was last seen at work. A row that goes stale means that it runs but does nothing."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} at {self.at.isoformat()}"
