"""Where random lives (life.py) take place: the people, companies and policies of all of them, and what makes a step cheap."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest import mock

from django.core.files.storage import InMemoryStorage

from accounts import enums
from accounts.models import User
from catalog.models import Currency, ProductLine
from companies.evidence import Candidate, SearchResult
from companies.matching import CompanyQuery
from companies.models import Company, Verdict
from companies.services import create_company
from companies.services.registry import Resolution
from notifications.rendering import Mail
from partners.enums import MilestoneKind, PartnerStatus
from partners.models import FirmMilestone, Partner
from policies.models import RegistrationPolicy
from policies.querysets import RegistrationPolicyQuerySet
from registrations.models import Attachment
from tests.people import MONDAY, make_user

NAMES = ("Acme Pumps GmbH", "Zeta Bakery Oy", "Acme Pump Group")
OFTEN = [NAMES[0]] * 3 + [NAMES[1]] * 2 + [NAMES[2]]
LIKE = "Acme Pump"  # companies whose names begin so may be one


class World:
    """The people, companies and product lines of all lives; made once, outside of the lives."""

    def __init__(self) -> None:
        self.mara = make_user("Mara", enums.CHANNEL_MANAGER)
        self.noor = make_user("Noor", enums.CHANNEL_MANAGER)  # decides about what Mara decided
        self.reps: list[User] = []
        for name in ("Northgate", "Southridge", "Eastwind"):
            firm = Partner.objects.create(
                name=name, country="DE", status=PartnerStatus.ACTIVE, manager=self.mara, tier="platinum"
            )
            self.reps.append(make_user(f"Rep {name}", enums.PARTNER_REP, firm))
        # Two firms have been here for long; the third one's firsts are still to come, in each life.
        for rep in self.reps[:2]:
            for kind in (MilestoneKind.FIRST_REGISTRATION, MilestoneKind.FIRST_WIN):
                FirmMilestone.objects.create(
                    partner=rep.member.partner, kind=kind, at=MONDAY, about="", label=""
                )
        self.by_key = {rep.pk: rep for rep in self.reps}
        self.lines = [
            ProductLine.objects.get_or_create(code=code, defaults={"name": code})[0] for code in ("a", "b")
        ]
        self.companies = {name: create_company(CompanyQuery(name, country="DE"), by=None) for name in NAMES}
        self.policies = [
            self._policy(1, waitlist_same=True, review_other_scope=False),
            self._policy(2, waitlist_same=True, scope_product_line=False),
            self._policy(3, auto_approve_below=Decimal(10_000)),
        ]
        self.in_force = self.policies[0]
        self.currency = Currency.objects.filter(rate_to_base=1).earliest("pk")

    def _policy(self, number: int, **settings: Any) -> RegistrationPolicy:
        return RegistrationPolicy.objects.create(
            version=100 + number,
            effective_from=MONDAY,
            created_at=MONDAY,
            cooling_off_days=0,
            extension_evidence_required=False,
            **settings,
        )


@contextmanager
def cheap(world: World) -> Iterator[None]:
    """Mails without their words, and companies found by name: the parts of a step that cost most and decide nothing."""

    def found(query: CompanyQuery, **_: Any) -> Resolution:
        return Resolution(Company.objects.get(pk=world.companies[query.name].pk).survivor(), "found")

    def search(query: CompanyQuery, *, about: Company, **_: Any) -> SearchResult:
        met = [Candidate(about, 1.0, "same", (), about.name)]
        if about.name.startswith(LIKE):
            judged = Verdict.objects.active().about(about.pk).values_list("low", "high")
            known = {about.pk}.union(*judged)
            others = Company.objects.standing().filter(name__startswith=LIKE).exclude(pk__in=known)
            met += [Candidate(other, 0.7, "likely", (), other.name) for other in others]
        return SearchResult(met)

    def mail(event: str, **_: Any) -> Mail:
        return Mail(subject=event, text=event, html=event, language="en")

    def in_force(*_: Any) -> RegistrationPolicy:
        return world.in_force

    with (
        mock.patch("notifications.services.render_mail", mail),
        mock.patch("registrations.services.submission.find_or_create_company", found),
        mock.patch.object(RegistrationPolicyQuerySet, "in_force", in_force),
        mock.patch("registrations.conflicts.search", search),
        mock.patch.object(Attachment._meta.get_field("file"), "storage", InMemoryStorage()),
    ):
        yield


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python looks for garbage seldom, and not among what is there already: a fifth of a step's time otherwise."""
    often = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*often)
        gc.unfreeze()
