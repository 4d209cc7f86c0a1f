"""What the desk offers to choose from: partners, territories, reviewers, and the forms for many at once."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.absences import Roster
from accounts.models import User
from catalog.models import Territory
from partners.models import Partner
from registrations.forms import triage as forms
from registrations.models import Registration
from registrations.queue import Reader
from registrations.referee_words import QUESTION
from registrations.services import routing
from registrations.views.review.address import Address


@dataclass(frozen=True)
class Referee:
    """Somebody who may decide, with what to know before handing them something."""

    person: User
    in_hand: int
    away: str
    is_reader: bool

    @property
    def label(self) -> str:
        told = ["you"] if self.is_reader else []
        told.append(f"{self.in_hand} in hand")
        told += [self.away] if self.away else []
        return f"{self.person} ({', '.join(told)})"


def referees_of(reader: Reader) -> list[Referee]:
    """Everybody who may decide, by name: one query."""
    return [
        Referee(
            person,
            person.in_hand,  # type: ignore[attr-defined]
            away_words(person, reader.roster),
            person.pk == reader.user.pk,
        )
        for person in routing.referees()
    ]


def away_words(person: User, present: Roster) -> str:
    """'away until 3 Dec, Ada stands in'; empty for those who are here."""
    absence = present.away.get(person.pk)
    if absence is None:
        return ""
    acting = present.stand_in(person)
    told = f"away until {absence.ends_on:%-d %b}"
    return f"{told}, {acting} stands in" if acting else f"{told}, nobody stands in"


def partners(user: User) -> list[tuple[str, str]]:
    """Partners that have something in the queue."""
    waiting = Registration.objects.visible_to(user).under_review().values("partner")
    line = Registration.objects.visible_to(user).in_line().order_by().values("partner")
    found = Partner.objects.filter(Q(pk__in=waiting) | Q(pk__in=line))
    return list(found.order_by("name").values_list("code", "name"))


def choices(referees: list[Referee], user: User) -> dict[str, list[tuple[str, str]]]:
    """Choices of the further filters."""
    people = [(str(one.person.pk), str(one.person)) for one in referees if one.person.pk != user.pk]
    territories = Territory.objects.order_by("name").values_list("code", "name")
    return {
        "reviewers": [("me", "Me"), ("nobody", "Nobody"), *people],
        "territories": list(territories),
    }


def hand_over_choices(referees: list[Referee], *, besides: int | None = None) -> list[tuple[str, str]]:
    """To whom something can be handed, whose turn it is first."""
    people = [(str(one.person.pk), one.label) for one in referees if one.person.pk != besides]
    return [("turn", "Whose turn it is (fewest in hand)"), *people]


def bulk_forms(referees: list[Referee], address: Address, refused: Any = None) -> dict[str, Any]:
    """What can be done to all that are chosen: a button and a form each. `refused` is a form that was sent and not
    accepted: it is shown again."""
    dialogs = _dialogs(referees)
    for dialog in dialogs:
        code = dialog["form"].action
        if refused is not None and refused.action == code:
            dialog["form"] = refused
        dialog |= {"code": code, "open": bool(address.items) and address.open == code}
    return {
        "url": reverse("registrations:bulk") + address.query(),
        "items": address.items,
        "ticked": {item.partition(":")[0] for item in address.items},
        "dialogs": dialogs,
    }


def _dialogs(referees: list[Referee]) -> list[dict[str, Any]]:
    people = hand_over_choices(referees)
    monday = forms.next_monday(timezone.localdate())
    return [
        _dialog("approve", "Approve", "shield-check", forms.BulkApproveForm(), _APPROVE),
        _dialog("hand_over", "Hand over", "user-check", forms.BulkHandOverForm(people=people), _HAND_OVER),
        _dialog("ask", "Ask", "message-question", forms.BulkAskForm(initial={"text": QUESTION}), _ASK),
        _dialog("refuse", "Refuse", "ban", forms.BulkRefuseForm(), _REFUSE, tone="danger"),
        _dialog("snooze", "Set aside", "zzz", forms.BulkSnoozeForm(initial={"until": monday}), _SNOOZE),
    ]


_APPROVE = (
    "Each that nothing stands against is approved; its partner gets protection and a mail. Those that may collide, "
    "or would go before others in line, stay where they are and are named."
)
_HAND_OVER = "The new reviewer gets one mail about all of them. Partners hear nothing."
_ASK = (
    "Each partner gets a mail with this question; the clocks stand still until they answer, but for those whose turn in "
    "line came."
)
_REFUSE = "Each partner gets a mail with this reason and text."
_SNOOZE = "They leave the queue until that day. The promised answer stays due; partners hear nothing."


def _dialog(action: str, label: str, icon: str, form: Any, effect: str, tone: str = "") -> dict[str, Any]:
    return {"action": action, "label": label, "icon": icon, "form": form, "effect": effect, "tone": tone}
