"""Which firms an item of the library is for, as the last night found it."""

from django.db import models

from partners.models import Partner
from programs.models.content import ContentItem


class ContentReach(models.Model):
    """An item is for a firm, since a moment. `told_at` is when its people were told: by the mail about the publication, or by
    the digest for what came to be for them later; null while they are still to be told. Gone with the firm's belonging."""

    item = models.ForeignKey(ContentItem, on_delete=models.CASCADE, related_name="reach")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="content_reach")
    since = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["item", "partner"]
        constraints = [models.UniqueConstraint(fields=["item", "partner"], name="content_reach_once")]
        indexes = [
            models.Index(fields=["partner"], condition=models.Q(told_at=None), name="content_reach_to_tell")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} for {self.partner_id}"
