"""Handing in, verifying, rejecting, revoking, granting; what counts at a moment."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.clock import fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.models import Message
from partners.certificates import gates
from partners.certificates.closing import closing_with
from partners.certificates.enums import CertificateStatus
from partners.certificates.valid import valid_certificates
from partners.models import Certificate
from partners.services.certificates import (
    Paper,
    create_type,
    grant_certificate,
    reject_certificate,
    revoke_certificate,
    update_type,
    verify_certificate,
    withdraw_certificate,
)
from tests.partners.certificates.makers import handed_in, make_type, paper_file, placed, verified

pytestmark = pytest.mark.django_db
NOW = fixed(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def iso(db):
    return make_type(validity_months=36)


def test_the_way_of_a_certificate(northgate, bob, olga, iso):
    one = handed_in(northgate, iso, bob, upload=paper_file("../../Zertifikat.pdf"))
    assert (one.status, one.valid_to, one.file_name) == ("submitted", date(2028, 12, 31), "Zertifikat.pdf")
    assert one.file.name.startswith("partners/F-")
    assert valid_certificates([northgate.pk], NOW()) == {northgate.pk: frozenset()}

    done = verify_certificate(one, by=olga, version=one.version, clock=NOW)

    assert (done.status, done.decided_by, done.decided_at) == ("verified", olga, NOW())
    assert valid_certificates([northgate.pk], NOW()) == {northgate.pk: frozenset({"iso-27001"})}
    mail = Message.objects.get()
    assert (mail.event, mail.recipient, mail.about) == ("certificate.verified", bob, one.code)
    assert northgate.history.get().kind == "certificate_verified"

    revoke_certificate(done, by=olga, version=done.version, reason="Withdrawn by the issuer.", clock=NOW)
    assert valid_certificates([northgate.pk], NOW())[northgate.pk] == frozenset()
    assert "Withdrawn by the issuer." in Message.objects.get(event="certificate.revoked").text


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"number": " "}, "number", "Enter the number"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to", "ends before it begins"),
        ({"valid_from": date(2020, 1, 1), "valid_to": date(2021, 1, 1)}, "valid_to", "has ended already"),
        ({"valid_to": date(2029, 1, 1)}, "valid_to", "36 months at most, to 31 Dec 2028"),
    ],
)
def test_dates_and_number_that_cannot_be(northgate, bob, iso, fields, field, words):
    with pytest.raises(BadInput, match=words) as refused:
        handed_in(northgate, iso, bob, **fields)
    assert refused.value.field == field
    assert not Certificate.objects.exists()


def test_made_out_to_whom_the_type_says(northgate, southridge, bob, alice, charlie, iso):
    person = make_type("engineer", held_by="person")
    for kind, member in ((iso, alice.member), (person, None), (person, charlie.member)):
        with pytest.raises(BadInput) as refused:
            handed_in(northgate, kind, bob, member=member)
        assert refused.value.field == "member"
    assert handed_in(northgate, person, bob, member=alice.member).member == alice.member


def test_the_paper_is_checked_like_every_upload(northgate, bob, settings):
    kind = make_type(needs_file=True)
    settings.UPLOAD_LIMIT_BYTES = 1024
    for upload, words in (
        (None, "Add the certificate as a file"),
        (SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>"), "not taken"),
        (SimpleUploadedFile("a.pdf", b"<html><script>"), "not what its name says"),
        (SimpleUploadedFile("a.pdf", b"%PDF-" + b"x" * 1024), "larger than"),
        (SimpleUploadedFile("a.txt", b"a\x00b"), "not plain text"),
    ):
        with pytest.raises(BadInput, match=words) as refused:
            handed_in(northgate, kind, bob, upload=upload)
        assert refused.value.field == "file"
    assert not Certificate.objects.exists()


def test_one_paper_is_handed_in_once_until_it_is_rejected(northgate, bob, olga, iso):
    one = handed_in(northgate, iso, bob)
    with pytest.raises(BadInput, match="handed in already"):
        handed_in(northgate, iso, bob)
    with pytest.raises(IntegrityError), transaction.atomic():
        placed(northgate, iso)
    reject_certificate(one, by=olga, version=1, reason="Page two is missing.")
    again = handed_in(northgate, iso, bob)
    withdraw_certificate(again, by=bob, version=1)
    assert handed_in(northgate, iso, bob).status == "submitted"


def test_who_may_do_what(northgate, southridge, alice, bob, charlie, mara, olga, iso):
    for stranger, firm in ((alice, northgate), (bob, southridge), (mara, northgate)):
        with pytest.raises(NotAllowed):
            handed_in(firm, iso, stranger)
    one = handed_in(northgate, iso, olga)
    with pytest.raises(NotAllowed, match="Somebody else verifies it"):
        verify_certificate(one, by=olga, version=1)
    for decide in (verify_certificate, reject_certificate, revoke_certificate):
        more = {} if decide is verify_certificate else {"reason": "x"}
        for person in (bob, mara):
            with pytest.raises(NotAllowed):
                decide(one, by=person, version=1, **more)
    with pytest.raises(NotAllowed):
        withdraw_certificate(one, by=charlie, version=1)
    with pytest.raises(NotAllowed):
        create_type(by=mara, code="x", fields={})


# Every action on every status: which are answered, everything else is refused with nothing changed.
@pytest.mark.parametrize("status", CertificateStatus.values)
@pytest.mark.parametrize(
    ("decide", "source", "target"),
    [
        (verify_certificate, "submitted", "verified"),
        (reject_certificate, "submitted", "rejected"),
        (revoke_certificate, "verified", "revoked"),
        (withdraw_certificate, "submitted", "withdrawn"),
    ],
)
def test_actions_and_statuses(northgate, bob, olga, iso, status, decide, source, target):
    one = placed(northgate, iso, status=status, submitted_by=bob, valid_to=date(2027, 1, 1))
    more = {"reason": "Because."} if decide in (reject_certificate, revoke_certificate) else {}
    if status == source:
        assert decide(one, by=olga, version=1, **more).status == target
        return
    with pytest.raises(WrongStatus):
        decide(one, by=olga, version=1, **more)
    one.refresh_from_db()
    assert (one.status, one.version) == (status, 1)


def test_stale_ended_and_without_a_reason(northgate, bob, olga, iso):
    one = handed_in(northgate, iso, bob)
    with pytest.raises(StaleVersion):
        verify_certificate(one, by=olga, version=7)
    with pytest.raises(BadInput, match="Say why"):
        reject_certificate(one, by=olga, version=1, reason="  ")
    late = fixed(datetime(2029, 1, 1, tzinfo=UTC))
    with pytest.raises(WrongStatus, match="has ended meanwhile"):
        verify_certificate(one, by=olga, version=1, clock=late)
    iso.offered = False
    iso.save(update_fields=["offered"])
    with pytest.raises(BadInput, match="no longer taken"):
        handed_in(northgate, iso, bob, number="N-9")


def test_a_renewal_follows_and_both_hold(northgate, bob, olga, iso):
    one = verified(northgate, iso, bob, olga, valid_to=date(2026, 6, 30))
    two = verified(
        northgate,
        iso,
        bob,
        olga,
        follows=one,
        number="N-2",
        valid_from=date(2026, 7, 1),
        valid_to=date(2027, 6, 30),
    )
    assert two.follows == one
    for day, held in ((date(2026, 6, 30), True), (date(2026, 7, 1), True), (date(2027, 7, 1), False)):
        moment = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
        assert valid_certificates([northgate.pk], moment)[northgate.pk] == (
            frozenset({"iso-27001"}) if held else frozenset()
        )
    with pytest.raises(BadInput, match="same type and holder"):
        handed_in(northgate, make_type("other"), bob, follows=one, number="N-3")


def test_granted_without_a_file_and_counting_at_once(northgate, alice):
    kind = make_type("engineer", held_by="person", validity_months=12, needs_file=True)
    paper = Paper(kind, number="T-1", valid_from=date(2026, 3, 2), member=alice.member)
    one = grant_certificate(northgate, paper, clock=NOW)
    assert (one.status, one.valid_to, one.decided_by) == ("verified", date(2027, 3, 1), None)
    with pytest.raises(BadInput, match="already"):
        grant_certificate(northgate, paper, clock=NOW)
    later = grant_certificate(
        northgate, Paper(kind, number="T-2", valid_from=date(2027, 3, 1), member=alice.member), clock=NOW
    )
    assert later.follows == one


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["ISO 27001: audits"], ["iso-27001-audits"]),
        (["Safety", "Safety!", "Safety?"], ["safety", "safety-2", "safety-3"]),
        (["认证", "شهادة"], ["type", "type-2"]),
        (
            ["A very long name of a very long licence", "A very long name of a very long licensing"],
            ["a-very-long-name-of-a-very-long-li", "a-very-long-name-of-a-very-long-li-2"],
        ),
    ],
)
def test_a_type_gets_its_code_from_its_name(olga, names, codes):
    given = {"kind": "licence", "issuer": "y", "held_by": "firm"}
    assert [create_type(by=olga, fields={"name": name, **given}).code for name in names] == codes


def test_types_keep_their_code_and_holder(olga, northgate, iso):
    with pytest.raises(BadInput, match="this code already") as refused:
        create_type(
            by=olga,
            code="ISO-27001",
            fields={"name": "x", "kind": "licence", "issuer": "y", "held_by": "firm"},
        )
    assert refused.value.field == "code"
    placed(northgate, iso)
    with pytest.raises(BadInput, match="can't change any more"):
        update_type(iso, by=olga, version=1, fields={"held_by": "person"})
    update_type(iso, by=olga, version=1, fields={"name": "  ISO   27001:2022 "})
    iso.refresh_from_db()
    assert (iso.name, iso.version) == ("ISO 27001:2022", 2)
    with pytest.raises(StaleVersion):
        update_type(iso, by=olga, version=1, fields={"name": "x"})


def test_one_query_for_all_firms_and_gates_asked_once(northgate, southridge, alice, iso, monkeypatch):
    engineer = make_type("engineer", held_by="person")
    placed(northgate, iso, valid_to=date(2026, 6, 30))
    placed(northgate, engineer, member=alice.member, valid_to=date(2026, 9, 30))
    placed(southridge, iso, number="S", valid_from=date(2026, 4, 1))
    with CaptureQueriesContext(connection) as asked:
        found = valid_certificates([northgate.pk, southridge.pk], NOW())
    assert found == {northgate.pk: frozenset({"iso-27001", "engineer"}), southridge.pk: frozenset()}
    assert len(asked) == 1

    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    assert valid_certificates([northgate.pk], NOW())[northgate.pk] == frozenset({"iso-27001"})

    seen = []
    monkeypatch.setattr(gates, "_providers", [])
    gates.provide(opens=lambda codes: {}, prepare=lambda *asked: seen.append(asked) or (lambda case: []))
    rows = list(Certificate.objects.select_related("type"))
    with CaptureQueriesContext(connection) as asked:
        closing_with(rows, today=date(2026, 3, 2))
    assert (len(asked), len(seen)) == (1, 1)
    # What is made out to somebody who is not here any more closes nothing.
    assert seen == [({northgate.pk, southridge.pk}, {date(2026, 7, 1), date(2026, 3, 2)})]
