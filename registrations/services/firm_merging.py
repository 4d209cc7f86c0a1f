"""What a merge of two partner records does in this app: registrations go over, unless a rule of theirs would break."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import User
from companies.services import lock_companies, lock_registry
from partners.merging.relations import Moved, Relation
from partners.models import Partner
from registrations.enums import OPEN, AgreementState, Audience, Status
from registrations.models import Agreement, Line, Registration, TimelineEntry
from registrations.services import notices, timeline

_NAME = "registrations.Registration.partner"
# Sentences shown of each kind: who reads ten knows what to do with the rest.
_MOST = 10
_BEGUN = "draft"  # the first entry of a timeline, by its author


def _written(people: Collection[int], since: datetime) -> Q:
    """Registrations that these members began since, whoever looks after them now."""
    begun = TimelineEntry.objects.filter(kind=_BEGUN, actor__member__in=people, at__gte=since)
    return Q(Exists(begun.filter(registration=OuterRef("pk"))))


def _lock(rows: QuerySet[Registration]) -> None:
    """Registry, then companies: as for a submission, which holds its draft in between."""
    if not rows.exists():
        return
    lock_registry()
    found = rows.exclude(company=None).order_by().values_list("company", flat=True)
    lock_companies({company for company in found if company is not None})


RELATIONS = (
    # A registration belongs to its owner's firm: its owner could not open it any more otherwise. One that the merge moved
    # stays only where a person of the survivor has taken it over.
    Relation(
        _NAME,
        "Registrations",
        shows="code",
        goes_with="owner__member",
        returns=~Q(owner__member__partner=F("partner")),
        written=_written,
        lock=_lock,
    ),
    Relation("registrations.PrecheckLog.partner", "Questions before submitting"),
)


def clashes(gone: Partner, survivor: Partner) -> Iterable[str]:
    """What forbids the merge: one firm never competes with itself for a deal, nor waits behind or sells along with itself."""
    yield from _one_deal_twice(gone, survivor)
    yield from _behind_each_other(gone, survivor)
    yield from _sold_together(gone, survivor)


def note(moved: Moved, *, by: User, at: datetime) -> None:
    """An entry for the vendor in the timeline of every open registration whose firm changed; who wrote what does not go back
    with them is told by mail."""
    kind = "firm_parted" if moved.back else "firm_merged"
    words = (
        f"{moved.target.name} stands for itself again, apart from {moved.source.name}."
        if moved.back
        else f"{moved.source.name} is part of {moved.target.name} now."
    )
    rows = Registration.objects.open().filter(pk__in=moved.keys.get(_NAME, []))
    for registration in rows.order_by("rank").select_for_update(of=("self",)):
        timeline.record(registration, kind, actor=by, at=at, data={"text": words}, audience=Audience.VENDOR)
    _tell_of_what_stays(moved, at)


def _tell_of_what_stays(moved: Moved, at: datetime) -> None:
    rows = Registration.objects.filter(pk__in=moved.stays.get(_NAME, []))
    for registration in rows.select_related("partner__manager").order_by("pk"):
        begun = registration.timeline.filter(kind=_BEGUN, actor__is_active=True)
        author = begun.filter(actor__member__partner=moved.target).select_related("actor").first()
        people = [author.actor] if author is not None and author.actor else None
        notices.tell_partner(
            registration,
            "registration.stayed_behind",
            occasion=f"parted:{moved.merged_at.isoformat()}",
            people=people or notices.people_beside(moved.target, [], at),
            link=reverse("registrations:list"),
            at=at,
            own_firm=moved.target.name,
        )


def _one_deal_twice(gone: Partner, survivor: Partner) -> Iterator[str]:
    """Open registrations of both for one company that share a product line."""
    own = Registration.objects.filter(partner=gone, status__in=OPEN)
    theirs = Registration.objects.filter(partner=survivor, status__in=OPEN, company__in=own.values("company"))
    rivals = list(theirs.select_related("company").order_by("pk")[:200])
    ours = list(own.filter(company__in=[row.company_id for row in rivals]).order_by("pk"))
    lines: dict[int, set[int]] = {row.pk: set() for row in (*rivals, *ours)}
    for registration, line in Line.objects.filter(registration__in=lines).values_list(
        "registration_id", "product_line_id"
    ):
        lines[registration].add(line)
    told = 0
    for row in ours:
        for rival in rivals:
            if row.company_id == rival.company_id and lines[row.pk] & lines[rival.pk] and told < _MOST:
                told += 1
                yield (
                    f"Both have an open registration for {rival.company} with the same product line: {row.code} and"
                    f" {rival.code}. End one of them first."
                )


def _behind_each_other(gone: Partner, survivor: Partner) -> Iterator[str]:
    pair = [gone.pk, survivor.pk]
    waiting = Registration.objects.filter(
        partner__in=pair, waits_for__partner__in=pair, status__in=[Status.WAITLISTED, Status.OFFERED]
    ).select_related("waits_for", "partner")
    for row in waiting.order_by("rank")[:_MOST]:
        assert row.waits_for is not None
        if row.waits_for.partner_id != row.partner_id:
            yield f"{row.code} of {row.partner} waits in line behind {row.waits_for.code} of the other. Decide about it first."


def _sold_together(gone: Partner, survivor: Partner) -> Iterator[str]:
    pair = [gone.pk, survivor.pk]
    current = Agreement.objects.filter(
        ended_at=None,
        state__in=[AgreementState.PROPOSED, AgreementState.AGREED],
        holder__partner__in=pair,
        other__partner__in=pair,
    ).select_related("holder", "other")
    for row in current.order_by("pk")[:_MOST]:
        if row.holder.partner_id != row.other.partner_id:
            yield (
                f"{row.code} is a {row.get_kind_display().lower()} between the two, over {row.holder.code} and"
                f" {row.other.code}. It has to end first."
            )
