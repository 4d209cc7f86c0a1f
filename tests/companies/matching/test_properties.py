"""What holds for any text whatever."""

import time
from math import exp

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from companies.matching import SAME, CompanyFacts, CompanyQuery, entry, meant_by, names_in, rank, score
from companies.matching.fold import clean_display

ANY = st.text(max_size=80)
VOCABULARY = (
    *("acme", "siemens", "nordwind", "rocket", "tools", "delta", "bank", "first", "müller", "société"),
    *("logistik", "3", "ii", "ibm", "pumps", "of", "und"),
)
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=5).map(" ".join)
FORMS_AS_WRITTEN = (
    "GmbH|Ltd.|Inc.|S.p.A.|AG|LLC|Sp. z o.o.|Limited|S.A.|Pty Ltd|S.à r.l.|S. à r. l.|S.A R.L.|s.a.r.l.|S.à.r.l|Sàrl"
    "|S.A.R.L.-S|S.à r.l.-S|S.C. a r.l.|S.C.Sp.|SCSp|v.o.s.|spol. s r. o.|spol. s r.o.|Sp.zo.o|sp. z o. o.|S.C.A.|S. p. A."
)
FORMS = st.sampled_from(FORMS_AS_WRITTEN.split("|"))
LETTERS = st.sampled_from(["A. O.", "A.S.", "A.B.", "AB", "AS", "AO", "UAB", "SIA"])
WITH_INITIALS = st.sampled_from(
    [
        "BMS Building Management Systems Ltd",
        "FIS Finance & Investment Services GmbH",
        "MSC Mediterranean Shipping Company",
        "RTS Retail Technology Systems",
        "IAV Ingenieurgesellschaft Auto und Verkehr",
        "TCEC - Tri-County Electrical Contractors",
        "Tri-County Electrical Contractors (TCEC)",
        "The Hoisting Equipment Specialists",
        "Market Analysis Trust",
        "AB Agri",
        "A.O. Smith Corporation",
    ]
)


def match(one: str, other: str) -> float:
    return score(CompanyQuery(one), CompanyFacts((other,))).score


@given(ANY | WORDS)
@example("😀")
@example("&")
@example("+++")
def test_a_text_is_the_same_as_itself(name: str) -> None:
    assume(clean_display(name))
    assert match(name, name) >= SAME


@pytest.mark.parametrize(
    ("one", "other", "reasons"), [("+++", " +++ ", ["The same text"]), ("+++", "&", []), ("", "", [])]
)
def test_what_has_no_words_is_the_same_as_its_own_text_alone(
    one: str, other: str, reasons: list[str]
) -> None:
    found = score(CompanyQuery(one), CompanyFacts((other,)))

    assert [signal.label for signal in found.signals[1:]] == reasons
    assert (found.tier, match(one, other) == match(other, one)) == ("same" if reasons else "none", True)


@given(ANY | WORDS, ANY | WORDS)
def test_symmetric(one: str, other: str) -> None:
    assert match(one, other) == pytest.approx(match(other, one))


@given(WORDS, FORMS)
def test_unchanged_by_the_legal_form(name: str, form: str) -> None:
    assert match(f"{name} {form}", name) >= SAME


@given(LETTERS, st.sampled_from(["smith", "agri", "nordwind tools"]), FORMS)
def test_unchanged_by_the_legal_form_with_initials_before_the_name(
    letters: str, name: str, form: str
) -> None:
    assert match(f"{letters} {name} {form}", f"{letters} {name}") >= SAME


@given(WITH_INITIALS)
def test_unchanged_by_case_with_initials(name: str) -> None:
    cores = [
        [(kind, one.core) for kind, one in names_in(text)] for text in (name, name.lower(), name.upper())
    ]
    assert cores[0] == cores[1] == cores[2]
    assert match(name, name.lower()) >= SAME


@given(WORDS)
def test_unchanged_by_case_and_punctuation(name: str) -> None:
    known = match(name, name)
    assert match(name.upper(), name) == pytest.approx(known)
    assume(not name.endswith(" delta"))  # which a comma makes the place where the company is: Delta, Utah
    assert match(name.replace(" ", ", ") + ".", name) == pytest.approx(known)


@given(WORDS)
def test_unchanged_by_accents(name: str) -> None:
    accented = name.replace("e", "é").replace("a", "á").replace("o", "ò")
    assert match(accented, name) >= SAME


@given(ANY, ANY, ANY, ANY)
@example("\x00" * 9, "x", "\ud800", "‮")
@example("ﷺ" * 300, "㌀" * 300, "http://[::1", "@@@")
@example("a@b", "www.", "xn--.com", "http://" + "a." * 200)
def test_never_raises_and_contributions_add_up(name: str, domain: str, other: str, place: str) -> None:
    query = CompanyQuery(name, domain=domain, country=place, city=place, postcode=place, phone=place)
    facts = CompanyFacts(
        (other, name), domain=domain[::-1], country=place, city=other, postcode=place, phone=place
    )
    found = score(query, facts)

    assert 0 <= found.score <= 1
    log_odds = sum(signal.contribution for signal in found.signals)
    assert found.score == pytest.approx(1 / (1 + exp(-log_odds)))
    for signal in found.signals:
        for text, spans in ((signal.ours, signal.ours_spans), (signal.theirs, signal.theirs_spans)):
            assert all(0 <= start < end <= len(text) for start, end in spans)


@given(st.lists(WORDS, min_size=1, max_size=6), WORDS)
def test_rivals_are_ranked_and_contributions_add_up(names: list[str], asked: str) -> None:
    ranked = rank(
        CompanyQuery(asked), [(n, CompanyFacts((name,))) for n, name in enumerate(names)], total=50_000
    )

    assert sorted(one.id for one in ranked) == list(range(len(names)))
    scores = [one.match.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    for one in ranked:
        log_odds = sum(signal.contribution for signal in one.match.signals)
        assert one.match.score == pytest.approx(1 / (1 + exp(-log_odds)))


@given(ANY)
def test_keys_are_32_bit_and_found_again(name: str) -> None:
    keys = entry(name).keys
    assert all(-(2**31) <= key < 2**31 for key in keys)
    assert entry(name).keys == keys
    assert bool(keys) == bool(meant_by(name))


@given(WORDS)
def test_equal_names_share_a_key(name: str) -> None:
    assert set(entry(name).keys) & set(entry(name.upper() + " GmbH").keys)


@pytest.mark.parametrize(
    "unit",
    ["a", "ab ", "I.", "é", "华", "🚀", "(", "dba x ", "a.b.", "attn ", "\u0301", "ﷺ", "# 1 ", "- renewal "],
)
def test_ten_thousand_characters_take_no_time(unit: str) -> None:
    text = (unit * 10_000)[:10_000]
    begun = time.perf_counter()
    score(CompanyQuery(text, domain=text, city=text, phone=text), CompanyFacts((text, "Acme"), domain=text))
    entry(text)
    assert time.perf_counter() - begun < 0.5
