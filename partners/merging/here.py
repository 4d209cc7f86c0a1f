"""What becomes of this app's own relations to a firm."""

from django.db.models import OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.db.models.lookups import IsNull

from core.vendor_days import vendor_zone
from partners.certificates.enums import CertificateStatus
from partners.enums import ONBOARDING, PickKind
from partners.merging.relations import Relation

_OPEN = Q(accepted_at=None, revoked_at=None)
_RECORD = "They are the record's own history."
_ANY = Q(pk__isnull=False)  # the firm's own: what was written on it meanwhile goes back with it

# Of two certificates that are alike, the verified one counts, and of two such the one that is valid for longer.
_COUNTS = Q(status=CertificateStatus.VERIFIED) & (
    Q(valid_to=None) | Q(valid_to__gte=TruncDate(Now(), tzinfo=vendor_zone()))
)
_COUNTS_LESS = (
    Q(status=CertificateStatus.SUBMITTED)
    | Q(valid_to__lt=OuterRef("valid_to"))
    | Q(IsNull(OuterRef("valid_to"), True), valid_to__isnull=False)
)
# Of two steps that are alike: what is done, else what is still asked for, else what is open already.
_STEP_BEHIND = (
    Q(IsNull(OuterRef("done_at"), False), done_at=None)
    | Q(dropped_at__isnull=False, done_at=None)
    | Q(IsNull(OuterRef("opened_at"), False), opened_at=None, done_at=None)
)

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
        unless=("type", "member", "number", "valid_from"),
        among=Q(status__in=[CertificateStatus.SUBMITTED, CertificateStatus.VERIFIED]),
        wins=_COUNTS,
        yields=_COUNTS_LESS,
        instead="Of two with the same number, the verified one counts, or the one that is valid for longer.",
        goes_with="member",
        returns=_ANY,
    ),
    Relation(
        "partners.AgreementAcceptance.partner",
        "Agreements accepted",
        shows="version__agreement__title",
        unless=("version",),
    ),
    # Who keeps a double out of a group does not mean the firm: what the record that goes on is in, it stays in.
    Relation(
        "partners.GroupPick.partner",
        "Groups by hand",
        shows="group__name",
        unless=("group",),
        already="What was said by hand of the record that goes on holds.",
        stays="It was kept out by hand; that does not keep out the record that goes on.",
        only=Q(kind=PickKind.ADDED),
    ),
    Relation("partners.Application.partner", "Application", shows="code"),
    Relation("partners.FirmEntry.partner", "History", stays=_RECORD),
    Relation(
        "partners.FirmMilestone.partner",
        "Milestones",
        unless=("kind",),
        already="The record that goes on was there no later.",
        yields=Q(at__gt=OuterRef("at")),
        instead="The first time counts.",
    ),
    # A firm that works with us already is not onboarded anew by what the other record had still to do.
    Relation(
        "partners.OnboardingStep.partner",
        "Steps",
        shows="title",
        unless=("source", "key"),
        already="The record that goes on has these steps of a program already.",
        wins=Q(dropped_at=None),
        yields=_STEP_BEHIND,
        instead="Of a step that both have in a program, the one that is done counts.",
        stays="Each record is onboarded by its own steps.",
        only=~Q(source=ONBOARDING),
        returns=_ANY,
    ),
    Relation("partners.PartnerMerge.gone", "Merges before", stays=_RECORD),
    Relation("partners.PartnerMerge.survivor", "Merges taken in", stays=_RECORD),
)
