"""What a firm is asked to accept, and which firms have not accepted yet."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from partners.agreements.querysets import ASKED
from partners.models import Agreement, AgreementAcceptance, AgreementVersion, Partner


@dataclass(frozen=True)
class Ask:
    """One agreement as it stands between the vendor and a firm: `newest` is what is asked for, `accepted` the firm's
    acceptance of it, `earlier` its last acceptance of a version before."""

    agreement: Agreement
    newest: AgreementVersion
    accepted: AgreementAcceptance | None
    earlier: AgreementAcceptance | None

    @property
    def is_open(self) -> bool:
        """Whether the firm is still to accept the newest version."""
        return self.accepted is None

    def is_late(self, today: date) -> bool:
        """Whether the day by which it was asked has passed."""
        return self.is_open and self.newest.accept_by < today


def asks_of(partner: Partner) -> list[Ask]:
    """Every agreement that binds the firm, those still to accept first, the soonest date first: three queries."""
    binding = Agreement.objects.binding(partner)
    newest = list(AgreementVersion.objects.newest().filter(agreement__in=binding).select_related("agreement"))
    acceptances = AgreementAcceptance.objects.filter(
        partner=partner, version__agreement__in=[version.agreement_id for version in newest]
    ).select_related("version", "by")
    by_version = {acceptance.version_id: acceptance for acceptance in acceptances}
    last: dict[int, AgreementAcceptance] = {}
    for acceptance in sorted(by_version.values(), key=lambda one: one.version.number):
        last[acceptance.version.agreement_id] = acceptance
    found = [
        Ask(
            version.agreement,
            version,
            by_version.get(version.pk),
            None if version.pk in by_version else last.get(version.agreement_id),
        )
        for version in newest
    ]
    return sorted(found, key=lambda ask: (not ask.is_open, ask.newest.accept_by, ask.agreement.title))


def firms_asked(agreement: Agreement) -> QuerySet[Partner]:
    """The firms that are asked to accept it now, by name."""
    if agreement.ended_at is not None:
        return Partner.objects.none()
    firms = Partner.objects.filter(status__in=ASKED)
    if agreement.kinds:
        firms = firms.filter(kind__in=agreement.kinds)
    return firms.order_by("name", "pk")


def not_accepted(version: AgreementVersion) -> QuerySet[Partner]:
    """The firms that are asked for this version and have not accepted it."""
    accepted = AgreementAcceptance.objects.filter(version=version, partner=OuterRef("pk"))
    return firms_asked(version.agreement).filter(~Exists(accepted))
