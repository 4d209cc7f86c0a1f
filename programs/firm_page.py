"""What a firm's page shows of its programs, its tier and its training, and what a merge of two firms does with them."""

from datetime import date

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.merging.relations import Relation
from partners.models import Partner
from partners.page_parts import Part
from programs import words
from programs.enums import ASKED, ENROLMENT_OPEN, EnrolmentStatus
from programs.models import Enrolment, Take
from programs.permissions import VIEW_ALL, VIEW_OWN
from programs.views.tiers.bars import ladder_of

_MOST = 50  # trained people listed on a firm's page; the others stand on their paths' pages

RELATIONS = (
    Relation(
        "programs.Enrolment.partner",
        "Enrolments in programs",
        shows="code",
        unless=("program",),
        among=Q(status__in=ENROLMENT_OPEN),
        already="The record that goes on has its own there. Where both take part, it takes over the stages and steps that only"
        " the other had.",
        wins=Q(status=EnrolmentStatus.ENROLLED),
        yields=Q(status__in=ASKED),
        instead="Who takes part goes before who was invited, or applied.",
    ),
    Relation("programs.Take.partner", "Training taken", goes_with="user__member"),
    Relation(
        "programs.ContentReach.partner",
        "What of the library is for it",
        stays="Each night finds anew what is for the firm.",
    ),
    Relation("programs.EnteredFigure.partner", "Figures that were entered"),
    Relation(
        "programs.Move.partner", "Moves between tiers", shows="code", stays="They were the old record's."
    ),
    Relation("programs.Snapshot.partner", "Daily figures", stays="They were the old record's."),
)


def parts_of(partner: Partner, reader: User) -> list[Part]:
    """Programs, the tier with what is missing to the next, training."""
    vendor = reader.may(VIEW_ALL)
    if not (vendor or reader.may(VIEW_OWN)):
        return []
    now = database_clock()
    parts = _programs(partner, vendor=vendor)
    ladder = ladder_of(partner, now)
    if ladder.bars or ladder.keeping:
        note = "The highest tier"
        if ladder.next_tier:
            note = f"{ladder.met} of {len(ladder.bars)} reached for {ladder.next_tier}"
        elif ladder.by_hand:
            note = f"{ladder.by_hand[0]} is given by hand"
        url = reverse("programs:firm_tier", args=[partner.code]) if vendor else reverse("programs:our_tier")
        parts.append(Part("tier", f"Tier: {ladder.tier}", url, None, note, icon="trophy", order=31))
    return [*parts, *_training(partner, vendor_day(now), vendor=vendor)]


def _programs(partner: Partner, *, vendor: bool) -> list[Part]:
    """How many it takes part in. For the vendor each with where the firm stands there, invitations and applications
    besides: one query."""
    rows = list(Enrolment.objects.open().filter(partner=partner).select_related("program"))
    rows.sort(key=lambda row: row.program.name)
    names = [row.program.name for row in rows if row.status == EnrolmentStatus.ENROLLED]
    note = ", ".join(names) or "Takes part in none"
    here = reverse("partners:partner", args=[partner.code])
    url = f"{here}#programs-title" if rows else reverse("programs:list")
    card = Part(
        *("programs", "Programs", url if vendor else reverse("programs:ours"), len(names), note),
        icon="package",
        order=30,
    )
    if not (vendor and rows):
        return [card]
    template = "programs/_firm_programs.html"
    return [card, Part("enrolments", "Programs", order=30, template=template, context={"rows": _rows(rows)})]


def _rows(enrolments: list[Enrolment]) -> list[dict[str, str]]:
    found = []
    for one in enrolments:
        label, tone = words.standing_of(one, vendor=True)
        since = shown.day(one.decided_at or one.asked_at)
        url = reverse("programs:enrolment", args=[one.code])
        found.append({"name": one.program.name, "url": url, "label": label, "tone": tone, "since": since})
    return found


def _training(partner: Partner, today: date, *, vendor: bool) -> list[Part]:
    """How many people passed training that is still valid. For the vendor besides who passed what, the first by name."""
    trained = Take.objects.valid(today).filter(partner=partner, user__is_active=True)
    people = trained.values("user").distinct().count()
    url = reverse("programs:training_desk" if vendor else "programs:training")
    found: list[Take] = []
    if vendor:
        found = list(
            trained.select_related("user", "path").order_by("user__name", "path__name", "pk")[: _MOST + 1]
        )
    if found:
        url = f"{reverse('partners:partner', args=[partner.code])}#training-title"
    card = Part("training", "Trained people", url, people, icon="school", order=32)
    if not found:
        return [card]
    context = {"rows": [_taken(take) for take in found[:_MOST]], "more": len(found) > _MOST}
    template = "programs/training/_firm_people.html"
    return [card, Part("trained", "Trained people", order=32, template=template, context=context)]


def _taken(take: Take) -> dict[str, str]:
    return {
        "name": str(take.user),
        "path": take.path.name,
        "url": reverse("programs:path_people", args=[take.path.code]),
        "passed": shown.day(take.passed_at),
        "until": shown.day(take.valid_until),
    }
