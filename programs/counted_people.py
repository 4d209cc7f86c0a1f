"""Whom the figures of people count, as if a firm held other certificates: certified people by theirs, trained ones by what a path
granted them. Tiers and stages ask for these figures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from partners.certificates.enums import CertificateKind, HeldBy
from partners.certificates.gates import Case
from partners.certificates.querysets import OF_SOMEBODY_HERE
from partners.models import Certificate, CertificateType
from programs.models import Path, Take

CERTIFIED, TRAINED = "certified_people", "trained_people"


@dataclass(frozen=True)
class People:
    """Whom certificates make count: `certified` by the certificate's id; `trained` by that of what a path granted, and
    those whose path granted nothing, with their firm."""

    certified: Mapping[int, int]
    trained: Mapping[int, int]
    for_good: Collection[tuple[int | None, int]]

    def number(self, measure: str, case: Case) -> int:
        """How many the firm has in this case."""
        if measure == CERTIFIED:
            return len({self.certified[pk] for pk in case.certificates if pk in self.certified})
        granted = {self.trained[pk] for pk in case.certificates if pk in self.trained}
        return len(granted | {user for firm, user in self.for_good if firm == case.firm})


def people_of(firms: Collection[int]) -> People:
    """Whom the certificates of these firms make count: three queries."""
    certified = Certificate.objects.filter(
        OF_SOMEBODY_HERE, partner__in=firms, member__isnull=False, type__kind=CertificateKind.CERTIFICATION
    )
    takes = Take.objects.filter(
        passed_at__isnull=False, user__is_active=True, user__member__partner__in=firms
    ).order_by()
    return People(
        {pk: member for pk, member in certified.values_list("pk", "member") if member is not None},
        {
            paper: user
            for paper, user in takes.values_list("certificate", "user").exclude(certificate=None)
            if paper is not None
        },
        set(takes.filter(certificate=None, valid_until=None).values_list("user__member__partner", "user")),
    )


def types_counted(measures: Collection[str], codes: Collection[str]) -> set[str]:
    """Those of these types of certificates that make people count for one of the figures: a query for each."""
    found: set[str] = set()
    if CERTIFIED in measures:
        certifications = CertificateType.objects.filter(
            kind=CertificateKind.CERTIFICATION, held_by=HeldBy.PERSON
        )
        found.update(certifications.filter(code__in=codes).values_list("code", flat=True))
    if TRAINED in measures:
        granting = Path.objects.filter(grants__code__in=codes).order_by()
        found.update(granting.values_list("grants__code", flat=True))
    return found
