"""What operations write for the firms to come: steps by kind, activation, the checklist."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from core.errors import NotAllowed
from partners.models import ChecklistItem, OnboardingPlan, OnboardingStep, PlanStep
from partners.services import plans
from partners.services.onboarding import give_plan, plan_for

pytestmark = pytest.mark.django_db


def step_form(**changes):
    return {
        "title": "Visit the plant",
        "stage": "2",
        "stage_title": "Prepare",
        "side": "vendor",
        "due_days": "10",
        "help": "",
        "link": "/firm/",
        "required": "on",
        "place": "",
        **changes,
    }


def test_a_kind_gets_a_plan_of_its_own(client, olga, northgate):
    client.force_login(olga)
    for _ in range(2):
        client.post(reverse("partners:new_plan"), {"kind": "msp"})
    client.post(reverse("partners:new_plan"), {"kind": "bakery"})
    own = OnboardingPlan.objects.get(kind="msp")
    assert OnboardingPlan.objects.count() == 3
    assert own.steps.count() == OnboardingPlan.objects.get(kind="").steps.count() == 7
    assert plan_for("msp") == own and plan_for("reseller").kind == ""

    client.post(reverse("partners:new_step", args=[own.pk]), step_form())
    assert set(own.steps.filter(stage=2).values_list("stage_title", flat=True)) == {"Prepare"}
    assert list(own.steps.filter(stage=2).order_by("place"))[-1].title == "Visit the plant"
    northgate.kind = "msp"
    give_plan(northgate, by=olga, at=database_clock())
    step = PlanStep.objects.get(title="Visit the plant")
    client.post(
        reverse("partners:edit_step", args=[step.pk]), step_form(title="Visit twice", place=step.place)
    )
    client.post(reverse("partners:remove_step", args=[own.steps.earliest("pk").pk]))
    assert (own.steps.count(), PlanStep.objects.filter(title="Visit twice").count()) == (7, 1)
    given = OnboardingStep.objects.filter(partner=northgate)
    assert (given.count(), given.filter(title="Visit the plant").count()) == (
        8,
        1,
    )  # firms keep what they have
    client.post(reverse("partners:plan_activation", args=[own.pk]), {"by_itself": "yes"})
    own.refresh_from_db()
    assert own.activates_by_itself


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"stage": "0"}, "stage"),
        ({"stage": "10"}, "stage"),
        ({"side": "nobody"}, "side"),
        ({"due_days": "-1"}, "due_days"),
        ({"due_days": "400"}, "due_days"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "//elsewhere.example", "title": ""}, "link"),
        ({"place": "x"}, "place"),
    ],
)
def test_what_is_wrong_with_a_step(client, olga, changes, field):
    client.force_login(olga)
    plan = OnboardingPlan.objects.get(kind="")
    answer = client.post(reverse("partners:new_step", args=[plan.pk]), step_form(**changes))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert plan.steps.count() == 7


def test_the_checklist(client, olga, mara):
    client.force_login(olga)
    form = {"label": "Visited", "help": "", "kind": "", "place": "5", "active": "on"}
    assert client.post(reverse("partners:new_item"), {**form, "label": ""}).status_code == 422
    client.post(reverse("partners:new_item"), form)
    item = ChecklistItem.objects.get(label="Visited")
    client.post(reverse("partners:edit_item", args=[item.pk]), {**form, "required": "on", "active": ""})
    item.refresh_from_db()
    assert (item.required, item.active) == (True, False)
    with pytest.raises(NotAllowed):
        plans.remove_item(item, by=mara)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("partners:plans")).status_code == 200
        return len(asked)

    queries()
    one = queries()
    client.post(reverse("partners:new_plan"), {"kind": "msp"})
    client.post(reverse("partners:new_item"), form)
    queries()  # the message that was said once
    assert queries() == one
    client.post(reverse("partners:remove_item", args=[item.pk]))
    assert not ChecklistItem.objects.filter(pk=item.pk).exists()


def test_the_vendor_s_staff_read_it_and_operations_change_it(client, olga, mara, ivan):
    here = reverse("partners:plans")
    for person in (mara, ivan):
        client.force_login(person)
        page = client.get(here).content.decode()
        assert "Complete your profile" in page and "operations activate the firm." in page
        assert "Add a step" not in page and "<select" not in page and "steps/new/" not in page
        assert client.post(reverse("partners:new_plan"), {"kind": "msp"}).status_code == 403
        assert here in client.get(reverse("partners:list")).content.decode()
    client.force_login(olga)
    assert "Add a step" in client.get(here).content.decode()
