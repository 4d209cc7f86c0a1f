"""What every change of the registration policy is checked for before it is written."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from core.errors import BadInput, NotAllowed
from partners.enums import PartnerKind
from policies.contradictions import contradictions, ground_now
from policies.enums import RequiredField
from policies.models import RegistrationPolicy
from policies.settings import SETTINGS

_FURTHEST = timedelta(days=2 * 365)
NOTE_LENGTH = 200


def check_may_edit(by: User) -> None:
    """Raises NotAllowed without 'policies.edit'."""
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")


def one_at_a_time() -> None:
    """The first version's row is the lock: two that publish at once must not take one number."""
    RegistrationPolicy.objects.select_for_update().get(version=1)


def next_number() -> int:
    """The number of the next version; call under the lock."""
    last: int = RegistrationPolicy.objects.order_by("-version").values_list("version", flat=True)[0]
    return last + 1


def each_by_itself(values: dict[str, Any]) -> dict[str, Any]:
    """The settings in their usual form, each of them checked for itself. Raises BadInput that names the first that is not
    one, or that no version has."""
    unknown = set(values) - set(SETTINGS)
    if unknown:
        raise BadInput(f"There is no setting called {', '.join(sorted(unknown))}.", field=min(unknown))
    kept = {**values}
    if "final_notice_days" in kept:
        kept["final_notice_days"] = sorted(set(kept["final_notice_days"] or []), reverse=True)
    for name, choices in (("registering_kinds", PartnerKind), ("required_fields", RequiredField)):
        if name in kept:
            kept[name] = in_order(kept[name] or [], choices.values)
    if kept.get("registering_kinds") == PartnerKind.values:
        kept["registering_kinds"] = []
    trial = RegistrationPolicy(**kept)
    others = {field.name for field in trial._meta.fields} - set(kept)
    try:
        trial.clean_fields(exclude=others | {"final_notice_days"})
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadInput(" ".join(messages), field=field) from error
    return {name: getattr(trial, name) for name in kept}


def in_order(given: list[str], known: list[str]) -> list[str]:
    """Codes in the order of their closed list, each once; those that it does not have come last, to be refused."""
    return [code for code in known if code in given] + sorted(set(given) - set(known))


def all_together(values: dict[str, Any]) -> dict[str, Any]:
    """A complete set of settings that fit together. Raises BadInput that names the first that does not."""
    checked = each_by_itself(values)
    for field, told in contradictions(checked, ground_now()).items():
        raise BadInput(told.words, field=field)
    return checked


def start_of(wanted: datetime | None, now: datetime) -> datetime:
    """When it begins; None is now. Raises BadInput for the past, and for what is too far ahead."""
    if wanted is None:
        return now
    if wanted < now:
        raise BadInput(
            "A version can't begin in the past: decisions were made by another one then.", "effective_from"
        )
    if wanted > now + _FURTHEST:
        raise BadInput("Choose a day within the next two years.", "effective_from")
    return wanted


def check_free(start: datetime, now: datetime) -> None:
    """Raises BadInput where another version waits to begin at that very moment: it would never apply, and partners would have
    been told that it does."""
    other = RegistrationPolicy.objects.scheduled(now).filter(effective_from=start).first()
    if other is not None:
        raise BadInput(
            f"Version {other.version} begins at that very moment. Choose another time, or take it back first.",
            "effective_from",
        )


def note_of(note: str) -> str:
    """What changes and why. Raises BadInput for none, and for one that is too long."""
    text = " ".join(note.split())
    if not text:
        raise BadInput("Say what changes and why, for those who read it later.", "note")
    if len(text) > NOTE_LENGTH:
        raise BadInput(f"Please keep this to {NOTE_LENGTH} characters.", "note")
    return text
