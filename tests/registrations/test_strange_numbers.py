"""What looks like a digit and is none: an address or a form with it is like one without a number, and never an error."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["²", "①", "९", "-1", "1e9", "9" * 30])
def test_an_address_with_it(number, client, ada, alice, register):
    register(alice, "Kestrel", value=500_000)
    client.force_login(ada)
    for route, name in (
        ("registrations:queue", "reviewer"),
        ("registrations:queue", "page"),
        ("registrations:list", "after"),
        ("registrations:incoming", "after"),
        ("notifications:outbox", "after"),
    ):
        assert client.get(reverse(route), {name: number}).status_code == 200, route


@pytest.mark.parametrize("number", ["²", "①", "x"])
def test_a_form_with_it(number, client, mara, alice, register):
    row = register(alice, "Kestrel", value=500_000)
    client.force_login(mara)
    answer = client.post(
        reverse("registrations:bulk"), {"action": "approve", "item": [f"{row.code}:{number}"]}
    )
    assert "Nothing was chosen" in answer.content.decode()
    look = reverse("registrations:look", args=[row.code])
    assert client.post(look, {"number": number}, headers={"HX-Request": "true"}).status_code == 200
