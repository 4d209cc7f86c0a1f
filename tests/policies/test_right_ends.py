"""Ends of rights: announced ahead to who relies on them, and 'possible again' told where it is true."""

from datetime import timedelta

import pytest

from core.clock import database_clock, fixed
from core.errors import BadInput
from notifications.models import Message
from partners.models import Partner
from policies.enums import Barred
from policies.models import ExclusiveRight
from policies.services import publish_version
from policies.services.rights import end_right, end_rights_of, take_back_right
from policies.services.rights_ahead import tell_who_is_kept_out_since
from policies.shown import day_words
from tests.people import submitted
from tests.policies.makers import give, hold, in_days, licence, mail_leaves, require, territory, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(db):
    return Partner.objects.create(name="Third Firm", country="DE", status="active")


def mails(person):
    return list(Message.objects.filter(recipient=person, event="policy.right_ends").order_by("pk"))


def ended(right, olga, on, **how):
    return end_right(right, by=olga, on=in_days(on), note="Over.", version=right.version, **how)


def test_an_early_end_keeps_to_the_notice_period_and_its_holder_hears_of_it_ahead(
    alice, northgate, olga, gateways
):
    publish_version(by=olga, settings={"right_notice_days": 10}, note="Shorter notice.")
    right = give(northgate, olga, product_line=gateways)

    for day in (0, 8):
        with pytest.raises(BadInput, match="Northgate is told ahead, so it can end on") as refused:
            ended(right, olga, day)
        assert refused.value.field == "on"
    assert mails(alice) == []
    right = ended(right, olga, 9)  # the first day without it is the tenth from today

    assert right.end_agreed is False
    (mail,) = mails(alice)
    assert mail.created_at < right.ends_at - timedelta(days=9)
    assert f"ends on {day_words(right.ends_at - timedelta(seconds=1))}" in mail.subject
    assert "Your own registrations stay as they are." in mail.text and "After that day" not in mail.text


def test_a_holder_who_agreed_is_kept_with_the_right(client, northgate, olga, gateways):
    right = give(northgate, olga, product_line=gateways)
    client.force_login(olga)
    page = f"/policies/rights/{right.code}/end/"
    sent = {"on": today().isoformat(), "note": "Ms Berg, by telephone.", "version": "1"}

    assert "is told ahead" in client.post(page, sent).content.decode()
    assert client.post(page, sent | {"agreed": "on"}).status_code == 302

    right.refresh_from_db()
    assert right.end_agreed and right.end_note == "Ms Berg, by telephone."
    told = client.get(f"/policies/rights/{right.code}/").content.decode()
    assert "The holder agreed to an end before the notice period was over." in told


def test_a_right_that_its_holder_does_not_rely_on_ends_at_once(
    alice, northgate, olga, gateways, sensors, europe
):
    asked, suspended = (
        give(northgate, olga, product_line=gateways),
        give(northgate, olga, product_line=sensors),
    )
    require(gateways, olga, certificates=[licence().code])
    ended(asked, olga, 0)  # it could not register this

    northgate.status = "suspended"
    northgate.save()
    deal = submitted(alice, "Before KG", sensors)
    assert deal.status == "refused"
    ended(suspended, olga, 0)

    assert set(ExclusiveRight.objects.values_list("end_agreed", flat=True)) == {False}


def test_a_holder_with_something_open_inside_relies_on_it(alice, northgate, olga, gateways):
    submitted(alice, "Acme GmbH", gateways)
    right = give(northgate, olga, product_line=gateways)
    require(gateways, olga, certificates=[licence().code])

    with pytest.raises(BadInput, match="is told ahead"):
        ended(right, olga, 0)


def test_possible_again_names_the_day_from_which_it_is_not(charlie, northgate, third, olga, gateways):
    first = give(northgate, olga, product_line=gateways, ends=60)
    following = give(third, olga, product_line=gateways, begins=61)

    ended(first, olga, 50)

    (mail,) = mails(charlie)
    day = day_words(following.begins_at)
    assert (
        f"possible again after {day_words(in_midnight(50))}; what is announced for {day} changes that again."
        in flat(mail)
    )
    assert "Third Firm" not in mail.text


def in_midnight(day):
    return database_clock() + timedelta(days=day)


def flat(mail):
    return " ".join(mail.text.split())


def test_who_is_kept_out_all_the_same_hears_nothing_of_an_end(
    charlie, southridge, northgate, third, olga, gateways, europe
):
    right = give(northgate, olga, product_line=gateways, territory=europe)
    require(gateways, olga, begins=30, certificates=[licence().code])

    ended(right, olga, 40)

    assert mails(charlie) == []


def test_a_requirement_that_comes_later_and_a_look_are_said(charlie, northgate, olga, gateways, sensors):
    later, look = give(northgate, olga, product_line=gateways), give(northgate, olga, product_line=sensors)
    coming = require(gateways, olga, begins=60, certificates=[licence().code])
    require(sensors, olga, begins=30, least_tier="gold", effect=Barred.REVIEW)

    ended(later, olga, 40)
    ended(look, olga, 40)

    closes, looked_at = map(flat, mails(charlie))
    assert f"; what is announced for {day_words(coming.effective_from)} changes that again." in closes
    assert "A channel manager looks at them first." in looked_at and "; what is" not in looked_at
    assert "looks at them" not in closes


def test_a_look_that_goes_on_as_a_look_opens_nothing(charlie, northgate, third, olga, gateways):
    ends = give(northgate, olga, product_line=gateways, is_exclusive=False, effect=Barred.REVIEW)
    give(third, olga, product_line=gateways, is_exclusive=False, effect=Barred.REVIEW)

    ended(ends, olga, 40)

    assert mails(charlie) == []


def test_the_end_of_one_of_several_rights_opens_nothing_and_its_holder_reads_that(
    alice, charlie, northgate, third, olga, gateways, europe
):
    wide = give(northgate, olga, product_line=gateways, is_exclusive=False)
    give(third, olga, product_line=gateways, territory=europe, is_exclusive=False)

    ended(wide, olga, 40)

    (mail,) = mails(charlie)
    assert "possible again after" in flat(mail) and "but for a part of it that stays as it is." in flat(mail)

    theirs = give(
        northgate,
        olga,
        product_line=gateways,
        territory=territory("france", "FR"),
        is_exclusive=False,
        begins=45,
    )
    ended(theirs, olga, 90)
    assert len(mails(charlie)) == 1
    assert "After that day new ones inside it are refused." in flat(mails(alice)[-1])


def test_the_end_of_anothers_right_opens_nothing_to_who_holds_one_to_all_of_it(
    charlie, northgate, southridge, olga, gateways
):
    """It was told of the first when it held none itself."""
    first = give(northgate, olga, product_line=gateways, is_exclusive=False, begins=10)
    give(southridge, olga, product_line=gateways, is_exclusive=False, begins=10)

    ended(first, olga, 40)

    assert mails(charlie) == []


def test_what_does_not_begin_is_said_to_all_who_were_told_and_opens_where_it_is_open(
    charlie, northgate, olga, gateways, sensors
):
    two = [give(northgate, olga, product_line=line, begins=40) for line in (gateways, sensors)]
    require(sensors, olga, begins=10, certificates=[licence().code])
    mail_leaves()

    for right in two:
        take_back_right(right, by=olga, note="Not after all.", version=1)

    opened, closed = map(flat, mails(charlie))
    day = day_words(two[0].begins_at)
    assert (
        f"what was announced for {day} will not happen. New registrations are possible from that day on as well."
        in opened
    )
    assert "will not happen." in closed and "possible" not in closed


@pytest.fixture
def ahead(olga, gateways):
    """Gives a right to gateways that begins in 40 days and is not exclusive, of which everybody has read."""

    def give_it(partner, ends=None, **more):
        right = give(
            partner, olga, **{"product_line": gateways, "begins": 40, "is_exclusive": False} | more, ends=ends
        )
        mail_leaves()
        return right

    return give_it


def not_signed(right, olga):
    take_back_right(right, by=olga, note="Not signed.", version=1)
    tell_who_is_kept_out_since()


def only_until(day):
    return (
        f"what was announced for {day_words(in_midnight(40))} lasts until {day_words(in_midnight(day))} only."
    )


@pytest.mark.parametrize("ends", [60, None])
@pytest.mark.parametrize("effect", [Barred.REFUSED, Barred.REVIEW])
def test_what_is_taken_back_beside_a_shorter_right_lasts_until_that_one_ends(
    ends, effect, charlie, northgate, third, olga, ahead
):
    ahead(northgate, 50, effect=effect)
    longer = ahead(third, ends, effect=effect)

    not_signed(longer, olga)

    (mail,) = mails(charlie)
    assert Message.objects.filter(recipient=charlie).latest("pk") == mail
    assert mail.subject == f"Only until {day_words(in_midnight(50))}: Gateways"
    after = "possible again" if effect == Barred.REFUSED else "not looked at first any more"
    assert f"Gateways: {only_until(50)} New registrations are {after} after that day. Read" in flat(mail)
    assert (
        submitted(charlie, "Then KG", longer.product_line, clock=fixed(in_midnight(45))).status != "approved"
    )
    assert (
        submitted(charlie, "Later KG", longer.product_line, clock=fixed(in_midnight(52))).status == "approved"
    )


def test_what_ends_with_a_partnership_beside_a_shorter_right_lasts_until_that_one_ends(
    charlie, northgate, third, olga, ahead, europe
):
    ahead(third, 70)
    ahead(northgate, territory=europe)

    end_rights_of(northgate, by=olga, reason="They closed.")

    (mail,) = mails(charlie)
    assert f"Gateways in Europe: {only_until(70)} New registrations are possible again" in flat(mail)


def test_what_others_do_as_long_is_not_said_to_be_shorter(charlie, northgate, third, olga, ahead):
    fourth = Partner.objects.create(name="Fourth Firm", country="DE", status="active")
    ahead(northgate, 50)
    following = ahead(third, 70, begins=45)
    not_signed(ahead(fourth, 60), olga)
    assert mails(charlie) == []

    longer = ahead(fourth, 80)
    give(northgate, olga, product_line=longer.product_line, begins=75, ends=90, is_exclusive=False)
    not_signed(longer, olga)

    (mail,) = mails(charlie)
    day = day_words(in_midnight(75))
    assert (
        f"{only_until(70)} New registrations are possible again after that day; what is announced for {day}"
        in flat(mail)
    )
    assert following.ends_at < in_midnight(72)


def test_what_is_shorter_opens_nothing_where_something_else_keeps_the_firm_out_by_then(
    charlie, northgate, third, olga, gateways, ahead
):
    ahead(northgate, 50)
    longer = ahead(third)
    require(gateways, olga, begins=45, certificates=[licence().code])

    not_signed(longer, olga)

    (mail,) = mails(charlie)
    assert f"{only_until(50)} Read" in flat(mail)


def test_who_may_not_work_elsewhere_is_kept_out_by_a_shorter_right_where_it_works(
    charlie, southridge, northgate, third, olga, ahead, europe
):
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="At home only.")
    southridge.territories.set([europe])
    ahead(northgate, 50, territory=europe)
    longer = ahead(third)

    not_signed(longer, olga)

    (mail,) = mails(charlie)
    assert f"{only_until(50)} New registrations are possible again after that day" in flat(mail)


def test_with_the_partnership_it_ends_without_notice(charlie, northgate, olga, gateways):
    give(northgate, olga, product_line=gateways)
    mail_leaves()

    assert end_rights_of(northgate, by=olga, reason="They closed.") == 1

    (mail,) = mails(charlie)
    assert "possible again" in flat(mail)
    assert submitted(charlie, "After KG", gateways, clock=fixed(database_clock())).status == "approved"


def test_who_became_able_to_register_since_it_was_given_hears_of_an_early_end(
    charlie, southridge, northgate, olga, gateways, europe
):
    long_ago = fixed(database_clock() - timedelta(days=200))
    require(gateways, olga, certificates=[licence().code], clock=long_ago)
    right = give(northgate, olga, product_line=gateways, territory=europe, clock=long_ago)
    hold(southridge, licence())

    ended(right, olga, 40)

    (mail,) = mails(charlie)
    assert f"possible again after {day_words(in_midnight(40))}." in flat(mail)


def test_who_is_in_onboarding_hears_that_its_deals_are_looked_at_after_an_end(
    charlie, southridge, northgate, olga, gateways, europe
):
    Partner.objects.filter(pk=southridge.pk).update(status="onboarding")
    right = give(northgate, olga, product_line=gateways, territory=europe)

    ended(right, olga, 40)

    (mail,) = mails(charlie)
    assert "possible again" in flat(mail) and "A channel manager looks at them first." in flat(mail)


def test_a_holder_relies_on_a_right_that_an_announced_opening_lets_it_use(southridge, olga, gateways, europe):
    require(gateways, olga, least_tier="platinum")
    require(gateways, olga, begins=5)
    right = give(southridge, olga, product_line=gateways, territory=europe)

    with pytest.raises(BadInput, match="is told ahead"):
        ended(right, olga, 0)
    assert ExclusiveRight.objects.get().ends_at is None
