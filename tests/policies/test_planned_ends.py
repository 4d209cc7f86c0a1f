"""The end that a right was given with: told in its announcement, on the page, to its holder ahead, and on the day."""

from datetime import timedelta

import pytest

from core.clock import database_clock, fixed
from core.vendor_days import midnight
from notifications.models import Message
from partners.models import Partner
from policies.enums import Barred
from policies.mine import mine
from policies.models import RightNews
from policies.services.right_ends import tell_of_right_ends
from policies.services.rights import end_right
from policies.shown import day_words
from tests.policies.makers import give, hold, in_days, licence, require, territory
from tests.policies.test_binding_pages import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def third(db):
    return Partner.objects.create(name="Third Firm", country="DE", status="active")


def mails(person, event="policy.right_ends"):
    return list(Message.objects.filter(recipient=person, event=event).order_by("pk"))


def flat(mail):
    return " ".join(mail.text.split())


def last_day_of(right):
    return day_words(right.ends_at - timedelta(seconds=1))


def swept(at):
    """Two sweeps at that moment: the second finds nothing."""
    told = tell_of_right_ends(clock=fixed(at))
    assert tell_of_right_ends(clock=fixed(at)) == 0
    return told


def test_who_is_kept_out_reads_until_when_in_mail_and_page(
    client, alice, northgate, southridge, olga, gateways, sensors, europe
):
    coming = give(southridge, olga, product_line=gateways, territory=europe, begins=31, ends=60)
    running = give(southridge, olga, product_line=sensors, ends=70)

    announced, now = mails(alice, "policy.right_announced")
    begins = day_words(coming.begins_at)
    assert (
        f"Gateways in Europe: from {begins} until {last_day_of(coming)}, new registrations of your firm are refused."
        in flat(announced)
    )
    assert f"until {last_day_of(running)}, new" in flat(now)
    client.force_login(alice)
    page = text_of(client.get("/policies/registration/"))
    assert f"Not open to your firm at present: Sensors, until {last_day_of(running)}." in page
    assert f"new registrations of your firm will be refused, until {last_day_of(coming)}." in page


def test_rights_that_follow_one_another_are_one_time_on_the_page(
    northgate, southridge, third, olga, gateways
):
    give(southridge, olga, product_line=gateways, ends=10)
    last = give(third, olga, product_line=gateways, begins=11, ends=20)

    read = mine(northgate, database_clock())

    assert read.reserved == [f"Not open to your firm at present: Gateways, until {last_day_of(last)}."]
    (change,) = read.changes  # nothing opens after the tenth day
    assert (change.at, change.worse) == (last.ends_at, False)
    assert change.words == "Gateways: new registrations of your firm are possible again."


def test_the_page_shows_a_coming_end_from_the_notice_period_on_where_it_opens(
    northgate, southridge, third, olga, gateways, sensors, europe
):
    far = give(southridge, olga, product_line=gateways, territory=europe, ends=40)
    give(southridge, olga, product_line=sensors, ends=20)
    require(sensors, olga, begins=15, certificates=[licence().code])

    def ends(now):
        return [change for change in mine(northgate, now).changes if not change.worse]

    assert ends(database_clock()) == []  # one is too far; the other line will ask for a licence by then
    (change,) = ends(far.ends_at - 30 * DAY)
    assert (change.day, change.at) == (day_words(far.ends_at), far.ends_at)
    assert change.words == "Gateways in Europe: new registrations of your firm are possible again."


def test_two_rights_to_a_scope_that_end_together_open_it_once_and_not_to_their_holders(
    alice, charlie, northgate, southridge, third, olga, gateways
):
    for firm in (southridge, third):
        right = give(firm, olga, product_line=gateways, is_exclusive=False, ends=20)

    assert len([one for one in mine(northgate, database_clock()).changes if not one.worse]) == 1
    assert [one for one in mine(southridge, database_clock()).changes if not one.worse] == []
    assert swept(right.ends_at) == 2

    (mail,) = mails(alice)
    assert f"new registrations are possible again after {last_day_of(right)}." in flat(mail)
    assert "Southridge" not in mail.text and "Third Firm" not in mail.text
    assert mails(charlie) == []


def test_on_the_day_those_are_told_for_whom_it_opens(
    alice, northgate, southridge, third, olga, gateways, sensors, europe
):
    opens = give(southridge, olga, product_line=gateways, territory=europe, ends=20)
    stays = give(southridge, olga, product_line=sensors, ends=20)
    require(sensors, olga, begins=15, certificates=[licence().code])

    assert swept(opens.ends_at - timedelta(seconds=1)) == 0
    assert mails(alice) == []
    assert swept(opens.ends_at) == 2

    (mail,) = mails(alice)
    assert mail.subject == f"Open again after {last_day_of(opens)}: Gateways in Europe"
    assert RightNews.objects.filter(right__in=[opens, stays], kind="ended").count() == 2


def test_what_was_looked_at_is_not_looked_at_any_more(alice, northgate, southridge, olga, gateways):
    right = give(southridge, olga, product_line=gateways, effect=Barred.REVIEW, ends=20)

    (change,) = mine(northgate, database_clock()).changes
    swept(right.ends_at)

    assert change.words == "Gateways: new registrations of your firm are not looked at first any more."
    (mail,) = mails(alice)
    assert f"new registrations are not looked at first any more after {last_day_of(right)}." in flat(mail)
    assert "possible again" not in mail.text and "Open again" not in mail.subject


def test_an_end_of_long_ago_and_one_that_was_set_early_are_no_news(
    alice, northgate, southridge, olga, gateways, sensors
):
    old = give(southridge, olga, product_line=gateways, ends=20)
    early = give(southridge, olga, product_line=sensors, ends=90)
    end_right(early, by=olga, on=in_days(40), note="Over.", version=early.version)
    assert len(mails(alice)) == 1  # told when it was set

    assert swept(old.ends_at + 15 * DAY) == 0
    assert swept(midnight(in_days(41))) == 1  # whoever had not read of it then would be told now
    assert len(mails(alice)) == 1


def test_the_holder_is_reminded_once_at_the_notice_period(alice, northgate, southridge, olga, gateways):
    right = give(northgate, olga, product_line=gateways, ends=60)

    assert swept(right.ends_at - 31 * DAY) == 0
    assert swept(right.ends_at - 30 * DAY) == 1
    assert swept(right.ends_at - DAY) == 0

    (mail,) = mails(alice)
    assert mail.subject == f"Your exclusive right ends on {last_day_of(right)}: Gateways"
    assert "If you want to go on after that, ask your channel manager." in flat(mail)


def test_no_reminder_of_what_was_given_for_less_than_the_notice_period_or_goes_on(
    alice, northgate, olga, gateways, sensors
):
    short = give(northgate, olga, product_line=gateways, ends=20)
    long = give(northgate, olga, product_line=sensors, ends=60)
    give(northgate, olga, product_line=sensors, begins=61)

    swept(short.ends_at - DAY)
    swept(long.ends_at - DAY)

    assert mails(alice) == []


def test_who_gains_what_is_asked_meanwhile_is_told_on_the_day(alice, northgate, southridge, olga, gateways):
    right = give(southridge, olga, product_line=gateways, ends=20)
    require(gateways, olga, certificates=[licence().code])
    assert [one for one in mine(northgate, database_clock()).changes if not one.worse] == []

    hold(northgate, licence())
    swept(right.ends_at)

    assert len(mails(alice)) == 1


def test_a_part_that_stays_closed_is_said(alice, northgate, southridge, third, olga, gateways):
    right = give(southridge, olga, product_line=gateways, is_exclusive=False, ends=20)
    give(third, olga, product_line=gateways, territory=territory("france", "FR"), is_exclusive=False)

    (change,) = mine(northgate, database_clock()).changes
    swept(right.ends_at)

    assert change.words.endswith("are possible again, but for a part of it that stays as it is.")
    assert "but for a part of it that stays as it is" in flat(mails(alice)[0])
