"""What makes an update count (R7): it says something new, with evidence where the policy asks for it.

The same words again, in whichever field or note, keep nothing alive: large firms held names for years by sending one
form each month. Nor does a value that the field has had before: a stage that goes back and forth says nothing new
without a word about why.
"""

import unicodedata
from decimal import Decimal, InvalidOperation

from registrations.enums import Action
from registrations.models import Registration

# Changes that say that somebody works on the deal. Others are written, too, but do not count alone.
COUNTING = {"stage", "value", "expected_close", "next_step", "contact_made", "contact_on"}
TEXTS = {"next_step", "competitors"}
# Where a partner tells something in words after submitting.
_TOLD = (Action.UPDATE, Action.ANSWER, Action.ASK_EXTENSION, Action.APPEAL)

_NOTHING_NEW = (
    "Nothing new is said here: the same words again do not count, nor does a stage or a value that the deal has had before. "
    "Tell us what moved: the stage, the value, the closing date, the next step, a contact, or a sentence about what happened."
)
_NO_EVIDENCE = (
    "The policy asks for evidence with an update: enter the day of a contact since the last update, or attach a file "
    "that the registration does not have yet."
)

Changes = dict[str, list[str]]


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same but for case, spaces and punctuation."""
    return _words(one) == _words(other)


def why_not(registration: Registration, changes: Changes, note: str) -> str:
    """Why an update with these changes (field → [before, after]) and this note does not count; '' when it does.

    `registration` carries the changes already. Evidence is asked for apart: `lacks_evidence`.
    """
    told = {name for name, (_, after) in changes.items() if name in COUNTING and after.strip()}
    if "contact_on" in told and _is_older(changes["contact_on"], registration):
        told.discard("contact_on")
    told_before = registration.timeline.filter(kind__in=_TOLD)
    earlier = list(told_before.values_list("data__changes", "data__text"))
    texts = _texts_before(registration, changes, earlier)
    for name in told:
        after = changes[name][1]
        if not (_is_known(after, texts) if name in TEXTS else _said_before(name, after, earlier)):
            return ""
    new = bool(_words(note)) and not _is_known(note, texts)
    return "" if new else _NOTHING_NEW


def lacks_evidence(registration: Registration, changes: Changes, *, with_file: bool) -> str:
    """What to say when the policy wants evidence and there is none since the last update; '' when all is well. The same
    file again is none; `with_file` says that a new one comes with it."""
    if registration.policy is None or not registration.policy.update_evidence_required or with_file:
        return ""
    since = registration.last_update_at
    contact = registration.contact_on if "contact_on" in changes else None
    if contact is not None and (since is None or contact >= since.date()):
        return ""
    files = registration.attachments.filter(added_by__member__partner=registration.partner_id)
    if since is not None:
        earlier = registration.attachments.filter(added_at__lte=since).values("sha256")
        if files.filter(added_at__gt=since).exclude(sha256__in=earlier).exists():
            return ""
    return _NO_EVIDENCE


def _texts_before(
    registration: Registration, changes: Changes, earlier: list[tuple[Changes | None, str | None]]
) -> list[str]:
    """All that was told in words before, when it was submitted, asked for or updated, in whichever field or note: moved to
    another field, it is nothing new."""
    texts = [registration.contact_note, *(text for _, text in earlier if text)]
    texts += [value for told, _ in earlier for name in TEXTS for value in (told or {}).get(name) or []]
    return texts + [changes[name][0] if name in changes else getattr(registration, name) for name in TEXTS]


def _is_known(text: str, texts: list[str]) -> bool:
    return any(same_words(text, known) for known in texts)


def _said_before(name: str, after: str, earlier: list[tuple[Changes | None, str | None]]) -> bool:
    """Whether the field has had this value before, on either side of an earlier change of it."""
    pairs = ((changes or {}).get(name) or [] for changes, _ in earlier)
    return any(_alike(name, after, value) for pair in pairs for value in pair)


def _alike(name: str, one: str, other: str) -> bool:
    if name == "value":
        try:
            return Decimal(one) == Decimal(other)
        except InvalidOperation:
            return one == other
    return one == other


def _is_older(change: list[str], registration: Registration) -> bool:
    """Whether a day of contact comes before the one known already, or before the registration where none is: it happened long
    ago, and nothing moved."""
    before, after = change
    came_in = registration.submitted_at
    known = before or (came_in.date().isoformat() if came_in else "")
    return after < known


def _words(text: str) -> list[str]:
    """The words, whatever way of writing the same letters was used; marks on letters count, invisible signs don't."""
    letters = [c for c in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(c) != "Cf"]
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in letters).split()
