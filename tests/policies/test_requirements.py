"""What product lines require: the effect that is foretold is the effect that comes, and the firms that it touches hear of it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db.models import ProtectedError

from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.shown import day
from notifications.models import Message
from partners.certificates.closing import closing_with
from partners.certificates.gates import opened_by
from partners.enums import PartnerStatus, StandingChange
from partners.groups.operators import Operator
from partners.groups.rules import Condition, Rule
from partners.groups.services import create_group, delete_group, pick_firm
from partners.groups.uses import uses_of
from partners.models import Certificate, Partner
from partners.services.certificates import send_certificate_warnings
from partners.services.standing import change_standing
from policies.authorised import difference, in_force
from policies.by_country import Standing
from policies.concerned import firms_concerned
from policies.enums import Barred
from policies.firms import as_firms, selling_firms
from policies.loading import authorisations_at, right_of
from policies.mine import mine
from policies.models import ProductAuthorisation
from policies.services.publishing import publish_version
from policies.services.requirements import Asked, drafted, preview, set_requirement, take_back_requirement
from policies.stands import around
from programs.enums import Joining
from programs.models import ContentItem, Enrolment, ProgramContent
from programs.services.sweeping import sweep_programs
from registrations.enums import Status
from registrations.views.review.binding_words import binding_words
from tests.people import MONDAY_CLOCK, submitted
from tests.policies.makers import circle, give, hold, in_days, licence, require, territory, today
from tests.policies.test_binding_pages import text_of
from tests.programs.content.makers import content
from tests.programs.makers import make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms(northgate, southridge, europe):
    """Firms of all sorts beside the two; one that is gone."""
    northgate.territories.add(europe)
    kinds = [
        ("Silver MSP", "msp", "silver", PartnerStatus.ACTIVE),
        ("Gold reseller", "reseller", "gold", PartnerStatus.ONBOARDING),
        ("Platinum consultant", "consultant", "platinum", PartnerStatus.ACTIVE),
        ("Gone", "msp", "gold", PartnerStatus.ENDED),
    ]
    made = [
        Partner.objects.create(name=name, kind=kind, tier=tier, status=status, country="DE")
        for name, kind, tier, status in kinds
    ]
    made[1].territories.add(europe)
    hold(made[1], licence())
    hold(northgate, licence("other", "Other"))
    return made


def standings(line):
    """Firm → what it can do with the line now in Germany, Sweden and Japan, asked of what is in force."""
    now = database_clock()
    asked = in_force(authorisations_at(now), line.pk, now)
    firms = as_firms(selling_firms(), now)
    stands = {partner.name: around(now).stand(firm, line.pk, asked) for partner, firm in firms}
    return {name: places(stand) for name, stand in stands.items()}


def places(stand):
    return [stand.by_country.of(country) for country in ("DE", "SE", "JP")]


def harder(one, other):
    return any(mine > theirs for mine, theirs in zip(one, other, strict=True))


EVERYWHERE = [Standing.OPEN] * 3


STEPS = [
    {"kinds": ["reseller", "msp"]},
    {"least_tier": "gold"},
    {"least_tier": "gold", "effect": Barred.REVIEW},
    {"certificates": ["export"]},
    {"certificates": ["export", "other"], "kinds": ["reseller"]},
    {"territories": ["europe"], "least_tier": "silver"},
    {"territories": ["europe", "north"]},
    {"territories": ["europe"]},
    {"territories": ["europe"], "effect": Barred.REVIEW},
    {"territories": ["north"], "effect": Barred.REVIEW},
    {"groups": ["Gold ones"]},
    {"groups": ["By hand"]},
    {"groups": ["Gold ones", "By hand"], "effect": Barred.REVIEW},
    {"groups": ["By hand"], "kinds": ["msp"]},
    {},
]


def test_the_preview_is_the_effect(firms, southridge, gateways, europe, olga):
    """Step after step, each against the one before: who is said to lose or gain it is who does."""
    gold = Rule("all", (Condition("tier", Operator.ANY_OF, ("gold",)),))
    made = [circle(olga, "Gold ones", gold), circle(olga, "By hand", None, southridge, firms[0])]
    groups = {group.name: group for group in made}
    areas = {"europe": europe, "north": territory("north", "SE")}
    at_first = standings(gateways)
    assert at_first == dict.fromkeys(at_first, EVERYWHERE) | {
        "Gold reseller": [Standing.REVIEW] * 3
    }  # in onboarding
    touched = 0
    for asked in STEPS:
        asked = asked | {"territories": [areas[name] for name in asked.get("territories", [])]}
        asked["groups"] = [groups[name] for name in asked.get("groups", [])]
        before = standings(gateways)
        told = preview(gateways, Asked(**asked), begins_on=today(), now=database_clock())

        set_requirement(gateways, Asked(**asked), by=olga, begins_on=today(), note="A step.")

        after = standings(gateways)
        loses = {name for name in after if harder(after[name], before[name])}
        gains = {name for name in after if harder(before[name], after[name])} - loses
        assert {one.partner.name for one in told.loses} == loses
        assert {one.partner.name for one in told.gains} == gains
        assert all(places(one.after) == after[one.partner.name] for one in [*told.loses, *told.gains])
        assert told.unchanged + len(told.loses) + len(told.gains) == len(after) == 5
        touched += len(told.loses) + len(told.gains)
    assert touched > 10 and standings(gateways) == at_first


@pytest.mark.parametrize(
    ("asked", "begins", "note", "field", "words"),
    [
        ({"kinds": ["wizard"]}, 0, "Why.", "kinds", "Choose types"),
        ({"least_tier": "tin"}, 0, "Why.", "least_tier", "Choose a tier"),
        ({"certificates": ["export", "magic"]}, 0, "Why.", "certificates", "called magic"),
        ({"effect": "magic", "least_tier": "gold"}, 0, "Why.", "effect", "Choose what"),
        ({"nowhere": True}, 0, "Why.", "territories", "has no countries, so nothing would lie in it"),
        ({"least_tier": "gold"}, -1, "Why.", "begins_on", "in the past"),
        ({"least_tier": "gold"}, 1000, "Why.", "begins_on", "two years"),
        ({"least_tier": "gold"}, 0, " ", "note", "Say what"),
        ({"least_tier": "gold"}, 0, "x" * 201, "note", "200 characters"),
        ({"least_tier": "gold"}, 9, "Why.", "begins_on", "that day already"),
        ({}, 0, "Why.", None, "Nothing differs"),
        ({"kinds": ["msp"]}, 20, "Why.", None, "Nothing differs"),  # from what is announced for before
    ],
)
def test_what_cannot_be_is_refused_with_the_field_named(asked, begins, note, field, words, gateways, olga):
    licence()
    require(gateways, olga, begins=9, kinds=["msp"])
    if "nowhere" in asked:
        asked = {"territories": [territory("nowhere")]}

    with pytest.raises(BadInput, match=words) as refusal:
        require(gateways, olga, begins=begins, note=note, **asked)

    assert refusal.value.field == field
    assert ProductAuthorisation.objects.count() == 1


def test_announced_taken_back_and_who_comes_second(gateways, olga, ada, mara, alice, charlie, northgate):
    northgate.tier = "gold"
    northgate.save()
    row = require(gateways, olga, begins=30, least_tier="gold", note="Only the trained ones.")

    assert all(found == EVERYWHERE for found in standings(gateways).values())
    (mail,) = Message.objects.all()
    assert (mail.recipient, mail.event) == (charlie, "policy.requirement_changes")
    assert (
        "It takes Gold tier or higher" in mail.text
        and "What your firm has protected by that day" in mail.text
    )
    for person in (mara, alice):
        with pytest.raises(NotAllowed):
            take_back_requirement(row, by=person)
        with pytest.raises(NotAllowed):
            require(gateways, person, kinds=["msp"])
    Partner.objects.update(tier="gold")  # what it takes is there by now: it hears all the same
    take_back_requirement(row, by=ada)
    with pytest.raises(WrongStatus):
        take_back_requirement(row, by=olga)
    assert Message.objects.filter(recipient=charlie).count() == 2
    assert not Message.objects.filter(recipient=alice).exists()
    now_row = require(gateways, olga, least_tier="gold")
    with pytest.raises(StaleVersion):
        set_requirement(
            gateways, Asked(kinds=["msp"]), by=ada, begins_on=today(), note="Mine.", based_on=row.pk
        )
    set_requirement(
        gateways, Asked(kinds=["msp"]), by=ada, begins_on=today(), note="Mine.", based_on=now_row.pk
    )
    with pytest.raises(WrongStatus):
        take_back_requirement(now_row, by=olga)


@pytest.mark.parametrize(
    ("effect", "status"), [(Barred.REFUSED, Status.REFUSED), (Barred.REVIEW, Status.IN_REVIEW)]
)
def test_a_firm_without_the_licence_lands_as_the_requirement_says_and_with_it_is_approved(
    effect, status, alice, northgate, gateways, sensors, olga
):
    require(gateways, olga, certificates=[licence().code], effect=effect)

    without = submitted(alice, "Without KG", gateways, clock=database_clock)
    other = submitted(alice, "Other KG", sensors, clock=database_clock)
    hold(northgate, licence())
    with_it = submitted(alice, "Harbour KG", gateways, clock=database_clock)

    assert without.status == status
    assert {other.status, with_it.status} == {Status.APPROVED}
    if status == Status.REFUSED:
        assert "it takes a valid Export Licence. Upload your Export Licence" in without.decisions.get().rule
    else:
        assert without.review_reasons == ["product_authorisation"]


def test_a_receipt_says_the_whole_rule_however_much_is_missing(alice, gateways, olga):
    papers = [
        licence(f"paper-{number}", f"Licence of a rather long name, part {number}") for number in range(6)
    ]
    require(gateways, olga, certificates=[paper.code for paper in papers])

    rule = submitted(alice, "Without KG", gateways, clock=database_clock).decisions.get().rule

    assert len(rule) > 300 and rule.endswith("each counts as soon as it is verified.")
    assert all(rule.count(paper.name) == 2 for paper in papers)


def test_sold_where_the_firm_works_by_the_customers_country(alice, northgate, gateways, europe, olga):
    north = territory("north", "SE")
    northgate.territories.add(north)
    require(gateways, olga, territories=[europe, north])

    here = submitted(alice, "Here KG", gateways, clock=database_clock, country="SE")
    there = submitted(alice, "There KG", gateways, clock=database_clock, country="FR", territory=north)

    assert here.status == Status.APPROVED
    assert there.status == Status.REFUSED  # Europe is not the firm's, whatever territory was stated
    assert "for customers in North only" in there.decisions.get().rule


def closing(*papers):
    """What closes with each, in words; why nothing does."""
    found = closing_with(papers, today=database_clock().date())
    return [[gate.words for gate in found[paper.pk]] or found[paper.pk].why for paper in papers]


def test_what_a_certificate_opens_and_closes(northgate, southridge, gateways, sensors, olga):
    paper, other = hold(northgate, licence()), hold(northgate, licence("other", "Other"))
    third = hold(southridge, licence("third", "Third"))
    require(gateways, olga, certificates=["export"])
    require(sensors, olga, certificates=["export", "third"], least_tier="gold")  # nobody has the tier

    opens = opened_by(["export", "other"])
    assert {gate.label for gate in opens["export"]} == {"Registering Gateways", "Registering Sensors"}
    assert opens["other"] == []
    assert closing(paper, other, third) == [
        ["Registering Gateways"],
        "No rule asks for it at the moment",
        "What asks for it stays as it is, with it or without it",
    ]
    hold(northgate, licence(), days=900, number="N-2")
    assert closing(paper) == ["Another one goes on (N-2)"]


def test_a_suspended_firm_reads_what_closes_for_when_it_is_active_again(northgate, gateways, olga):
    """Its warning said that nothing would close."""
    paper = hold(northgate, licence())
    require(gateways, olga, certificates=["export"])
    change_standing(northgate, StandingChange.SUSPEND, by=olga, reason="No papers.")
    assert closing(paper) == [["Registering Gateways once the firm is active again"]]


def test_where_a_group_asks_for_a_certificate_no_page_says_that_no_rule_does(northgate, gateways, olga):
    paper = hold(northgate, licence())
    wanted = (("certificate", "export"), ("tier", "gold"))  # Northgate has another tier
    rule = Rule("all", tuple(Condition(field, Operator.ANY_OF, (value,)) for field, value in wanted))
    group = circle(olga, "Exporters", rule)
    assert closing(paper) == ["No rule asks for it at the moment"]
    require(gateways, olga, groups=[group])
    assert closing(paper) == ["What asks for it stays as it is, with it or without it"]


def test_certificates_that_end_together_close_together(northgate, bob, gateways, olga):
    """Each was judged alone, so that none closed what both did."""
    safety = hold(northgate, licence("safety", "Safety"), days=20)
    export = hold(northgate, licence(), days=20)
    by_the_way = hold(northgate, licence("other", "Other"), days=20)
    require(gateways, olga, certificates=["safety", "export"])

    same_day = "Registering Gateways (together with {}, which ends the same day)"
    both = [[same_day.format("Export Licence")], [same_day.format("Safety")]]
    assert closing(safety, export, by_the_way) == [*both, "No rule asks for it at the moment"]
    send_certificate_warnings()
    mails = Message.objects.filter(event="certificate.expiring", recipient=bob)
    assert same_day.format("Safety") in mails.get(about=export.code).text
    assert "and renew what ends with it, before that day" in mails.get(about=export.code).text

    later = datetime.combine(in_days(20), time(1), UTC) + timedelta(days=1)
    send_certificate_warnings(clock=fixed(later))
    lapsed = [mail.text for mail in Message.objects.filter(event="certificate.lapsed", recipient=bob)]
    assert ["This is closed now: Registering Gateways (together" in text for text in lapsed].count(True) == 2
    assert sum("which ended the same day" in text for text in lapsed) == 2

    ends = Certificate.objects.filter(pk=export.pk)
    ends.update(valid_to=export.valid_to - timedelta(days=10))
    export.refresh_from_db()
    why = f"What asks for it closes already with Export Licence, which ends on {day(export.valid_to)}"
    assert closing(safety, export) == [why, ["Registering Gateways"]]
    ends.update(valid_to=None)
    assert closing(safety) == [["Registering Gateways"]]


def test_a_certificate_closes_what_is_for_a_group_that_asks_for_it(northgate, gateways, sensors, olga):
    paper, soc = hold(northgate, licence(), days=20), hold(northgate, licence("soc", "SOC"), days=20)
    either = Condition("certificate", Operator.ANY_OF, ("export", "soc"))
    asks = Rule("all", (either, Condition("name", Operator.STARTS_WITH, ("North",))))
    friends = Rule("any", asks.items)
    require(gateways, olga, groups=[create_group(by=olga, name="Exporters", rule=asks, clock=MONDAY_CLOCK)])
    require(sensors, olga, groups=[create_group(by=olga, name="Friends", rule=friends, clock=MONDAY_CLOCK)])

    together = "Registering Gateways (together with {}, which ends the same day)"
    assert closing(paper, soc) == [[together.format("SOC")], [together.format("Export Licence")]]
    Certificate.objects.filter(pk=soc.pk).update(valid_to=None)
    assert closing(paper) == ["What the firm holds besides is enough"]


def test_what_closes_is_followed_through_programs_to_its_end(northgate, gateways, sensors, olga):
    """Certificate, group, program, group of that program, the next program, product and page: all of it is told before."""
    paper, soc = hold(northgate, licence(), days=20), hold(northgate, licence("soc", "SOC"), days=40)

    def group(name, field, *values):
        rule = Rule("all", (Condition(field, Operator.ANY_OF, values),))
        return create_group(by=olga, name=name, rule=rule, clock=MONDAY_CLOCK)

    def program(name, audience):
        return make_program(olga, name, joining=Joining.AUTOMATIC, audience=[audience])

    club = program("Club", group("Exporters", "certificate", "export"))
    sweep_programs()
    inner = program("Inner circle", group("In the club", "program", club.code))
    sweep_programs()
    require(gateways, olga, groups=[group("Inside", "program", inner.code)])
    require(sensors, olga, groups=[group("Either", "certificate", "export", "soc")])
    content(olga, "Handbook", groups=(group("Of the circle", "program", inner.code),))
    content(olga, "In both", groups=(group("Read by all", "certificate", "export"),))
    ProgramContent.objects.create(
        program=club, item=ContentItem.objects.latest("pk"), added_by=olga, added_at=database_clock()
    )
    told = {*closing(paper)[0]}
    assert told == {
        "Taking part in Club",
        "Taking part in Inner circle",
        "Registering Gateways",
        "Reading ‘Handbook’",
        "Reading ‘In both’",
    }
    assert closing(soc) == [["Registering Sensors"]]
    Certificate.objects.filter(pk=paper.pk).update(valid_to=today() - timedelta(days=1))
    for _ in range(3):
        sweep_programs()
    assert not Enrolment.objects.open().exists()
    assert Standing.OPEN not in standings(gateways)["Northgate"]
    assert standings(sensors)["Northgate"] == EVERYWHERE


def test_difference_asks_what_applies_on_the_day(gateways, olga, northgate):
    require(gateways, olga, begins=10, kinds=["msp"])
    draft = drafted(
        gateways, Asked(kinds=["msp"], least_tier="gold"), begins_on=in_days(20), now=database_clock()
    )

    assert difference(draft).loses == []  # northgate is out from day 10 on


def test_whom_the_policy_shuts_out_no_requirement_lets_in(
    client, northgate, southridge, charlie, gateways, sensors, europe, olga
):
    """It counts as refused in 'n of m', is not told of what changes nothing for it, and no certificate closes a line for it."""
    paper = hold(southridge, licence())
    Partner.objects.filter(pk=southridge.pk).update(kind="consultant")
    require(gateways, olga, certificates=["export"], kinds=["reseller", "consultant"])
    assert closing(paper) == [["Registering Gateways"]]
    Message.objects.all().delete()

    publish_version(by=olga, settings={"registering_kinds": ["reseller"]}, note="Resellers alone.")
    client.force_login(olga)
    page = text_of(client.get("/policies/products/gateways/"))

    assert "0 of 2 may register it" in page and "Only partners of these kinds can register deals" in page
    assert "0 of 2 firms" in text_of(client.get("/policies/products/"))
    assert closing(paper) == ["What asks for it stays as it is, with it or without it"]
    given = right_of(give(northgate, olga, product_line=sensors, territory=europe))
    assert firms_concerned(given, database_clock()) == []
    require(gateways, olga, begins=9)  # open to everybody: to Northgate, that is
    assert not Message.objects.filter(recipient=charlie, event="policy.requirement_changes").exists()
    (ahead,) = mine(northgate, database_clock()).changes
    assert ahead.words.endswith("Your firm has all that it takes.")
    assert mine(southridge, database_clock()).changes == []


def test_whom_a_right_to_the_whole_line_keeps_out_no_requirement_lets_in(
    client, northgate, southridge, charlie, gateways, sensors, europe, olga
):
    require(gateways, olga, least_tier="gold")
    give(northgate, olga, product_line=gateways)
    give(northgate, olga, product_line=sensors, territory=europe)  # the rest of it is open
    Message.objects.all().delete()

    require(gateways, olga)
    require(gateways, olga, begins=9, kinds=["msp"])

    assert not Message.objects.filter(recipient=charlie, event="policy.requirement_changes").exists()
    assert mine(southridge, database_clock()).changes == []
    client.force_login(olga)
    page = text_of(client.get("/policies/products/gateways/"))
    assert "1 of 2 may register it" in page and "It is another partner&#x27;s alone (X-" in page
    assert "2 of 2 may register it" in text_of(client.get("/policies/products/sensors/"))
    assert "1 of 2 firms" in text_of(client.get("/policies/products/"))


def test_a_firm_outside_the_group_waits_for_a_person_and_the_referee_reads_which(
    alice, northgate, gateways, olga
):
    group = circle(olga, "Quokka circle")
    require(gateways, olga, groups=[group], effect=Barred.REVIEW)

    outside = submitted(alice, "Outside KG", gateways, clock=database_clock)
    pick_firm(group, northgate, by=olga, kind="added", reason="Asked for it.")
    inside = submitted(alice, "Inside KG", gateways, clock=database_clock)

    assert (outside.status, outside.review_reasons) == (Status.IN_REVIEW, ["product_authorisation"])
    assert inside.status == Status.APPROVED
    told = binding_words(outside)["product_authorisation"]
    assert "it is for a circle of partners that we choose." in told
    assert "Gateways is for the group ‘Quokka circle’; the partner does not read its name." in told


def test_a_group_that_a_requirement_names_or_named_is_kept(gateways, sensors, olga):
    """Without its group a requirement would open the line to everybody, and simulations ask past ones again."""
    group, free = circle(olga, "Pilots"), circle(olga, "Free")
    past = require(gateways, olga, groups=[group])
    require(gateways, olga, kinds=["msp"])
    coming = require(sensors, olga, begins=9, groups=[group, free])

    assert {(use.kind, use.name) for use in uses_of([group.pk])[group.pk]} == {
        ("Past product authorisation", "Gateways"),
        ("Product authorisation", "Sensors"),
    }
    take_back_requirement(coming, by=olga)
    assert {use.kind for use in uses_of([group.pk])[group.pk]} == {"Past product authorisation"}
    for used in (group, free):
        with pytest.raises(WrongStatus, match="The history of that is kept"):
            delete_group(used, by=olga)
        with pytest.raises(ProtectedError):
            used.delete()
    assert list(past.groups.all()) == [group]
    unused = circle(olga, "Unused")
    delete_group(unused, by=olga)
    with pytest.raises(BadInput, match="was deleted") as refusal:
        require(gateways, olga, groups=[unused, group])
    assert refusal.value.field == "groups"
