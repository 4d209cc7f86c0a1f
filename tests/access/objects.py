"""What the matrix asks for: one of each, alice's where it belongs to somebody."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import companies.services as company_services
from accounts.absences import plan_absence
from catalog.models import ProductLine, Territory
from companies.matching import CompanyQuery
from companies.models import NamedAccount, Suggestion
from core.clock import database_clock
from core.uploads import check_upload
from leads.services import giving
from notifications.models import Message, Notice
from partners.models import ChecklistItem, Group, OnboardingPlan, Partner, PlanStep
from partners.services import applications, invite, link_for
from partners.services.agreements import Wording, create_agreement
from partners.services.merging import merge_partners
from partners.services.onboarding import StepWords, add_steps
from policies.services import begin_draft, publish_version
from policies.services.guidance import write_text
from policies.services.routes import Leads, add_route
from programs.models import Attempt, Module, Move, Path, Program, Quiz, Take
from registrations.enums import RefusalReason
from registrations.models import Appeal, Extension, Offer, Registration
from registrations.services import (
    agreements,
    appeals,
    decisions,
    extensions,
    offer_links,
    partner_actions,
    saved_views,
    still_active,
)
from registrations.services.attachments import attach
from registrations.services.simulations import start_simulation
from tests.leads.makers import make_lead
from tests.partners.certificates.makers import handed_in, make_type
from tests.people import draft_for, submitted
from tests.policies.makers import give, require, today
from tests.programs.content.makers import content, group_of
from tests.programs.makers import QUESTIONS, criterion

# Planted in all of alice's data; nobody outside her firm and the vendor may ever see it.
MARKER = "Zanzibarium"


@dataclass
class Things:
    """Arguments of routes by the name of the object."""

    found: dict[str, tuple[Any, ...]]

    def arguments(self, about: str) -> tuple[Any, ...]:
        return self.found[about] if about else ()


@pytest.fixture
def things(alice, bob, dan, charlie, mara, olga, ivan, ada, gateways) -> Things:
    """`make_things` for one test."""
    return make_things(alice, bob, dan, charlie, mara, olga, ivan, ada, gateways)


def make_things(alice, bob, dan, charlie, mara, olga, ivan, ada, gateways) -> Things:
    """Alice's registrations in the statuses that the addresses are about, and the vendor's things around them."""
    large = {"value": Decimal(900_000)}
    held = submitted(
        alice, f"{MARKER} Held AG", gateways, clock=database_clock, contact_name=MARKER, next_step=MARKER
    )
    in_review = submitted(alice, f"Review {MARKER} SpA", gateways, clock=database_clock, **large)
    asked = submitted(alice, f"Question {MARKER} Oy", gateways, clock=database_clock, **large)
    decisions.ask_information(asked, by=mara, text=f"Who is {MARKER}?")
    refused = submitted(alice, f"Refused {MARKER} BV", gateways, clock=database_clock, **large)
    decisions.refuse(refused, by=mara, reason_code=RefusalReason.EARLY, text=f"{MARKER} is too early.")
    file = attach(held, SimpleUploadedFile("letter.txt", MARKER.encode()), by=alice)
    one, two = (
        company_services.create_company(CompanyQuery(name=name), by=mara)
        for name in ("Ostrich Ltd", "Ostrava Ltd")
    )
    verdict = company_services.declare_different(one, two, by=mara, reason="two places")
    alias = company_services.add_alias(one, "Ostrich Feathers", by=mara)
    low, high = sorted((one.pk, two.pk))
    double = Suggestion.objects.create(
        low_id=low, high_id=high, asked_id=low, score=0.8, tier="review", found_at=database_clock()
    )
    account = NamedAccount.objects.create(
        name="Ostrich",
        country="GB",
        reference="X-1",
        company=one,
        effective_from=date(2026, 1, 1),
        created_at=database_clock(),
    )
    invitation = invite(
        email="eve@northgate.example", name="Eve", role=alice.role, partner=alice.member.partner, by=bob
    )
    scheduled = publish_version(
        by=olga,
        settings={"protection_days": 61},
        effective_from=database_clock() + timedelta(days=30),
        note="Nothing new.",
    )
    today = database_clock()
    simulation = start_simulation(scheduled, by=olga, since=today - timedelta(days=30), until=today)
    asked_for, appeal = requests_of(alice, charlie, mara, gateways)
    rival = submitted(charlie, "Held AG", gateways, clock=database_clock, **large)
    decisions.put_on_waitlist(rival, behind=held, by=mara)
    rival.refresh_from_db()
    agreement = agreements.propose(
        rival, holder=held, kind="split", other_share=40, text="You both work there.", by=mara
    )
    offered, waiting = lined_up(alice, charlie, mara, gateways)
    given, pooled, fresh = leads_for(alice, charlie, mara, gateways)
    return Things(
        {
            **binding(alice, olga, mara),
            **library(alice, olga),
            **programs(alice, bob, olga),
            **joining(alice, olga),
            **papers(bob, olga, ada),
            "partner": (alice.member.partner.code,),
            "colleague": (dan.pk,),
            "staff": (ivan.pk,),
            "saved_view": (saved_views.save_view(mara, name="Mine", query="view=mine").pk,),
            "absence": (
                plan_absence(
                    mara,
                    delegate=ada,
                    starts_on=database_clock().date() + timedelta(days=90),
                    ends_on=database_clock().date() + timedelta(days=99),
                    by=mara,
                ).pk,
            ),
            "invitation": (invitation.pk,),
            "invitation_link": (link_for(invitation).split("/invitations/")[1].strip("/"),),
            "policy": (1,),
            "scheduled": (scheduled.version,),
            "policy_draft": (begin_draft(by=olga).version,),
            "other_policy_draft": (begin_draft(by=olga).version,),
            "simulation": (simulation.code,),
            "csv": ("csv",),
            "broken_key": ("1", "not-a-key"),
            "draft": (draft_for(alice, f"Draft {MARKER} Ltd", gateways).code,),
            "held": (held.code,),
            "in_review": (in_review.code,),
            "asked": (asked.code,),
            "refused": (refused.code,),
            "attachment": (file.code,),
            "decision": (refused.decisions.get(reason_code=RefusalReason.EARLY).code,),
            "extension": (asked_for.code,),
            "contested": (asked_for.registration.code,),
            "appeal": (appeal.code,),
            "rival": (rival.code,),
            "agreement": (agreement.code,),
            "offer": (offered.code,),
            "offer_link": (offer_links.link_for(offered, alice).split("/mail/")[1].strip("/"),),
            "waitlisted": (waiting.code,),
            "still_active": (still_active.link_for(held).split("/still-active/")[1].strip("/"),),
            "company": (one.code,),
            "two_companies": (one.code, two.code),
            "alias": (one.code, alias.pk),
            "company_change": (one.code, one.changes.get().pk),
            "double": (double.code,),
            "verdict": (one.code, verdict.other(one).code),
            "named_account": (account.code,),
            "lead_given": (given.code,),
            "lead_pooled": (pooled.code,),
            "lead_new": (fresh.code,),
            "notice": (Notice.objects.filter(user=alice).earliest("pk").pk,),
            "message": (Message.objects.filter(recipient=alice).earliest("pk").pk,),
        }
    )


def requests_of(alice, charlie, mara, gateways) -> tuple[Extension, Appeal]:
    """Alice asks for an extension of one deal, behind which charlie waits, and disputes mara's refusal of another."""
    long = submitted(alice, f"Long {MARKER} NV", gateways, clock=database_clock)
    asked = extensions.ask(
        long, by=alice, text=f"{MARKER} waits.", upload=SimpleUploadedFile("a.txt", MARKER.encode())
    )
    rival = submitted(charlie, "Long Zanzi NV", gateways, clock=database_clock, value=Decimal(900_000))
    decisions.put_on_waitlist(rival, behind=long, by=mara)
    small = submitted(alice, f"Small {MARKER} KG", gateways, clock=database_clock, value=Decimal(900_000))
    refusal = decisions.refuse(small, by=mara, reason_code=RefusalReason.SIZE, text=f"{MARKER} is small.")
    return asked, appeals.appeal(refusal, by=alice, text=f"{MARKER} is large.")


def lined_up(alice, charlie, mara, gateways) -> tuple[Offer, Registration]:
    """An open offer to alice, and another registration of hers that waits behind it."""
    company = f"Queue {MARKER} AB"
    holder = submitted(charlie, "Queue Zanzi AB", gateways, clock=database_clock)
    rows = []
    for _ in range(2):
        row = submitted(alice, company, gateways, clock=database_clock, value=Decimal(900_000))
        decisions.put_on_waitlist(row, behind=holder, by=mara)
        rows.append(row)
    partner_actions.withdraw(holder, by=charlie)
    rows[1].refresh_from_db()
    return rows[0].offers.get(), rows[1]


def leads_for(alice, charlie, mara, gateways):
    """One that alice's firm has, one in a pool that charlie's firm does not reach, one that nobody has."""
    for person, code, country in ((alice, "north", "DE"), (charlie, "south", "FR")):
        person.member.partner.territories.add(
            Territory.objects.create(code=code, name=code, countries=[country])
        )
    north = Territory.objects.get(code="north")
    given, pooled, fresh = (
        make_lead(mara, f"Lead {MARKER} {name}", gateways, clock=database_clock, need=MARKER, territory=north)
        for name in ("given", "pooled", "new")
    )
    giving.give(given, way="hand", by=mara, partner=alice.member.partner)
    giving.put_into_pool(pooled, by=mara)
    return given, pooled, fresh


def binding(alice, olga, mara) -> dict[str, tuple[Any, ...]]:
    """What binds besides the policy, about a product line that nobody registers: a right of alice's firm that is coming, an
    announced requirement, two routes that no deal takes, two texts."""
    line = ProductLine.objects.create(code="spare", name="Spare")
    right = give(alice.member.partner, olga, product_line=line, begins=40, note=f"{MARKER} pays.")
    requirement = require(line, olga, begins=40, least_tier="platinum", note=MARKER)
    routes = [add_route(Leads(product_lines=[line], person=mara), by=olga) for _ in range(2)]
    texts = [write_text(by=olga, kind="do", text=f"Do {n}.", begins_on=today()) for n in range(2)]
    return {
        "line": (line.code,),
        "right": (right.code,),
        "requirement": (line.code, requirement.pk),
        "route": (routes[0].pk,),
        "other_route": (routes[1].pk,),
        "guidance": (texts[0].pk,),
        "other_guidance": (texts[1].pk,),
    }


def library(alice, olga) -> dict[str, tuple[Any, ...]]:
    """A group that holds alice's firm alone, and what is published for it: a document and an announcement."""
    firm = alice.member.partner
    group = group_of(firm, olga)
    group.note = MARKER
    group.save(update_fields=["note"])
    file = SimpleUploadedFile("prices.txt", MARKER.encode())
    document = content(olga, f"{MARKER} prices", kind="file", groups=(group,), upload=file)
    asked = content(olga, f"{MARKER} rules", kind="announcement", groups=(group,), body=MARKER)
    return {
        "group": (group.code,),
        "group_pick": (group.code, firm.code),
        "document": (document.code,),
        "document_version": (document.code, 1),
        "announcement": (asked.code,),
        "content_kind": ("page",),
    }


def programs(alice, bob, olga) -> dict[str, tuple[Any, ...]]:
    """Two programs for alice's firm alone: it takes part in one, with training that alice began, and applied for the other.
    What a tier asks for, and a move up. Rows instead of services: this is made for every address."""
    firm, now = alice.member.partner, database_clock()
    group, made = Group.objects.get(note=MARKER), {"created_by": olga, "created_at": now}
    module = Module(name=f"{MARKER} lesson", text=MARKER, status="published", **made)
    module.take_file(check_upload(SimpleUploadedFile("lesson.txt", MARKER.encode())))
    module.save()
    quiz = Quiz.objects.create(module=module, number=1, questions=QUESTIONS, **made)
    path = Path.objects.create(name=f"{MARKER} path", status="published", **made)
    path.path_modules.create(module=module, number=1)
    codes = {}
    for status in ("enrolled", "applied"):
        program = Program.objects.create(
            name=f"{MARKER} {status}", summary=MARKER, status="open", starts_on=now.date(), **made
        )
        program.audience.add(group)
        program.program_paths.create(path=path)
        stages = [program.stages.create(name=MARKER, number=number) for number in (1, 2)]
        step = stages[1].conditions.create(kind="vendor", target=f"Call {MARKER}")
        codes[status] = program.enrolments.create(
            partner=firm, status=status, way="application", text=MARKER, asked_by=bob, asked_at=now
        ).code
    planned = program.incentives.create(name=MARKER, text=MARKER)
    given = program.steps.create(stage_title=MARKER, title=MARKER)
    take = Take.objects.create(user=alice, partner=firm, path=path, started_at=now)
    attempt = Attempt.objects.create(user=take.user, quiz=quiz, module=module, started_at=now)
    mark = criterion("silver", "registrations", 99, starts_on=now.date())
    move = Move.objects.create(
        partner=firm, source="registered", target="silver", figures=[], proposed_at=now
    )
    return {
        "program": (program.code,),
        "program_stage": (program.code, 2),
        "incentive": (program.code, planned.pk),
        "joining_step": (program.code, given.pk),
        "program_step": (codes["applied"], step.pk),
        "application_to_program": (codes["applied"],),
        "training_path": (path.code,),
        "training_module": (module.code,),
        "attempt": (attempt.code,),
        "criterion": (mark.pk,),
        "tier_move": (move.code,),
    }


def joining(alice, olga) -> dict[str, tuple[Any, ...]]:
    """An application that waits for a decision, a step of alice's firm, and a change of the firm's status."""
    firm = alice.member.partner
    given = {
        "name": "Eastgate",
        "kind": "reseller",
        "country": "DE",
        "about": "Sensors.",
        "contact_name": "Eve",
    }
    made = applications.apply({**given, "contact_email": "eve@eastgate.example"})
    assert made is not None
    token = applications.link_for(made).rstrip("/").rsplit("/", 1)[-1]
    applications.confirm(token)
    check = made.checks.earliest("pk")
    (step,) = add_steps(firm, "test", [StepWords("a", f"Call {MARKER}")], label="Test", by=olga)
    return {
        "application": (made.code,),
        "application_link": (token,),
        "application_check": (made.code, check.pk),
        "firm_step": (firm.code, step.pk),
        "firm_change": (firm.code, "suspend"),
        "plan": (OnboardingPlan.objects.get(kind="").pk,),
        "plan_step": (PlanStep.objects.earliest("pk").pk,),
        "checklist_item": (ChecklistItem.objects.earliest("pk").pk,),
    }


def papers(bob, olga, ada) -> dict[str, tuple[Any, ...]]:
    """A certificate of alice's firm with a file, an agreement that everybody is asked for, and a merge of two other records."""
    firm = bob.member.partner
    kind = make_type("marked", name=f"{MARKER} licence", needs_file=True)
    upload = SimpleUploadedFile("licence.pdf", b"%PDF-1.7 " + MARKER.encode())
    one = handed_in(firm, kind, bob, number=MARKER, upload=upload, at=database_clock())
    day = database_clock().date()
    file = SimpleUploadedFile("terms.txt", b"Be fair.")
    terms = create_agreement(
        by=olga, title="Terms", kinds=[], wording=Wording(day, day, text="Be fair.", upload=file)
    )
    first, second = (Partner.objects.create(name=f"Westgate {n}", country="DE") for n in range(2))
    versions = {first.pk: 1, second.pk: 1}
    merge = merge_partners(first, into=second, by=ada, reason=MARKER, versions=versions)
    return {
        "certificate": (one.code,),
        "certificate_type": (kind.code,),
        "terms": (terms.agreement.code,),
        "terms_version": (terms.agreement.code, 1),
        "partner_merge": (merge.code,),
        "two_partners": (firm.code, second.code),
    }
