"""What a partner asks of the referee after approval or against a decision, and what a customer asks in writing."""

from functools import partial

from django.db import models

from accounts.models import User
from core.codes import new_code
from registrations.enums import RequestState
from registrations.models.attachment import Attachment
from registrations.models.decision import Decision
from registrations.models.registration import Registration
from registrations.querysets import RequestQuerySet

_extension_code = partial(new_code, "X")
_appeal_code = partial(new_code, "V")
_ANSWERED = [RequestState.GRANTED, RequestState.REFUSED]


class Extension(models.Model):
    """A request for more protection without an update. `days` is what it adds; `decision` is its receipt.

    The partial UNIQUE keeps one open request a registration, whatever the timing.
    """

    code = models.CharField(max_length=16, unique=True, default=_extension_code, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000)
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    closed_at = models.DateTimeField(null=True)
    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT, related_name="extension")

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values), name="extension_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_ANSWERED) | models.Q(decision__isnull=False),
                name="extension_has_receipt",
            ),
            models.UniqueConstraint(
                fields=["registration"],
                condition=models.Q(state=RequestState.OPEN),
                name="one_open_extension",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state=RequestState.OPEN), name="extension_awaiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.registration_id}"


class Appeal(models.Model):
    """A partner disputes a decision: once, since `decision` is unique. `outcome` is the second receipt.

    `first_decider` is who made the disputed decision (null: the policy); the CHECK keeps them from deciding again.
    """

    code = models.CharField(max_length=16, unique=True, default=_appeal_code, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="appeals")
    first_decider = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.OPEN)
    closed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.OneToOneField(
        Decision, null=True, on_delete=models.PROTECT, related_name="appeal_decided"
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values), name="appeal_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_ANSWERED) | models.Q(outcome__isnull=False),
                name="appeal_has_receipt",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(first_decider=None)
                | ~models.Q(decided_by=models.F("first_decider")),
                name="appeal_decided_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state=RequestState.OPEN), name="appeal_awaiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} against {self.decision_id}"


class CustomerLetter(models.Model):
    """A customer's written wish to work with another partner: `registration` held the deal, `in_favour_of` gets it.

    The letter names that partner, so the file is for the vendor only.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="customer_letters")
    in_favour_of = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    dated = models.DateField()
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="customer_letter")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"letter of {self.dated} about {self.registration_id}"
