"""Which registrations somebody may see, and which are waiting for what."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce, Now

from registrations.enums import (
    OPEN,
    TURN_CAME,
    UNDER_REVIEW,
    WARNINGS,
    Action,
    AgreementState,
    Audience,
    ConflictState,
    OfferOutcome,
    RequestState,
    Status,
)

if TYPE_CHECKING:
    from accounts.models import User
    from registrations.models import (
        Agreement,
        Attachment,
        Conflict,
        Decision,
        IncomingMail,
        Registration,
        TimelineEntry,
    )


def _reach(user: "User", path: str = "") -> models.Q:
    """The rows that `user` may see, where `path` leads to the registration ('' or 'registration__')."""
    if user.may("registrations.view_all"):
        return ~models.Q(**{f"{path}status": Status.DRAFT})
    if user.may("registrations.view_firm"):
        return models.Q(**{f"{path}partner__members__user": user})
    if user.may("registrations.view_own"):
        return models.Q(**{f"{path}owner": user, f"{path}partner__members__user": user})
    return models.Q(pk__in=[])


def _rows(model: str) -> Any:
    return apps.get_model("registrations", model)._default_manager


def _near_end(at: Any, in_subquery: Any = None) -> models.Q:
    """That a final notice of this very end had left `at` (in a subquery: `in_subquery`), or was held off by a request."""
    return models.Q(_warned(in_subquery or at)) | _notice_held_off(at)


def _warned(before: Any) -> models.Exists:
    """That a final notice, or the mail of the days of grace, about this very end had left `before`."""
    warnings = _rows("Milestone").filter(
        registration=models.OuterRef("pk"),
        epoch=models.OuterRef("protection_epoch"),
        until=models.OuterRef("protected_until"),
        rung__in=WARNINGS,
        message__sent_at__lte=before,
    )
    return models.Exists(warnings)


def _notice_held_off(at: Any) -> models.Q:
    """That a final notice was due `at` and may not have left since a request for an extension held it off: one that is open
    then, or was refused since the last update. Asking must not be a way around what a notice brings with it."""
    asked = _rows("Extension").filter(
        models.Q(state=RequestState.REFUSED, closed_at__gt=models.OuterRef("last_update_at"))
        | models.Q(state=RequestState.OPEN)
        | models.Q(state=RequestState.LAPSED, closed_at=models.OuterRef("closed_at")),
        registration=models.OuterRef("pk"),
    )
    ahead = models.ExpressionWrapper(
        models.F("policy__final_notice_days__0") * models.Value(timedelta(days=1)), models.DurationField()
    )  # the first is the longest, as versions are stored
    return models.Q(models.Exists(asked), protected_until__lte=at + ahead)


def answer_owed(now: Any = None) -> models.Q:
    """Registrations about whose end of protection the vendor owes an answer `now`: it does not expire before.

    An open request for an extension, or an open appeal against a refused one. Only the first refusal since the last
    update: whoever asks again after it holds nothing off, or asking would keep a company for ever.
    """
    refused = _rows("Extension").filter(
        registration=models.OuterRef("pk"),
        state=RequestState.REFUSED,
        closed_at__gt=models.OuterRef("last_update_at"),
    )
    asked = _rows("Extension").filter(registration=models.OuterRef("pk"), state=RequestState.OPEN)
    refused_before = _rows("Extension").filter(
        registration=models.OuterRef("registration"),
        state=RequestState.REFUSED,
        closed_at__gt=models.OuterRef("registration__last_update_at"),
        pk__lt=models.OuterRef("decision__extension"),
    )
    disputed = _rows("Appeal").filter(
        ~models.Exists(refused_before),
        in_time_or_decidable(now),
        registration=models.OuterRef("pk"),
        state=RequestState.OPEN,
        decision__action=Action.REFUSE_EXTENSION,
    )
    first = models.Q(models.Exists(asked)) & ~models.Exists(refused)
    return models.Q(status=Status.APPROVED) & (first | models.Exists(disputed))


def in_time_or_decidable(now: Any = None) -> models.Q:
    """Appeals that are not due yet `now`, or that somebody else than the first decider may decide: past its time nothing
    waits for an answer that nobody can give."""
    others = (
        apps.get_model("accounts", "User")
        ._default_manager.filter(is_active=True, role__permissions__contains=["registrations.decide"])
        .exclude(pk=Coalesce(models.OuterRef("first_decider"), 0))
    )
    return models.Q(due_at__gt=now or Now()) | models.Q(models.Exists(others))


def clock_runs() -> models.Q:
    """Reviews whose time the vendor answers for: those in its hands; and while the partner is asked, those that something is
    kept for, since others are kept out meanwhile, a line perhaps. The same of one row: `Registration.clock_runs`."""
    kept = models.Q(status=Status.INFORMATION_ASKED, review_reasons__contains=[TURN_CAME])
    return models.Q(status=Status.IN_REVIEW) | kept


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: "User") -> "RegistrationQuerySet":
        """Reps: their own. Partner admins: the firm's. Vendor staff: everything but drafts."""
        return self.filter(_reach(user), discarded_at=None)

    def open(self) -> "RegistrationQuerySet":
        """Submitted and not ended: what the first report lists and what others can collide with."""
        return self.filter(status__in=OPEN)

    def under_review(self) -> "RegistrationQuerySet":
        """In the referee's hands, or back with the partner for information."""
        return self.filter(status__in=UNDER_REVIEW)

    def awaiting_review(self) -> "RegistrationQuerySet":
        """Waiting for a decision of the vendor."""
        return self.filter(status=Status.IN_REVIEW)

    def overdue(self, now: datetime) -> "RegistrationQuerySet":
        """Waiting for a decision longer than the policy promises."""
        return self.filter(clock_runs(), review_due_at__lt=now)

    def protected(self) -> "RegistrationQuerySet":
        """Holders."""
        return self.filter(status=Status.APPROVED)

    def near_end(self, now: datetime) -> "RegistrationQuerySet":
        """Those that would count as let expire if they were given up `now`."""
        return self.protected().filter(_near_end(models.Value(now, models.DateTimeField())))

    def let_expire(self) -> "RegistrationQuerySet":
        """What their firms let run out: protection that expired, or was given up by the holder after a final notice of that
        end had left or was only held off (a minute before the end it would cost nothing else). An offer that lapsed held
        nothing, whatever was protected long before. What was lost does not count: that says what became of the deal, and the
        firm may have another one there."""
        held = _rows("Holding").filter(
            registration=models.OuterRef("pk"), ended_at=models.OuterRef("closed_at"), reserved=False
        )
        given_up = models.Q(
            _near_end(models.F("closed_at"), models.OuterRef("closed_at")), status=Status.WITHDRAWN
        )
        return self.filter(models.Q(status=Status.EXPIRED) | given_up).filter(models.Exists(held))

    def in_line(self) -> "RegistrationQuerySet":
        """Waitlisted, first come first, unless a manager changed the order; `turn` is what they are ordered by."""
        turn = Coalesce("line_order", "rank")
        return self.filter(status=Status.WAITLISTED).annotate(turn=turn).order_by("turn", "rank")

    def awaiting_turn(self) -> "RegistrationQuerySet":
        """The line, and in it those whose appeal was granted and who are reviewed anew with their place in time, as long as
        nothing is kept for them yet."""
        turn = Coalesce("line_order", "rank")
        held = _rows("Holding").filter(registration=models.OuterRef("pk"), ended_at=None)
        anew = models.Q(~models.Exists(held), status__in=UNDER_REVIEW, review_reasons__contains=["appeal"])
        found = self.filter(models.Q(status=Status.WAITLISTED) | anew)
        return found.annotate(turn=turn).order_by("turn", "rank")

    def for_list(self) -> "RegistrationQuerySet":
        """With everything that a row of a list shows, in a constant number of queries; `open_offers` has its offer while
        that is open, `runs_on` says whether it is protected until a request is answered."""
        offers = _rows("Offer").filter(outcome=OfferOutcome.OPEN).select_related("message", "policy")
        return (
            self.select_related("partner", "company", "currency", "owner", "reviewer", "territory")
            .prefetch_related("lines__product_line", models.Prefetch("offers", offers, to_attr="open_offers"))
            .annotate(
                runs_on=models.ExpressionWrapper(answer_owed(), models.BooleanField()),
            )
        )


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def unjudged(self) -> "ConflictQuerySet":
        """Nobody has said yet whether it is the same company."""
        return self.filter(state=ConflictState.OPEN)

    def standing(self) -> "ConflictQuerySet":
        """Not declared different, and the rival is still there to collide with."""
        return self.exclude(state=ConflictState.DIFFERENT).filter(
            models.Q(rival__status__in=OPEN)
            | models.Q(named_account__isnull=False)
            | models.Q(claim_code__gt="", claim_ended_at=None)
        )


class _ThroughRegistration(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> Any:
        """Those of the registrations that `user` may see."""
        return self.filter(_reach(user, "registration__"))


class DecisionQuerySet(_ThroughRegistration):
    def visible_to(self, user: "User") -> Any:
        """Of visible registrations; judgements name the rival's company, so partners do not see those."""
        decisions = super().visible_to(user)
        if user.is_vendor:
            return decisions
        # What was taken back before its mail left never reached the partner, nor do its words.
        return decisions.exclude(action=Action.JUDGE).filter(undone_at=None)


class OfferQuerySet(_ThroughRegistration):
    def open(self) -> Any:
        """Not answered yet, and not lapsed."""
        return self.filter(outcome=OfferOutcome.OPEN)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: "User") -> "AgreementQuerySet":
        """Those of the registrations that `user` may see, on either side."""
        return self.filter(_reach(user, "holder__") | _reach(user, "other__")).distinct()

    def current(self) -> "AgreementQuerySet":
        """Proposed, or a split in force."""
        return self.filter(state__in=[AgreementState.PROPOSED, AgreementState.AGREED], ended_at=None)

    def of(self, registration: "Registration") -> "AgreementQuerySet":
        """With this registration on either side."""
        return self.filter(models.Q(holder=registration) | models.Q(other=registration))


class AttachmentQuerySet(_ThroughRegistration):
    def visible_to(self, user: "User") -> Any:
        """Of visible registrations; files for the vendor only stay on the vendor's side."""
        files = super().visible_to(user)
        return files if user.is_vendor else files.filter(audience=Audience.BOTH)


class RequestQuerySet(_ThroughRegistration):
    def awaiting(self) -> Any:
        """To be decided, the one that is due first first."""
        return self.filter(state=RequestState.OPEN).order_by("due_at", "id")


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def visible_to(self, user: "User") -> "IncomingMailQuerySet":
        """All mail that came in, for those who look after mail."""
        return self if user.may("outbox.view") else self.none()

    def about_or_from(self, words: str) -> "IncomingMailQuerySet":
        """By part of the sender's address, or by the code of a registration; all for nothing."""
        words = words.strip().replace("\x00", "")
        if not words:
            return self
        return self.filter(models.Q(sender__icontains=words) | models.Q(registration__code__iexact=words))


class TimelineQuerySet(_ThroughRegistration):
    def visible_to(self, user: "User") -> Any:
        """Of visible registrations; entries for the vendor only stay on the vendor's side."""
        entries = super().visible_to(user)
        if user.is_vendor:
            return entries
        # Nor the entry of a decision that was taken back before its mail left: its words were a mistake.
        taken_back = (
            apps.get_model("registrations", "Decision")
            ._default_manager.filter(undone_at__isnull=False)
            .filter(registration=models.OuterRef("registration"), at=models.OuterRef("at"))
        )
        return entries.standing().filter(audience=Audience.BOTH).exclude(models.Exists(taken_back))

    def standing(self) -> "TimelineQuerySet":
        """Without what was taken back with a decision, of this registration's or of another's beside it."""
        number = models.Func(models.OuterRef("number"), function="to_jsonb", output_field=models.JSONField())
        undone = self.model._default_manager.filter(
            kind=Action.UNDO, registration=models.OuterRef("registration"), data__took_back__contains=number
        )
        return self.exclude(models.Exists(undone))
