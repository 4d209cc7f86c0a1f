"""Promises that hold for every template and style sheet: nothing inline, nothing from another site."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string

ROOT = Path(__file__).resolve().parents[2]
PAGES = [path for path in (ROOT / "templates").rglob("*.html") if "emails" not in path.parts]
OWN_FILES = [*(ROOT / "static/css").glob("*.css"), *(ROOT / "static/js").glob("*.js")]


def _name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_page_has_nothing_the_content_security_policy_refuses(path):
    text = re.sub(
        r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", text) == []
    assert [
        tag
        for tag in re.findall(r"<script[^>]*>", text)
        if "src=" not in tag and "application/json" not in tag
    ] == []


@pytest.mark.parametrize("path", [*PAGES, *OWN_FILES], ids=_name)
def test_nothing_is_loaded_from_another_site(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href)=["']https?://|url\(["']?https?://|@import""", text) == []


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_template_can_be_read(path):
    get_template(str(path.relative_to(ROOT / "templates")))


def test_the_page_for_our_own_faults_needs_no_context():
    page = render_to_string("500.html")
    assert "Something went wrong on our side" in page
    assert "{" not in re.sub(r"<script.*?</script>", "", page)


def test_no_vendored_file_names_a_source_map():
    vendored = [path for path in (ROOT / "static/vendor").rglob("*") if path.suffix in {".css", ".js"}]
    assert {"tabler.min.css", "tabler.min.js", "htmx.min.js"} <= {path.name for path in vendored}
    assert [_name(path) for path in vendored if "sourceMappingURL=" in path.read_text(encoding="utf-8")] == []
