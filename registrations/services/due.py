"""Which registrations a rung of the ladder may be due for: a coarse question to the database, by indexes.

It looks some hours ahead, as far as a reader's morning can lie from the time of day of the update; ladder.py then says to
the minute. What was dealt with is left out here, so a quiet sweep reads next to nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DurationField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from policies.models import RegistrationPolicy
from registrations.enums import Rung
from registrations.models import Milestone, Registration
from registrations.querysets import RegistrationQuerySet, answer_owed
from registrations.services.ladder import MARGIN

_DAY = Value(timedelta(days=1))


def due_for_a_rung(now: datetime) -> Iterator[Registration]:
    """Each at most once; some are not due yet to the minute."""
    protected = Registration.objects.protected()
    seen: set[int] = set()
    for policy in RegistrationPolicy.objects.filter(pk__in=protected.values("policy")):
        rows = protected.filter(policy=policy)
        for found in (_for_a_warning(rows, policy, now), _for_a_reminder(rows, policy, now)):
            for row in found:
                if row.pk not in seen:
                    seen.add(row.pk)
                    yield row


def _for_a_reminder(
    rows: RegistrationQuerySet, policy: RegistrationPolicy, now: datetime
) -> RegistrationQuerySet:
    sent = (
        Milestone.objects.filter(
            registration=OuterRef("pk"), epoch=OuterRef("protection_epoch"), rung=Rung.REMINDER
        )
        .order_by()
        .values("registration")
        .annotate(last=Max("day"))
        .values("last")
    )
    following = Coalesce(Subquery(sent), Value(0)) + Value(policy.reminder_days)
    at = F("last_update_at") + ExpressionWrapper(following * _DAY, DurationField())
    first_final = timedelta(days=max(policy.final_notice_days, default=0))
    return (
        rows.filter(last_update_at__lte=now - timedelta(days=policy.reminder_days) + MARGIN)
        .annotate(reminder_at=at)
        .filter(reminder_at__lte=now + MARGIN, reminder_at__lt=F("protected_until") - first_final + MARGIN)
        .order_by("id")
    )


def _for_a_warning(
    rows: RegistrationQuerySet, policy: RegistrationPolicy, now: datetime
) -> RegistrationQuerySet:
    wanted = [(Rung.FINAL, day) for day in policy.final_notice_days]
    if policy.grace_days:
        wanted.append((Rung.GRACE, 0))
    if policy.escalation_days:
        wanted.append((Rung.ESCALATION, policy.escalation_days))
    due: Any = Q(pk__in=[])
    for rung, day in wanted:
        dealt = Milestone.objects.filter(
            registration=OuterRef("pk"),
            epoch=OuterRef("protection_epoch"),
            rung=rung,
            until=OuterRef("protected_until"),
            day=day,
        )
        due |= Q(protected_until__lte=now + timedelta(days=day) + MARGIN) & ~Exists(dealt)
    furthest = max((day for _, day in wanted), default=0)
    # While an answer is owed the end waits, and so do its warnings.
    rows = rows.filter(due, ~answer_owed(now), protected_until__lte=now + timedelta(days=furthest) + MARGIN)
    return rows.order_by("id")
