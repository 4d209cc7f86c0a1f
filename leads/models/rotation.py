"""Whose turn it is, when leads are given in turn with weights."""

from django.db import models

from leads.querysets import TurnQuerySet
from partners.models import Partner

LARGEST_WEIGHT = 10
# Divisible by every weight from 1 to 10, so that strides are whole numbers and turns come out exactly.
STRIDE = 2520


class Turn(models.Model):
    """A firm's place in the rotation. Each lead moves `position` on by STRIDE / weight; the lowest is next, so that a
    weight of 3 gets three leads for each one of a weight of 1. Weight 0 sits out."""

    partner = models.OneToOneField(Partner, on_delete=models.CASCADE, related_name="lead_turn")
    weight = models.PositiveSmallIntegerField(default=1)
    position = models.BigIntegerField(default=0)

    objects = TurnQuerySet.as_manager()

    class Meta:
        ordering = ["partner__name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__lte=LARGEST_WEIGHT), name="lead_turn_weight_in_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.weight}"
