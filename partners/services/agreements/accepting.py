"""Accepting a version for a firm."""

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import NotAllowed, WrongStatus
from partners.models import Agreement, AgreementAcceptance, AgreementVersion, Partner
from partners.permissions import firm_of
from partners.services.history import record

ACCEPT = "agreements.accept"


def accept_version(
    version: AgreementVersion, *, partner: Partner, by: User, clock: Clock = database_clock
) -> AgreementAcceptance:
    """Notes who accepted it for the firm, and when; a second time, by whomever, changes nothing. Raises NotAllowed without
    'agreements.accept' or for another firm, WrongStatus for a version that is not the newest or does not bind the firm."""
    if not by.may(ACCEPT) or firm_of(by) != partner.pk:
        raise NotAllowed("Agreements are accepted by an admin of the firm itself.")
    with transaction.atomic():
        # The lock that a new version takes, too: nobody accepts words that were replaced a moment ago.
        agreement = Agreement.objects.select_for_update().get(pk=version.agreement_id)
        if not Agreement.objects.binding(partner).filter(pk=agreement.pk).exists():
            raise WrongStatus("This agreement is not asked of your firm any more.")
        if agreement.versions.filter(number__gt=version.number).exists():
            raise WrongStatus("There is a newer version of this agreement. Read that one.")
        acceptance, is_new = AgreementAcceptance.objects.get_or_create(
            version=version, partner=partner, defaults={"by": by, "at": clock()}
        )
        if is_new:
            told = {"label": f"{agreement.title}, version {version.number}"}
            record(partner, "agreement_accepted", actor=by, at=acceptance.at, data=told)
    return acceptance
