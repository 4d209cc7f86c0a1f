"""What happened to a firm: who, when, what. Written by services, never changed (a trigger of the database refuses it)."""

from django.db import models

from accounts.models import User
from partners.enums import EntryAudience
from partners.models.firm import Partner
from partners.querysets import FirmEntryQuerySet


class FirmEntry(models.Model):
    """One line of a firm's history. `kind` names what happened ('suspend', 'edit', 'role', 'step_done'), `data` holds what
    partners/words.py says about it; `actor` None is the portal itself."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="history")
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    audience = models.CharField(max_length=10, choices=EntryAudience, default=EntryAudience.BOTH)
    data = models.JSONField(default=dict)

    objects = FirmEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["partner", "-at", "-id"], name="firm_history")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.kind}"
