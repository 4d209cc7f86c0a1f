"""What a licence opens to a firm: more than it could do without, by all that binds on the day."""

from datetime import timedelta

import pytest

from core.clock import fixed
from core.vendor_days import midnight
from notifications.models import Message
from partners.services.certificates import send_certificate_warnings
from policies.enums import Barred
from policies.services import publish_version
from tests.policies.makers import give, hold, in_days, licence, require, territory, today
from tests.policies.test_requirements import closing

pytestmark = pytest.mark.django_db
AS_IT_IS = "What asks for it stays as it is, with it or without it"


@pytest.fixture
def paper(southridge, olga, gateways, northgate):
    require(gateways, olga, certificates=[licence().code])
    return hold(southridge, licence(), days=20)


def test_what_is_anothers_anyway_closes_with_no_licence(paper, northgate, olga, gateways, europe):
    give(northgate, olga, product_line=gateways, territory=europe)
    assert closing(paper) == [["Registering Gateways"]]  # elsewhere it may

    give(northgate, olga, product_line=gateways, territory=territory("america", "US"), effect=Barred.REVIEW)
    assert closing(paper) == [["Registering Gateways"]]


@pytest.mark.parametrize(
    ("begins", "ends", "effect", "closes"),
    [
        (0, None, Barred.REFUSED, AS_IT_IS),
        (0, None, Barred.REVIEW, ["Registering Gateways"]),  # looked at with the licence, refused without
        (0, 10, Barred.REFUSED, ["Registering Gateways"]),  # it has ended by then
        (15, None, Barred.REFUSED, AS_IT_IS),
        (30, None, Barred.REFUSED, ["Registering Gateways"]),
    ],
)
def test_the_right_counts_that_runs_on_the_day(
    begins, ends, effect, closes, paper, northgate, olga, gateways
):
    give(northgate, olga, product_line=gateways, begins=begins, ends=ends, effect=effect)

    assert closing(paper) == [closes]


def test_what_the_policy_looks_at_anyway_is_not_spared_a_look_by_a_licence(
    southridge, northgate, olga, sensors
):
    require(sensors, olga, certificates=[licence().code], effect=Barred.REVIEW)
    paper = hold(southridge, licence(), days=20)
    assert closing(paper) == [["Registering Sensors without a look first"]]

    publish_version(by=olga, settings={"auto_approve": False}, note="We look.")

    assert closing(paper) == [AS_IT_IS]


def test_the_version_of_the_day_counts_that_lets_the_firm_in(paper, southridge, olga, gateways):
    publish_version(by=olga, settings={"least_tier": "gold"}, note="Gold only.")
    assert closing(paper) == [AS_IT_IS]

    for day, closes in ((30, AS_IT_IS), (10, ["Registering Gateways"])):
        publish_version(
            by=olga, settings={"least_tier": "registered"}, note="All.", effective_from=midnight(in_days(day))
        )
        assert closing(paper) == [closes]


def test_the_version_of_the_day_counts_that_shuts_the_firm_out(paper, olga):
    begins = midnight(in_days(10))
    publish_version(by=olga, settings={"least_tier": "gold"}, note="Gold only.", effective_from=begins)

    assert closing(paper) == [AS_IT_IS]


def test_what_ends_on_the_day_of_a_new_version_is_judged_by_that(southridge, olga, gateways):
    before = fixed(midnight(in_days(-3)))
    require(gateways, olga, certificates=[licence().code], clock=before)
    paper = hold(southridge, licence(), days=-1)

    publish_version(by=olga, settings={"least_tier": "gold"}, note="Gold only.")
    assert closing(paper) == [AS_IT_IS]
    publish_version(by=olga, settings={"least_tier": "registered"}, note="All.")
    assert closing(paper) == [["Registering Gateways"]]


def test_a_warning_during_a_pilot_says_what_closes_once_approval_is_automatic(
    charlie, southridge, olga, gateways
):
    require(gateways, olga, certificates=[licence().code], effect=Barred.REVIEW)
    hold(southridge, licence(), days=30)
    publish_version(by=olga, settings={"auto_approve": False}, note="A pilot.")
    begins = midnight(in_days(10))
    publish_version(by=olga, settings={"auto_approve": True}, note="It is over.", effective_from=begins)

    send_certificate_warnings(clock=fixed(midnight(today()) + timedelta(hours=9)))

    mail = Message.objects.get(recipient=charlie, event="certificate.expiring")
    assert "Registering Gateways without a look first" in mail.text


def test_who_holds_a_right_to_it_needs_the_licence_still(paper, northgate, southridge, olga, gateways):
    for firm in (northgate, southridge):
        give(firm, olga, product_line=gateways, is_exclusive=False)

    assert closing(paper) == [["Registering Gateways"]]
