"""What programs tell the apps below: the field of groups, what a certificate is good for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message
from partners.certificates.closing import closing_with
from partners.certificates.gates import opened_by
from partners.groups.membership import members_of
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group
from partners.models import Certificate, Partner
from partners.services.certificates.warnings import send_certificate_warnings
from programs.enums import Joining
from programs.models import ContentItem, Enrolment, ProgramContent, Take
from programs.services import enrolling
from programs.services.sweeping import sweep_programs
from tests.partners.certificates.makers import make_type as paper_type
from tests.partners.certificates.makers import placed
from tests.people import MONDAY, MONDAY_CLOCK
from tests.programs.content.makers import content
from tests.programs.makers import (
    TODAY,
    at,
    criterion,
    make_module,
    make_path,
    make_program,
    make_type,
    pass_path,
)


def test_firms_of_a_program_are_a_group(olga, bob, northgate, southridge):
    program = make_program(olga)
    rule = Rule("all", (Condition("program", Operator.ANY_OF, (program.code,)),))
    group = create_group(by=olga, name="Inside", note="", rule=rule, clock=MONDAY_CLOCK)
    assert list(members_of(group, MONDAY)) == []
    enrolment = enrolling.apply(program, by=bob, clock=at(0))
    assert list(members_of(group, MONDAY)) == []  # applied is not inside
    enrolling.approve(enrolment, by=olga, clock=at(0))
    assert list(members_of(group, MONDAY)) == [northgate]
    enrolling.leave(enrolment, by=bob, clock=at(1))
    assert list(members_of(group, MONDAY)) == []


def test_what_a_certificate_opens_and_what_closes_with_it(olga, alice, dan, northgate):
    path = make_path(olga, "Selling", make_module(olga, "Read", quiz=False), grants=make_type())
    criterion("gold", "certified_people", 2)

    def labels() -> list[str]:
        one = list(Certificate.objects.filter(member=alice.member).select_related("type"))
        closed = closing_with(one, today=TODAY)
        return [gate.label for gates in closed.values() for gate in gates if gate.name.startswith("tier")]

    assert [gate.label for gate in opened_by(["sales-basic"])["sales-basic"]] == ["Counts for Gold"]
    pass_path(alice, path)
    northgate.tier = "gold"
    northgate.save(update_fields=["tier"])
    assert labels() == []  # one person: gold is not reached anyway
    pass_path(dan, path)
    dans = Certificate.objects.get(member=dan.member)
    Certificate.objects.filter(pk=dans.pk).update(valid_to=dans.valid_to + timedelta(days=400))
    assert labels() == ["Gold: it asks for 2 certified people"]
    # A renewal that goes on where the first ends closes nothing.
    end = (Take.objects.get(user=alice).valid_until - TODAY).days
    pass_path(alice, path, clock=at(end - 30))
    first = Certificate.objects.filter(member=alice.member).order_by("pk").first()
    assert closing_with([first], today=TODAY)[first.pk] == []


def test_people_who_are_certified_and_trained_until_one_day_close_the_tier_together(
    olga, alice, dan, bob, northgate
):
    """Each was judged alone; what a program asks its firms for, and who counts as trained, was not looked at."""
    path = make_path(olga, "Selling", make_module(olga, "Read", quiz=False), grants=make_type())
    for person in (alice, dan, bob):
        pass_path(person, path)
    papers = list(Certificate.objects.order_by("member__user__name"))
    northgate.tier = "gold"
    northgate.save(update_fields=["tier"])

    def words() -> list[list[str] | str]:
        found = closing_with(papers, today=TODAY)
        return [[gate.words for gate in found[one.pk]] or found[one.pk].why for one in papers]

    assert words() == ["No rule asks for it at the moment"] * 3
    certified = criterion("gold", "certified_people", 2)
    with_two = "(together with Certified seller of {} and Certified seller of {}, which end the same day)"
    others = [("Bob", "Dan"), ("Alice", "Dan"), ("Alice", "Bob")]
    assert words() == [[f"Gold: it asks for 2 certified people {with_two.format(*two)}"] for two in others]

    certified.delete()
    criterion("silver", "certified_people", 1)  # gold itself asks for something else
    elite = make_program(olga, "Elite")
    criterion("gold", "trained_people", 1, program=elite)
    assert words() == ["What asks for it stays as it is, with it or without it"] * 3
    enrolling.approve(enrolling.apply(elite, by=bob, clock=at(0)), by=olga, clock=at(0))
    both = (
        "Gold: Silver, a step on the way, asks for 1 certified person",
        "Gold: it asks for 1 trained person in Elite",
    )
    assert words() == [[f"{one} {with_two.format(*two)}" for one in both] for two in others]
    Certificate.objects.filter(pk=papers[0].pk).update(valid_to=papers[0].valid_to + timedelta(days=9))
    Take.objects.filter(user=alice).update(valid_until=papers[0].valid_to + timedelta(days=9))
    papers[0].refresh_from_db()
    assert words() == [list(both), *["Another one goes on (Alice)"] * 2]


@pytest.mark.parametrize(
    ("conditions", "leaves"),
    [
        ([("certificate", Operator.ANY_OF, ("iso-27001",))], True),
        ([("certificate", Operator.ANY_OF, ("iso-27001", "soc-2"))], False),  # the other one goes on
        ([("certificate", Operator.ALL_OF, ("iso-27001", "soc-2"))], True),
        ([("certificate", Operator.ANY_OF, ("iso-27001",)), ("tier", Operator.ANY_OF, ("gold",))], False),
        ([("certificate", Operator.ANY_OF, ("soc-2",))], False),
        ([("certificate", Operator.IS_SET, ())], False),
    ],
)
def test_a_program_that_a_firm_leaves_with_its_certificate_is_told_beforehand_and_left_on_the_day(
    olga, bob, northgate, conditions, leaves
):
    """Told 60 days before its end, in days on which nothing else changes; the sweep after the last day does it."""
    placed(northgate, paper_type("soc-2"), number="N-2", valid_to=TODAY + timedelta(days=900))
    lapsing = placed(northgate, paper_type(), valid_to=TODAY + timedelta(days=60))
    match = "any" if len(conditions) > 1 else "all"
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")
    group = create_group(
        by=olga,
        name="Safe hands",
        rule=Rule(match, tuple(Condition(*one) for one in conditions)),
        clock=at(0),
    )
    make_program(olga, "Safe", joining=Joining.AUTOMATIC, audience=[group])
    by_word = make_program(olga, "Asked in", audience=[group])
    sweep_programs(clock=at(0))
    enrolling.approve(enrolling.apply(by_word, by=bob, clock=at(0)), by=olga, clock=at(0))
    gates = closing_with([lapsing], today=TODAY)[lapsing.pk]
    assert [gate.label for gate in gates if gate.name.startswith("program")] == [
        "Taking part in Safe"
    ] * leaves
    send_certificate_warnings(clock=at(0))
    mail = Message.objects.get(event="certificate.expiring", recipient=bob).text
    assert ("Taking part in Safe" in mail) == leaves
    for day in (59.9, 60.9):
        assert sweep_programs(clock=at(day, MONDAY.replace(hour=0))).ended == []
    assert sweep_programs(clock=at(61, MONDAY.replace(hour=0))).ended == ["Northgate: Safe"] * leaves
    assert Enrolment.objects.get(program=by_word).status == "enrolled"


def test_what_a_firm_reads_for_its_certificate_alone_is_told_beforehand_and_gone_on_the_day(
    olga, bob, northgate
):
    lapsing = placed(northgate, paper_type(), valid_to=TODAY + timedelta(days=60))
    condition = Condition("certificate", Operator.ANY_OF, ("iso-27001",))
    group = create_group(by=olga, name="Safe hands", rule=Rule("all", (condition,)), clock=at(0))
    content(olga, "Price book", groups=(group,))
    content(olga, "For everybody")
    content(olga, "Not out yet", groups=(group,), published=False)
    by_program = content(olga, "Handbook", groups=(group,))
    program = make_program(olga, "Asked in")
    ProgramContent.objects.create(program=program, item=by_program, added_by=olga, added_at=MONDAY)
    enrolling.approve(enrolling.apply(program, by=bob, clock=at(0)), by=olga, clock=at(0))

    gates = closing_with([lapsing], today=TODAY)[lapsing.pk]
    assert [gate.words for gate in gates] == ["Reading ‘Price book’"]

    def readable() -> set[str]:
        return set(ContentItem.objects.visible_to(bob).values_list("current__title", flat=True))

    held = Certificate.objects.filter(pk=lapsing.pk)  # who may read is asked of the database's own clock
    held.update(valid_to=timezone.now().date() + timedelta(days=2))
    assert readable() == {"Price book", "For everybody", "Handbook"}
    held.update(valid_to=timezone.now().date() - timedelta(days=2))
    assert readable() == {"For everybody", "Handbook"}


def test_what_asks_for_two_that_end_on_one_day_closes_with_both(olga, northgate):
    """A page of the library and a program for a group of firms with both: each was said to close nothing."""
    end = TODAY + timedelta(days=60)
    papers = [placed(northgate, paper_type(code), valid_to=end) for code in ("iso-27001", "soc-2")]
    condition = Condition("certificate", Operator.ALL_OF, ("iso-27001", "soc-2"))
    group = create_group(by=olga, name="Both", rule=Rule("all", (condition,)), clock=at(0))
    content(olga, "Price book", groups=(group,))
    make_program(olga, "Safe", joining=Joining.AUTOMATIC, audience=[group])
    sweep_programs(clock=at(0))

    found = closing_with(papers, today=TODAY)
    for one, other in zip(papers, ("SOC 2", "ISO 27001"), strict=True):
        same_day = f"(together with {other}, which ends the same day)"
        assert [gate.words for gate in found[one.pk]] == [
            f"Taking part in Safe {same_day}",
            f"Reading ‘Price book’ {same_day}",
        ]
