"""The demo never mixes with somebody's data by itself."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from registrations.models import Registration


def test_a_database_with_people_is_refused(ada: User) -> None:
    with pytest.raises(CommandError, match="not the demo's"):
        call_command("load_demo", stdout=StringIO())
    assert not Registration.objects.exists()


def test_without_the_demo_there_are_no_accounts_to_print(db: None) -> None:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    assert "not loaded" in out.getvalue()
