"""What a reader sees of what was refused."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_address_of_a_button_opened_as_a_page_says_so(client, mara):
    client.force_login(mara)
    answer = client.get("/review/bulk/undo/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "nothing was changed" in answer.content.decode()
    assert client.head("/review/bulk/undo/").content == b""
