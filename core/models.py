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


class CacheEntry(models.Model):
    """The table behind settings.CACHES: limits on sign-in count over all web processes. Only the cache reads and writes it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_cache"

    def __str__(self) -> str:
        return self.cache_key
