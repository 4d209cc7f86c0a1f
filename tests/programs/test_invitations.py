"""What a firm reads of an invitation, and the vendor of it or of an application: what can be done, or why it can't be now."""

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


KEPT_OUT = pytest.mark.parametrize(
    ("change", "why"),
    [
        ("suspended", "Only active partners join programs, and Northgate is “suspended” now."),
        ("closed", "Council does not run now, so nobody can join it."),
        ("for others", "Northgate is no longer in the audience of Council."),
    ],
)


def keep_out(change: str, program: Program, olga, northgate, southridge) -> None:
    """Northgate can't come into the program any more."""
    if change == "suspended":
        change_standing(northgate, StandingChange.SUSPEND, by=olga, reason="No papers.")
    elif change == "closed":
        Program.objects.update(status=ProgramStatus.CLOSED)
    else:
        program.audience.add(group_of(southridge, olga))


@KEPT_OUT
def test_who_cannot_reads_why_and_is_offered_no_button_that_is_refused(
    invited, olga, alice, bob, northgate, southridge, change, why
):
    """The page said 'Accept', and pressing it was refused."""
    keep_out(change, invited.program, olga, northgate, southridge)
    bob = type(bob).objects.get(pk=bob.pk)
    page = text(client(bob).get(url("program", invited.program.code)))
    assert f"You can’t accept now. {why}" in page
    assert 'value="accept"' not in page and 'value="decline"' in page
    rep = text(client(type(alice).objects.get(pk=alice.pk)).get(url("program", invited.program.code)))
    assert f"It can’t accept now. {why}" in rep and "admins answer" not in rep
    with pytest.raises(WrongStatus, match=why.split(",")[0].rstrip(".")):
        enrolling.accept(Enrolment.objects.get(), by=bob, clock=database_clock)
    assert client(bob).post(url("answer", invited.program.code), {"answer": "decline"}).status_code == 302


@KEPT_OUT
@pytest.mark.parametrize("joining", [Joining.INVITATION, Joining.APPLICATION])
def test_the_vendor_reads_why_it_cannot_come_in_and_is_offered_no_button_that_is_refused(
    olga, mara, bob, northgate, southridge, joining, change, why
):
    """The page of an application said 'Approve', and pressing it was refused."""
    program = make_program(olga, "Council", joining=joining)
    asked = joining == Joining.APPLICATION
    enrolment = enrolling.apply(program, by=bob) if asked else enrolling.invite(program, northgate, by=olga)
    approve = url("approve", enrolment.code)
    title = "The application can’t be approved now" if asked else "The firm can’t accept the invitation now"
    before = text(client(olga).get(url("enrolment", enrolment.code)))
    assert (approve in before) == asked and title not in before

    keep_out(change, program, olga, northgate, southridge)

    for person in (olga, mara):
        page = text(client(person).get(url("enrolment", enrolment.code)))
        assert title in page and why in page and approve not in page
        assert (url("refuse", enrolment.code) in page) == (asked and person == olga)
    if asked:
        assert client(olga).post(approve).status_code == 409
        assert Enrolment.objects.get().status == "applied"
