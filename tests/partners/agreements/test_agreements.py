"""Agreements: published once and for ever, accepted by an admin of the firm, asked for again with each version."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.models import Message
from partners.agreements.asking import asks_of, not_accepted
from partners.enums import PartnerKind, PartnerStatus
from partners.models import AgreementAcceptance, AgreementVersion, Partner
from partners.services.agreements import (
    Wording,
    accept_version,
    ask_again,
    ask_to_accept,
    create_agreement,
    end_agreement,
    publish_version,
)
from tests.partners.certificates.makers import paper_file

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = fixed(MORNING)


def words(**changes):
    return Wording(
        **{"effective_on": date(2026, 4, 1), "accept_by": date(2026, 3, 31), "text": "Be fair.", **changes}
    )


@pytest.fixture
def terms(olga, northgate, southridge):
    return create_agreement(by=olga, title="Partner terms", kinds=[], wording=words(), clock=NOW)


def test_asked_accepted_and_asked_again(terms, northgate, southridge, bob, olga):
    assert ask_to_accept(clock=NOW) == 2
    assert ask_to_accept(clock=NOW) == 0
    mail = Message.objects.get()  # southridge has no admin
    assert (mail.event, mail.recipient) == ("agreement.asked", bob)
    assert mail.subject == "To accept by 31 Mar: Partner terms"

    first = accept_version(terms, partner=northgate, by=bob, clock=NOW)
    assert accept_version(terms, partner=northgate, by=bob, clock=database_clock) == first
    assert list(not_accepted(terms)) == [southridge]
    assert northgate.history.get().kind == "agreement_accepted"

    second = publish_version(
        terms.agreement, by=olga, after=1, wording=words(text="Be very fair.", changes="Very."), clock=NOW
    )
    ask = asks_of(northgate)[0]
    assert (ask.newest, ask.accepted, ask.earlier, ask.is_open) == (second, None, first, True)
    assert [ask.is_late(day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [False, True]
    with pytest.raises(WrongStatus, match="newer version"):
        accept_version(terms, partner=northgate, by=bob, clock=NOW)
    ask_to_accept(clock=NOW)
    assert "Very." in Message.objects.latest("pk").text


def test_asked_again_once_a_day_and_only_those_who_have_not(terms, northgate, bob, olga, mara):
    with pytest.raises(NotAllowed):
        ask_again(terms.agreement, by=mara, clock=NOW)
    with pytest.raises(WrongStatus, match="today already"):
        ask_again(terms.agreement, by=olga, clock=NOW)  # the first time was not sent yet
    ask_to_accept(clock=NOW)
    with pytest.raises(WrongStatus, match="today already"):
        ask_again(terms.agreement, by=olga, clock=NOW)
    tomorrow = fixed(MORNING + timedelta(days=1))
    assert ask_again(terms.agreement, by=olga, clock=tomorrow) == 2
    ask_to_accept(clock=tomorrow)
    assert [row.subject.split()[0] for row in Message.objects.order_by("pk")] == ["To", "Still"]
    accept_version(terms, partner=northgate, by=bob)
    Partner.objects.exclude(pk=northgate.pk).update(status=PartnerStatus.ENDED)
    with pytest.raises(WrongStatus, match="has accepted it"):
        ask_again(terms.agreement, by=olga, clock=fixed(MORNING + timedelta(days=2)))


def test_only_the_firms_that_it_binds(olga, northgate, southridge, bob):
    Partner.objects.filter(pk=southridge.pk).update(kind=PartnerKind.DISTRIBUTOR)
    version = create_agreement(
        by=olga, title="Stock terms", kinds=[PartnerKind.DISTRIBUTOR], wording=words(), clock=NOW
    )
    assert list(not_accepted(version)) == [southridge]
    with pytest.raises(WrongStatus, match="not asked of your firm"):
        accept_version(version, partner=northgate, by=bob)
    Partner.objects.filter(pk=southridge.pk).update(status=PartnerStatus.PROSPECT)
    assert not not_accepted(version).exists()


def test_who_may_and_what_cannot_be(terms, northgate, southridge, alice, bob, charlie, mara, olga):
    for person, firm in ((alice, northgate), (bob, southridge), (charlie, southridge), (olga, northgate)):
        with pytest.raises(NotAllowed):
            accept_version(terms, partner=firm, by=person)
    with pytest.raises(NotAllowed):
        create_agreement(by=mara, title="x", kinds=[], wording=words())
    for wrong, field in (
        ({"effective_on": date(2026, 3, 1)}, "effective_on"),
        ({"accept_by": date(2026, 3, 1)}, "accept_by"),
        ({"text": "  "}, "text"),
        ({"upload": paper_file("a.pdf", b"<html>")}, "file"),
    ):
        with pytest.raises(BadInput) as refused:
            publish_version(terms.agreement, by=olga, after=1, wording=words(**wrong), clock=NOW)
        assert refused.value.field == field
    with pytest.raises(BadInput, match="this title already"):
        create_agreement(by=olga, title="Partner terms", kinds=[], wording=words(), clock=NOW)
    with pytest.raises(StaleVersion):
        publish_version(terms.agreement, by=olga, after=0, wording=words(), clock=NOW)
    end_agreement(terms.agreement, by=olga)
    with pytest.raises(WrongStatus):
        publish_version(terms.agreement, by=olga, after=1, wording=words(), clock=NOW)
    assert asks_of(northgate) == []
    assert AgreementVersion.objects.count() == 1


def test_the_database_lets_nobody_change_what_was_published(terms):
    for change in ({"text": "Be unfair."}, {"effective_on": date(2027, 1, 1)}, {"number": 9}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgreementVersion.objects.update(**change)
    AgreementVersion.objects.update(told_at=MORNING)
    terms.refresh_from_db()
    assert terms.text == "Be fair."


def test_both_sides_read_it_and_the_admin_accepts(client, northgate, alice, bob, olga):
    client.force_login(olga)
    today = database_clock().date()
    form = {
        "title": "Partner <b>terms</b>",
        "text": "",
        "effective_on": today.isoformat(),
        "accept_by": (today - timedelta(days=3)).isoformat(),
    }
    wrong = client.post(reverse("partners:new_agreement"), form)
    assert wrong.status_code == 422
    assert (
        "Choose today or later." in wrong.content.decode() and "Partner &lt;b&gt;" in wrong.content.decode()
    )
    form |= {"accept_by": today.isoformat(), "file": paper_file("terms.pdf")}
    made = client.post(reverse("partners:new_agreement"), form, follow=True).content.decode()
    assert "1 firm is asked to accept it" in made and "Not accepted yet" in made
    version = AgreementVersion.objects.get()
    url = reverse("partners:agreement", args=[version.agreement.code])

    for person, button in ((alice, False), (bob, True)):
        client.force_login(person)
        assert "To accept" in client.get(reverse("partners:agreements")).content.decode()
        assert ("We accept version 1" in client.get(url).content.decode()) is button
    file = client.get(reverse("partners:agreement_file", args=[version.agreement.code, 1]))
    assert file.headers["Content-Disposition"] == 'attachment; filename="terms.pdf"'
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    client.post(reverse("partners:accept_agreement", args=[version.agreement.code]), {"version": "1"})
    accepted = AgreementAcceptance.objects.get()
    assert (accepted.partner, accepted.by) == (northgate, bob)
    assert "by Bob on" in client.get(reverse("partners:agreements")).content.decode()
    client.force_login(olga)
    assert "1 of 1" in client.get(reverse("partners:agreements")).content.decode()
    assert "Bob" in client.get(url, {"firms": "accepted"}).content.decode()

    for path, sent, status in (
        ("publish_agreement", {"text": "New.", "effective_on": "x", "accept_by": ""}, 422),
        (
            "publish_agreement",
            {"text": "New.", "effective_on": today, "accept_by": today, "version": "7"},
            409,
        ),
        (
            "publish_agreement",
            {"text": "New.", "effective_on": today, "accept_by": today, "version": "1"},
            302,
        ),
        ("ask_agreement", {}, 409),
        ("end_agreement", {}, 302),
        ("end_agreement", {}, 409),
    ):
        answer = client.post(reverse(f"partners:{path}", args=[version.agreement.code]), sent)
        assert answer.status_code == status, path
    client.force_login(bob)
    assert "Version 1, replaced by version 2" in client.get(url, {"version": "1"}).content.decode()


def test_the_firms_page_lists_its_own_agreements_for_the_vendor(
    client, terms, northgate, southridge, bob, mara
):
    accept_version(terms, partner=northgate, by=bob, clock=NOW)
    client.force_login(mara)

    for firm, label in ((northgate, "Accepted"), (southridge, "Overdue")):
        here = reverse("partners:partner", args=[firm.code])
        page = client.get(here).content.decode()
        listed = page.split('id="agreements-title"')[1].split("</section>")[0]
        assert f'href="{here}#agreements-title"' in page and "Partner terms" in listed and label in listed
        assert ("by Bob" in listed) == (firm == northgate)


def test_lists_ask_as_often_for_many_as_for_one(client, olga, northgate, bob):
    for person in (olga, bob):
        client.force_login(person)
        counts = []
        for number in range(3):
            create_agreement(by=olga, title=f"{person} {number}", kinds=[], wording=words(), clock=NOW)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(reverse("partners:agreements")).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] == counts[2]
