"""What becomes of this app's own relations to a firm."""

from django.db.models import Q

from partners.certificates.enums import CertificateStatus
from partners.merging.relations import Relation

_OPEN = Q(accepted_at=None, revoked_at=None)
_RECORD = "They are the record's own history."

RELATIONS = (
    Relation("partners.Member.partner", "People", shows="user__name"),
    Relation("partners.Invitation.partner", "Invitations", shows="email", unless=("email",), among=_OPEN),
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
    # As a whole: a firm that has been onboarded is not sent back by what its plan asks for today.
    Relation("partners.OnboardingStep.partner", "Onboarding steps", shows="title", unless=("source",)),
    Relation("partners.PartnerMerge.gone", "Merges before", stays=_RECORD),
    Relation("partners.PartnerMerge.survivor", "Merges taken in", stays=_RECORD),
)
