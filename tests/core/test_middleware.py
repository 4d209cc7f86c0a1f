"""What a reader sees of what was refused."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_address_of_a_button_opened_as_a_page_says_so(client, mara):
    client.force_login(mara)
    answer = client.get("/review/bulk/undo/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "nothing was changed" in answer.content.decode()
    assert client.head("/review/bulk/undo/").content == b""


@pytest.mark.parametrize("asked", ["a%00b", "%00", "a\0b"])
def test_nul_in_what_is_asked_for_is_read_as_a_space(client, mara, asked):
    client.force_login(mara)

    answer = client.get("/companies/doubles/", QUERY_STRING=f"company={asked}&q={asked}")

    assert answer.status_code == 200
    assert answer.wsgi_request.GET["q"] == ("a b" if "a" in asked else " ")


def test_so_it_is_in_a_path_where_it_leads_nowhere(client, mara):
    client.force_login(mara)
    for path in ("/companies/a%00b/", "/registrations/%00/", "/nowhere%00"):
        answer = client.get(path)
        assert answer.status_code == 404 and "Concord" in answer.content.decode()
