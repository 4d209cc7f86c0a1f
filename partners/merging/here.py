"""What becomes of this app's own relations to a firm."""

from django.db.models import Q

from partners.certificates.enums import CertificateStatus
from partners.enums import ONBOARDING
from partners.merging.relations import Relation

_OPEN = Q(accepted_at=None, revoked_at=None)
_RECORD = "They are the record's own history."
_ANY = Q(pk__isnull=False)  # the firm's own: what was written on it meanwhile goes back with it

RELATIONS = (
    Relation("partners.Member.partner", "People", shows="user__name", returns=_ANY),
    Relation(
        "partners.Invitation.partner",
        "Invitations",
        shows="email",
        unless=("email",),
        among=_OPEN,
        returns=_ANY,
        goes_with="invited_by__member",
    ),
    Relation(
        "partners.Partner_territories.partner", "Territories", shows="territory__name", unless=("territory",)
    ),
    Relation(
        "partners.Partner_industries.partner", "Industries", shows="industry__name", unless=("industry",)
    ),
    Relation(
        "partners.Certificate.partner",
        "Certificates",
        shows="type__name",
        unless=("type", "number", "valid_from"),
        among=Q(status__in=[CertificateStatus.SUBMITTED, CertificateStatus.VERIFIED]),
        goes_with="member",
        returns=_ANY,
    ),
    Relation(
        "partners.AgreementAcceptance.partner",
        "Agreements accepted",
        shows="version__agreement__title",
        unless=("version",),
    ),
    Relation("partners.GroupPick.partner", "Groups by hand", shows="group__name", unless=("group",)),
    Relation("partners.Application.partner", "Application", shows="code"),
    Relation("partners.FirmEntry.partner", "History", stays=_RECORD),
    Relation("partners.FirmMilestone.partner", "Milestones", unless=("kind",)),
    # A firm that works with us already is not onboarded anew by what the other record had still to do.
    Relation(
        "partners.OnboardingStep.partner",
        "Steps",
        shows="title",
        unless=("source",),
        stays="Each record is onboarded by its own steps; those of a program that both are in, the other has already.",
        only=~Q(source=ONBOARDING),
        returns=_ANY,
    ),
    Relation("partners.PartnerMerge.gone", "Merges before", stays=_RECORD),
    Relation("partners.PartnerMerge.survivor", "Merges taken in", stays=_RECORD),
)
