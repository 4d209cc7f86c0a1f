"""What the matrix asks for: one of each, alice's where it belongs to somebody."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import companies.services as company_services
from companies.matching import CompanyQuery
from companies.models import NamedAccount
from core.clock import database_clock
from notifications.models import Message, Notice
from partners.services import invite, link_for
from policies.services import publish_version
from registrations.enums import RefusalReason
from registrations.services import decisions, still_active
from registrations.services.attachments import attach
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
    return Things(
        {
            "partner": (alice.member.partner.code,),
            "colleague": (dan.pk,),
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
            "still_active": (still_active.link_for(held).split("/still-active/")[1].strip("/"),),
            "company": (one.code,),
            "verdict": (one.code, verdict.other(one).code),
            "named_account": (account.code,),
            "notice": (Notice.objects.filter(user=alice).earliest("pk").pk,),
            "message": (Message.objects.filter(recipient=alice).earliest("pk").pk,),
        }
    )
