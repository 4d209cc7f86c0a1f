"""Two at once: one certificate is verified once, warned of once, handed in once; a merge is done once."""

from datetime import UTC, date, datetime

import pytest

from core.clock import fixed
from core.errors import BadInput, DomainError, WrongStatus
from notifications.models import Message
from partners.models import Certificate, CertificateWarning, Partner, PartnerMerge
from partners.services.certificates import (
    deciding,
    reject_certificate,
    send_certificate_warnings,
    verify_certificate,
    warnings,
)
from partners.services.merging import merge_partners
from tests.concurrency.racing import meeting, race
from tests.partners.certificates.makers import handed_in, make_type, placed

pytestmark = pytest.mark.django_db(transaction=True)
NOW = fixed(datetime(2026, 6, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "without the lock"])
def test_two_decide_at_once(northgate, bob, olga, ada, monkeypatch, locked):
    one = handed_in(northgate, make_type(), bob)
    if not locked:  # the negative control: without the row lock both decide
        monkeypatch.setattr(
            deciding,
            "opened",
            meeting(lambda row, *_: Certificate.objects.select_related("type", "partner").get(pk=row.pk), 2),
        )
    else:
        monkeypatch.setattr(deciding, "opened", meeting(deciding.opened, 2))

    results = race(
        lambda: verify_certificate(one, by=olga, version=1, clock=NOW),
        lambda: reject_certificate(one, by=ada, version=1, reason="Torn.", clock=NOW),
    )

    refused = [result for result in results if isinstance(result, WrongStatus)]
    assert len(refused) == (1 if locked else 0), results
    assert Message.objects.filter(event__in=["certificate.verified", "certificate.rejected"]).count() == (
        1 if locked else 2
    )


def test_two_sweeps_and_two_uploads_at_once(northgate, bob, monkeypatch):
    placed(northgate, make_type(), valid_to=date(2026, 6, 30))
    monkeypatch.setattr(warnings, "_perhaps_due", meeting(warnings._perhaps_due, 2))

    race(*[lambda: send_certificate_warnings(clock=NOW)] * 2)

    assert Message.objects.filter(event="certificate.expiring", recipient=bob).count() == 1
    assert CertificateWarning.objects.count() == 2  # 60 and 30 days

    gdp = make_type("gdp")
    results = race(*[lambda: handed_in(northgate, gdp, bob)] * 2)
    assert sorted(isinstance(result, BadInput) for result in results) == [False, True], results
    assert Certificate.objects.filter(type=gdp).count() == 1


def test_two_merges_across_each_other(northgate, southridge, olga, ada):
    versions = {northgate.pk: 1, southridge.pk: 1}

    def one_way(gone, into, who):
        return lambda: merge_partners(gone, into=into, by=who, reason="One.", versions=versions)

    results = race(one_way(northgate, southridge, olga), one_way(southridge, northgate, ada))

    assert sum(isinstance(result, DomainError) for result in results) == 1, results
    assert PartnerMerge.objects.count() == 1
    assert Partner.objects.filter(status="ended").count() == 1
