"""Two records made one: everything moves or says why not, nothing breaks a rule, and for a day it all goes back."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import enums
from core.clock import database_clock, fixed
from core.errors import BadInput, DomainError, NotAllowed, StaleVersion, TooLate, WrongStatus
from leads.models import Gift, Turn
from leads.services import answering
from leads.services.giving import give
from leads.services.sweeping import sweep_leads
from notifications.models import Message
from partners.enums import StandingChange
from partners.merging import relations
from partners.merging.relations import Relation, declared, fields, rows_of, undeclared
from partners.models import Invitation, Member, MergedRow, OnboardingStep, Partner, PartnerMerge
from partners.services import invite
from partners.services.certificates import verify_certificate
from partners.services.members import change_member
from partners.services.merging import merge_partners, plan_merge, undo_merge
from partners.services.merging.strays import carry_strays
from partners.services.standing import change_standing
from partners.services.step_reminders import remind_of_steps
from partners.services.steps import complete_step
from programs.services import enrolling
from programs.services.steps import save_step
from registrations.models import PrecheckLog, Registration
from registrations.services import agreements, decisions, drafts
from tests.leads.makers import make_lead
from tests.partners.certificates.makers import handed_in, make_type
from tests.partners.merging.makers import furnish, snapshot
from tests.people import draft_for, make_user, submitted
from tests.programs.makers import make_program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(southridge):
    return make_user("Ann", enums.PARTNER_ADMIN, southridge)


def do(gone, into, olga, **more):
    gone, into = Partner.objects.get(pk=gone.pk), Partner.objects.get(pk=into.pk)
    versions = {gone.pk: gone.version, into.pk: into.version}
    return merge_partners(gone, into=into, by=olga, reason="One firm.", **{"versions": versions, **more})


def test_no_relation_is_forgotten():
    """Whoever points at a firm says what a merge does with it: partners/merging/relations.py."""
    assert undeclared() == []
    there = {f"{field.model._meta.label}.{field.name}" for field in fields().values()}
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in __import__("django.apps", fromlist=["apps"]).apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Partner
    }
    assert there == pointing
    # What only one row a firm may be is never moved blindly: each UNIQUE over the key is named.
    for relation in declared():
        field = fields()[relation.name]
        for constraint in field.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint):
                continue
            named = {*constraint.fields, *(name for one in constraint.expressions for name in _names_in(one))}
            if field.name in named and (relation.only is not None or not relation.stays):
                # Only a row that would clash is alike in all of these: with fewer, others would stay behind.
                assert set(relation.unless) == named - {field.name}, f"{relation.name}: {constraint.name}"


def _names_in(expression):
    if isinstance(expression, models.F):
        return [expression.name]
    return [name for one in expression.get_source_expressions() for name in _names_in(one)]


def test_one_that_nobody_declared_forbids_every_merge(northgate, southridge, olga, monkeypatch):
    known = {name: row for name, row in relations._relations.items() if name != "leads.Gift.partner"}
    monkeypatch.setattr(relations, "_relations", known)
    assert plan_merge(northgate, into=southridge).clashes == [
        "The merge does not know what to do with leads.Gift.partner."
    ]
    with pytest.raises(DomainError):
        do(northgate, southridge, olga)


@pytest.mark.parametrize("seed", range(1, 9))
def test_undo_restores_every_row(northgate, southridge, alice, ann, mara, olga, gateways, seed):
    chance = Random(seed)
    furnish(northgate, alice, mara, olga, gateways, chance, companies=["Acme", "Blohm"])
    furnish(southridge, ann, mara, olga, gateways, chance, companies=["Carstens"])
    plan = plan_merge(northgate, into=southridge)
    assert plan.clashes == []
    before = snapshot()

    merge = do(northgate, southridge, olga)

    moved = {name: merge.rows.filter(relation=name).count() for name in fields()}
    assert {share.relation.name: share.moves for share in plan.shares if share.moves} == {
        name: count for name, count in moved.items() if count
    }
    for share in plan.shares:
        assert (
            rows_of(share.relation, northgate).count() - share.stays - share.gives_way <= 1
        )  # the line that tells of the merge
    assert snapshot() != before
    assert not Registration.objects.filter(partner=northgate).exists()

    done = undo_merge(merge, by=olga)

    assert done.kept == []
    assert snapshot() == before


def test_what_changed_since_stays_and_is_told(northgate, southridge, alice, ann, mara, olga, gateways):
    furnish(northgate, alice, mara, olga, gateways, Random(1), companies=["Acme", "Blohm"])
    one, two = Registration.objects.filter(partner=northgate).order_by("pk")
    merge = do(northgate, southridge, olga)
    Registration.objects.filter(pk=one.pk).update(owner=ann)
    Registration.objects.filter(pk=two.pk).update(next_step="Call them.")
    later = submitted(ann, "Dorst AG", gateways, clock=database_clock)

    done = undo_merge(merge, by=olga)

    assert done.kept == [{"label": "Registrations", "count": 1, "examples": [one.code]}]
    assert dict(Registration.objects.values_list("code", "partner__name")) == {
        one.code: "Southridge",
        two.code: "Northgate",
        later.code: "Southridge",
    }


def test_what_is_somebodys_own_goes_back_with_them(
    client, northgate, southridge, alice, ann, mara, olga, gateways
):
    """A draft from before that was written on, one begun meanwhile, and what was submitted meanwhile."""
    before = draft_for(alice, "Acme Pumps GmbH", gateways)
    merge = do(northgate, southridge, olga)
    alice = type(alice).objects.get(pk=alice.pk)
    drafts.save_draft(before, by=alice, fields={"next_step": "Call them."})
    meanwhile, theirs = draft_for(alice, "Blohm AG", gateways), draft_for(ann, "Carstens AG", gateways)
    sent = submitted(alice, "Dorst AG", gateways, clock=database_clock)
    paper = handed_in(southridge, make_type(held_by="person"), olga, member=alice.member)

    done = undo_merge(merge, by=olga)

    assert done.kept == []
    assert dict(Registration.objects.values_list("code", "partner__name")) == {
        before.code: "Northgate",
        meanwhile.code: "Northgate",
        theirs.code: "Southridge",
        sent.code: "Northgate",
    }
    paper.refresh_from_db()
    assert (paper.partner, paper.member.partner) == (northgate, northgate)
    client.force_login(alice)
    for draft in (before, meanwhile):
        assert client.get(reverse("registrations:details", args=[draft.code])).status_code == 200
    address = reverse("registrations:registration", args=[sent.code])
    assert client.get(address).status_code == 200
    Registration.objects.filter(pk=sent.pk).update(
        partner=southridge
    )  # as one that a merge before left there
    told = client.get(address)
    assert told.status_code == 410 and "stayed with the other" in told.content.decode()
    assert client.get(reverse("registrations:registration", args=[theirs.code])).status_code == 404


def test_what_the_portal_did_and_what_is_the_firms_own_goes_back(
    northgate, southridge, alice, bob, ann, mara, olga, europe, gateways
):
    """A day under another name: the portal reminds of a lead and a step, people tick it, say what they do, and verify a paper."""
    Partner.objects.filter(pk=southridge.pk).update(manager=mara)
    Turn.objects.create(partner=northgate)
    program = make_program(olga, "Council")
    fields = {"title": "Name a speaker", "stage": 1, "stage_title": "First", "due_days": 0, "required": True}
    save_step(program, by=olga, version=program.version, fields=fields)
    enrolling.take_in(program, northgate, at=database_clock())
    step = OnboardingStep.objects.get(partner=northgate)
    paper = handed_in(northgate, make_type(), bob)
    lead = make_lead(mara, "Lead Works Oy", gateways)
    give(lead, way="hand", by=mara, partner=northgate)
    merge = do(northgate, southridge, olga)
    Message.objects.update(status="sent", sent_at=merge.at)
    Gift.objects.update(answer_by=merge.at + timedelta(hours=12))

    assert remind_of_steps(clock=fixed(merge.at + timedelta(hours=1))) == [southridge.code]
    assert sweep_leads(clock=fixed(merge.at + timedelta(hours=1))).reminded == [lead.code]
    complete_step(OnboardingStep.objects.get(), by=ann, clock=fixed(merge.at + timedelta(hours=2)))
    change_member(Member.objects.get(user=alice), by=alice, functions=["sales"])
    deal = answering.accept(
        lead,
        by=type(alice).objects.get(pk=alice.pk),
        fields={"expected_close": (merge.at + timedelta(days=90)).date()},
        clock=fixed(merge.at + timedelta(hours=2)),
    )
    verify_certificate(paper, by=olga, version=paper.version)
    Turn.objects.update(position=7)
    done = undo_merge(merge, by=olga, clock=fixed(merge.at + timedelta(hours=3)))

    assert done.kept == []
    assert OnboardingStep.objects.get().partner == northgate and Gift.objects.get().partner == northgate
    assert Registration.objects.get(pk=deal.pk).partner == northgate
    assert Turn.objects.get().partner == northgate
    step.refresh_from_db()
    paper.refresh_from_db()
    assert (step.done_by, paper.status, paper.partner) == (ann, "verified", northgate)
    alice = type(alice).objects.get(pk=alice.pk)
    assert (alice.member.partner, alice.member.functions) == (northgate, ["sales"])


def test_who_was_invited_by_the_old_record_goes_back_with_it(northgate, southridge, alice, bob, ann, olga):
    """Before the merge, and by its people meanwhile; whom the other firm invited stays there."""
    role = alice.role
    before = invite(email="eve@x.example", name="", role=role, partner=northgate, by=bob)
    merge = do(northgate, southridge, olga)
    bob = type(bob).objects.get(pk=bob.pk)
    since = invite(email="fay@x.example", name="", role=role, partner=southridge, by=bob)
    theirs = invite(email="gil@x.example", name="", role=role, partner=southridge, by=ann)
    waits = invite(email="hal@x.example", name="", role=role, partner=southridge, by=bob)
    came = []
    for invitation in (before, since, theirs):
        person = make_user(invitation.email.split("@")[0], enums.PARTNER_REP, southridge)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=database_clock(), accepted_by=person)
        came.append(person)
    assert undo_merge(merge, by=olga).kept == []
    firms = [Member.objects.get(user=person).partner for person in came]
    assert firms == [northgate, northgate, southridge]
    invitations = {row.email[:3]: row.partner for row in Invitation.objects.all()}
    assert invitations == {"eve": northgate, "fay": northgate, "gil": southridge, "hal": northgate}
    assert Invitation.objects.get(pk=waits.pk).accepted_at is None


def test_a_firm_that_works_with_us_is_not_onboarded_by_what_the_other_record_had_to_do(
    northgate, southridge, olga
):
    """The one that goes on began as active, so it has no steps at all."""
    Partner.objects.filter(pk=northgate.pk).update(status="prospect")
    change_standing(Partner.objects.get(pk=northgate.pk), StandingChange.BEGIN, by=olga)
    steps = OnboardingStep.objects.filter(partner=northgate).count()
    share = next(
        row for row in plan_merge(northgate, into=southridge).shares if row.relation.label == "Steps"
    )
    assert (share.moves, share.left) == (0, [(steps, "Each record is onboarded by its own steps.")])
    do(northgate, southridge, olga)
    southridge.refresh_from_db()
    change_standing(southridge, StandingChange.SUSPEND, by=olga, reason="Unpaid.")
    assert change_standing(southridge, StandingChange.REINSTATE, by=olga, reason="Paid.").status == "active"


def test_a_lead_in_the_middle_of_a_merge_keeps_its_history(
    client, northgate, southridge, alice, mara, olga, gateways
):
    lead = make_lead(mara, "Lead Works Oy", gateways)
    give(lead, way="hand", by=mara, partner=northgate)
    merge = do(northgate, southridge, olga)
    address = reverse("leads:lead", args=[lead.code])
    client.force_login(type(alice).objects.get(pk=alice.pk))
    assert "Given to you" in client.get(address).content.decode()
    undo_merge(merge, by=olga)
    alice = type(alice).objects.get(pk=alice.pk)
    client.force_login(alice)
    assert "Given to you" in client.get(address).content.decode()
    lead.refresh_from_db()
    deal = answering.accept(lead, by=alice, fields={"expected_close": database_clock().date()})
    assert deal.partner == northgate


def test_history_is_kept_and_the_record_says_where_it_went(
    northgate, southridge, alice, charlie, mara, olga, gateways, client
):
    one = submitted(alice, "Acme AG", gateways, clock=database_clock)
    do(northgate, southridge, olga)

    entry = one.timeline.latest("number")
    assert (entry.kind, entry.audience, entry.actor) == ("firm_merged", "vendor", olga)
    for firm in (northgate, southridge):
        line = firm.history.filter(kind="merged").get()
        assert (line.actor, line.audience) == (olga, "vendor")
    client.force_login(mara)
    for firm, words in ((northgate, "This record is part of"), (southridge, "Took in")):
        page = client.get(f"/partners/{firm.code}/").content.decode()
        assert words in page
    client.force_login(alice)
    assert "Southridge" in client.get("/firm/").content.decode()
    assert client.get(f"/registrations/{one.code}/").status_code == 200
    northgate.refresh_from_db()
    assert northgate.status == "ended"
    with pytest.raises(WrongStatus, match="is part of Southridge now"):
        change_standing(northgate, StandingChange.REINSTATE, by=olga, reason="Back.")


def test_rules_of_registrations_and_leads_forbid_it(
    northgate, southridge, alice, charlie, mara, olga, gateways, sensors
):
    held = submitted(alice, "Acme AG", gateways, clock=database_clock)
    rival = submitted(charlie, "Acme AG", gateways, clock=database_clock, value=900_000)
    other = submitted(charlie, "Acme AG", sensors, clock=database_clock, value=900_000)
    lead = make_lead(mara, "Blohm AG", gateways, clock=database_clock)
    from leads.services import giving

    giving.give(lead, way="hand", by=mara, partner=southridge)
    answering.decline(lead, by=charlie, reason="capacity")
    giving.give(Gift.objects.get().lead, way="hand", by=mara, partner=northgate)

    first = plan_merge(northgate, into=southridge).clashes
    assert sorted(first) == [
        f"Both have an open registration for {held.company} with the same product line: {held.code} and {rival.code}."
        " End one of them first.",
        f"Northgate has lead {lead.code}, which Southridge declined or let pass. Take it back first, or wait for their"
        " answer.",
    ]
    decisions.put_on_waitlist(rival, behind=held, by=mara)
    rival.refresh_from_db()
    agreements.propose(rival, holder=held, kind="split", other_share=40, text="Both work there.", by=mara)
    clashes = plan_merge(southridge, into=northgate).clashes
    assert [words in " ".join(clashes) for words in ("waits in line behind", "between the two")] == [
        True,
        True,
    ]
    before = snapshot()
    with pytest.raises(DomainError, match=r"has lead|Both have an open registration"):
        do(northgate, southridge, olga)
    assert snapshot() == before
    assert other.code not in " ".join(clashes)


def test_refused_in_words(northgate, southridge, mara, olga):
    third = Partner.objects.create(name="Third", country="DE", status="active")
    for error, more, who in (
        (NotAllowed, {}, mara),
        (BadInput, {"reason": "  "}, olga),
        (StaleVersion, {"versions": {northgate.pk: 9, southridge.pk: 1}}, olga),
    ):
        values = {"reason": "One.", "versions": {northgate.pk: 1, southridge.pk: 1}, **more}
        with pytest.raises(error):
            merge_partners(northgate, into=southridge, by=who, **values)
    merge = do(northgate, southridge, olga)
    for pair in ((northgate, third), (third, northgate), (southridge, northgate)):
        assert "Northgate is part of Southridge already." in plan_merge(pair[0], into=pair[1]).clashes
    on = do(southridge, third, olga)
    with pytest.raises(WrongStatus, match="Take that back first"):
        undo_merge(merge, by=olga)
    undo_merge(on, by=olga)
    with pytest.raises(NotAllowed):
        undo_merge(merge, by=mara)
    with pytest.raises(TooLate):
        undo_merge(merge, by=olga, clock=fixed(merge.at + timedelta(hours=24, seconds=1)))
    undo_merge(merge, by=olga, clock=fixed(merge.at + timedelta(hours=24)))
    with pytest.raises(WrongStatus, match="already"):
        undo_merge(merge, by=olga)
    assert PartnerMerge.objects.filter(undone_at=None).count() == 0


def test_what_came_in_that_very_moment_goes_after(northgate, southridge, alice, olga):
    merge = do(northgate, southridge, olga)
    stray = PrecheckLog.objects.create(
        user=alice, partner=northgate, asked="Acme", clear=True, at=database_clock()
    )

    assert carry_strays(since=merge.at - timedelta(hours=1)) == 1
    assert carry_strays(since=merge.at - timedelta(hours=1)) == 0

    stray.refresh_from_db()
    assert stray.partner == southridge
    undo_merge(merge, by=olga)
    stray.refresh_from_db()
    assert stray.partner == northgate
    assert MergedRow.objects.filter(row=stray.pk, relation="registrations.PrecheckLog.partner").count() == 1


def test_as_many_questions_for_many_rows_as_for_one(northgate, southridge, alice, gateways):
    counts = []
    for number in range(3):
        submitted(alice, f"Company {number} AG", gateways, clock=database_clock)
        with CaptureQueriesContext(connection) as asked:
            plan_merge(northgate, into=southridge)
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_a_row_that_the_survivor_has_stays(northgate, southridge, europe):
    for firm in (northgate, southridge):
        firm.territories.add(europe)
    share = next(
        share
        for share in plan_merge(northgate, into=southridge).shares
        if share.relation.name == "partners.Partner_territories.partner"
    )
    assert (share.moves, share.left) == (0, [(1, "The record that goes on has them already.")])
    assert isinstance(share.relation, Relation)
