"""What a certificate that lapses closes in programs: said beforehand, on the day and afterwards, in whatever order things are
done on that day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock, fixed
from notifications.models import Message
from partners.certificates.closing import closing_with
from partners.enums import StandingChange
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group
from partners.models import Certificate, CertificateType, Partner
from partners.services.certificates import revoke_certificate
from partners.services.certificates.warnings import send_certificate_warnings
from partners.services.standing import change_standing
from programs.enums import Joining, ProgramStatus
from programs.models import Enrolment, Move, Program
from programs.services import contents, enrolling
from programs.services.keeping import ConditionGiven
from programs.services.sweeping import sweep_programs
from programs.services.tiers import moving
from programs.services.tiers.computing import compute_tiers
from tests.partners.certificates.makers import make_type as paper_type
from tests.partners.certificates.makers import placed
from tests.people import MONDAY
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

DAY = timedelta(days=1)
STAYS = "What asks for it stays as it is, with it or without it"


def today() -> date:
    return database_clock().date()


def holders(olga, code="iso-27001", name="Holders"):
    """The group of the firms that hold a certificate."""
    rule = Rule("all", (Condition("certificate", Operator.ANY_OF, (code,)),))
    return create_group(by=olga, name=name, rule=rule)


def said(paper, on=TODAY):
    """What closes with it, in words; why nothing does."""
    found = closing_with([paper], today=on)[paper.pk]
    return [gate.words for gate in found] or found.why


@pytest.fixture
def paper(olga, northgate):
    """Northgate's, valid up to today: it is what has the firm in Exporters."""
    made = placed(northgate, paper_type(), valid_to=today())
    make_program(olga, "Exporters", joining=Joining.AUTOMATIC, audience=[holders(olga)], clock=database_clock)
    sweep_programs()
    assert Enrolment.objects.enrolled().count() == 1
    return made


def lapse(paper):
    """Northgate's paper ended yesterday, and the firm left the program."""
    Certificate.objects.filter(pk=paper.pk).update(valid_to=today() - DAY)
    paper.refresh_from_db()
    sweep_programs()
    assert not Enrolment.objects.enrolled().exists()


@pytest.mark.parametrize("order", ["certificates first", "programs first"])
def test_the_mail_of_the_day_says_what_closed_whichever_sweep_comes_first(paper, bob, order):
    jobs = [send_certificate_warnings, sweep_programs]
    midnight = datetime.combine(today() + DAY, datetime.min.time(), UTC)
    for job in jobs if order == "certificates first" else reversed(jobs):
        job(clock=fixed(midnight))
    assert Enrolment.objects.get().status == "ended"
    mail = Message.objects.get(event="certificate.lapsed", recipient=bob).text
    assert "This is closed now: Taking part in Exporters." in mail


def test_its_page_says_so_ever_after_until_another_one_opens_it_again(client, paper, bob, olga, northgate):
    lapse(paper)
    address = reverse("partners:certificate", args=[paper.code])
    for reader in (bob, olga):
        client.force_login(reader)
        assert "Taking part in Exporters" in client.get(address).content.decode()
    placed(northgate, paper.type, number="N-2", valid_from=today())
    sweep_programs()
    assert Enrolment.objects.enrolled().count() == 1
    for reader in (bob, olga):
        client.force_login(reader)
        assert "Nothing. Another one goes on (N-2)." in client.get(address).content.decode()


def test_who_left_by_their_own_word_or_another_rule_did_not_leave_by_it(paper, bob, northgate):
    enrolling.leave(Enrolment.objects.get(), by=bob)
    lapse(paper)
    assert said(paper, today()) == STAYS


def test_the_page_of_a_revoked_one_says_what_it_opened(client, paper, olga):
    sweep_programs()
    revoke_certificate(paper, by=olga, version=paper.version, reason="Forged.")
    sweep_programs()
    client.force_login(olga)
    page = client.get(reverse("partners:certificate", args=[paper.code])).content.decode()
    assert "What it opens" in page and "Taking part in Exporters" in page


def test_a_suspended_firm_is_told_what_does_not_go_on_without_it(paper, olga, bob, northgate):
    change_standing(northgate, StandingChange.SUSPEND, by=olga, reason="Unpaid.")
    sweep_programs()
    assert Enrolment.objects.get().status == "ended"
    send_certificate_warnings()
    mail = Message.objects.get(event="certificate.expiring", recipient=bob).text
    assert "this closes: Taking part in Exporters once the firm is active again." in mail


def test_a_program_that_asks_for_another_one_is_followed_when_both_were_left(paper, olga, northgate):
    """Exporters asks for the certificate, Elite for Exporters."""
    inside = Condition("program", Operator.ANY_OF, (Enrolment.objects.get().program.code,))
    group = create_group(by=olga, name="Inside", rule=Rule("all", (inside,)))
    make_program(olga, "Elite", joining=Joining.AUTOMATIC, audience=[group], clock=database_clock)
    sweep_programs()
    both = ["Taking part in Elite", "Taking part in Exporters"]
    assert said(paper, today()) == both
    Certificate.objects.update(valid_to=today() - DAY)
    paper.refresh_from_db()
    for _ in range(2):
        sweep_programs()
        assert said(paper, today()) == both
    assert not Enrolment.objects.enrolled().exists()


def test_a_tier_that_a_firm_fell_from_for_want_of_people_is_named_afterwards(
    settings, olga, mara, alice, northgate
):
    kind = make_type()
    criterion("silver", "certified_people", 1)
    criterion("silver", "registrations", 0.5)
    Partner.objects.filter(pk=northgate.pk).update(tier="silver")
    paper = placed(northgate, kind, member=alice.member, valid_to=TODAY + 5 * DAY)
    names = ["Silver: it asks for 1 certified person"]
    assert said(paper) == names
    compute_tiers(clock=at(6))
    moving.approve(Move.objects.get(), by=mara, reason="Nobody is certified.", clock=at(6))
    fall = 6 + settings.TIER_NOTICE_DAYS
    compute_tiers(clock=at(fall))
    northgate.refresh_from_db()
    assert northgate.tier == "registered"
    assert said(paper, TODAY + fall * DAY) == names
    Partner.objects.filter(pk=northgate.pk).update(tier="gold")  # by hand: it is another story now
    assert said(paper, TODAY + fall * DAY) == STAYS


def test_a_stage_ahead_that_asks_for_it_closes_with_it(olga, bob, northgate):
    """One registration is still to be made for the stage: without the certificate it would not open."""
    paper = placed(northgate, paper_type(), valid_to=TODAY + 30 * DAY)
    wanted = [
        ConditionGiven("certificate", "iso-27001"),
        ConditionGiven("figure", "registrations", Decimal(1)),
    ]
    program = make_program(olga, "Exporters", stages=[("Start", []), ("Sell", wanted)])
    assert said(paper) == STAYS  # not in the program
    enrolling.approve(enrolling.apply(program, by=bob, clock=at(0)), by=olga, clock=at(0))
    assert said(paper) == ["Opening ‘Sell’ in Exporters"]
    send_certificate_warnings(clock=at(0.1))
    mail = Message.objects.get(event="certificate.expiring", recipient=bob).text
    assert "this closes: Opening ‘Sell’ in Exporters." in mail
    program.stages.get(name="Sell").opened.create(enrolment=Enrolment.objects.get(), at=MONDAY)
    assert said(paper) == STAYS  # once open it stays open


def test_a_stage_that_asks_for_training_closes_with_what_the_training_granted(olga, alice, dan, northgate):
    path = make_path(olga, "Selling", make_module(olga, "Read", quiz=False), grants=make_type())
    wanted = [ConditionGiven("training", path.code, Decimal(2)), ConditionGiven("vendor", "Kick-off")]
    program = make_program(olga, "Experts", stages=[("Start", []), ("Sell", wanted)])
    enrolling.take_in(program, northgate, at=MONDAY)
    for person in (alice, dan):
        pass_path(person, path)
    paper = Certificate.objects.get(member=alice.member)
    together = "together with Certified seller of Dan, which ends the same day"
    assert said(paper) == [f"Opening ‘Sell’ in Experts ({together})"]


@pytest.mark.parametrize("figure", ["certified_people", "trained_people"])
def test_a_stage_that_asks_for_a_figure_of_people_closes_with_their_certificates(
    olga, alice, northgate, figure
):
    """It was said that no rule asked for them."""
    path = make_path(olga, "Selling", make_module(olga, "Read", quiz=False), grants=make_type())
    wanted = [ConditionGiven("figure", figure, Decimal(2)), ConditionGiven("vendor", "Kick-off")]
    program = make_program(olga, "Experts", stages=[("Start", []), ("Sell", wanted)])
    enrolling.take_in(program, northgate, at=MONDAY)
    paper = pass_path(alice, path).certificate
    assert said(paper) == STAYS  # two are wanted
    program.stages.get(name="Sell").conditions.filter(kind="figure").update(threshold=1)
    assert said(paper) == ["Opening ‘Sell’ in Experts"]


def test_what_lets_a_firm_join_a_program_closes_with_it(olga, bob, northgate):
    paper = placed(northgate, paper_type(), valid_to=TODAY + 30 * DAY)
    group = holders(olga)
    for name, joining in (("Exporters", Joining.APPLICATION), ("Council", Joining.INVITATION)):
        make_program(olga, name, joining=joining, audience=[group])
    assert said(paper) == ["Joining Exporters"]
    council = Program.objects.get(name="Council")
    invited = enrolling.invite(council, northgate, by=olga, clock=at(0))
    assert said(paper) == ["Joining Council", "Joining Exporters"]
    enrolling.accept(invited, by=bob, clock=at(0))
    assert said(paper) == ["Joining Exporters"]  # who is in stays in
    assert said(paper, TODAY + 31 * DAY) == ["Joining Exporters"]


def test_no_rule_is_said_to_ask_for_it_only_where_none_does(olga, northgate):
    """Groups are not told to firms, so neither is what they are for; but that nothing asked would be untrue."""
    paper = placed(northgate, paper_type(), valid_to=TODAY + 30 * DAY)
    group = holders(olga)
    assert said(paper) == "No rule asks for it at the moment"
    make_program(olga, "Council", joining=Joining.INVITATION, audience=[group])
    assert said(paper) == STAYS


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (begins, ends)
        for begins in (-60, 10, 30, 31)
        for ends in (None, 31, 30)
        if ends is None or begins <= ends
    ],
)
def test_programs_are_judged_by_the_day_on_which_it_closes(olga, northgate, begins, ends):
    """Valid for 30 days: a program that is over with it, or begins after it, hangs on it no more than one of last year, but one
    that begins before then does. It was judged by the programs of today."""
    on = today()
    paper = placed(northgate, paper_type(), valid_from=on - 90 * DAY, valid_to=on + 30 * DAY)
    group = holders(olga)
    days = {"starts_on": on + begins * DAY, "ends_on": None if ends is None else on + ends * DAY}
    wanted = [ConditionGiven("certificate", "iso-27001"), ConditionGiven("vendor", "Kick-off")]
    make_program(olga, "Auto", joining=Joining.AUTOMATIC, audience=[group], **days)
    make_program(olga, "Council", joining=Joining.APPLICATION, audience=[group], **days)
    journey = make_program(olga, "Journey", stages=[("Start", []), ("Sell", wanted)])
    enrolling.take_in(journey, northgate, at=MONDAY)
    Program.objects.filter(pk=journey.pk).update(**days)
    sweep_programs()
    names = ["Joining Council", "Opening ‘Sell’ in Journey", "Taking part in Auto"]
    found = said(paper, on)
    if begins == 31:
        names = names[1:2]  # the journey, which the firm is in already
    assert found == STAYS if ends == 30 else sorted(found) == names


def test_what_it_closed_is_said_also_once_the_program_takes_nobody_in_any_more(olga, northgate, paper):
    """What the firm got since is of no use there: nobody comes in."""
    lapse(paper)
    Program.objects.update(status=ProgramStatus.CLOSED)
    assert said(paper, today()) == ["Taking part in Exporters"]
    other = placed(northgate, paper.type, number="N-2", valid_from=today() + DAY, valid_to=today() + 9 * DAY)
    assert said(other, today()) == "No rule asks for it at the moment"
    assert said(paper, today()) == ["Taking part in Exporters"]


def test_what_is_read_in_a_program_that_is_left_is_named_too(paper, olga, bob, northgate):
    nobody = create_group(by=olga, name="Nobody", rule=Rule())
    deck = content(olga, "Deck", groups=(nobody,), clock=database_clock)
    contents.put_in(Enrolment.objects.get().program, deck, by=olga)
    both = ["Taking part in Exporters", "Reading ‘Deck’"]
    assert said(paper, today()) == both
    lapse(paper)
    assert said(paper, today()) == both


def test_many_programs_and_certificates_cost_as_many_queries_as_one(olga, northgate):
    papers, asked = [], []
    for number in range(4):
        kind = paper_type(f"type-{number}")
        papers.append(placed(northgate, kind, valid_to=TODAY + 30 * DAY))
        group = holders(olga, kind.code, f"Holders {number}")
        joining = Joining.AUTOMATIC if number % 2 else Joining.APPLICATION
        wanted = [ConditionGiven("certificate", kind.code), ConditionGiven("vendor", "Kick-off")]
        program = make_program(
            olga, f"P{number}", joining=joining, audience=[group], stages=[("A", []), ("B", wanted)]
        )
        if joining == Joining.AUTOMATIC:
            enrolling.take_in(program, northgate, at=MONDAY)
            content(olga, f"Deck {number}", groups=(group,))
        if number in (1, 3):
            with CaptureQueriesContext(connection) as queries:
                closing_with(papers, today=TODAY)
            asked.append(len(queries))
    assert asked[0] == asked[1]
    assert CertificateType.objects.count() == 4
