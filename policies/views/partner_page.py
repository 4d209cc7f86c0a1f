"""What a partner's people read on the policy page besides its sentences: what binds their own firm (L1)."""

from datetime import datetime
from typing import Any, TypeVar

from django.urls import reverse

from accounts.models import User
from catalog.money import base_currency
from partners.models import Partner
from partners.services.certificates.submitting import may_submit
from policies.forms.asking import AskForm
from policies.mine import mine
from policies.models import Guidance
from policies.words import Change, Kind, Sentence, for_tier

_About = TypeVar("_About", Sentence, Change)


def firm_context(user: User, now: datetime) -> dict[str, Any]:
    """`mine` and the question's form; nothing for people without a firm."""
    firms = Partner.objects.filter(members__user=user).prefetch_related("territories")
    firm = firms.first()
    if firm is None:
        return {}
    return {
        "mine": mine(firm, now),
        "hand_in_url": reverse("partners:submit_certificate", args=[firm.code])
        if may_submit(user, firm)
        else "",
        "ask_form": AskForm(base=base_currency()) if user.may("registrations.register") else None,
    }


def own_words(now: datetime) -> list[Sentence]:
    """Operations' own dos and don'ts, beside those that the settings make."""
    return [Sentence("", Kind(text.kind), text.text) for text in Guidance.objects.in_force(now)]


def for_reader(found: list[_About], user: User) -> list[_About]:
    """Sentences or changes without the limits of other tiers than the reader's own firm has; the vendor's people read all."""
    member = getattr(user, "member", None)
    return found if member is None else for_tier(found, member.partner.tier)
