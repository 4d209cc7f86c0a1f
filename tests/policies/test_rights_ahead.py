"""Whoever a right ahead keeps out hears of it ahead, whatever spared it when the right was given, and of each scope once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import PARTNER_ADMIN
from catalog.models import ProductLine
from core.clock import database_clock, fixed
from core.vendor_days import midnight
from notifications.models import Message
from partners.models import Partner
from policies.services import publish_version, withdraw_version
from policies.services.right_ends import tell_of_right_ends
from policies.services.rights import Wanted, end_right, give_rights, take_back_right
from policies.services.rights_ahead import tell_who_has_not_heard, tell_who_is_kept_out_since
from policies.shown import day_words
from tests.people import make_user
from tests.policies.makers import give, hold, in_days, licence, mail_leaves, require

pytestmark = pytest.mark.django_db
ANNOUNCED, ENDS = "policy.right_announced", "policy.right_ends"


@pytest.fixture
def third(db):
    return Partner.objects.create(name="Third Firm", country="DE", status="active")


@pytest.fixture
def both(northgate, southridge, olga, gateways):
    """Rights to one scope from day 40 on."""
    wanted = Wanted(
        partner=northgate,
        product_line=gateways,
        territory=None,
        industry=None,
        begins_on=in_days(40),
        is_exclusive=False,
        note="Two distributors.",
    )
    return give_rights(wanted, [northgate, southridge], by=olga)


def mails(person, event=ANNOUNCED):
    found = Message.objects.filter(recipient=person, event=event).exclude(status="cancelled")
    return list(found.order_by("pk"))


def flat(mail):
    return " ".join(mail.text.split())


def swept():
    """Two sweeps: the second finds nothing."""
    tell_who_is_kept_out_since()
    number = Message.objects.count()
    tell_who_is_kept_out_since()
    assert Message.objects.count() == number


def shared(partner, olga, **scope):
    return give(partner, olga, is_exclusive=False, **scope)


@pytest.mark.parametrize("day", [0, 39])
def test_whose_own_is_taken_back_beside_anothers_reads_what_follows(day, charlie, both, olga):
    _, own = both
    assert mails(charlie) == []  # it was to hold one itself
    clock = fixed(midnight(in_days(day))) if day else database_clock

    take_back_right(own, by=olga, note="Not signed.", version=1, clock=clock)

    (end,), (announced,) = mails(charlie, ENDS), mails(charlie)
    begins = day_words(own.begins_at)
    assert "will not begin" in end.subject
    assert "From that day on new ones inside it are refused." in flat(end)
    assert announced.subject == f"From {begins}: Gateways is not open to new registrations"
    swept()
    assert len(mails(charlie)) == 1


def test_whose_own_ends_before_anothers_begins_reads_of_that_day(
    charlie, northgate, southridge, olga, gateways
):
    own = shared(southridge, olga, product_line=gateways)
    ahead = shared(northgate, olga, product_line=gateways, begins=60)
    assert mails(charlie) == []

    end_right(own, by=olga, on=in_days(45), note="Contract ends.", version=1)

    (announced,) = mails(charlie)
    assert (
        f"Gateways: from {day_words(ahead.begins_at)} on, new registrations of your firm are refused."
        in flat(announced)
    )
    assert "Northgate" not in announced.text


def test_whose_own_ends_while_anothers_runs_reads_it_with_that_end_alone(
    charlie, northgate, southridge, olga, gateways
):
    own = shared(southridge, olga, product_line=gateways)
    shared(northgate, olga, product_line=gateways, begins=40)

    end_right(own, by=olga, on=in_days(45), note="Contract ends.", version=1)

    (end,) = mails(charlie, ENDS)
    assert "After that day new ones inside it are refused." in flat(end)
    assert mails(charlie) == []


def test_a_narrow_right_is_told_once_the_wide_one_that_covered_it_is_taken_back(
    charlie, northgate, third, southridge, olga, gateways, europe
):
    wide = shared(northgate, olga, product_line=gateways, begins=40)
    shared(third, olga, product_line=gateways, territory=europe, begins=40)
    mail_leaves()
    assert len(mails(charlie)) == 1

    take_back_right(wide, by=olga, note="Not after all.", version=1)

    (end,) = mails(charlie, ENDS)
    assert "possible from that day on as well, but for a part of it that something else keeps" in flat(end)
    assert mails(charlie)[1].subject.endswith(": Gateways in Europe is not open to new registrations")


def test_who_is_active_again_before_it_begins_hears_of_it(charlie, northgate, southridge, olga, gateways):
    Partner.objects.filter(pk=southridge.pk).update(status="suspended")
    give(northgate, olga, product_line=gateways, begins=45)
    swept()
    assert mails(charlie) == []

    Partner.objects.filter(pk=southridge.pk).update(status="active")
    swept()

    assert len(mails(charlie)) == 1


def test_who_gains_the_licence_that_it_lacked_hears_of_one_of_two_rights_to_the_same(
    charlie, northgate, third, southridge, olga, gateways
):
    require(gateways, olga, certificates=[licence().code])
    for firm in (northgate, third):
        shared(firm, olga, product_line=gateways, begins=45)
    swept()
    assert mails(charlie) == []

    hold(southridge, licence())
    swept()

    assert len(mails(charlie)) == 1


def test_whom_a_requirement_lets_in_reads_from_when_a_right_ahead_keeps_it_out(
    charlie, northgate, southridge, olga, gateways
):
    require(gateways, olga, kinds=["msp"])
    ahead = give(northgate, olga, product_line=gateways, begins=45)
    assert mails(charlie) == []

    require(gateways, olga, begins=40)

    (announced,) = mails(charlie)
    assert f"From {day_words(ahead.begins_at)}: Gateways is not open" in announced.subject


def test_what_another_right_does_as_well_is_not_told_again_as_the_first_does_not_begin(
    charlie, northgate, third, southridge, olga, gateways
):
    """A second mail would tell how many hold a right there."""
    first, _ = (shared(firm, olga, product_line=gateways, begins=40) for firm in (northgate, third))
    mail_leaves()

    take_back_right(first, by=olga, note="Not after all.", version=1)
    swept()

    assert len(mails(charlie)) == 1 and mails(charlie, ENDS) == []


def test_an_end_that_opened_nothing_when_it_was_set_is_told_on_the_day_on_which_it_does(
    charlie, northgate, third, southridge, olga, gateways
):
    first, second = (shared(firm, olga, product_line=gateways, begins=40) for firm in (northgate, third))
    mail_leaves()
    end_right(first, by=olga, on=in_days(50), note="For ten days.", version=1)
    swept()
    assert len(mails(charlie)) == 1 and mails(charlie, ENDS) == []
    take_back_right(second, by=olga, note="Not after all.", version=1)

    for _ in range(2):
        tell_of_right_ends(clock=fixed(midnight(in_days(51))))

    (end,) = mails(charlie, ENDS)
    assert end.subject == f"Open again after {day_words(midnight(in_days(50)))}: Gateways"


def test_two_rights_that_end_together_are_told_once_by_whichever_was_told(
    charlie, northgate, third, southridge, olga, gateways
):
    for right in [shared(firm, olga, product_line=gateways) for firm in (northgate, third)]:
        end_right(right, by=olga, on=in_days(40), note="Over.", version=1)
    assert len(mails(charlie, ENDS)) == 1

    tell_of_right_ends(clock=fixed(midnight(in_days(41))))

    assert len(mails(charlie, ENDS)) == 1


def test_an_early_end_is_told_on_the_day_to_whom_the_version_that_shut_it_out_was_withdrawn(
    charlie, northgate, southridge, olga, gateways
):
    right = give(northgate, olga, product_line=gateways)
    stricter = publish_version(
        by=olga, settings={"least_tier": "gold"}, note="Gold.", effective_from=midnight(in_days(20))
    )
    end_right(right, by=olga, on=in_days(40), note="Over.", version=1)
    assert mails(charlie, ENDS) == []

    withdraw_version(stricter, by=olga)
    tell_of_right_ends(clock=fixed(midnight(in_days(41))))

    assert len(mails(charlie, ENDS)) == 1


def test_what_was_taken_back_unread_is_told_once_it_is_true_again(
    charlie, northgate, southridge, olga, gateways
):
    shared(northgate, olga, product_line=gateways, begins=40)
    for times in (1, 2):
        own = shared(southridge, olga, product_line=gateways, begins=40)
        assert mails(charlie) == []
        take_back_right(own, by=olga, note=f"Not signed, {times}.", version=1)
        assert len(mails(charlie)) == 1
    for _ in range(2):
        tell_who_has_not_heard(database_clock())
    assert len(mails(charlie)) == 1


def test_what_was_taken_back_without_a_word_is_known_no_longer_than_it_was_to_last(
    charlie, southridge, northgate, third, olga, gateways
):
    """Two others, one after the other, did all of what was taken back, so nothing was said of that."""
    fourth = Partner.objects.create(name="Fourth Firm", country="DE", status="active")
    shared(northgate, olga, product_line=gateways, begins=40, ends=50)
    shared(third, olga, product_line=gateways, begins=45, ends=70)
    silent = shared(fourth, olga, product_line=gateways, begins=40, ends=60)
    mail_leaves()
    take_back_right(silent, by=olga, note="Not signed.", version=1)
    Partner.objects.filter(pk=southridge.pk).update(status="suspended")
    later = shared(fourth, olga, product_line=gateways, begins=65, ends=100)
    Partner.objects.filter(pk=southridge.pk).update(status="active")

    swept()

    assert mails(charlie, ENDS) == []
    assert mails(charlie)[-1].subject.startswith(f"From {day_words(later.begins_at)}: Gateways")


def test_a_sweep_that_has_nothing_to_tell_asks_as_much_for_many_rights(
    both, third, northgate, charlie, bob, sensors, olga
):
    """A firm without anybody who could read it is not looked at; whoever joins it hears of all that is ahead."""

    def asked():
        with CaptureQueriesContext(connection) as said:
            tell_who_is_kept_out_since()
        return len(said)

    mail_leaves()
    tell_who_is_kept_out_since()
    few = asked()
    for line in (sensors, ProductLine.objects.create(code="valves", name="Valves")):
        give(northgate, olga, product_line=line, begins=45)
    mail_leaves()
    tell_who_is_kept_out_since()
    assert asked() == few
    person = make_user("Tess", PARTNER_ADMIN, third)
    tell_who_is_kept_out_since()
    assert len(mails(person)) == 3
