"""Two people decide one application, tick one step, reach one first: one wins, and the lock is what makes it so."""

import pytest

from core.errors import WrongStatus
from notifications.models import Message
from partners.enums import ApplicationState, MilestoneKind
from partners.models import Application, FirmMilestone, Partner
from partners.services import vetting
from partners.services.applications import apply, confirm, link_for
from partners.services.milestones import reach
from partners.services.vetting import Terms
from tests.concurrency.racing import meeting, race
from tests.people import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def application(olga, ada):
    given = {"name": "Westgate", "kind": "reseller", "country": "DE", "about": "Sensors."}
    made = apply({**given, "contact_name": "Nora", "contact_email": "nora@westgate.example"})
    found = confirm(link_for(made).rstrip("/").rsplit("/", 1)[-1])
    found.checks.update(required=False)
    return found


def decide_twice(application, olga, ada):
    terms = Terms("Westgate", "reseller", "nora@westgate.example", "Nora")
    return race(
        lambda: vetting.accept(application, by=olga, terms=terms),
        lambda: vetting.decline(application, by=ada, reason="fit", text="Not now."),
    )


def test_two_decide_one_application(application, olga, ada, monkeypatch):
    monkeypatch.setattr(vetting, "_close", meeting(vetting._close, 2))

    results = decide_twice(application, olga, ada)

    lost = [result for result in results if isinstance(result, WrongStatus)]
    application.refresh_from_db()
    assert len(lost) == 1 and "Nothing was changed" in lost[0].message
    accepted = application.state == ApplicationState.ACCEPTED
    assert Partner.objects.filter(name="Westgate").count() == int(accepted)
    events = Message.objects.filter(
        event__in=["partner.application_accepted", "partner.application_declined"]
    )
    assert events.count() == 1


def test_without_the_lock_both_would_decide(application, olga, ada, monkeypatch):
    def unlocked(found, by, version=None):
        return Application.objects.get(pk=found.pk)

    monkeypatch.setattr(vetting, "_opened", meeting(unlocked, 2, seconds=3))

    results = decide_twice(application, olga, ada)

    assert not any(isinstance(result, WrongStatus) for result in results)


def test_one_first_for_two_at_once(northgate, bob):
    results = race(
        *[
            lambda code=code: reach(
                northgate, MilestoneKind.FIRST_WIN, about=code, label=code, by=None, at=MONDAY
            )
            for code in ("R-1", "R-2")
        ]
    )
    assert sum(isinstance(result, FirmMilestone) for result in results) == 1
    assert FirmMilestone.objects.count() == 1
