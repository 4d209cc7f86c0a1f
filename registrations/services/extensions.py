"""More protection without an update (R10): asked for with evidence, limited by the policy, decided by a manager."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, WrongStatus
from policies.models import RegistrationPolicy
from registrations.enums import Action, RequestState, Status
from registrations.models import Decision, Extension, Registration
from registrations.services import answers_owed, attachments, extension_limit, notices
from registrations.services.clocks import review_due
from registrations.services.deciding import Waited, Words, decide
from registrations.services.qualifying import same_words
from registrations.services.transitions import Step, move, opened


def why_not(registration: Registration, policy: RegistrationPolicy) -> str:
    """What stands against asking for an extension, in words; '' when nothing does."""
    if not policy.extensions_most:
        return "The policy has no extensions: an update renews the protection in full."
    asked = registration.extensions.filter(state=RequestState.OPEN).first()
    if asked is not None:
        return f"You have asked for an extension already ({asked.code}). Wait for that answer first."
    limit = extension_limit.reached(registration, policy.extensions_most)
    return f"{limit} An update renews the protection in full." if limit else ""


def ask(
    registration: Registration,
    *,
    by: User,
    text: str,
    upload: "UploadedFile[Any] | None" = None,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Extension:
    """Asks for an extension of as many days as the policy in force gives. Raises WrongStatus where one is open or the
    limit is reached, BadInput without a reason or without the file that the policy wants."""
    if not text.strip():
        raise BadInput("Say why you need more time; a channel manager will read it.", field="text")
    with transaction.atomic():
        locked = opened(registration, Action.ASK_EXTENSION, by=by, version=version)
        at = clock()
        policy = RegistrationPolicy.objects.in_force(at)
        refused = why_not(locked, policy)
        if refused:
            raise WrongStatus(refused)
        _check_new(locked, policy, text, upload)
        step = Step({"text": text, "days": policy.extension_days})
        move(locked, Action.ASK_EXTENSION, Status.APPROVED, by=by, at=at, step=step)
        extension = Extension.objects.create(
            registration=locked,
            days=policy.extension_days,
            text=text,
            attachment=attachments.keep(locked, upload, by=by, at=at) if upload else None,
            asked_by=by,
            asked_at=at,
            due_at=review_due(policy, at),
        )
        notices.extension_asked(extension)
    return extension


def _check_new(
    locked: Registration, policy: RegistrationPolicy, text: str, upload: "UploadedFile[Any] | None"
) -> None:
    """Raises BadInput where the policy wants a file and there is none, or where words or file are those of an earlier request,
    as with updates: they say nothing new."""
    earlier = locked.extensions.filter(state__in=[RequestState.GRANTED, RequestState.REFUSED])
    if any(same_words(text, said) for said in earlier.values_list("text", flat=True)):
        raise BadInput("You asked with these words before. Say what is new since then.", field="text")
    if not policy.extension_evidence_required:
        return
    if upload is None:
        raise BadInput("Attach a file that shows why you need more time.", field="file")
    shown = earlier.exclude(attachment=None).values("attachment__sha256")
    if attachments.is_known(locked, upload, among=shown):
        raise BadInput("You sent this very file before. Attach one that shows what is new.", field="file")


def new_end(extension: Extension, now: datetime) -> datetime:
    """When protection ends if the extension is granted at `now`; days of grace that have begun are not lost."""
    until = extension.registration.protected_until
    return max(until or now, now) + timedelta(days=extension.days)


def grant(
    extension: Extension,
    *,
    by: User,
    text: str,
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Moves the end of protection; the warnings come anew before the new end."""
    return _answer(
        extension, Action.EXTEND, by=by, text=text, internal_note=internal_note, version=version, clock=clock
    )


def refuse(
    extension: Extension,
    *,
    by: User,
    text: str,
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Says no, with a reason that the partner reads; the protection stays as it is, but for the days that a final notice
    comes ahead."""
    return _answer(
        extension,
        Action.REFUSE_EXTENSION,
        by=by,
        text=text,
        internal_note=internal_note,
        version=version,
        clock=clock,
    )


def _answer(
    extension: Extension,
    action: Action,
    *,
    by: User,
    text: str,
    internal_note: str,
    version: int | None,
    clock: Clock,
) -> Decision:
    if not text.strip():
        raise BadInput("Write a sentence that the partner will read.", field="text")
    with transaction.atomic():
        locked = opened(extension.registration, action, by=by, version=version)
        extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
        if extension.state != RequestState.OPEN:
            raise WrongStatus("Somebody has answered this request already, or it is no longer needed.")
        extension.registration = locked
        at = clock()
        granted = action == Action.EXTEND
        fields: tuple[str, ...] = ("protected_until",)
        if granted:
            limit = extension_limit.reached_for(locked, extension.asked_at, at)
            if limit:
                raise WrongStatus(f"{limit} So this request can only be refused.")
            locked.protected_until = new_end(extension, at)
            rule = f"Protection is extended by {extension.days} days."
        else:
            fields = answers_owed.answer_no(locked, extension, at)
            rule = "The request for an extension was not granted." + answers_owed.rule_of_end(locked, fields)
        return decide(
            locked,
            action,
            Status.APPROVED,
            by=by,
            at=at,
            words=Words(rule, text, internal_note),
            event="registration.extension_granted" if granted else "registration.extension_refused",
            fields=fields,
            waited=Waited(extension.asked_at, extension.due_at),
            after=lambda decision: _close(extension, granted=granted, decision=decision),
        )


def _close(extension: Extension, *, granted: bool, decision: Decision) -> None:
    extension.state = RequestState.GRANTED if granted else RequestState.REFUSED
    extension.closed_at, extension.decision = decision.at, decision
    extension.save(update_fields=["state", "closed_at", "decision"])
    if granted and decision.by is not None:
        extension_limit.close_appeals(extension.registration, by=decision.by, at=decision.at)
