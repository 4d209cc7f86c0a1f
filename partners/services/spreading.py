"""A step that a source gives to many firms at once, such as one that was added to a program after they joined it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from accounts.models import User
from core.clock import Clock, database_clock
from partners.enums import EntryAudience, StepSide
from partners.models import FirmEntry, OnboardingStep, Partner
from partners.services import notices
from partners.services.onboarding import BEGINS_ANEW, StepWords, opened_at_once, row_of

_AT_ONCE = 1000


def give_to_many(
    partners: Collection[int],
    source: str,
    step: StepWords,
    *,
    label: str,
    by: User,
    clock: Clock = database_clock,
) -> int:
    """Gives firms (ids) a step of `source`, shown as `label`: each once, those that have it keep it as it is. Where its stage is
    open already the step is, too, its days count from now, and the firm's admins, or whoever keeps it, get a notice. Returns
    how many firms got it.

    A constant number of queries, however many firms. The caller has asked who may and whose steps these are.
    """
    with transaction.atomic():
        at = clock()
        given = OnboardingStep.objects.filter(source=source, key=step.key)
        # Behind the lock of each firm, as ticks are: a stage that opens meanwhile opens for this step, too.
        firms = list(
            Partner.objects.select_for_update(no_key=True)
            .filter(pk__in=partners)
            .exclude(pk__in=given.current().values("partner"))
            .order_by("pk")
        )
        rows = _rows(firms, source, step, label, at)
        OnboardingStep.objects.bulk_create(
            rows,
            batch_size=_AT_ONCE,
            update_conflicts=True,  # taken back once: it comes again
            unique_fields=["partner", "source", "key"],
            update_fields=BEGINS_ANEW,
        )
        data = {"source": label, "number": 1}
        entries = [
            FirmEntry(
                partner=firm, kind="steps_given", actor=by, at=at, data=data, audience=EntryAudience.BOTH
            )
            for firm in firms
        ]
        FirmEntry.objects.bulk_create(entries, batch_size=_AT_ONCE)
        opened = [row.partner for row in rows if row.opened_at is not None]
        if step.side == StepSide.VENDOR and opened:
            notices.ours_given(opened, source, label, but_not=by, at=at)
        elif step.side == StepSide.PARTNER:
            notices.step_given(opened, step.title, f"{source}:{step.key}", but_not=by, at=at)
    return len(firms)


def _rows(
    firms: list[Partner], source: str, step: StepWords, label: str, at: datetime
) -> list[OnboardingStep]:
    undone = OnboardingStep.objects.undone().filter(partner__in=firms, source=source, required=True)
    # The stage at which each firm stands: the first with a required step undone.
    standing = dict(undone.order_by().values_list("partner").annotate(first=Min("stage")))
    return [
        opened_at_once(row, at) if step.stage <= standing.get(firm.pk, step.stage) else row
        for firm in firms
        for row in [row_of(firm, source, label, step)]
    ]
