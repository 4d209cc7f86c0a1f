"""Warnings at 60, 30 and 7 days, and the word on the day: over a year, after outages, around a leap day, in any zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts import enums
from core.clock import fixed
from notifications.models import Message
from partners.certificates import gates
from partners.certificates.closing import Closing
from partners.certificates.dates import last_day
from partners.certificates.gates import Gate
from partners.certificates.ladder import due
from partners.enums import PartnerStatus
from partners.models import CertificateWarning, Member, Partner
from partners.services.certificates import revoke_certificate, send_certificate_warnings
from partners.services.merging import undo_merge
from tests.partners.certificates.makers import handed_in, make_type, placed
from tests.partners.merging.test_merging import do
from tests.people import make_user

pytestmark = pytest.mark.django_db


def at(day, hour=9):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=hour)


def sweep(day, hour=9):
    return send_certificate_warnings(clock=fixed(at(day, hour)))


def mails(person):
    rows = Message.objects.filter(recipient=person, event__startswith="certificate.").order_by("pk")
    return [(row.event.removeprefix("certificate."), row.created_at.date()) for row in rows]


@pytest.fixture
def iso(db):
    return make_type()


@pytest.fixture
def gated(monkeypatch):
    """Gateways are closed without ISO 27001, unless another one goes on."""
    monkeypatch.setattr(gates, "_providers", [])
    gate = Gate("product_line:gateways", "Registering Gateways")
    gates.provide(
        opens=lambda codes: {code: [gate] for code in codes if code == "iso-27001"},
        prepare=lambda firms, days: lambda case: [gate] if "iso-27001" in case.codes else [],
    )
    return gate


# Days on which the sweep runs, as days before the last day of validity → what the firm's admin got, on which of them.
@pytest.mark.parametrize(
    ("runs", "got"),
    [
        pytest.param(
            range(366, -3, -1), {60: "expiring", 30: "expiring", 7: "expiring", -1: "lapsed"}, id="every day"
        ),
        pytest.param(
            [61, 60, 60, 60, 59, 30, 30, 29], {60: "expiring", 30: "expiring"}, id="again and again"
        ),
        pytest.param([70, 25, 24], {25: "expiring"}, id="down over two: the newest alone"),
        pytest.param([70, 3, 2], {3: "expiring"}, id="down over three"),
        pytest.param([61, 50, 6], {50: "expiring", 6: "expiring"}, id="down for ten days, twice"),
        pytest.param(
            [90, -40, -41], {-40: "lapsed"}, id="down past the end: what closed, and no warning of it"
        ),
        pytest.param([60, -1], {60: "expiring", -1: "lapsed"}, id="down between"),
        pytest.param([5, 0], {5: "expiring"}, id="the last day counts"),
    ],
)
@pytest.mark.parametrize("end", [date(2026, 11, 30), date(2028, 3, 1)], ids=str)
def test_a_year(northgate, bob, mara, iso, runs, got, end):
    placed(northgate, iso, valid_from=end - timedelta(days=365), valid_to=end)

    for before in runs:
        sweep(end - timedelta(days=before))

    told = [(event, end - timedelta(days=before)) for before, event in got.items()]
    assert mails(bob) == mails(mara) == told
    assert CertificateWarning.objects.count() == len(
        {days for days in (60, 30, 7) if min(runs) <= days} | ({0} if min(runs) < 0 else set())
    )


def test_days_are_the_firms_own(northgate):
    """Eight in the firm's morning, whatever summer time does; the end itself is midnight in UTC."""
    end, zone = date(2026, 10, 28), ZoneInfo("America/New_York")
    first = datetime(2026, 8, 29, 8, tzinfo=zone)
    week = datetime(2026, 10, 21, 8, tzinfo=zone)
    for moment, marks in (
        (first - timedelta(seconds=1), []),
        (first, [60]),
        (week - timedelta(seconds=1), [60, 30]),
        (week, [60, 30, 7]),
        (datetime(2026, 10, 28, 23, 59, 59, tzinfo=UTC), [60, 30, 7]),
        (datetime(2026, 10, 29, tzinfo=UTC), [60, 30, 7, 0]),
    ):
        assert due(end, zone, moment) == marks


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 36, date(2029, 12, 14)),
    ],
)
def test_months_end_the_day_before(begins, months, ends):
    assert last_day(begins, months) == ends


def test_what_closes_is_said_before_and_on_the_day(northgate, bob, mara, iso, gated):
    one = placed(northgate, iso, valid_to=date(2026, 6, 30))
    other = placed(northgate, make_type("iso-9001"), valid_to=date(2026, 6, 30))

    sweep(date(2026, 6, 23))
    sweep(date(2026, 7, 1))

    texts = {
        (row.about, row.event): row.text
        for row in Message.objects.filter(recipient=mara, about__startswith="C-")
    }
    assert "this closes for Northgate: Registering Gateways." in texts[one.code, "certificate.expiring"]
    assert "This is closed for Northgate now: Registering Gateways." in texts[one.code, "certificate.lapsed"]
    assert "nothing closes with it" in texts[other.code, "certificate.expiring"]
    assert (
        "7 days left: ISO 27001"
        in Message.objects.get(recipient=bob, about=one.code, event="certificate.expiring").subject
    )
    assert northgate.history.filter(kind="certificate_lapsed").count() == 2


def test_a_firm_whose_only_admin_left_is_warned_all_the_same(northgate, alice, bob, mara, iso):
    placed(northgate, iso, valid_to=date(2026, 6, 30))
    type(bob).objects.filter(pk__in=[bob.pk, mara.pk]).update(is_active=False)
    assert len(sweep(date(2026, 6, 1)).done) == 1 and len(mails(alice)) == 1 and not mails(bob)


def test_nothing_closes_where_another_goes_on(northgate, alice, dan, bob, gated):
    kind = make_type(held_by="person")
    for person, end in ((alice, date(2026, 6, 30)), (dan, date(2026, 9, 30))):
        placed(northgate, kind, member=person.member, number=person.name, valid_to=end)

    sweep(date(2026, 6, 1))

    told = Message.objects.filter(event="certificate.expiring")
    assert {row.recipient.name for row in told} == {
        "Alice",
        "Bob",
        "Mara",
    }  # the holder, the admin, the manager
    assert all("nothing closes with it" in row.text for row in told)


@pytest.mark.parametrize("renewal", ["verified", "verified after a gap", "submitted", "of somebody else"])
def test_a_renewal_silences_only_when_it_holds_and_leaves_no_gap(northgate, bob, dan, iso, renewal):
    end = date(2026, 6, 30)
    one = placed(northgate, iso, valid_to=end)
    begins = end + timedelta(days=2 if "gap" in renewal else 1)
    if renewal == "submitted":
        handed_in(northgate, iso, bob, follows=one, number="N-2", valid_from=begins)
    else:
        more = {"member": dan.member} if "somebody" in renewal else {}
        placed(northgate, iso, number="N-2", valid_from=begins, **more)

    for before in (60, 30, 7, -1):
        sweep(end - timedelta(days=before))

    silent = renewal == "verified"
    assert len(mails(bob)) == (0 if silent else 4)
    assert (
        ("is being verified" in Message.objects.filter(recipient=bob).last().text) is (renewal == "submitted")
        if not silent
        else True
    )
    assert list(CertificateWarning.objects.values_list("days", flat=True)) == ([60, 30, 7, 0])


def test_nobody_is_warned_of_what_concerns_nobody(northgate, southridge, alice, bob, olga, iso):
    end = date(2026, 6, 30)
    person = make_type("engineer", held_by="person")
    placed(northgate, person, member=alice.member, valid_to=end)
    revoked = placed(northgate, iso, valid_to=end)
    revoke_certificate(revoked, by=olga, version=1, reason="Forged.")
    placed(southridge, iso, valid_to=end)
    Message.objects.all().delete()
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    type(southridge).objects.filter(pk=southridge.pk).update(status=PartnerStatus.ENDED)

    for before in (60, 7, -1):
        assert sweep(end - timedelta(days=before)).done == []

    assert not Message.objects.filter(event__startswith="certificate.").exists()


def test_what_lapsed_while_a_record_was_part_of_another_is_told_when_it_stands_again(
    northgate, southridge, bob, olga, iso
):
    """Both hold the same paper, so one stays behind in the merge; its last day is that very day. A firm that is reinstated
    hears of it, too."""
    end = date(2026, 6, 30)
    ann = make_user("Ann", enums.PARTNER_ADMIN, southridge)
    paper = [placed(firm, iso, valid_to=end) for firm in (northgate, southridge)][1]
    merge = do(southridge, northgate, olga, clock=fixed(at(end, 12)))
    assert len(sweep(end + timedelta(days=1), 1).done) == 1
    undo_merge(merge, by=olga, clock=fixed(at(end, 26)))
    for _ in range(2):
        sweep(end + timedelta(days=1), 3)
    told = Message.objects.filter(recipient=ann, event="certificate.lapsed", about=paper.code)
    assert (told.count(), southridge.history.filter(kind="certificate_lapsed").count()) == (1, 1)

    late = placed(southridge, iso, number="N-9", valid_to=date(2026, 9, 30))
    Partner.objects.filter(pk=southridge.pk).update(status=PartnerStatus.ENDED)
    assert sweep(date(2026, 11, 1)).done == []
    Partner.objects.filter(pk=southridge.pk).update(status=PartnerStatus.ACTIVE)
    assert sweep(date(2026, 12, 1)).done == [late.code]


def test_mail_waits_for_the_readers_morning_but_never_past_the_end(northgate, bob, iso):
    tokyo = make_user("Yuki", enums.PARTNER_ADMIN, northgate)
    type(tokyo).objects.filter(pk=tokyo.pk).update(time_zone="Asia/Tokyo")
    placed(northgate, iso, valid_to=date(2026, 6, 30))
    night = datetime(2026, 5, 1, 12, tzinfo=UTC)  # nine in the evening in Tokyo
    assert Member.objects.filter(partner=northgate).count() == 2

    send_certificate_warnings(clock=fixed(night))

    waits = {row.recipient.name: row.not_before - row.created_at for row in Message.objects.all()}
    assert waits == {"Bob": timedelta(0), "Mara": timedelta(0), "Yuki": timedelta(hours=11)}


def test_one_that_fails_stops_no_other_and_a_dry_run_writes_nothing(
    northgate, southridge, bob, iso, monkeypatch
):
    bad, good = (placed(firm, iso, valid_to=date(2026, 6, 30)) for firm in (northgate, southridge))
    day = fixed(at(date(2026, 6, 1)))

    assert send_certificate_warnings(clock=day, dry_run=True).done == [bad.code, good.code]
    assert not Message.objects.exists() and not CertificateWarning.objects.exists()

    def only_southridge(certificates, *, today):
        assert certificates[0].partner_id == southridge.pk, "a provider that fails"
        return {certificates[0].pk: Closing()}

    monkeypatch.setattr("partners.services.certificates.warnings.closing_with", only_southridge)
    done = send_certificate_warnings(clock=day)
    assert (done.done, done.failed) == ([good.code], [bad.code])
