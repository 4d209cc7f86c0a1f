"""Who is next, and whom it touches besides, in sentences. What is said is read by the functions that will decide."""

from collections.abc import Sequence

from registrations.enums import AgreementState
from registrations.models import Agreement, Registration
from registrations.services.merging import place_given_back
from registrations.services.next_turns import Due, Place
from registrations.services.turns import Course
from registrations.views.review.naming import joined, named

_COURSES = {
    Course.OFFER: "It is then the turn of {who}: they are offered the deal by mail.",
    Course.REVIEW: "It is then the turn of {who}: it goes back to review first, and they are told so by mail.",
    Course.REFUSE: "{who} is next and is refused by the policy; they get a mail that says why.",
    Course.PASS: "{who} is passed over: the policy does not let them have it now, and they read why.",
}
_PLACES = {
    Place.INACTIVE: "{who} is passed over, since the firm is not active.",
    Place.DISPUTED: "{who} waits until the appeal about the order of the line is answered.",
    Place.ANEW: "It is then kept for {who}, whose appeal was granted, until you have decided about it. They are told so.",
    Place.INSTEAD: "It is then kept for {who}, submitted first, until you have decided about it.",
}


def next_in_line(dues: Sequence[Due]) -> str:
    """What becomes of the line, in its order: who is passed over, whose turn it is."""
    return joined(*(_said(due) for due in dues))


def _said(due: Due) -> str:
    if due.turn is not None:
        return _COURSES[due.turn.course].format(who=named(due.waiting))
    return _PLACES[due.place].format(who=named(due.first or due.waiting)) if due.place in _PLACES else ""


def gives_way(review: Registration) -> str:
    """What becomes of the place of `review`, and of who is behind, where its company and the holder's become one."""
    return place_given_back(named(review))


def beside(registration: Registration) -> str:
    """What becomes of a split or a proposal that ends with the registration, and who is told."""
    rows = Agreement.objects.current().of(registration).select_related("holder__partner", "other__partner")
    said = []
    for row in rows:
        other = row.other if row.holder_id == registration.pk else row.holder
        if row.state == AgreementState.PROPOSED:
            said.append(f"The proposal to {named(other)} ends, and they are told so by mail.")
        else:
            said.append(
                f"The split with {named(other)} ends; they go back into line and are told so by mail."
            )
    return joined(*said)
