"""The case file: everything about a dispute, for whoever may have it, verifiable outside of the portal."""

import hashlib
import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from companies.matching import CompanyQuery
from companies.services import create_company, declare_different, declare_same, edit_facts, undo_verdict
from core.clock import fixed
from core.errors import NotAllowed
from notifications.models import Message
from partners.enums import StandingChange
from partners.services.standing import change_standing
from registrations.enums import Status
from registrations.models import Conflict, Registration
from registrations.services import agreements, decisions, escalations, partner_actions, reminders
from registrations.services.attachments import attach
from registrations.services.case_file.exporting import export_case
from registrations.services.timeline import first_broken
from tests.companies.makers import make_account
from tests.people import MONDAY

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def held(alice, register):
    return register(alice, "Acme Pumps GmbH", contact_note=SCRIPT)


@pytest.fixture
def dispute(held, alice, charlie, mara, register):
    """Alice holds, Charlie waits behind her after a review; there is evidence, an update, a reminder and a decision."""
    rival = register(charlie, "ACME Pumps", clock=fixed(MONDAY + timedelta(days=1)))
    attach(held, SimpleUploadedFile("minutes.txt", b"We met."), by=alice)
    partner_actions.update(
        held, by=alice, fields={}, note="Größe: 40 Pumpen.", clock=fixed(MONDAY + timedelta(days=2))
    )
    if rival.status == Status.IN_REVIEW:
        decisions.put_on_waitlist(
            rival, behind=held, by=mara, text="First come.", internal_note="Checked by phone."
        )
    reminders.send_reminders(clock=fixed(MONDAY + timedelta(days=32)))
    return [Registration.objects.get(pk=held.pk), Registration.objects.get(pk=rival.pk)]


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def export(deal, by):
    return opened(export_case(deal, by=by, clock=fixed(MONDAY + timedelta(days=40))).content)


def test_all_of_it_is_in_both_files(dispute, register, dan, ivan):
    held, rival = dispute
    register(dan, "Somebody Else AS")

    files = export(held, ivan)

    case = json.loads(files["case.json"])
    ours, theirs = case["registrations"]
    assert [ours["code"], theirs["code"]] == [held.code, rival.code]  # in line, and nobody else
    kinds = [entry["content"]["kind"] for entry in ours["timeline"]]
    assert {"submit", "conflict_found", "attached", "update", "reminder"} <= set(kinds)
    assert kinds[-1] == "case_exported"  # the file holds its own entry
    assert ours["attachments"][0]["name"] == "minutes.txt"
    assert ours["attachments"][0]["sha256"] == hashlib.sha256(b"We met.").hexdigest()
    assert {mail["event"] for mail in ours["mails"]} >= {"registration.approved", "registration.reminder"}
    decision = next(row for row in theirs["decisions"] if row["action"] == "waitlist")
    assert (decision["text"], decision["internal_note"]) == ("First come.", "Checked by phone.")
    assert {"holdings", "conflicts", "lines", "milestones"} <= set(ours)
    assert case["exported_by"]["name"] == "Ivan" and case["companies"][0]["names"]

    page = files["case.html"].decode()
    for words in (held.code, rival.code, "minutes.txt", "Größe: 40 Pumpen.", "First come.", "Still active?"):
        assert words in page
    for words in (
        "Germany",
        "Waitlisted",
        "Prospecting",
        "2 Sep 2026",
        "Both have “ACME”, “Pumps”",
        "50,000",
    ):
        assert words in page
    for code in (
        "in_review",
        "status_before",
        "&quot;",
        "ours_spans",
        "Protection epoch",
    ):  # those are for programs
        assert code not in page
    assert SCRIPT not in page and "&lt;script&gt;" in page
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(files[name]).hexdigest() for name in sums}
    assert set(sums) == {"case.html", "case.css", "case.json"}


def test_direct_sales_side_of_a_dispute_is_in_it(alice, mara, ivan, olga, register):
    """Whose claim it is and from when on it counts decides (C5); also of one that the check met under another company."""
    company = create_company(CompanyQuery(name="Hollowbrook Chemie"), by=olga)
    ours = make_account(company, ends_on=date(2027, 6, 30))
    make_account(
        create_company(CompanyQuery(name="Somebody Else AS"), by=olga), owner_name="Nobody's Business"
    )
    deal = register(alice, "Hollowbrook Chemie")
    other = make_account(
        create_company(CompanyQuery(name="Hollowbrook Holding"), by=olga), owner_name="Otto Outside"
    )
    met = deal.conflicts.get(named_account=ours)
    Conflict.objects.create(
        registration=deal,
        company=other.company,
        named_account=other,
        matched_name=other.name,
        score=0.7,
        found_at=met.found_at,
    )
    decisions.refuse(deal, by=mara, reason_code="direct", text="Direct sales is there.")

    files = export(deal, ivan)

    case = json.loads(files["case.json"])
    assert [row["code"] for row in case["named_accounts"]] == [ours.code, other.code]
    told = case["named_accounts"][0]
    assert (told["owner_name"], told["effective_from"], told["ends_on"]) == (
        "Dana Direct",
        "2026-01-01",
        "2027-06-30",
    )
    assert told["company"] == {"code": company.code, "name": company.name}
    page = files["case.html"].decode()
    for words in (
        "Direct sales",
        "Dana Direct",
        "Otto Outside",
        "1 Jan 2026",
        "30 Jun 2027",
        told["reference"],
    ):
        assert words in page
    assert "Nobody&#x27;s" not in page


def test_what_was_said_about_its_company_is_in_it(held, mara, ivan, olga):
    """On the company's page, where no registration is named; also what was taken back since."""
    other = create_company(CompanyQuery(name="Acme Bakery"), by=olga)
    verdict = declare_different(held.company, other, by=mara, reason="Another trade.")
    undo_verdict(declare_different(held.company, other, by=mara, reason="A slip."), by=mara)
    edit_facts(held.company, {"city": "Kiel"}, by=mara, reason="They moved.")

    files = export(held, ivan)

    (company,) = json.loads(files["case.json"])["companies"]
    told = [(row["reason"], row["by"]["name"], row["undone_at"] is None) for row in company["verdicts"]]
    assert told == [("Another trade.", "Mara", True), ("A slip.", "Mara", False)]
    assert {company["verdicts"][0][side]["code"] for side in ("low", "high")} == {
        held.company.code,
        other.code,
    }
    assert company["verdicts"][0]["at"] == verdict.at.isoformat()
    assert [(row["reason"], row["after"]) for row in company["changes"]] == [
        ("They moved.", {"city": "Kiel"})
    ]
    page = files["case.html"].decode()
    for words in (
        "Different companies",
        f"Acme Bakery ({other.code})",
        "Another trade.",
        "They moved.",
        "City: Kiel",
    ):
        assert words in page


def test_of_several_merges_each_verdict_is_in_it(held, mara, ivan, olga):
    """One company went into the next, and that one into the company of the dispute."""
    first, second = (
        create_company(CompanyQuery(name=name), by=olga) for name in ("Beta Valves", "Gamma Seals")
    )
    edit_facts(first, {"city": "Kiel"}, by=mara, reason="They moved.")
    declare_same(first, second, by=mara, reason="One register number.", keep=second)
    second.refresh_from_db()
    declare_same(second, held.company, by=mara, reason="Renamed in May.", keep=held.company)

    files = export(held, ivan)

    (company,) = json.loads(files["case.json"])["companies"]
    told = [(row["reason"], row["by"]["name"]) for row in company["verdicts"]]
    assert told == [("One register number.", "Mara"), ("Renamed in May.", "Mara")]
    assert [(row["reason"], row["company"]["code"]) for row in company["changes"]] == [
        ("They moved.", first.code)
    ]
    page = files["case.html"].decode()
    for words in (f"Beta Valves ({first.code})", "One register number.", "Renamed in May.", "They moved."):
        assert words in page


def test_a_split_stands_in_the_file_of_both(held, alice, charlie, mara, ivan, register):
    rival = register(charlie, "Acme Pumps GmbH")
    made = agreements.propose(
        rival, holder=held, kind="split", other_share=30, text="You both know them.", by=mara
    )
    agreements.agree(made, by=charlie)

    files = export(held, ivan)

    for row in json.loads(files["case.json"])["registrations"]:
        (split,) = row["agreements"]
        assert (split["code"], split["other_share"], split["text"]) == (made.code, 30, "You both know them.")
        assert split["other_agreed_by"]["name"] == "Charlie" and split["holder_agreed_by"] is None
    assert "Splits and transfers" in files["case.html"].decode()


def test_a_mail_about_several_deals_is_in_it_with_the_lines_about_this_one(alice, olga, ivan, register):
    """Two overdue reviews are told in one mail, and what ended with a partnership is: the other deal is nobody's business."""
    deal, other = (register(alice, name, value=500_000) for name in ("Kestrel Foods", "Lumen Glass"))
    escalations.escalate_overdue(clock=fixed(MONDAY + timedelta(days=7)))
    ended = fixed(MONDAY + timedelta(days=8))
    change_standing(deal.partner, StandingChange.END, by=olga, reason="They stopped.", clock=ended)

    files = export(deal, ivan)

    (row,) = json.loads(files["case.json"])["registrations"]
    told = {mail["event"]: mail["text"] for mail in row["mails"]}
    assert told["registration.overdue"].startswith(f"{deal.code}: Kestrel Foods, Northgate")
    assert (
        told["partner.records_ended"]
        == f"– Kestrel Foods: Plant monitoring ({deal.code}): closed under review"
    )
    assert other.code not in files["case.html"].decode()


def test_no_key_of_a_mail_is_in_it(dispute, ivan):
    """The 'still active' link and the address for a reply are keys of their readers."""
    held, _ = dispute
    mail = held.milestones.get(rung="reminder").message
    token = mail.text.split("/still-active/")[1].split("/")[0]

    files = export(held, ivan)

    assert "/still-active/(key left out)/" in files["case.html"].decode()
    for content in files.values():
        assert token.encode() not in content and mail.reply_to.encode() not in content


def test_nor_the_key_of_an_offer_or_of_a_portal_that_had_another_name(dispute, alice, ivan, settings):
    held, rival = dispute
    if rival.status == Status.IN_REVIEW:
        decisions.put_on_waitlist(rival, behind=held, by=held.partner.manager)
    partner_actions.withdraw(held, by=alice)
    settings.PORTAL_URL = "https://later.example"
    texts = Message.objects.filter(about__in=[held.code, rival.code]).values_list("text", flat=True)
    keys = [key for text in texts for key in re.findall(r"/([\w-]+:[\w-]+:[\w-]+)/", text)]
    assert any("/offers/mail/" in text for text in texts) and len(keys) >= 2

    for content in export(held, ivan).values():
        assert not [key for key in keys if key.encode() in content]


def test_who_took_it_is_on_every_timeline_for_the_vendor_only(dispute, ivan, alice):
    held, rival = dispute
    export(rival, ivan)

    for deal in (held, rival):
        entry = deal.timeline.last()
        assert (entry.kind, entry.actor, entry.audience) == ("case_exported", ivan, "vendor")
        assert entry.data == {"asked_for": rival.code, "registrations": 2}
        assert first_broken(deal) is None


def test_partners_have_no_case_file_and_a_role_without_it_neither(dispute, client, alice, bob, mara):
    held, _ = dispute
    before = held.timeline.count()
    for person in (alice, bob):
        with pytest.raises(NotAllowed):
            export_case(held, by=person)
        client.force_login(person)
        assert client.post(f"/registrations/{held.code}/case-file/").status_code == 403
        assert "Case file" not in client.get(f"/registrations/{held.code}/").content.decode()
    client.force_login(mara)
    assert "Case file" in client.get(f"/registrations/{held.code}/").content.decode()
    assert client.get(f"/registrations/{held.code}/case-file/").status_code == 405
    mara.role.permissions.remove("registrations.export_case")
    mara.role.save()
    assert client.post(f"/registrations/{held.code}/case-file/").status_code == 403
    assert held.timeline.count() == before


def test_the_download_is_a_download(dispute, client, mara):
    held, _ = dispute
    client.force_login(mara)

    answer = client.post(f"/registrations/{held.code}/case-file/")

    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="case-{held.code}-')
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "case.json" in opened(answer.content)


def test_questions_to_the_database_do_not_grow_with_entries(held, alice, ivan, django_assert_max_num_queries):
    def count():
        with connection.execute_wrapper(lambda execute, *rest: (asked.append(1), execute(*rest))[1]):
            export(held, ivan)
        return len(asked)

    asked = []
    few = count()
    for number in range(6):
        partner_actions.update(
            held, by=alice, fields={}, note=f"Call {number}.", clock=fixed(MONDAY + timedelta(days=number))
        )
    asked = []
    assert count() <= few


def verify(*arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_timeline", *arguments, stdout=out, stderr=err, **options)
    except CommandError as error:
        return str(error), err.getvalue()
    return "", out.getvalue()


def tamper(deal, statement):
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # as somebody with the whole database can
        cursor.execute(statement, [deal.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_intact_chains_are_said_to_be(dispute):
    held, _ = dispute
    assert verify(held.code) == (
        "",
        f"{held.code}: intact, {held.timeline.count()} entries\nintact: 1 timeline, {held.timeline.count()} entries\n",
    )
    fault, out = verify()
    assert fault == "" and out.startswith("intact: 2 timelines, ")
    assert verify("R-2222222")[0] == "There is no registration or lead R-2222222."


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE registrations_timelineentry SET data = '[1]' WHERE number = 3 AND registration_id = %s", "Entry 3 ("),
        ("UPDATE registrations_timelineentry SET at = now() WHERE number = 1 AND registration_id = %s", "Entry 1 ("),
        ("DELETE FROM registrations_timelineentry WHERE number = 2 AND registration_id = %s", "Entry 2 is missing."),
        ("DELETE FROM registrations_timelineentry WHERE registration_id = %s", "Entry 1 is missing."),
        ("DELETE FROM registrations_timelineentry WHERE number > 1 AND registration_id = %s", "Entry 2 is missing."),
        ("UPDATE registrations_registration SET status = 'revoked' WHERE id = %s", "Entry "),
        ("DELETE FROM registrations_timelineentry e USING registrations_timelinehead h WHERE e.number = h.number"
         " AND e.registration_id = h.registration_id AND h.registration_id = %s", "Entry "),
        ("DELETE FROM registrations_timelinehead WHERE registration_id = %s", "Entry "),
        ("UPDATE registrations_timelinehead SET number = 1 WHERE registration_id = %s", "Entry 2 ("),
    ],
)  # fmt: skip
def test_the_first_broken_entry_is_named(statement, words, dispute):
    held, rival = dispute
    tamper(held, statement)

    fault, told = verify()
    assert fault == "1 of 2 timelines are broken."
    assert told.startswith(f"{held.code}: broken. {words}") and rival.code not in told
    assert verify(held.code)[0] and not verify(rival.code)[0]


def test_a_case_file_is_verified_without_the_database(dispute, ivan, tmp_path):
    held, rival = dispute
    path = tmp_path / "case.zip"
    path.write_bytes(export_case(held, by=ivan).content)
    fault, told = verify(case=str(path))
    assert fault == "" and f"{held.code}: intact" in told and f"{rival.code}: intact" in told

    with zipfile.ZipFile(path) as archive:
        case = json.loads(archive.read("case.json"))
    changes = [
        (lambda entries: entries[2]["content"]["data"].update(text="Never happened."), "Entry 3 ("),
        (lambda entries: entries.pop(1), "Entry 2 is missing."),
        (lambda entries: entries.pop(), "It ends at entry"),
    ]
    for change, words in changes:
        forged = json.loads(json.dumps(case))
        change(forged["registrations"][0]["timeline"])
        (tmp_path / "case.json").write_text(json.dumps(forged))
        fault, told = verify(case=str(tmp_path / "case.json"))
        assert fault == "1 of 2 timelines are broken." and words in told

    (tmp_path / "nonsense").write_text("[]")
    assert "cannot be read as a case file" in verify(case=str(tmp_path / "nonsense"))[0]
