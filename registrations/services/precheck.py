"""The instant answer before submitting (R3): 'clear' or 'needs review', counted and logged, the same for all."""

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from companies.matching import CompanyQuery
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, TooMany
from policies.models import RegistrationPolicy
from registrations import conflicts
from registrations.models import PrecheckLog


def precheck(query: CompanyQuery, *, by: User, clock: Clock = database_clock) -> bool:
    """True for 'clear'. Anything else, a failed search included, is 'needs review'.

    Raises TooMany when the firm has used up the policy's questions for 24 hours, BadInput for a name that says nothing.
    """
    member = getattr(by, "member", None)
    if member is None or not by.may("registrations.register"):
        raise NotAllowed("Only members of a partner can ask this.")
    if not any(character.isalnum() for character in query.name):
        raise BadInput("Enter the company's name with at least one letter or digit.", field="company_name")
    now = clock()
    with transaction.atomic():
        policy = RegistrationPolicy.objects.in_force(now)
        asked = PrecheckLog.objects.filter(partner=member.partner, at__gt=now - timedelta(days=1)).count()
        if asked >= policy.prechecks_per_day:
            raise TooMany(
                "Your firm has asked as often as the policy allows for today. You can register all the same."
            )
        findings = conflicts.check(query, at=now, least=policy.review_score)
        clear = not (findings.failed or findings.crowd or findings.conflicts)
        PrecheckLog.objects.create(
            user=by, partner=member.partner, asked=query.name[:200], clear=clear, at=now
        )
    return clear
