"""What a firm's page shows of its programs, its tier and its training, and what a merge of two firms does with them."""

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.clock import database_clock
from partners.merging.relations import Relation
from partners.models import Partner
from partners.page_parts import Part
from programs.enums import ENROLMENT_OPEN
from programs.models import Enrolment, Take
from programs.permissions import VIEW_ALL, VIEW_OWN
from programs.views.tiers.bars import ladder_of

RELATIONS = (
    Relation(
        "programs.Enrolment.partner",
        "Enrolments in programs",
        shows="code",
        unless=("program",),
        among=Q(status__in=ENROLMENT_OPEN),
    ),
    Relation("programs.Take.partner", "Training taken"),
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
    names = list(
        Enrolment.objects.enrolled()
        .filter(partner=partner)
        .order_by("program__name")
        .values_list("program__name", flat=True)
    )
    parts = [
        Part(
            "programs",
            "Programs",
            reverse("programs:list" if vendor else "programs:ours"),
            len(names),
            ", ".join(names) or "Takes part in none",
            icon="package",
            order=30,
        )
    ]
    ladder = ladder_of(partner, now)
    if ladder.bars or ladder.keeping:
        note = "The highest tier"
        if ladder.next_tier:
            note = f"{ladder.met} of {len(ladder.bars)} reached for {ladder.next_tier}"
        elif ladder.by_hand:
            note = f"{ladder.by_hand[0]} is given by hand"
        url = reverse("programs:firm_tier", args=[partner.code]) if vendor else reverse("programs:our_tier")
        parts.append(Part("tier", f"Tier: {ladder.tier}", url, None, note, icon="trophy", order=31))
    trained = Take.objects.valid(now.date()).filter(partner=partner, user__is_active=True)
    people = trained.values("user").distinct().count()
    where = reverse("programs:training_desk" if vendor else "programs:training")
    parts.append(Part("training", "Trained people", where, people, "", icon="school", order=32))
    return parts
