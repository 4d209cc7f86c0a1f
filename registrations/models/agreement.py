"""Two partners at one deal: a split with shares, or a transfer. Proposed by a manager, carried out once both agree."""

from functools import partial

from django.core.validators import MaxValueValidator
from django.db import models

from accounts.models import User
from core.codes import new_code
from registrations.enums import AgreementKind, AgreementState
from registrations.models.registration import Registration
from registrations.querysets import AgreementQuerySet

_code = partial(new_code, "G")
_PERCENT = [MaxValueValidator(100)]


class Agreement(models.Model):
    """`holder` holds the deal, `other` is the registration of the partner who comes in. Shares are in percent and add up
    to 100; a transfer gives all of it. In a split the holder stays the only holder: the other one sells along."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    kind = models.CharField(max_length=10, choices=AgreementKind)
    holder = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="agreements_given")
    other = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="agreements_taken")
    holder_share = models.PositiveSmallIntegerField(validators=_PERCENT)
    other_share = models.PositiveSmallIntegerField(validators=_PERCENT)
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answer_by = models.DateTimeField(null=True)  # None: proposed before there were deadlines
    # When the answer about `other` was due: that clock rests while the proposal waits (services/resting.py).
    review_due_at = models.DateTimeField(null=True)
    holder_agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    holder_agreed_at = models.DateTimeField(null=True)
    other_agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    other_agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holder_share=100 - models.F("other_share")),
                name="agreement_shares_make_100",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=AgreementKind.TRANSFER, other_share=100)
                | models.Q(kind=AgreementKind.SPLIT, other_share__gt=0, other_share__lt=100),
                name="agreement_transfer_gives_all",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=AgreementState.AGREED)
                | models.Q(holder_agreed_by__isnull=False, other_agreed_by__isnull=False),
                name="agreement_of_both",
            ),
            models.UniqueConstraint(
                fields=["holder"],
                condition=models.Q(state__in=[AgreementState.PROPOSED, AgreementState.AGREED], ended_at=None),
                name="agreement_one_a_holder",
            ),
            models.UniqueConstraint(
                fields=["other"],
                condition=models.Q(state__in=[AgreementState.PROPOSED, AgreementState.AGREED], ended_at=None),
                name="agreement_one_a_newcomer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind}"
