"""Rights that are not exclusive: who may hold one beside another, who registers inside, who is told and reads what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.html import strip_tags

from accounts.enums import PARTNER_REP
from core.clock import database_clock, fixed
from core.errors import BadInput
from notifications.models import Message, Notice
from partners.models import Partner
from partners.services.merging import merge_partners, undo_merge
from policies.announced import announced
from policies.by_country import Standing
from policies.concerned import firms_concerned
from policies.firms import firm_of
from policies.loading import right_of
from policies.mine import mine
from policies.models import ExclusiveRight
from policies.rights import overlapping
from policies.services.rights import take_back_right
from policies.stands import around
from tests.people import make_user, submitted
from tests.policies.makers import give, give_by_form, mail_leaves, require, territory

pytestmark = pytest.mark.django_db
REFUSED = "Not open to your firm at present: Gateways in Europe."


@pytest.fixture
def third(db):
    return Partner.objects.create(name="Third Firm", country="DE", status="active")


def shared(partner, olga, **scope):
    return give(partner, olga, is_exclusive=False, **scope)


def told(person, event="policy.right_announced"):
    return Message.objects.filter(recipient=person, event=event).count()


@pytest.mark.parametrize("first_exclusive", [True, False])
def test_the_database_refuses_what_the_words_refuse_but_for_a_second_right_of_ones_own(
    first_exclusive, northgate, southridge, olga, gateways, sensors, europe
):
    first = give(
        northgate,
        olga,
        product_line=gateways,
        territory=europe,
        begins=5,
        ends=9,
        is_exclusive=first_exclusive,
    )
    dach = territory("dach", "DE", "AT")
    counted = {"both": 0, "words alone": 0, "neither": 0}
    for exclusive in (True, False):
        for partner in (northgate, southridge):
            for line in (None, gateways, sensors):
                for begins in (9, 10):
                    asked = ExclusiveRight(
                        partner=partner,
                        product_line=line,
                        territory=dach,
                        countries=["AT", "DE"],
                        is_exclusive=exclusive,
                        begins_at=first.begins_at + timedelta(days=begins - 5),
                        note="Trying.",
                        created_by=olga,
                        created_at=first.created_at,
                    )
                    meets = overlapping(asked)
                    try:
                        with transaction.atomic():
                            asked.save()
                            transaction.set_rollback(True)
                        refused = False
                    except IntegrityError:
                        refused = True
                    own = not (exclusive or first_exclusive) and partner == northgate
                    assert bool(meets) == (refused or (own and bool(meets)))
                    counted["both" if refused else "words alone" if meets else "neither"] += 1
    assert counted == (
        {"both": 8, "words alone": 0, "neither": 16}
        if first_exclusive
        else {"both": 4, "words alone": 2, "neither": 18}
    )


def test_several_firms_hold_rights_to_one_scope_and_an_exclusive_one_is_refused_by_name(
    northgate, southridge, third, olga, gateways, europe
):
    first = shared(northgate, olga, product_line=gateways, territory=europe)
    second = shared(southridge, olga, product_line=gateways)

    with pytest.raises(BadInput) as refusal:
        give(third, olga, product_line=gateways)
    assert first.code in refusal.value.message and second.code in refusal.value.message
    assert "not exclusive" in refusal.value.message
    with pytest.raises(BadInput, match="This overlaps: Northgate has Gateways in Europe"):
        shared(northgate, olga, product_line=gateways)  # its own, as before
    assert ExclusiveRight.objects.count() == 2


@pytest.mark.parametrize(("effect", "status"), [("refused", "refused"), ("review", "in_review")])
def test_inside_only_firms_with_a_right_there_register_and_the_others_read_nobodys_name(
    effect,
    status,
    alice,
    charlie,
    northgate,
    southridge,
    third,
    olga,
    mara,
    gateways,
    sensors,
    europe,
    client,
):
    northgate.name = "Zanzibar Secret Systems"
    northgate.save()
    rights = [
        shared(firm, olga, product_line=gateways, territory=europe, effect=effect)
        for firm in (northgate, third)
    ]

    inside = submitted(charlie, "Inside KG", gateways, clock=database_clock)
    own = submitted(alice, "Own KG", gateways, clock=database_clock)
    beside = submitted(charlie, "Beside KG", sensors, clock=database_clock)

    assert (inside.status, own.status, beside.status) == (status, "approved", "approved")
    client.force_login(charlie)
    pages = [
        f"/registrations/{inside.code}/",
        "/policies/registration/",
        "/policies/ask/?product_lines=gateways",
    ]
    read = " ".join(client.get(page).content.decode() for page in pages)
    read += " ".join(f"{mail.text}{mail.html}" for mail in Message.objects.filter(recipient=charlie))
    for leak in ("Zanzibar", "Third Firm", *(right.code for right in rights)):
        assert leak not in read
    if effect == "refused":
        assert inside.decisions.get().rule == REFUSED
    else:  # the referee reads whose it is
        client.force_login(mara)
        desk = strip_tags(client.get(f"/review/{inside.code}/").content.decode())
        assert f"distribution right of Zanzibar Secret Systems: Gateways in Europe ({rights[0].code})" in desk
        assert "The partner holds none to all of the deal" in desk

    shared(southridge, olga, product_line=gateways, territory=europe, effect=effect)
    assert submitted(charlie, "Ours KG", gateways, clock=database_clock).status == "approved"


def test_who_is_told_of_a_second_right_and_of_a_third(
    alice, charlie, northgate, southridge, third, olga, gateways, europe
):
    """A further one takes nothing from who holds one, or is kept out already: a mail would tell how many there are."""
    first = shared(northgate, olga, product_line=gateways, territory=europe, begins=40)
    assert (told(charlie), told(alice, "policy.right_given")) == (1, 1)
    assert firms_concerned(right_of(first), database_clock()) == [southridge, third]

    second = shared(third, olga, product_line=gateways, territory=europe, begins=50)

    assert (told(charlie), told(alice)) == (1, 0)
    assert firms_concerned(right_of(second), database_clock()) == []
    given = Message.objects.get(recipient=alice, event="policy.right_given")
    assert "has a distribution right" in given.text and "xclusive" not in given.text + given.subject
    assert "inside it of partners without a right to it are refused" in given.text


def test_a_right_to_a_part_is_left_to_its_holder_in_mail_and_page(
    charlie, northgate, southridge, olga, gateways, sensors, europe
):
    germany = territory("germany", "DE")
    shared(southridge, olga, product_line=gateways, territory=germany)
    shared(northgate, olga, product_line=gateways)

    mail = Message.objects.get(recipient=charlie, event="policy.right_announced")
    assert "are refused, but for what it has a distribution right to itself." in mail.text
    read = mine(southridge, database_clock())
    assert read.reserved == [
        "Not open to your firm at present: Gateways, but for what your firm has a right to itself."
    ]
    assert [line.label for line in read.lines] == ["May register in part", "May register"]
    assert [(own.scope, own.is_exclusive) for own in read.rights] == [("Gateways in Germany", False)]
    stand = around(database_clock()).stand(firm_of(southridge, database_clock()), gateways.pk, None)
    assert (stand.words, stand.by_country.of("DE")) == ("May register in part", Standing.OPEN)
    assert stand.by_country.of("SE") == Standing.REFUSED
    assert submitted(charlie, "Home KG", gateways, clock=database_clock).status == "approved"
    assert submitted(charlie, "Far KG", gateways, clock=database_clock, country="SE").status == "refused"


def test_the_page_says_each_scope_once_and_what_comes_with_the_end_of_the_firms_own(
    client, charlie, northgate, southridge, third, olga, gateways, europe
):
    germany = territory("germany", "DE")
    for firm in (northgate, third):
        shared(firm, olga, product_line=gateways, territory=europe)
    fourth = Partner.objects.create(name="Fourth Firm", country="DE", status="active")
    shared(fourth, olga, product_line=gateways, territory=germany)

    assert mine(southridge, database_clock()).reserved == [REFUSED]

    own = shared(southridge, olga, product_line=gateways, territory=europe, ends=30)
    read = mine(southridge, database_clock())
    assert read.reserved == []
    (change,) = read.changes
    assert (change.at, change.worse) == (own.ends_at, True)
    assert change.words.startswith("Gateways in Europe: new registrations of your firm will be refused.")
    client.force_login(charlie)
    page = strip_tags(client.get("/policies/registration/").content.decode())
    assert "Not exclusive" in page and "Third Firm" not in page and "Fourth Firm" not in page


def test_a_line_that_is_shared_by_others_is_closed_to_the_rest_for_operations_too(
    northgate, southridge, third, olga, gateways
):
    right = shared(northgate, olga, product_line=gateways)
    shared(third, olga, product_line=gateways)
    now = database_clock()
    binding = around(now)
    stands = {
        firm: binding.stand(firm_of(firm, now), gateways.pk, None) for firm in (northgate, southridge, third)
    }

    assert [firm for firm, stand in stands.items() if stand.barred] == [southridge]
    assert stands[southridge].words == "Refused"
    assert stands[southridge].barred[0].words.startswith("it is for firms with a right to it (")
    assert right.is_exclusive is False


def test_a_merge_of_two_holders_and_its_undoing_collide_with_nothing(
    charlie, northgate, southridge, third, olga, gateways, europe
):
    mine_, theirs = (
        shared(firm, olga, product_line=gateways, territory=europe) for firm in (northgate, third)
    )
    versions = {firm.pk: firm.version for firm in (northgate, third)}

    merged = merge_partners(third, into=northgate, by=olga, reason="One firm.", versions=versions)

    theirs.refresh_from_db()
    assert theirs.partner == northgate
    assert submitted(charlie, "Inside KG", gateways, clock=database_clock).status == "refused"
    undo_merge(merged, by=olga)
    theirs.refresh_from_db()
    mine_.refresh_from_db()
    assert (mine_.partner, theirs.partner) == (northgate, third)


def test_the_form_gives_one_that_is_not_exclusive_and_the_pages_say_so(
    client, olga, northgate, southridge, gateways
):
    client.force_login(olga)
    sent = {
        "partner": northgate.code,
        "product_line": "gateways",
        "is_exclusive": "no",
        "begins_on": (database_clock().date() + timedelta(days=40)).isoformat(),
        "effect": "refused",
        "note": "Two distributors.",
    }

    answer = give_by_form(client, sent, follow=True)

    right = ExclusiveRight.objects.get()
    assert not right.is_exclusive
    page = " ".join(strip_tags(answer.content.decode()).split())
    assert "Not exclusive: this partner and others that hold a right there" in page
    for address in ("/policies/rights/?show=coming", "/policies/rights/?show=calendar"):
        assert "ot exclusive" in strip_tags(client.get(address).content.decode())
    assert give_by_form(client, sent | {"partner": southridge.code}).status_code == 302
    assert client.post("/policies/rights/new/", sent | {"is_exclusive": "perhaps"}).status_code == 422
    # what says nothing of it is exclusive, as what was tried before there was a choice
    refused = client.post("/policies/rights/new/", sent | {"is_exclusive": ""})
    assert refused.status_code == 422 and "This overlaps" in refused.content.decode()


def test_a_requirement_and_a_right_bind_beside_each_other(alice, charlie, northgate, olga, gateways):
    shared(northgate, olga, product_line=gateways)
    require(gateways, olga, least_tier="gold")

    assert submitted(alice, "Low KG", gateways, clock=database_clock).review_reasons == [
        "product_authorisation"
    ]
    assert set(submitted(charlie, "Out KG", gateways, clock=database_clock).review_reasons) == {
        "product_authorisation",
        "exclusive_right",
    }


def test_what_runs_out_opens_to_all(charlie, northgate, olga, gateways):
    right = shared(northgate, olga, product_line=gateways, ends=3)
    last, after = right.ends_at - timedelta(seconds=1), right.ends_at
    assert [
        submitted(charlie, name, gateways, clock=fixed(at)).status
        for name, at in (("A1 KG", last), ("B2 KG", after))
    ] == [
        "refused",
        "approved",
    ]


def test_the_form_gives_several_firms_one_that_is_not_exclusive_and_tells_once(
    client, alice, charlie, olga, northgate, southridge, third, gateways
):
    client.force_login(olga)
    fourth = Partner.objects.create(name="Fourth Firm", country="DE", status="active")
    dora = make_user("Dora", PARTNER_REP, fourth)
    sent = {
        "partner": northgate.code,
        "beside": [southridge.code, third.code],
        "product_line": "gateways",
        "is_exclusive": "no",
        "begins_on": (database_clock().date() + timedelta(days=40)).isoformat(),
        "effect": "refused",
        "note": "Three distributors.",
    }

    for refused, words in (
        (sent | {"is_exclusive": "yes"}, "An exclusive right is for one firm alone."),
        (sent | {"step": "try"}, "right is tried at a time"),
        (sent | {"beside": ["nobody"]}, "Choose firms from the list."),
    ):
        page = client.post("/policies/rights/new/", refused)
        assert page.status_code == 422 and words in page.content.decode()
    earlier = give(third, olga, product_line=gateways, is_exclusive=False, begins=90)
    assert "This overlaps: Third Firm has Gateways" in client.post(
        "/policies/rights/new/", sent
    ).content.decode().replace("&#x27;", "'")
    assert ExclusiveRight.objects.count() == 1  # all of them or none
    ends = (database_clock().date() + timedelta(days=80)).isoformat()
    answer = give_by_form(client, sent | {"ends_on": ends}, follow=True)

    assert "3 rights are given." in answer.content.decode()
    given = ExclusiveRight.objects.order_by("pk")[1:]
    assert [right.partner for right in given] == [northgate, southridge, third]
    news = Message.objects.filter(event="policy.right_announced").exclude(
        occasion__startswith=f"policy.right_announced:{earlier.pk}:"
    )
    assert [mail.recipient for mail in news] == [dora]
    assert (told(alice, "policy.right_given"), told(charlie, "policy.right_given")) == (1, 1)


def test_what_a_firm_was_to_read_that_is_given_one_next_is_taken_back(
    alice, charlie, northgate, southridge, third, olga, gateways, europe
):
    shared(northgate, olga, product_line=gateways, territory=europe, begins=40)
    (mail,) = Message.objects.filter(recipient=charlie)
    assert mail.not_before >= mail.created_at + timedelta(minutes=10)

    shared(southridge, olga, product_line=gateways, begins=40)

    mail.refresh_from_db()
    assert mail.status == "cancelled"
    assert not Notice.objects.filter(user=charlie, event="policy.right_announced").exists()
    assert told(charlie, "policy.right_given") == 1


def test_what_another_right_does_as_strictly_is_not_taken_back_for_those_who_heard(
    charlie, northgate, southridge, third, olga, gateways
):
    first, second = (shared(firm, olga, product_line=gateways, begins=40) for firm in (northgate, third))
    mail_leaves()

    take_back_right(first, by=olga, note="Not after all.", version=1)
    assert told(charlie, "policy.right_ends") == 0  # what was announced happens all the same
    take_back_right(second, by=olga, note="Neither.", version=1)

    mail = Message.objects.get(recipient=charlie, event="policy.right_ends")
    assert "will not happen. New registrations are possible from that day on" in " ".join(mail.text.split())


def test_ends_of_two_rights_to_one_scope_are_told_apart_where_they_are_tried(
    northgate, third, olga, gateways
):
    for firm in (northgate, third):
        shared(firm, olga, product_line=gateways, ends=40)

    titles = [change.title for change, _ in announced(database_clock()).values()]

    assert sorted(titles) == [f"Gateways, the right of {firm} ended" for firm in ("Northgate", "Third Firm")]
