"""A firm that joins a group or program later: one digest a person, with what is in the library for them."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from notifications.models import Message, Notice
from partners.enums import PickKind
from partners.models import GroupPick, Member
from programs.asking import asked_of
from programs.models import ContentReach
from programs.services import contents, enrolling
from programs.services.content import arriving
from programs.services.content.arriving import find_arrivals, tell_arrivals
from programs.services.content.reading import note_opened
from programs.services.content.telling import tell_audiences
from tests.people import MONDAY
from tests.programs.content.makers import content, group_of
from tests.programs.makers import at, make_firms, make_program

EVENT = "content.now_yours"


def night(day: float) -> int:
    """What the job of a night does; how many people were told."""
    find_arrivals(clock=at(day))
    return tell_arrivals(clock=at(day))


def join(group, firm, by) -> None:
    GroupPick.objects.create(
        group=group, partner=firm, kind=PickKind.ADDED, reason="Asked.", by=by, at=MONDAY
    )


def mails(person) -> list[str]:
    return list(
        Message.objects.filter(event=EVENT, recipient=person).order_by("pk").values_list("text", flat=True)
    )


def test_a_firm_that_joins_a_group_hears_of_what_is_there(olga, alice, bob, charlie, northgate, southridge):
    """Once, with its name, by mail and notice; who was told at publication, or has read it, is not told again."""
    group = group_of(northgate, olga)
    prices = content(olga, "Prices", groups=(group,))
    content(olga, "Rules", kind="announcement", groups=(group,), due_on=MONDAY.date() + timedelta(days=9))
    content(
        olga, "Late rules", kind="announcement", groups=(group,), due_on=MONDAY.date() + timedelta(days=1)
    )
    content(olga, "For everybody")
    content(olga, "Not out yet", groups=(group,), published=False)
    tell_audiences(clock=at(0))
    assert night(1) == 0 and not Message.objects.filter(event=EVENT).exists()

    join(group, southridge, olga)
    assert night(3) == 1 and night(3.1) == 0 and night(4) == 0
    (mail,) = mails(charlie)
    assert "Please acknowledge:\n– Rules, by" in mail and "– Prices (Page)" in mail
    assert not any(words in mail for words in ("For everybody", "Not out yet", "Late rules"))
    notice = Notice.objects.get(user=charlie, event=EVENT)
    assert notice.title == "In the library for you: Rules and 1 more"
    Member.objects.update(joined_at=MONDAY - timedelta(days=90))
    charlie.refresh_from_db()
    assert [one.title for one in asked_of(charlie)] == ["Rules"]  # what was due before is not asked of them

    GroupPick.objects.all().delete()  # it leaves, and comes again after somebody read what is there
    night(5)
    assert not ContentReach.objects.filter(partner=southridge, item=prices).exists()
    join(group, southridge, olga)
    note_opened(prices, by=charlie, clock=at(6))
    night(7)
    assert "Prices" not in mails(charlie)[-1] and not mails(alice) and not mails(bob)


def test_a_firm_that_enters_a_program_hears_of_what_it_holds(olga, bob, charlie, northgate):
    program = make_program(olga)
    contents.put_in(
        program, content(olga, "Playbook", groups=(group_of(charlie.member.partner, olga),)), by=olga
    )
    tell_audiences(clock=at(0))
    night(1)
    enrolling.approve(enrolling.apply(program, by=bob, clock=at(2)), by=olga, clock=at(2))
    assert night(3) == User.objects.filter(member__partner=northgate).count()
    assert "Playbook" in mails(bob)[0] and not mails(charlie)


def test_at_most_one_a_day_and_none_for_what_publication_told(olga, alice, charlie, northgate, southridge):
    """Two nights of one day make one mail; who joined before the publication was told by that."""
    group = group_of(northgate, olga)
    content(olga, "First", groups=(group,))
    tell_audiences(clock=at(0))
    join(group, southridge, olga)
    content(olga, "Second", groups=(group,), clock=at(1))
    tell_audiences(clock=at(1))  # southridge is in the audience by now
    assert night(2) == 1
    (mail,) = mails(charlie)
    assert "First" in mail and "Second" not in mail


def test_a_night_takes_as_many_queries_for_many_firms(olga, mara, northgate):
    group = group_of(northgate, olga)
    content(olga, "Prices", groups=(group,))
    tell_audiences(clock=at(0))

    def queries(day: float) -> int:
        with CaptureQueriesContext(connection) as caught:
            find_arrivals(clock=at(day))
        return len(caught)

    def joined(firms) -> None:
        for firm in firms:
            join(group, firm, olga)

    firms = make_firms(12, mara)
    joined(firms[:2])
    first = queries(1)
    joined(firms[2:])
    assert queries(2) == first and ContentReach.objects.filter(told_at=None).count() == 12


def test_one_firm_that_fails_keeps_no_other_from_hearing(
    monkeypatch, caplog, olga, mara, alice, charlie, northgate, southridge
):
    """It is logged, and told the next night."""
    group = group_of(make_firms(1, mara)[0], olga)
    content(olga, "Prices", groups=(group,))
    tell_audiences(clock=at(0))
    night(1)
    join(group, northgate, olga)
    join(group, southridge, olga)
    real = arriving._tell_firm

    def failing(partner_id, now):
        if partner_id == northgate.pk:
            raise RuntimeError("a row that nobody expected")
        return real(partner_id, now)

    with monkeypatch.context() as broken:
        broken.setattr(arriving, "_tell_firm", failing)
        assert night(2) == 1
    assert (len(mails(charlie)), mails(alice)) == (1, [])
    assert "could not be told" in caplog.text

    assert night(3) == 1
    assert (len(mails(charlie)), len(mails(alice))) == (1, 1)
