"""What a program holds besides its journey and training: what of the library belongs to it, and incentives to come."""

from django.db import models

from accounts.models import User
from programs.models.content import ContentItem
from programs.models.program import Program


class ProgramContent(models.Model):
    """An item of the library that belongs to a program: the firms that take part read it, whatever groups it is for."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="program_contents")
    item = models.ForeignKey(ContentItem, on_delete=models.CASCADE, related_name="program_contents")
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["program", "id"]
        constraints = [models.UniqueConstraint(fields=["program", "item"], name="content_once_in_a_program")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.program_id}"


class PlannedIncentive(models.Model):
    """What the vendor plans for the firms of a program, in words, with the days it is planned for. Nothing is computed
    from it."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="incentives")
    name = models.CharField(max_length=120)
    text = models.TextField(max_length=1000)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ["program", models.F("starts_on").asc(nulls_last=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None)
                | models.Q(starts_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="incentive_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name
