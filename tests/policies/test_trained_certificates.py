"""Who lacks a certification that training grants is led to the training, not to a form for papers (P5, L2)."""

from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from core.clock import database_clock, fixed
from notifications.models import Message
from partners.certificates.enums import CertificateStatus
from partners.enums import PartnerStatus
from partners.models import Certificate, CertificateType
from policies.certificates import types_to_ask_for
from policies.facts import Facts, Firm, Way
from policies.firms import firms_of
from policies.rules import product_authorisation
from programs.enums import Publishing
from programs.models import Path, ProgramPath
from programs.obtaining import trainings_that_grant
from programs.services import enrolling
from programs.services.journeys import mark_done
from programs.services.keeping import ConditionGiven
from programs.services.training import keeping
from registrations.models import Registration
from registrations.services.new_rules import FIRM, note_new_rules
from registrations.views.review.binding_words import binding_words
from tests.people import make_user
from tests.policies.makers import asking, book, facts, hold, licence, require
from tests.programs.makers import at, make_module, make_path, make_program, make_type, pass_path

pytestmark = pytest.mark.django_db
POLICY, ASK, OURS = "/policies/registration/", "/policies/ask/", "/firm/certificates/"
TAKE = "Take “Seller path” under Training: it grants Certified seller."
UPLOAD = "Upload your Certified seller under your firm's certificates; it counts as soon as it is verified."
CLOSED = "Your firm can't get Certified seller by itself at present: ask your channel manager."
PAPER = ("Upload your Certified seller", "Hand it in", "Your firm's admin can do that", "?type=sales-basic")


@pytest.fixture
def path(olga) -> Path:
    """For everybody."""
    return make_path(olga, "Seller path", make_module(olga, "Rules"), grants=make_type())


def words_of(client, person, address, **asked):
    client.force_login(person)
    return " ".join(client.get(address, asked).content.decode().split())


def not_offered():
    CertificateType.objects.update(offered=False)


def ways(*firms, at=None):
    """By name of the firm, the type and what leads to it."""
    found = firms_of(firms, at or database_clock())
    return {one.name: {way.certificate: way.training for way in found[one.pk].ways} for one in firms}


@pytest.mark.parametrize("offered", [True, False], ids=["papers are taken", "training alone"])
def test_the_refusal_the_answer_and_the_pages_name_the_training(
    client, olga, bob, alice, gateways, register, path, offered
):
    CertificateType.objects.update(offered=offered)
    require(gateways, olga, certificates=["sales-basic"])
    deal = register(alice, "Acme GmbH", clock=database_clock)

    mail = Message.objects.get(event="registration.refused", recipient=alice).text
    answer = words_of(client, alice, ASK, product_lines=gateways.code, country="DE")
    assert TAKE in mail and TAKE in strip_tags(answer)
    assert TAKE in words_of(client, alice, f"/registrations/{deal.code}/")
    for person in (alice, bob):
        page, ours = words_of(client, person, POLICY), words_of(client, person, OURS)
        link = f'href="/training/paths/{path.code}/">Open the training'
        assert TAKE in page and link in page and link in ours
        assert "Granted by “<bdi>Seller path</bdi>” under Training." in ours
        assert [words for words in PAPER for text in (mail, answer, page, ours) if words in text] == []
        assert client.get(f"/training/paths/{path.code}/").status_code == 200


def test_the_mail_about_a_requirement_names_the_training(olga, bob, gateways, path):
    require(gateways, olga, certificates=["sales-basic"], begins=20)
    mail = Message.objects.get(event="policy.requirement_changes", recipient=bob)
    assert TAKE in mail.text and TAKE in strip_tags(mail.html) and "Upload" not in mail.text


@pytest.mark.parametrize("how", ["lapsed", "revoked"])
def test_so_is_who_had_one(client, alice, olga, northgate, gateways, path, how):
    require(gateways, olga, certificates=["sales-basic"])
    pass_path(alice, path)
    yesterday = database_clock().date() - timedelta(days=1)
    over = {"lapsed": {"valid_to": yesterday}, "revoked": {"status": CertificateStatus.REVOKED}}[how]
    assert ways(northgate) == {northgate.name: {}}
    Certificate.objects.update(**{"valid_from": yesterday - timedelta(days=500), **over})
    assert TAKE in words_of(client, alice, POLICY)


def test_papers_where_no_training_is_open_and_a_person_where_neither_is(
    client, alice, bob, olga, gateways, path
):
    """A path of a program that the firm is not in, or one that nobody can begin, helps it as little as none."""
    require(gateways, olga, certificates=["sales-basic"])
    assert "Hand it in" not in words_of(client, bob, POLICY)
    Path.objects.update(for_everybody=False)
    assert UPLOAD in words_of(client, alice, POLICY).replace("&#x27;", "'")
    assert "Hand it in" in words_of(client, bob, POLICY) and "?type=sales-basic" in words_of(
        client, bob, OURS
    )

    not_offered()
    page = words_of(client, bob, POLICY).replace("&#x27;", "'")
    assert CLOSED in page and "Upload" not in page and "Hand it in" not in page
    assert "Certified seller" not in words_of(client, bob, OURS)
    Path.objects.update(for_everybody=True, status=Publishing.RETIRED)
    assert CLOSED in words_of(client, bob, POLICY).replace("&#x27;", "'")


def test_each_certificate_is_named_with_its_own_way():
    lacks = tuple((code, code.title()) for code in ("seller", "export", "safety", "old"))
    firm = Firm(id=1, ways=(Way("seller", "Seller path", "/x/"), Way("old")))
    (gap, *_) = product_authorisation.gaps(firm, asking(certificates=lacks))
    assert gap.opens == "Take “Seller path” under Training: it grants Seller." and gap.way.url == "/x/"

    found = product_authorisation.check(facts(firm=firm), book(authorisations=(asking(certificates=lacks),)))
    assert found.words.endswith(
        "Take “Seller path” under Training: it grants Seller. Upload your Export and Safety under your firm's"
        " certificates; each counts as soon as it is verified. Your firm can't get Old by itself at present: ask your"
        " channel manager."
    )
    kept = Facts.from_json(facts(firm=firm).as_json())
    assert kept.firm.ways == firm.ways
    old = {name: value for name, value in firm.as_json().items() if name != "ways"}
    assert Firm.from_json(old).ways == () and Firm.from_json(old) == firm  # no outcome hangs on them


def test_training_of_a_program_counts_for_the_firms_to_whom_its_stage_is_open(
    olga, bob, northgate, southridge, path, django_assert_num_queries
):
    Path.objects.update(for_everybody=False)
    make_path(olga, "Another", make_module(olga, "More"), grants=make_type("other", "Other"))
    stages = [("Welcome", []), ("Builder", [ConditionGiven("vendor", "Call")])]
    program = make_program(olga, paths=[path], stages=stages)
    second = program.stages.get(number=2)
    ProgramPath.objects.filter(program=program).update(stage=second)
    sue = make_user("Sue", "partner_admin", southridge)
    for firm, person in ((northgate, bob), (southridge, sue)):
        enrolling.accept(enrolling.invite(program, firm, by=olga, clock=at(0)), by=person, clock=at(0))
    mark_done(program.enrolments.get(partner=northgate), second.conditions.get(), by=olga, clock=at(1))

    both = {northgate.name: {"other": "Another", "sales-basic": "Seller path"}}
    assert ways(northgate, southridge) == {**both, southridge.name: {"other": "Another"}}
    soon = database_clock() + timedelta(days=9)
    type(program).objects.update(starts_on=soon.date())
    assert ways(northgate, at=soon)[northgate.name] == {"other": "Another"}  # it can't be taken yet
    northgate.status = PartnerStatus.SUSPENDED
    assert ways(northgate, southridge) == {northgate.name: {}, southridge.name: {"other": "Another"}}
    with django_assert_num_queries(2):
        trainings_that_grant([northgate, southridge], soon)


def test_what_was_said_stays_as_training_comes_and_goes(olga, alice, gateways, path, register):
    require(gateways, olga, certificates=["sales-basic", licence().code], effect="review")
    deal = register(alice, "Acme GmbH", clock=database_clock)
    said = binding_words(deal)
    assert (
        TAKE in said["product_authorisation"]
        and "Upload your Export Licence" in said["product_authorisation"]
    )
    keeping.publish_path(path, Publishing.RETIRED, by=olga, version=path.version)
    not_offered()
    assert binding_words(Registration.objects.get(pk=deal.pk)) == said
    assert note_new_rules().done == []  # that nothing leads there any more is nothing about the firm


def test_a_change_at_the_firm_is_noted_without_the_training_that_came_since(
    olga, alice, northgate, gateways, register
):
    make_type()
    require(gateways, olga, certificates=["sales-basic"], effect="review")
    deal = register(alice, "Acme GmbH", clock=database_clock)
    assert deal.review_reasons == ["product_authorisation"]
    make_path(olga, "Seller path", make_module(olga, "Rules"), grants=make_type())
    hold(northgate, licence())
    assert note_new_rules(clock=fixed(database_clock() + timedelta(minutes=2))).done == []
    assert not deal.timeline.filter(kind=FIRM).exists()


def test_a_type_of_training_alone_can_be_asked_for(client, olga, gateways, path):
    licence()
    not_offered()
    assert types_to_ask_for() == [("sales-basic", "Certified seller")]
    assert types_to_ask_for(["export"]) == [("sales-basic", "Certified seller"), ("export", "Export Licence")]
    assert 'value="sales-basic"' in words_of(client, olga, f"/policies/products/{gateways.code}/change/")
    Path.objects.update(status=Publishing.RETIRED)
    assert types_to_ask_for() == []
