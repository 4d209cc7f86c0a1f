"""The word lists: a line is all that is to be added."""

import shutil
from pathlib import Path

import pytest

from companies.matching import entries, wordlists


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the lists, to be changed."""
    folder = Path(shutil.copytree(wordlists._DATA, tmp_path / "data"))
    monkeypatch.setattr(wordlists, "_DATA", folder)
    return folder


def test_a_line_more_makes_an_index_of_the_old_lists_outdated(lists: Path) -> None:
    before = wordlists.fingerprint()
    assert before == wordlists.fingerprint()

    with (lists / "abbreviations.txt").open("a") as file:
        file.write("kbltk = kabeltechnik\n")
    assert wordlists.fingerprint() != before


def test_what_other_fields_weigh_is_not_in_the_index(lists: Path) -> None:
    before = wordlists.fingerprint()
    (lists / "other_fields.txt").write_text("same_domain = 1\n")
    assert wordlists.fingerprint() == before


def test_the_version_tells_rules_and_lists() -> None:
    own = wordlists.fingerprint() % entries.LISTS
    assert entries.RULES * entries.LISTS + own == entries.VERSION

    assert not entries.is_outdated(entries.VERSION)
    assert entries.is_outdated(entries.VERSION - entries.LISTS)
    assert entries.is_outdated(entries.RULES * entries.LISTS + (own + 1) % entries.LISTS)
    assert not entries.is_outdated(entries.VERSION + entries.LISTS)  # of newer code: that has to write it
