"""What the referee's desk keeps besides the registrations: who looked, saved views, snoozes, escalations."""

from django.db import models
from django.db.models.functions import Lower

from accounts.models import User
from notifications.models import Message
from registrations.models.registration import Registration

# All filters filled in to their ends, in letters that take twelve characters each in an address.
LONGEST_QUERY = 2500


class Look(models.Model):
    """When somebody last had a registration open, and the last timeline entry that the page showed then."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="looks")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "user"], name="look_one_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.registration_id}#{self.number}"


class SavedView(models.Model):
    """A view of the queue that somebody named: `query` is the part of its address after '?'."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=LONGEST_QUERY)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint("user", Lower("name"), name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name


class Snooze(models.Model):
    """A registration set aside until a moment. It comes back then, or when anything about it changes before."""

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="snooze")
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.registration_id} until {self.until:%Y-%m-%d}"


class Escalation(models.Model):
    """That somebody was told of an overdue decision: once per due date and level."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="escalations")
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    told = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "due_at", "level"], name="escalation_once")
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} level {self.level}"
