"""Around the open registration: whose it is, who else looks, taking, handing over and setting it aside."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from registrations.enums import UNDER_REVIEW
from registrations.forms import triage as forms
from registrations.models import Registration
from registrations.queue import Reader
from registrations.views.review import choosing
from registrations.views.review.address import Address
from registrations.views.review.rows import snooze_words


def tools_of(
    registration: Registration,
    reader: Reader,
    address: Address,
    referees: list[choosing.Referee],
    refused: Any = None,
) -> dict[str, Any]:
    """What stands above the evidence. `refused` is a form that was sent and not accepted: it is shown again."""
    sorts = reader.user.may("registrations.decide") and registration.status in UNDER_REVIEW
    told: dict[str, Any] = {
        "look_url": reverse("registrations:look", args=[registration.code]),
        "review_by": _reviewer(registration, reader.user, referees),
        "snoozed": snooze_words(registration, reader),
        "sorting": None,
    }
    if sorts:
        told["sorting"] = {
            "take_url": ""
            if registration.reviewer_id == reader.user.pk
            else address.to("take", registration.code),
            "wake_url": address.to("wake", registration.code) if told["snoozed"].startswith("Comes") else "",
            "dialogs": _dialogs(registration, address, referees, refused),
        }
    return told


def _reviewer(
    registration: Registration, user: User, referees: list[choosing.Referee]
) -> dict[str, Any] | None:
    person = registration.reviewer
    if person is None:
        return None
    known = next((one for one in referees if one.person.pk == person.pk), None)
    return {
        "name": str(person),
        "is_reader": person.pk == user.pk,
        "away": known.away if known else "" if person.is_active else "account closed",
    }


def _dialogs(
    registration: Registration, address: Address, referees: list[choosing.Referee], refused: Any
) -> list[dict[str, Any]]:
    people = choosing.hand_over_choices(referees, besides=registration.reviewer_id)
    made = (
        forms.HandOverForm(people=people),
        forms.SnoozeForm(initial={"until": forms.next_monday(timezone.localdate())}),
    )
    about = {
        "hand_over": (
            "Hand over",
            "h",
            "user-check",
            "The new reviewer gets a mail. The partner hears nothing.",
        ),
        "snooze": (
            "Set aside",
            "z",
            "zzz",
            "It leaves the queue until that morning, or until the partner does something or a rival ends. "
            "The promised answer stays due.",
        ),
    }
    dialogs = []
    for form in made:
        label, key, icon, effect = about[form.action]
        again = refused is not None and refused.action == form.action
        dialogs.append(
            {
                "action": form.action,
                "label": label,
                "key": key,
                "icon": icon,
                "effect": effect,
                "form": refused if again else form,
                "open": again or address.open == form.action,
                "url": address.to(form.action, registration.code),
            }
        )
    return dialogs


def presence_words(names: list[str]) -> str:
    """'Mara is looking at this', 'Mara and Ada are looking at this'; empty for nobody."""
    if not names:
        return ""
    if len(names) == 1:
        return f"{names[0]} is looking at this"
    return f"{', '.join(names[:-1])} and {names[-1]} are looking at this"
