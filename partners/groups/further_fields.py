"""The fields of the rule builder about what belongs to a firm: its people's functions, its certificates."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from partners.certificates.querysets import CertificateQuerySet
from partners.certificates.valid import valid_certificates
from partners.enums import PartnerFunction
from partners.groups.fields import MANY_VALUES, Choices, Field, choice_field
from partners.models import Certificate, CertificateType, Member, Partner
from partners.querysets import MemberQuerySet


def function_field() -> Field:
    """Functions that somebody who can sign in has."""

    def people() -> MemberQuerySet:
        return Member.objects.filter(user__is_active=True)

    def here() -> MemberQuerySet:
        return people().filter(partner_id=OuterRef("pk"))

    def shown(firm: Partner, at: datetime) -> str:
        rows = people().filter(partner=firm).values_list("functions", flat=True)
        held = {code for codes in rows for code in codes}
        return ", ".join(label for code, label in PartnerFunction.choices if code in held)

    return choice_field(
        "function",
        "Function",
        has=lambda values, at: Q(Exists(here().filter(functions__overlap=list(values)))),
        some=lambda at: Q(Exists(here().exclude(functions=[]))),
        shown=shown,
        choices=lambda: [(code, str(label)) for code, label in PartnerFunction.choices],
        operators=MANY_VALUES,
    )


def certificate_field() -> Field:
    """Certificates that are verified and valid on the day."""

    def held(at: datetime) -> CertificateQuerySet:
        return Certificate.objects.holding(at).filter(partner_id=OuterRef("pk")).order_by()

    def choices() -> Choices:
        return list(CertificateType.objects.order_by("name").values_list("code", "name"))

    def shown(firm: Partner, at: datetime) -> str:
        codes = valid_certificates([firm.pk], at)[firm.pk]
        return ", ".join(name for code, name in choices() if code in codes)

    return choice_field(
        "certificate",
        "Certificate",
        has=lambda values, at: Q(Exists(held(at).filter(type__code__in=values))),
        some=lambda at: Q(Exists(held(at))),
        shown=shown,
        choices=choices,
        operators=MANY_VALUES,
    )
