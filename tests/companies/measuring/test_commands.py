"""The commands that others measure with, from file to figures; nothing of a measured list stays in the database."""

import csv
import gzip
import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from companies.matching import CompanyQuery
from companies.models import NameEntry
from companies.search import search
from companies.services import create_company
from core.clock import database_clock
from policies.models import RegistrationPolicy

pytestmark = pytest.mark.django_db

NAMES = """id,name,source
7,Nordwind Logistik GmbH,x
8,"Acme Tools, Inc.",x
9,Acme Tools Ltd,x
a-10,Quartz\tWorks \\ Mills,x
11,,x
"""
QUERIES = """query,gold_id,class
NORDWIND LOGISTIK,7,form
Acme Tools,9,form
Quartz Works Mills,a-10,odd
Zephyr Snacks,-1,absent
,-1,absent
"""


def asked(companies: Path, queries: Path) -> tuple[list[dict[str, str]], dict]:
    """The lines and the figures of `match_queries`."""
    out, told = StringIO(), StringIO()
    call_command("match_queries", str(companies), str(queries), "--processes", "1", stdout=out, stderr=told)
    return list(csv.DictReader(StringIO(out.getvalue()))), json.loads(told.getvalue())


def test_queries_are_answered_from_the_list_alone(tmp_path: Path) -> None:
    companies, queries = tmp_path / "companies.csv.gz", tmp_path / "queries.csv"
    companies.write_bytes(gzip.compress(NAMES.encode()))
    queries.write_text(QUERIES)
    held = create_company(CompanyQuery("Zephyr Snacks", domain="zephyr.example"), by=None)
    entries = NameEntry.objects.count()

    lines, figures = asked(companies, queries)

    assert list(lines[0]) == ["query", "gold_id", "class", "best_id", "score", "verdict", "ms"]
    assert [(line["best_id"], line["verdict"]) for line in lines] == [
        ("7", "same"),
        (lines[1]["best_id"], "same"),
        ("a-10", "same"),
        ("-1", "different"),
        ("-1", "different"),
    ]
    # Either Acme is right: their names normalise to the same.
    assert lines[1]["best_id"] in ("8", "9")
    assert (figures["companies"], figures["queries"], figures["present"]) == (5, 5, 3)
    assert (figures["f1"], figures["top_1"], figures["top_10"]) == (1.0, 1.0, 1.0)
    assert figures["false_alarms_at_review"] == 0.0
    assert figures["by_class"]["form"]["queries"] == 2
    assert {"build_seconds", "bytes_per_company", "peak_megabytes", "p50_ms", "p95_ms", "p99_ms"} <= set(
        figures
    )

    # The portal's own index is as it was, and nothing else is left.
    assert NameEntry.objects.count() == entries
    assert [c.company for c in search(CompanyQuery("Zephyr Snacks")).candidates] == [held]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'scratch%'")
        assert cursor.fetchone() == (0,)


def test_queries_without_right_answers_are_timed(tmp_path: Path) -> None:
    companies, queries = tmp_path / "companies.csv", tmp_path / "queries.csv"
    companies.write_text(NAMES)
    queries.write_text("query\nAcme Tools\n")

    lines, figures = asked(companies, queries)
    assert (lines[0]["gold_id"], lines[0]["class"]) == ("", "")
    assert figures["queries"] == 1
    assert "f1" not in figures


def test_pairs_keep_their_columns_and_follow_the_policy(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(
        "note,a,b,country_a,country_b,domain_a,domain_b\n"
        '"1, x",Müller Bau GmbH,MUELLER BAU,DE,DE,,\n'
        "2,Delta Air Lines,Delta Faucet,,,,\n"
        "3,Nordwind,NWL,,,nordwind.example,nordwind.example\n"
        "4,Nordwind,NWL,,,,\n"
        "5,,,,,,\n"
    )

    def compared() -> list[dict[str, str]]:
        out = StringIO()
        call_command("match_pairs", str(pairs), stdout=out)
        return list(csv.DictReader(StringIO(out.getvalue())))

    rows = compared()
    assert (rows[0]["note"], rows[0]["a"], list(rows[0])[-2:]) == (
        "1, x",
        "Müller Bau GmbH",
        ["score", "verdict"],
    )
    assert [rows[0]["verdict"], rows[1]["verdict"], rows[4]["verdict"]] == ["same", "different", "different"]
    assert float(rows[2]["score"]) > float(rows[3]["score"])

    now = database_clock()
    RegistrationPolicy.objects.create(version=99, effective_from=now, created_at=now, same_score=1.0)
    assert compared()[0]["verdict"] == "review"


def test_a_country_is_one_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(
        "a,b,country_a,country_b\n"
        + "".join(
            f"Apple Inc,Apple,{pair}\n" for pair in ("US,US", "USA,US", "United States,us", "UK,GB", "US,GB")
        )
    )
    out = StringIO()
    call_command("match_pairs", str(tmp_path / "pairs.csv"), stdout=out)
    scores = [float(row["score"]) for row in csv.DictReader(StringIO(out.getvalue()))]
    assert scores[:4] == [scores[0]] * 4
    assert scores[4] < scores[0]


ROW = "a,b\nMüller Öl,Mueller Oel\n"


@pytest.mark.parametrize(
    "content",
    [
        ROW.encode(),
        ROW.encode("utf-8-sig"),
        ROW.encode("cp1252"),
        ROW.encode("utf-16"),
        ROW.replace("\n", "\r\n").encode(),
        b"\n\n" + ROW.encode(),
        ROW.replace(",", ";").encode(),
        ROW.replace(",", "\t").encode(),
        gzip.compress(ROW.encode()),
    ],
    ids=[
        "utf-8",
        "bom",
        "cp1252",
        "utf-16",
        "crlf",
        "blank lines",
        "semicolons",
        "tabs",
        "packed, called .csv",
    ],
)
def test_files_as_programs_save_them(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.csv").write_bytes(content)
    out = StringIO()
    call_command("match_pairs", str(tmp_path / "odd.csv"), stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "a,b,score,verdict"
    assert lines[1].startswith("Müller Öl,Mueller Oel,0.9")


def test_a_cell_of_many_lines_is_one_cell(tmp_path: Path) -> None:
    note = "\n".join(f"line {number}" for number in range(40))
    (tmp_path / "long.csv").write_text(
        f'a,b,note\nIBM,I.B.M.,"{note}"\n"SAP","SAP SE","say ""yes"",\nor no"\n'
    )
    out = StringIO()
    call_command("match_pairs", str(tmp_path / "long.csv"), stdout=out)

    rows = list(csv.DictReader(StringIO(out.getvalue())))
    assert [(row["note"], row["verdict"]) for row in rows] == [(note, "same"), ('say "yes",\nor no', "same")]


def test_headings_are_read_in_any_case_and_written_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("Note, A ,B,Country_A,country_b\nx,Nordwind,Nordwind AG,DE,DE\n")
    out = StringIO()
    call_command("match_pairs", str(tmp_path / "odd.csv"), stdout=out)

    heading, row = out.getvalue().splitlines()
    assert heading == "Note, A ,B,Country_A,country_b,score,verdict"
    assert row.startswith("x,Nordwind,Nordwind AG,DE,DE,0.9") and row.endswith(",same")


def test_a_score_or_verdict_that_the_file_has_is_replaced_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "again.csv").write_text("a,Verdict,b\nNordwind,mine,Nordwind AG\n")
    out, told = StringIO(), StringIO()
    call_command("match_pairs", str(tmp_path / "again.csv"), stdout=out, stderr=told)

    assert told.getvalue() == "Replaced, since the file has it already: verdict\n"
    heading, row = out.getvalue().splitlines()
    assert heading == "a,verdict,b,score" and row.startswith("Nordwind,same,Nordwind AG,0.9")


def test_a_file_with_headings_alone_has_its_headings_answered(tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("b,note,a\n")
    out = StringIO()
    call_command("match_pairs", str(tmp_path / "none.csv"), stdout=out)
    assert out.getvalue() == "b,note,a,score,verdict\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"one,two\n1,2\n", "the column a is missing; there are: one, two"),
        (b"a,b,a\n1,2,3\n", "the column a stands in it twice"),
        (b"", "the file is empty"),
        (b"a,b\n" + b"x" * 17_000_000 + b",y\n", "after line 1: field larger than field limit"),
        (gzip.compress(ROW.encode())[:-12], "the packed file is damaged or cut off"),
        (b"\x1f\x8b", "the packed file is damaged or cut off"),
        (b'a,b\nx,y\n"Acme,z\n' + b"x,y\n" * 30, "line 3: a quotation mark is opened there and not closed"),
        (b'a,b\n"Acme,z\nx,y\n"Nord, Inc",y\n', "line 2: a quotation mark is opened there and not closed"),
    ],
    ids=[
        "other columns",
        "a column twice",
        "empty",
        "long",
        "cut off",
        "not packed after all",
        "open quote",
        "open quote closed by the next",
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "odd.csv").write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("match_pairs", str(tmp_path / "odd.csv"), stdout=StringIO())
    with pytest.raises(CommandError, match="No such file"):
        call_command("match_pairs", str(tmp_path / "nowhere.csv"))


def test_find_company_names_what_it_cannot_use() -> None:
    with pytest.raises(CommandError, match="“Utopia” is no country"):
        call_command("find_company", "Nordwind", "--country", "Utopia")
    with pytest.raises(CommandError, match="--limit must be 1 or more"):
        call_command("find_company", "Nordwind", "--limit", "0")


def test_two_companies_are_no_crowd_when_one_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("GmbH", "Ltd"):
        create_company(CompanyQuery(f"Zimmerlingen {form}"), by=None)

    call_command("find_company", "Zimmerlingen", "--limit", "1", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (len(found["candidates"]), found["crowd"]) == (1, False)

    call_command("find_company", "Zimmerlingen", "--limit", "1")
    assert capsys.readouterr().out.endswith("Not listed: 1 more. --limit lists more.\n")


def test_a_pipe_is_a_file_too() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as file:
        file.write("a,b\nAcme Inc,Acme\n")
    out = StringIO()
    call_command("match_pairs", f"/dev/fd/{reader}", stdout=out)
    os.close(reader)
    assert [line.split(",")[-1] for line in out.getvalue().splitlines()] == ["verdict", "same"]
