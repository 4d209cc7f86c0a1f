"""What the matrix asks for: one of each, alice's where it belongs to somebody."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import companies.services as company_services
from accounts.absences import plan_absence
from catalog.models import Territory
from companies.matching import CompanyQuery
from companies.models import NamedAccount, Suggestion
from core.clock import database_clock
from leads.services import giving
from notifications.models import Message, Notice
from partners.services import invite, link_for
from policies.services import publish_version
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
from tests.leads.makers import make_lead
from tests.people import draft_for, submitted

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
    for person, code in ((alice, "north"), (charlie, "south")):
        person.member.partner.territories.add(Territory.objects.create(code=code, name=code))
    north = Territory.objects.get(code="north")
    given, pooled, fresh = (
        make_lead(mara, f"Lead {MARKER} {name}", gateways, clock=database_clock, need=MARKER, territory=north)
        for name in ("given", "pooled", "new")
    )
    giving.give(given, way="hand", by=mara, partner=alice.member.partner)
    giving.put_into_pool(pooled, by=mara)
    return given, pooled, fresh
