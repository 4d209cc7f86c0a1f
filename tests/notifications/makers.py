"""People and mails for the tests of the outbox."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts import enums, roles
from accounts.models import Role, User
from core.clock import database_clock
from notifications.models import Message
from notifications.services import notify

EVENT = "registration.reminder"
LINK = "/registrations/R-7KQ2MXA/"


def person(name: str, role: str = enums.PARTNER_REP, **fields: Any) -> User:
    """Somebody with the address <name>@firm.example, whatever an earlier test's flush left of the roles."""
    seed = next(seed for seed in roles.SEEDS if seed.code == role)
    row, _ = Role.objects.get_or_create(
        code=role, defaults={"name": seed.name, "side": seed.side, "permissions": seed.permissions}
    )
    return User.objects.create_user(f"{name.lower()}@firm.example", name=name, role=row, **fields)


def words(**changes: Any) -> dict[str, Any]:
    """A context that every wording can do with; `changes` go into the registration."""
    now = database_clock()
    return {
        "registration": {
            "code": "R-7KQ2MXA",
            "company_name": "Acme Pumps GmbH",
            "deal_name": "Plant monitoring",
            "partner_name": "Northgate",
            "status_label": "Protected",
            "protected_until": now + timedelta(days=60),
            **changes,
        },
        "decision": {
            "code": "D-4WX9PTC",
            "reason_label": "No proof of contact",
            "text": "Please send the meeting notes.\nThen we gladly look again.",
            "rule": "Contact within the last 30 days is required.",
            "policy_version": 3,
            "at": now,
        },
        "asked": {
            "code": "X-9KT2WQF",
            "text": "The board meets in autumn.",
            "due": now + timedelta(days=2),
            "days": 30,
            "receipt": "D-4WX9PTC",
        },
        "appeal": {"code": "V-3RD6KHP", "asked_at": now - timedelta(days=4)},
        "agreement": {
            "code": "G-5TN8KWR",
            "kind": "split",
            "text": "Both of you know the buyer.\nThe customer asked for it.",
            "is_holder": True,
            "own_share": 60,
            "other_share": 40,
            "with": "Southridge",
            "until": now.date() + timedelta(days=7),
            "answered": True,
            "silent": ["Southridge", "Eastfield"],
            "state": "declined",
            "who": "Southridge",
        },
        "registrations": [
            {
                "code": "R-7KQ2MXA",
                "company_name": "Acme Pumps GmbH",
                "partner_name": "Northgate",
                "due": now - timedelta(hours=2),
                "reviewer": "Mara Lind",
                **changes,
            }
        ],
        "lead": {
            "code": "L-3MN8RTD",
            "company_name": changes.get("company_name", "Acme Pumps GmbH"),
            "need": "Remote access to twelve presses.",
        },
        "leads": [
            {
                "code": "L-3MN8RTD",
                "company_name": changes.get("company_name", "Acme Pumps GmbH"),
                "need": "Remote access to twelve presses.",
                "since": now - timedelta(days=14),
            }
        ],
        "partner_name": changes.get("partner_name", "Northgate"),
        "message": "Ask for Ines.\nShe knows you.",
        "given_at": now,
        "answer_by": now + timedelta(days=3),
        "late": True,
        "reason_label": "No capacity at the moment",
        "text": "Both engineers are away.",
        "onward": "It was offered to Southridge.",
        "why": "No firm in the rotation is left for this lead.",
        "by": "Tom Reyes",
        "note": "You know these people.",
        "respond_by": now + timedelta(days=2),
        "days_left": 30,
        "still_active_url": "http://testserver/still-active/token/",
        "offer_url": "http://testserver/offers/mail/token/",
        "protection_days": 90,
        "business_days": 3,
        "expires_on": now + timedelta(days=30),
        "saved_until": now + timedelta(days=35),
        "silent_since": now - timedelta(days=50),
        "noted_on": now,
        "other_partner": "Southridge",
        "passed": "Deals of 90,000 and more are looked at by a channel manager.",
        "was": "21,000 EUR",
        "worth": "500,000 EUR",
        "said": "We met the board.\nThey sign in May.",
        "kept": ["minutes.pdf", "letter.txt"],
        "left": [{"name": "plan.svg", "why": "Files of this kind are not taken."}],
        "reason": "R-7KQ2MXA is now “Expired”, so it cannot be changed in this way any more.",
        "application": {
            "code": "A-2PL6HVZ",
            "contact_name": "Nora Vogt",
            "kind": "Reseller",
            "country": "Germany",
            "answer_by": now + timedelta(days=5),
        },
        "steps": [
            {"title": "Complete your profile", "due": now + timedelta(days=1), "help": ""},
            {"title": "Invite your colleagues", "due": now + timedelta(days=1), "help": ""},
        ],
        "change": "suspend",
        "headline": "Your firm is suspended",
        "status_label": "Suspended",
        "paper": {
            "code": "C-6HJ3QWT",
            "type": changes.get("company_name", "ISO 27001"),
            "kind": "certification",
            "number": "27-4411",
            "issuer": "Lloyd's Register",
            "holder": "Northgate",
            "valid_to": now.date() + timedelta(days=30),
            "reason": "The second page is missing.\nPlease add it.",
        },
        "first_day": None,
        "closes": ["Registering Gateways", "The tier Gold"],
        "number": 3,
        "first": changes.get("company_name", "Price list"),
        "to_acknowledge": [{"title": changes.get("company_name", "Code of conduct"), "due_on": now.date()}],
        "pieces": [{"title": "Price list", "kind": "Document"}],
        "more": 2,
        "groups": [
            {
                "title": "Registrations",
                "rows": [{"title": "Acme Pumps GmbH (R-7KQ2MXA)", "note": "protection ended"}],
                "more": 4,
            }
        ],
        "renewal_waits": False,
        "why_nothing": "No rule asks for it at the moment",
        "with_others": False,
        "to_vendor": False,
        "version": 4,
        "begins": now + timedelta(days=14),
        "applies_already": False,
        "changes": [{"label": "Protection", "text": "Approved, it is protected for 90 days."}],
        "terms": {
            "title": changes.get("company_name", "Partner terms"),
            "number": 2,
            "changes": "Payment within 30 days.\nReturns within 14.",
            "effective_on": now.date() + timedelta(days=40),
            "accept_by": now.date() + timedelta(days=30),
        },
        "again": False,
        "scope": changes.get("company_name", "Gateways in Europe"),
        "product_line": changes.get("company_name", "Gateways"),
        "begins_on": now.date() + timedelta(days=30),
        "ends_on": now.date() + timedelta(days=300),
        "refused": True,
        "taken_back": False,
        "own": True,
        "open": False,
        "requirement": "Gateways is for partners of Gold tier or higher. Other registrations are refused.",
        "lacks": [{"words": "It takes a valid Export Licence", "opens": "Upload your Export Licence."}],
        "piece": {
            "kind": "Document",
            "is_new": False,
            "title": changes.get("company_name", "Price list, second half"),
            "summary": "List prices and volume steps.",
            "changes": "Sensors are cheaper.",
            "due_on": now.date() + timedelta(days=9),
        },
        "program": {
            "name": changes.get("company_name", "Industrial Edge"),
            "summary": "For firms that connect machines.",
        },
        "stage": {
            "name": changes.get("company_name", "First deals"),
            "text": "Register two deals.",
        },
        "automatic": False,
        "was_enrolled": True,
        "action": "withdraw",
        "source": changes.get("company_name", "Silver"),
        "target": changes.get("company_name", "Gold"),
        "has": changes.get("company_name", "Silver"),
        "due_on": now.date() + timedelta(days=60),
        "up": True,
        "figures": [{"label": "Certified people", "shown": "3", "asked": "2"}],
        "missing": [{"label": "Won value", "shown": "80,000 EUR", "asked": "100,000 EUR"}],
        "path": {"name": changes.get("company_name", "Edge basics")},
        "certificate": "Edge Technician",
        "valid_until": now.date() + timedelta(days=365),
        "inviter_name": "Anna Berg",
        "firm_name": "Northgate",
        "accept_url": "http://testserver/invitations/token/",
    }


def tell(whom: User, occasion: str = "reminder:1", **changes: Any) -> Message:
    """`notify` with everything filled in, in a transaction of its own."""
    values: dict[str, Any] = {
        "event": EVENT,
        "context": words(),
        "link": LINK,
        "about": "R-7KQ2MXA",
        **changes,
    }
    with transaction.atomic():
        return notify(recipient=whom, occasion=occasion, **values)


def tell_many(count: int) -> list[Message]:
    """One mail each to reader0@firm.example, reader1@…, in this order of being due."""
    return [tell(person(f"Reader{number}"), f"batch:{number}") for number in range(count)]


def make_due(message: Message, **changes: Any) -> None:
    """As if its waiting time were over; `changes` to other columns come along."""
    Message.objects.filter(pk=message.pk).update(
        not_before=database_clock() - timedelta(seconds=1), **changes
    )


def row(message: Message) -> Message:
    """The message as it stands in the database now."""
    return Message.objects.get(pk=message.pk)
