"""What is kept for a review keeps out who came later, never who came first: whoever decides can give the deal to one that came
before it, such as the registration of a lead that was given earlier. What was kept is given back by that decision."""

from collections.abc import Collection, Sequence
from datetime import datetime

from registrations.enums import UNDER_REVIEW, Audience
from registrations.models import Holding, Registration
from registrations.services import giving_back, holdings, places, timeline
from registrations.services.locks import lock_registrations

KIND = "given_back"


def keeping_out(registration: Registration, held: Collection[Holding] | None = None) -> list[Holding]:
    """What others hold, or what is kept for them, that `registration` can't be given the deal past. `held` is all that they hold,
    where it was read already."""
    held = holdings.held_by_others(registration) if held is None else held
    later = {review.pk for review in reviews_behind(registration, held)}
    return [holding for holding in held if holding.registration_id not in later]


def reviews_behind(registration: Registration, held: Collection[Holding] | None = None) -> list[Registration]:
    """The reviews that came after `registration`, though something that it would get is kept for them; the earliest first. An
    offer is more than that: it is promised until it is answered."""
    held = holdings.held_by_others(registration) if held is None else held
    kept = {holding.registration_id for holding in held if holding.reserved}
    turn = places.turn_of(registration)
    # Who has left the line for a review has no place in it any more: where a manager put others before this one, that may be it.
    if not kept or turn is None or turn > (registration.rank or 0):
        return []
    reviews = Registration.objects.filter(pk__in=kept, status__in=UNDER_REVIEW, rank__gt=turn)
    return list(reviews.select_related("partner", "policy").order_by("rank"))


def companies_of(reviews: Collection[Registration]) -> set[int]:
    """Those that have to be locked to give back what is kept for `reviews`: where they stand, and where it is kept."""
    kept = Holding.objects.filter(registration__in=reviews, ended_at=None).values_list("company", flat=True)
    return {*kept, *(review.company_id for review in reviews if review.company_id is not None)}


def make_room(registration: Registration, reviews: Sequence[Registration], *, at: datetime) -> None:
    """Gives back all that is kept for `reviews`, and writes down for the vendor why. They stay under review. The caller holds the
    companies."""
    words = (
        f"{registration.code} came before it and was given the deal: nothing is kept for this one any more."
    )
    locked = lock_registrations([review.pk for review in reviews])
    for review in (locked[review.pk] for review in reviews):
        giving_back.let_go(review, at=at, whole=True)
        data = {"text": words}
        timeline.record(review, KIND, actor=None, at=at, data=data, audience=Audience.VENDOR)
