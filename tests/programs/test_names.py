"""Names that read alike, but for capitals, spaces and forms of a letter, are refused at the field; older ones are told apart."""

import pytest
from django.urls import reverse

from catalog.models import Industry
from core.alike import tell_apart
from core.errors import BadInput
from partners.groups.rules import Rule
from partners.groups.services import create_group
from partners.services.agreements import create_agreement
from partners.services.certificates.types import create_type
from programs.models import ContentItem, Module
from programs.services.content.publishing import put_back, withdraw
from tests.partners.agreements.test_agreements import words
from tests.people import MONDAY_CLOCK
from tests.programs.content.makers import content
from tests.programs.makers import make_module, make_path, make_program

pytestmark = pytest.mark.django_db
TYPE = {"kind": "certification", "issuer": "TÜV", "held_by": "firm", "validity_months": 12}
MAKE = {
    "program": lambda by, name: make_program(by, name),
    "module": lambda by, name: make_module(by, name, quiz=False),
    "path": lambda by, name: make_path(
        by, name, Module.objects.first() or make_module(by, "Lesson", quiz=False)
    ),
    "group": lambda by, name: create_group(by=by, name=name, rule=Rule("all", ()), clock=MONDAY_CLOCK),
    "certificate type": lambda by, name: create_type(by=by, fields={**TYPE, "name": name}),
    "agreement": lambda by, name: create_agreement(
        by=by, title=name, kinds=[], wording=words(), clock=MONDAY_CLOCK
    ),
    "page of the library": lambda by, name: content(by, name),
}


@pytest.mark.parametrize("what", MAKE)
def test_what_reads_alike_is_refused_at_the_field(what, olga):
    MAKE[what](olga, "Größen 2027")
    for name in (
        "größen  2027",
        "GRÖSSEN 2027".replace("SS", "ß"),
        "Gro\u0308ßen2027",
        " Größen\u00a02027",
        "Größen ２０２７",
    ):
        with pytest.raises(BadInput, match=r"There is an? .+ with this (name|title) already\.") as refused:
            MAKE[what](olga, name)
        assert refused.value.field in ("name", "title")
    MAKE[what](olga, "Größen 2028")


def test_the_form_says_so_at_the_name_and_keeps_what_was_typed(client, olga):
    make_program(olga, "Rising partners")
    other = make_program(olga, "Other")
    client.force_login(olga)
    for address in (reverse("programs:new"), reverse("programs:change", args=[other.code])):
        sent = {
            "name": "RISING  partners",
            "summary": "Kept words",
            "starts_on": "2026-03-02",
            "joining": "automatic",
        }
        page = client.post(address, sent | {"version": other.version})
        assert page.status_code == 422 and page.context["form"].errors == {
            "name": ["There is a program with this name already."]
        }
        assert "Kept words" in page.content.decode()
    # Its own name, written otherwise, is no other's.
    own = {"name": "OTHER", "summary": "Kept", "starts_on": "2026-03-02", "joining": "automatic"}
    assert client.post(address, own | {"version": other.version}).status_code == 302
    other.refresh_from_db()
    assert other.name == "OTHER"


def test_what_was_withdrawn_gives_its_title_free_and_does_not_come_back_beside_another(olga):
    old = content(olga, "Price list")
    withdraw(old, by=olga, version=old.version, clock=MONDAY_CLOCK)
    content(olga, "Price List")
    assert content(olga, "Price list", kind="announcement").kind == "announcement"
    old.refresh_from_db()
    with pytest.raises(BadInput, match="There is a page with this title already"):
        put_back(old, by=olga, version=old.version)
    assert ContentItem.objects.get(pk=old.pk).withdrawn_at


def test_names_from_before_are_numbered_and_the_first_keeps_its_own():
    rows = Industry.objects.all()
    long = "X" * rows.model._meta.get_field("name").max_length
    for number, name in enumerate(("Twin", "twin", "T win", "twin (2)", long, long)):
        Industry.objects.create(code=f"i{number}", name=name)
    tell_apart(rows)
    names = list(rows.order_by("pk").values_list("name", flat=True))
    assert names == ["Twin", "twin (3)", "T win (4)", "twin (2)", long, long[:-4] + " (2)"]
