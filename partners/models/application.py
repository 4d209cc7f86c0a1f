"""A firm that wants to become a partner, and what operations look at before they decide."""

from functools import partial

from django.db import models
from django.db.models.functions import Lower
from django_countries.fields import CountryField

from accounts.models import User
from core.codes import new_code
from partners.enums import DECIDED, UNDECIDED, ApplicationReason, ApplicationState, PartnerKind
from partners.models.firm import Partner
from partners.querysets import ApplicationQuerySet

_code = partial(new_code, "A")


class Application(models.Model):
    """What somebody wrote on the public form. It reaches operations once the link in the mail was used (`confirmed_at`);
    one that never is is swept away. `text` is what the applicant reads with the decision."""

    code = models.CharField(max_length=16, unique=True, default=_code, editable=False)
    state = models.CharField(max_length=12, choices=ApplicationState, default=ApplicationState.UNCONFIRMED)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PartnerKind)
    country = CountryField()
    city = models.CharField(max_length=120, blank=True)
    website = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    contact_name = models.CharField(max_length=120)
    contact_title = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField()
    contact_phone = models.CharField(max_length=40, blank=True)
    about = models.TextField(max_length=2000)

    sent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=ApplicationReason, blank=True)
    text = models.TextField(blank=True)
    partner = models.OneToOneField(Partner, null=True, on_delete=models.PROTECT, related_name="application")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["answer_by", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state=ApplicationState.ACCEPTED, partner__isnull=False)
                | (~models.Q(state=ApplicationState.ACCEPTED) & models.Q(partner=None)),
                name="application_accepted_has_firm",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=UNDECIDED, decided_at=None)
                | models.Q(state__in=DECIDED, decided_at__isnull=False),
                name="application_decided_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "answer_by", "id"], name="application_queue"),
            models.Index(Lower("contact_email"), name="application_address"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ChecklistItem(models.Model):
    """What operations look at with each application: of one kind of partner, or of every kind (empty)."""

    kind = models.CharField(max_length=20, choices=PartnerKind, blank=True)
    place = models.PositiveSmallIntegerField(default=10)
    label = models.CharField(max_length=200)
    help = models.CharField(max_length=300, blank=True)
    required = models.BooleanField(default=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.label


class ApplicationCheck(models.Model):
    """A checklist item of one application, as it was worded when it came in; who ticked it, and when."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    place = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    help = models.CharField(max_length=300, blank=True)
    required = models.BooleanField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.label


class ApplicationNote(models.Model):
    """What somebody of the vendor's staff wrote about an application, for their own side."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.at.isoformat()}"
