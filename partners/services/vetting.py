"""Operations look at an application: checklist, notes, and the decision, which is made once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.enums import PARTNER_ADMIN
from accounts.models import Role, User
from catalog.models import Territory
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from notifications.services import notify_address
from partners.enums import ApplicationReason, ApplicationState, PartnerStatus
from partners.models import Application, ApplicationCheck, ApplicationNote, ChecklistItem, Partner
from partners.services.applications import give_checklist, link_for, reader_of, words_of
from partners.services.firms import create_partner
from partners.services.invitations import invite

VET = "partners.vet"


@dataclass(frozen=True)
class Terms:
    """On what terms a firm is taken in, and who becomes its first admin."""

    name: str
    kind: str
    admin_email: str
    admin_name: str
    manager: User | None = None
    territories: Iterable[Territory] = ()


def tick(check: ApplicationCheck, *, done: bool, by: User, clock: Clock = database_clock) -> ApplicationCheck:
    """Ticks an item of the checklist, or takes the tick back. Raises NotAllowed, WrongStatus once it was decided."""
    with transaction.atomic():
        _opened(check.application, by)
        locked = ApplicationCheck.objects.get(pk=check.pk)
        if done != (locked.done_at is not None):
            locked.done_at, locked.done_by = (clock(), by) if done else (None, None)
            locked.save(update_fields=["done_at", "done_by"])
    return locked


def add_note(
    application: Application, *, text: str, by: User, clock: Clock = database_clock
) -> ApplicationNote:
    """Keeps a note for the vendor's own side, also after the decision. Raises NotAllowed, BadInput."""
    _check(by)
    if not text.strip():
        raise BadInput("Write the note first.", field="text")
    return ApplicationNote.objects.create(application=application, text=text.strip(), by=by, at=clock())


def accept(
    application: Application,
    *,
    by: User,
    terms: Terms,
    text: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Partner:
    """Takes the firm in: it is onboarded by the steps of its kind, and its first admin gets one mail with the news, `text`
    and the invitation. Of two decisions at once the second gets WrongStatus, which says what the first one was.

    Raises BadInput while a required item of the checklist is open, for a name that a partner has, or for an admin's
    address that has an account; NotAllowed, StaleVersion. Taken in as another kind than it applied as, it gets that kind's
    checklist: that stays, to be ticked, although the first try is refused.
    """
    if terms.kind != application.kind:
        with transaction.atomic():
            give_checklist(_opened(application, by, version), terms.kind)
    with transaction.atomic():
        locked = _opened(application, by, version)
        _check_ticked(locked, terms.kind)
        partner = create_partner(
            by=by,
            fields={
                "name": terms.name,
                "kind": terms.kind,
                "country": locked.country,
                "city": locked.city,
                "website": locked.website,
                "time_zone": locked.time_zone,
                "manager": terms.manager,
            },
            territories=terms.territories,
            begins=PartnerStatus.ONBOARDING,
            application=locked.code,
            clock=clock,
        )
        _close(locked, ApplicationState.ACCEPTED, by=by, text=text, partner=partner, clock=clock)
        _invite_admin(locked, partner, terms, by=by, text=text, clock=clock)
    return partner


def decline(
    application: Application,
    *,
    by: User,
    reason: str,
    text: str,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Application:
    """Declines with a reason from the list and a text that the applicant reads. Raises BadInput without them, and as
    `accept` does."""
    if reason not in ApplicationReason.values:
        raise BadInput("Choose a reason from the list.", field="reason")
    if not text.strip():
        raise BadInput("Write a sentence or two that the applicant will read.", field="text")
    with transaction.atomic():
        locked = _opened(application, by, version)
        _close(locked, ApplicationState.DECLINED, by=by, text=text, reason=reason, clock=clock)
        more = {"reason_label": ApplicationReason(reason).label, "text": locked.text}
        _mail_applicant(locked, "partner.application_declined", more, clock)
    return locked


def _check_ticked(locked: Application, kind: str) -> None:
    """Raises BadInput while a required item is open, but for those that only other kinds than this one have."""
    ours = ChecklistItem.objects.filter(kind__in=["", kind]).values("label")
    others = ChecklistItem.objects.exclude(label__in=ours).values("label")
    open_items = locked.checks.filter(required=True, done_at=None).exclude(label__in=others).count()
    if open_items:
        items = "1 required item" if open_items == 1 else f"{open_items} required items"
        raise BadInput(f"{items} of the checklist {'is' if open_items == 1 else 'are'} not ticked yet.")


def _close(
    locked: Application,
    state: ApplicationState,
    *,
    by: User,
    text: str,
    clock: Clock,
    reason: str = "",
    partner: Partner | None = None,
) -> None:
    locked.state, locked.reason, locked.text = state, reason, text.strip()
    locked.decided_at, locked.decided_by, locked.partner = clock(), by, partner
    locked.version += 1
    fields = ["state", "reason", "text", "decided_at", "decided_by", "partner", "version"]
    locked.save(update_fields=fields)


def _invite_admin(
    locked: Application, partner: Partner, terms: Terms, *, by: User, text: str, clock: Clock
) -> None:
    """One mail where the applicant becomes the admin; else the admin's invitation, and the news to the applicant."""
    applicant = terms.admin_email.strip().lower() == locked.contact_email
    news = words_of(locked) | {"text": text.strip()}
    try:
        invite(
            email=terms.admin_email,
            name=terms.admin_name,
            role=Role.objects.get(code=PARTNER_ADMIN),
            partner=partner,
            by=by,
            clock=clock,
            **({"event": "partner.application_accepted", "words": news} if applicant else {}),  # type: ignore[arg-type]
        )
    except BadInput as refused:
        field = "admin_email" if refused.field == "email" else refused.field
        raise BadInput(refused.message, field=field) from refused
    if not applicant:
        more = {"text": text.strip(), "admin_name": terms.admin_name or terms.admin_email}
        _mail_applicant(locked, "partner.application_accepted", more, clock)


def _mail_applicant(locked: Application, event: str, more: dict[str, str], clock: Clock) -> None:
    notify_address(
        event=event,
        reader=reader_of(locked),
        occasion=f"application:{locked.code}:decided",
        link=link_for(locked),
        about=locked.code,
        clock=clock,
        context=words_of(locked) | more,
    )


def _opened(application: Application, by: User, version: int | None = None) -> Application:
    """The application, locked, while it waits for a decision."""
    _check(by)
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.state != ApplicationState.RECEIVED:
        if locked.state == ApplicationState.UNCONFIRMED:
            raise WrongStatus("The applicant has not confirmed this application yet.")
        who = f" by {locked.decided_by}" if locked.decided_by else ""
        raise WrongStatus(
            f"This application was {locked.get_state_display().lower()}{who} already. Nothing was changed."
        )
    if version is not None and version != locked.version:
        raise StaleVersion("Somebody changed this application while you were looking. Look at it again.")
    return locked


def _check(by: User) -> None:
    if not by.may(VET):
        raise NotAllowed("Your role does not include deciding applications.")
