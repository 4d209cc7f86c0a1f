"""Asking firms to accept an agreement: a sweep writes to them, so that publishing takes as long for ten firms as for ten
thousand. Safe to run never, once or a hundred times, by two workers at once: the outbox knows each occasion."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import NotAllowed, WrongStatus
from core.vendor_days import vendor_day
from notifications.announcing import wake_on_commit
from partners.agreements.asking import not_accepted
from partners.models import Agreement, AgreementVersion
from partners.services.agreements import notices

EDIT = "agreements.edit"
TASK = "partners.ask_to_accept"


def ask_again(agreement: Agreement, *, by: User, clock: Clock = database_clock) -> int:
    """Lets the sweep write again to all firms that have not accepted the newest version; returns how many they are now.
    Raises NotAllowed without 'agreements.edit', WrongStatus when they were written to today or nobody is left to ask."""
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include agreements.")
    version = agreement.versions.order_by("-number").first()
    open_ones = not_accepted(version).count() if version is not None else 0
    if version is None or not open_ones:
        raise WrongStatus("Every firm that is asked has accepted it.")
    today = vendor_day(clock())
    with transaction.atomic():
        again = AgreementVersion.objects.filter(pk=version.pk, told_at__date__lt=today)
        if not again.update(told_at=None, asked=F("asked") + 1):
            raise WrongStatus("The firms were written to today already. Ask again tomorrow.")
        wake_on_commit(TASK)
    return open_ones


def ask_to_accept(*, clock: Clock = database_clock) -> int:
    """Writes to the firms of every version that is new or was asked again; returns how many firms."""
    now = clock()
    waiting = AgreementVersion.objects.newest().filter(told_at=None, agreement__ended_at=None)
    return sum(_ask(version, now) for version in waiting.select_related("agreement"))


def _ask(version: AgreementVersion, now: datetime) -> int:
    firms = 0
    for partner in not_accepted(version).iterator(chunk_size=500):
        with transaction.atomic():
            notices.asked(version, partner)
        firms += 1
    AgreementVersion.objects.filter(pk=version.pk, asked=version.asked, told_at=None).update(told_at=now)
    return firms
