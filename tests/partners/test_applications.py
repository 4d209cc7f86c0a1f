"""A firm applies: the form tells strangers nothing, the link proves the address, operations decide once."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.clock import database_clock, fixed
from core.errors import BadInput, LinkSpent, NotAllowed, WrongStatus
from notifications.models import Message
from partners.doubles import fold, likely_doubles
from partners.enums import ApplicationState, PartnerStatus
from partners.models import Application, ChecklistItem, Invitation, Partner
from partners.services import vetting
from partners.services.applications import apply, confirm, link_for, read_link, sweep_unconfirmed
from partners.services.vetting import Terms
from partners.views.application_rows import facts_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_from_before():
    cache.clear()


def answers(**changes):
    return {
        "name": "Westgate Solutions",
        "kind": "reseller",
        "country": "DE",
        "city": "Köln",
        "website": "https://westgate.example/",
        "about": "Sensors for breweries.",
        "contact_name": "Nora Vogt",
        "contact_title": "Head of sales",
        "contact_email": "nora@westgate.example",
        "contact_phone": "",
        "fax": "",
        **changes,
    }


def link_in(message):
    return re.search(
        r"http://testserver(/\S+)", message.text.split("ccept the invitation:")[-1].split("pplication:")[-1]
    ).group(1)


@pytest.fixture
def application(olga):
    made = apply({name: value for name, value in answers().items() if name != "fax"})
    return confirm(link_for(made).rstrip("/").rsplit("/", 1)[-1])


def tick_all(application, by):
    for check in application.checks.all():
        vetting.tick(check, done=True, by=by)


def terms(**changes):
    given = {
        "name": "Westgate",
        "kind": "reseller",
        "admin_email": "nora@westgate.example",
        "admin_name": "Nora",
    }
    return Terms(**{**given, **changes})


def test_from_the_form_to_the_first_stage(client, olga, mara, northgate):
    """A stranger applies, confirms by mail, is looked at, taken in, invited, and stands before the first stage."""
    assert client.post(reverse("partners:apply"), answers()).headers["Location"] == reverse(
        "partners:applied"
    )
    waiting = Application.objects.get()
    assert (waiting.state, waiting.website) == (ApplicationState.UNCONFIRMED, "westgate.example")
    mail = Message.objects.get()
    assert (mail.event, mail.address) == ("partner.application_confirm", "nora@westgate.example")

    link = link_in(mail)
    assert "Confirm and hand in" in client.get(link).content.decode()
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.UNCONFIRMED  # opening a link changes nothing
    assert "We answer by" in client.post(link, follow=True).content.decode()
    told = Message.objects.get(event="partner.application_received")
    assert told.recipient == olga

    desk = Client()
    desk.force_login(olga)
    assert "Westgate Solutions" in desk.get(reverse("partners:applications")).content.decode()
    accept = reverse("partners:accept_application", args=[waiting.code])
    form = {"version": 1, "name": "Westgate", "kind": "reseller", "manager": mara.pk, "admin_name": "Nora"}
    form |= {"admin_email": "nora@westgate.example", "text": "Glad to have you."}
    assert "4 required items" in desk.post(accept, form).content.decode()
    assert Partner.objects.filter(name="Westgate").count() == 0
    for check in waiting.checks.all():
        desk.post(reverse("partners:tick_check", args=[waiting.code, check.pk]), {"done": "yes"})
    assert desk.post(accept, form).status_code == 302

    firm = Partner.objects.get(name="Westgate")
    assert (firm.status, firm.manager, firm.website) == (PartnerStatus.ONBOARDING, mara, "westgate.example")
    welcome = Message.objects.get(event="partner.application_accepted")
    assert "Glad to have you." in welcome.text and Message.objects.filter(event="invitation").count() == 0
    newcomer = Client()
    joined = newcomer.post(
        link_in(welcome),
        {"name": "Nora Vogt", "password": "correct horse battery staple", "time_zone": "UTC"},
    )
    assert joined.status_code == 302
    steps = newcomer.get(reverse("partners:onboarding", args=[firm.code])).content.decode()
    assert "Complete your profile" in steps and "Get ready to sell" in steps
    assert "Say who does what" not in steps and "The first deal" not in steps
    assert "Glad to have you." in client.get(link).content.decode()


def test_the_form_tells_nothing(client, olga, northgate, bob):
    """The answer is the same for a new firm, a known one, a known address, a program, and the fourth mail of a day."""
    said = set()
    known = [
        answers(),
        answers(name=northgate.name),
        answers(contact_email=bob.email),
        answers(fax="1"),
        *[answers()] * 3,
    ]
    for form in known:
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(reverse("partners:apply"), form)
        said.add((answer.status_code, answer.headers["Location"]))
        assert not [
            query for query in asked if "partners_partner" in query["sql"] or "accounts_user" in query["sql"]
        ]
    assert said == {(302, reverse("partners:applied"))}
    # Not the program's, not the fourth and fifth of a day.
    assert Application.objects.count() == 4
    assert list(Message.objects.values_list("event", flat=True)) == ["partner.application_confirm"] * 4
    for _ in range(3):
        client.post(reverse("partners:apply"), answers(contact_email="x@y.example"))
    refused = client.post(reverse("partners:apply"), answers(contact_email="x@y.example"))
    assert refused.status_code == 429 and "Try again later" in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "🎈"}, "name"),
        ({"kind": "bakery"}, "kind"),
        ({"country": ""}, "country"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"about": ""}, "about"),
        ({"contact_email": "nonsense"}, "contact_email"),
        ({"contact_name": "\x00"}, "contact_name"),
        ({"about": "x" * 2001}, "about"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client, changes, field):
    answer = client.post(reverse("partners:apply"), answers(**changes))

    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert "Head of sales" in answer.content.decode()  # what was entered is kept
    assert Application.objects.count() == 0


def test_addresses_come_from_any_keyboard(client):
    """Wide letters, as they are typed between Japanese words, and digits of other scripts where text is free."""
    typed = {
        "website": "ｈｔｔｐｓ：／／ｋｉｔａ－ｓｏｌ。ｅｘａｍｐｌｅ／",
        "contact_email": "ｈａｎａｋｏ＠kita-sol．example",
    }
    free = {"name": "株式会社北村　東日本", "contact_phone": "٠٢٢-١٢٣", "contact_name": "ليلى حداد"}
    assert client.post(reverse("partners:apply"), answers(**typed, **free)).status_code == 302
    made = Application.objects.get()
    assert (made.website, made.contact_email) == ("kita-sol.example", "hanako@kita-sol.example")
    assert (made.name, made.contact_phone, made.contact_name) == (
        "株式会社北村 東日本",
        "022-123",
        "ليلى حداد",
    )
    facts = dict(facts_of(Application(city="دبي", country="AE", contact_name="Ann", contact_title="CEO")))
    assert (facts["Place"], facts["Person"]) == ("\u2068دبي\u2069, United Arab Emirates", "Ann, CEO")


def test_the_browser_helps_the_applicant_to_fill_it_in(client):
    form = client.get(reverse("partners:apply")).context["form"]
    said = {name: form[name].field.widget.attrs.get("autocomplete") for name in form.fields}
    assert {name: words for name, words in said.items() if words not in (None, "off")} == {
        "name": "organization",
        "contact_name": "name",
        "contact_title": "organization-title",
        "contact_email": "email",
        "contact_phone": "tel",
    }


def test_links_break_and_run_out(application):
    with pytest.raises(LinkSpent):
        read_link("nonsense")
    token = link_for(application).rstrip("/").rsplit("/", 1)[-1]
    assert confirm(token).pk == application.pk and application.checks.count() == 4  # twice is once
    late = fixed(database_clock() + timedelta(days=8))
    forgotten = apply({name: value for name, value in answers(name="Other").items() if name != "fax"})
    with pytest.raises(LinkSpent):
        read_link(link_for(forgotten).rstrip("/").rsplit("/", 1)[-1], clock=late)
    assert (sweep_unconfirmed(clock=late), Application.objects.count()) == (1, 1)
    assert confirm(token, clock=late).state == ApplicationState.RECEIVED


def test_declined_with_what_the_applicant_reads(client, olga, application):
    client.force_login(olga)
    address = reverse("partners:decline_application", args=[application.code])
    assert client.post(address, {"version": 1, "reason": "", "text": ""}).status_code == 422
    given = {"version": 1, "reason": "region", "text": "Ask us again in spring."}
    assert client.post(address, given).status_code == 302

    mail = Message.objects.get(event="partner.application_declined")
    assert "We have enough partners in your region" in mail.text and "Ask us again in spring." in mail.text
    theirs = Client().get(link_for(application).removeprefix("http://testserver")).content.decode()
    assert "Ask us again in spring." in theirs
    assert (Partner.objects.count(), Invitation.objects.count()) == (0, 0)
    with pytest.raises(WrongStatus, match="was declined by Olga"):
        vetting.accept(application, by=olga, terms=terms())
    assert client.get(address).status_code == 409


def test_what_accepting_refuses(application, olga, mara, bob, northgate):
    tick_all(application, olga)
    for wrong, field in (
        ({"name": "northGATE"}, "name"),
        ({"admin_email": bob.email}, "admin_email"),
    ):
        with pytest.raises(BadInput) as refused:
            vetting.accept(application, by=olga, terms=terms(**wrong))
        assert refused.value.field == field
    application.refresh_from_db()
    assert (application.state, Partner.objects.count()) == (ApplicationState.RECEIVED, 1)
    for act in (
        lambda: vetting.accept(application, by=mara, terms=terms()),
        lambda: vetting.decline(application, by=mara, reason="fit", text="No."),
        lambda: vetting.add_note(application, text="Hm.", by=mara),
        lambda: vetting.tick(application.checks.first(), done=False, by=mara),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_another_person_becomes_the_admin(application, olga):
    tick_all(application, olga)
    vetting.accept(application, by=olga, terms=terms(admin_email="eve@westgate.example", admin_name="Eve"))

    mails = {
        mail.address: mail
        for mail in Message.objects.filter(event__in=["invitation", "partner.application_accepted"])
    }
    assert mails["eve@westgate.example"].event == "invitation"
    assert "goes to Eve" in mails["nora@westgate.example"].text


def test_who_we_know_already(client, olga, application, northgate, southridge):
    Partner.objects.filter(pk=northgate.pk).update(name="Westgate-Solutions GmbH")
    Partner.objects.filter(pk=southridge.pk).update(name="Entirely else", website="www.westgate.example/de")
    client.force_login(olga)

    page = client.get(reverse("partners:application", args=[application.code]))

    assert [(row.name, row.why) for row in page.context["doubles"]] == [
        ("Westgate-Solutions GmbH", "the same name"),
        ("Entirely else", "the same website or mail domain, westgate.example"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Rhônetek S.A.R.L.", "RHONETEK", True),
        ("Müller & Söhne KG", "Muller and Sohne", True),
        ("Kestrel Edge Works", "Kestrel Edge Work", True),
        ("Delta Air Lines", "Delta Faucet", False),
        ("AG", "Group", False),
    ],
)
def test_names_that_are_much_alike(one, other, alike, northgate):
    northgate.name = one
    assert bool(likely_doubles(other, among=[northgate])) == alike
    assert fold(one) != ""


def test_a_note_and_the_queue(client, olga, ivan, application):
    client.force_login(olga)
    note = reverse("partners:note_application", args=[application.code])
    assert client.post(note, {"text": " "}).status_code == 422
    client.post(note, {"text": "Called them."})
    assert (
        "Called them."
        in client.get(reverse("partners:application", args=[application.code])).content.decode()
    )

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("partners:applications")).status_code == 200
        return len(asked)

    queries()
    one = queries()
    for number in range(2):
        more = apply(
            {
                name: value
                for name, value in answers(contact_email=f"a{number}@b.example").items()
                if name != "fax"
            }
        )
        confirm(link_for(more).rstrip("/").rsplit("/", 1)[-1])
    assert queries() == one
    client.force_login(ivan)
    page = client.get(reverse("partners:application", args=[application.code])).content.decode()
    assert "Take in" not in page and "Keep the note" not in page


def test_operations_are_told_and_nobody_else(application, olga, ada, mara, ivan):
    told = Message.objects.filter(event="partner.application_received").values_list("recipient", flat=True)
    assert set(told) == {olga.pk}  # ada came later
    assert User.objects.filter(pk__in=told).count() == 1


@pytest.mark.parametrize(
    ("said", "kept"), [("Africa/Cairo", "Africa/Cairo"), ("Mars/Olympus", "UTC"), ("", "UTC")]
)
def test_the_browser_says_where_the_firm_stands(client, olga, said, kept):
    """Days of its steps end where the firm works; what a program made up is no reason to refuse it."""
    assert client.post(reverse("partners:apply"), answers(time_zone=said)).status_code == 302
    made = Application.objects.get()
    assert made.time_zone == kept
    confirmed = confirm(link_for(made).rstrip("/").rsplit("/", 1)[-1])
    tick_all(confirmed, olga)
    assert vetting.accept(confirmed, by=olga, terms=terms()).time_zone == kept


def test_one_open_item_is_one(application, olga):
    tick_all(application, olga)
    vetting.tick(application.checks.filter(required=True).first(), done=False, by=olga)
    with pytest.raises(BadInput, match=r"^1 required item of the checklist is not ticked yet"):
        vetting.accept(application, by=olga, terms=terms())


def test_a_firm_that_is_taken_in_as_another_kind_gets_the_checklist_of_that_kind(client, olga, application):
    """The item stays to be ticked on the page, although taking the firm in was refused; what only the old kind has to show
    is not asked for."""
    ChecklistItem.objects.exclude(kind="").delete()
    for kind, label in (("distributor", "Credit check"), ("msp", "Staff on call")):
        ChecklistItem.objects.create(kind=kind, label=label, required=True, place=99)
    tick_all(application, olga)
    with pytest.raises(BadInput, match="1 required item"):
        vetting.accept(application, by=olga, terms=terms(kind="distributor"))
    credit = application.checks.get(label="Credit check")
    client.force_login(olga)
    page = client.get(reverse("partners:application", args=[application.code])).content.decode()
    assert "Credit check" in page and "Staff on call" not in page
    with pytest.raises(BadInput, match="1 required item"):
        vetting.accept(application, by=olga, terms=terms(kind="msp"))
    vetting.tick(application.checks.get(label="Staff on call"), done=True, by=olga)
    with pytest.raises(BadInput, match="1 required item"):
        vetting.accept(application, by=olga, terms=terms(kind="distributor"))
    vetting.tick(credit, done=True, by=olga)
    assert vetting.accept(application, by=olga, terms=terms(kind="distributor")).kind == "distributor"
    assert application.checks.filter(label="Credit check").count() == 1
