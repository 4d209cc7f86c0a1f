"""What a firm reads of an invitation: that it can accept, or why it can't now."""

import pytest

from core.clock import database_clock
from core.errors import WrongStatus
from partners.enums import StandingChange
from partners.services.standing import change_standing
from programs.enums import Joining, ProgramStatus
from programs.models import Enrolment, Program
from programs.services import enrolling
from tests.programs.content.makers import group_of
from tests.programs.makers import make_program
from tests.programs.test_pages import client, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(olga, northgate) -> Enrolment:
    """Northgate's invitation to the council."""
    program = make_program(olga, "Council", joining=Joining.INVITATION)
    return enrolling.invite(program, northgate, by=olga)


def test_who_can_accept_is_asked_to(invited, bob):
    page = text(client(bob).get(url("program", invited.program.code)))
    assert 'value="accept"' in page and "Accept, and your journey begins at once" in page


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("suspended", "Only active partners join programs, and Northgate is “suspended” now."),
        ("closed", "Council does not run now, so nobody can join it."),
        ("for others", "Northgate is no longer in the audience of Council."),
    ],
)
def test_who_cannot_reads_why_and_is_offered_no_button_that_is_refused(
    invited, olga, alice, bob, northgate, southridge, change, why
):
    """The page said 'Accept', and pressing it was refused."""
    if change == "suspended":
        change_standing(northgate, StandingChange.SUSPEND, by=olga, reason="No papers.")
    elif change == "closed":
        Program.objects.update(status=ProgramStatus.CLOSED)
    else:
        invited.program.audience.add(group_of(southridge, olga))
    bob = type(bob).objects.get(pk=bob.pk)
    page = text(client(bob).get(url("program", invited.program.code)))
    assert f"You can’t accept now. {why}" in page
    assert 'value="accept"' not in page and 'value="decline"' in page
    rep = text(client(type(alice).objects.get(pk=alice.pk)).get(url("program", invited.program.code)))
    assert f"It can’t accept now. {why}" in rep and "admins answer" not in rep
    with pytest.raises(WrongStatus, match=why.split(",")[0].rstrip(".")):
        enrolling.accept(Enrolment.objects.get(), by=bob, clock=database_clock)
    assert client(bob).post(url("answer", invited.program.code), {"answer": "decline"}).status_code == 302
