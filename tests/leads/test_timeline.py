"""What is written about a lead once cannot be changed, put in or cut off without being found out, nor kept out of a dispute."""

import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from leads.enums import Onward, Way
from leads.services.answering import decline
from leads.services.giving import give, put_into_pool
from registrations.services.case_file.exporting import export_case
from tests.leads.makers import make_lead
from tests.people import MONDAY_CLOCK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]


@pytest.fixture
def lead(mara, northgate, alice, gateways):
    """Northgate had it and declined: it is with us again, and its message and reason are told in words of theirs."""
    made = make_lead(mara, "Acme Pumps GmbH", gateways)
    give(made, way=Way.HAND, by=mara, partner=northgate, onward=Onward.BACK, clock=MONDAY_CLOCK)
    decline(made, by=alice, reason="other", text="Größe: zu klein.", clock=MONDAY_CLOCK)
    made.refresh_from_db()
    return made


def verify(capsys, *arguments, **options):
    """What the command says, and what it says of what is broken."""
    try:
        call_command("verify_timeline", *arguments, **options)
    except CommandError as error:
        return str(error), capsys.readouterr().err
    return "", capsys.readouterr().out


def past_the_triggers(statement, lead):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, [lead.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE leads_leadentry SET data = '{}' WHERE number = 3 AND lead_id = %s", "Entry 3 (decline"),
        ("UPDATE leads_leadentry SET partner_id = NULL WHERE number = 2 AND lead_id = %s", "Entry 2 (give"),
        ("DELETE FROM leads_leadentry WHERE number = 2 AND lead_id = %s", "Entry 2 is missing."),
        ("DELETE FROM leads_leadentry WHERE number = 3 AND lead_id = %s", "Entry 3 is missing."),
        ("DELETE FROM leads_leadentry WHERE lead_id = %s", "Entry 1 is missing."),
        ("DELETE FROM leads_leadhead WHERE lead_id = %s", "Entry 4 is missing."),
        ("UPDATE leads_lead SET status = 'closed' WHERE id = %s", "Entry 4 is missing."),
    ],
)
def test_the_first_broken_entry_of_a_lead_is_named(
    statement, words, lead, mara, gateways, alice, register, capsys
):
    """Among leads and registrations that are intact, by all and by its code."""
    other, deal = make_lead(mara, "Lumen AG", gateways), register(alice, "Kestrel AG")
    assert verify(capsys)[1].startswith("intact: 3 timelines, ")
    assert (
        verify(capsys, lead.code.lower())[1]
        == f"{lead.code}: intact, 3 entries\nintact: 1 timeline, 3 entries\n"
    )

    past_the_triggers(statement, lead)

    fault, told = verify(capsys)
    assert fault == "1 of 3 timelines are broken."
    assert (
        told.startswith(f"{lead.code}: broken. {words}") and other.code not in told and deal.code not in told
    )
    assert words in verify(capsys, lead.code)[1] and not verify(capsys, other.code)[0]


def test_the_note_of_the_end_cannot_be_taken_away_or_back(lead):
    for statement in (
        "DELETE FROM leads_leadhead",
        "UPDATE leads_leadhead SET number = number - 1",
        "UPDATE leads_leadhead SET hash = repeat('0', 64)",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_case_file_holds_the_leads_of_the_company_and_verifies_them(
    lead, mara, ivan, alice, gateways, register, tmp_path, capsys
):
    put_into_pool(lead, by=mara, clock=MONDAY_CLOCK)
    deal = register(alice, "Acme Pumps GmbH", clock=MONDAY_CLOCK)
    make_lead(mara, "Somebody Else AS", gateways)
    path = tmp_path / "case.zip"
    path.write_bytes(export_case(deal, by=ivan).content)

    with zipfile.ZipFile(path) as archive:
        case, page = json.loads(archive.read("case.json")), archive.read("case.html").decode()
    (told,) = case["leads"]
    assert [entry["content"]["kind"] for entry in told["timeline"]] == ["create", "give", "decline", "pool"]
    assert (told["code"], told["chain"]["intact"], told["fields"]["product_lines"]) == (
        lead.code,
        True,
        [gateways.name],
    )
    assert (told["gifts"][0]["text"], told["mails"][0]["event"]) == ("Größe: zu klein.", "lead.given")
    for words in (
        f'href="#{lead.code}"',
        "Declined by Northgate",
        "Größe: zu klein.",
        "intact, 4 entries",
        "In the pool",
    ):
        assert words in page
    fault, said = verify(capsys, case=str(path))
    assert fault == "" and f"{lead.code}: intact, 4 entries" in said and f"{deal.code}: intact" in said

    changes = [
        (lambda row: row["timeline"][2]["content"]["data"].update(text="Never said."), "Entry 3 (decline"),
        (lambda row: row["timeline"].pop(), "It ends at entry 3, not at 4."),
        (lambda row: row.update(code="L-2222222"), "Entry 1 (create"),
    ]
    for change, words in changes:
        forged = json.loads(json.dumps(case))
        change(forged["leads"][0])
        (tmp_path / "case.json").write_text(json.dumps(forged))
        fault, said = verify(capsys, case=str(tmp_path / "case.json"))
        assert fault == "1 of 2 timelines are broken." and words in said
    del case["leads"]  # a file of before
    (tmp_path / "case.json").write_text(json.dumps(case))
    fault, said = verify(capsys, case=str(tmp_path / "case.json"))
    assert fault == "" and "intact: 1 timeline," in said
