"""One registration on the referee's desk: all that its page shows, in a fixed number of queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.urls import reverse

from accounts.models import User
from catalog.money import base_currency
from core.errors import DomainError
from registrations import comparison, workflow
from registrations.enums import CLAIM_FIRST, KEEPS_OTHERS_OUT, UNDER_REVIEW, Action, Status
from registrations.forms import review as forms
from registrations.models import Appeal, Holding, Registration
from registrations.permissions import bar_to_deciding
from registrations.queue import Reader
from registrations.referee_words import CLAIM_OVER, QUESTION, review_reason
from registrations.services import answers_owed, holdings, passing, reopening
from registrations.services.seen import NOTES
from registrations.views.proposed import agreement_on
from registrations.views.review import rivals as rivals_module
from registrations.views.review.address import Address
from registrations.views.review.ages import age_of
from registrations.views.review.binding_words import binding_words
from registrations.views.review.choosing import Referee
from registrations.views.review.differences import Difference
from registrations.views.review.effects import Around, around, effects_of
from registrations.views.review.history import timeline_of
from registrations.views.review.policy_words import policy_says
from registrations.views.review.records import records
from registrations.views.review.rivals import Rival
from registrations.views.review.tools import tools_of
from registrations.workflow import label_for


@dataclass(frozen=True)
class Feedback:
    """What is said after a decision that was not made: the error, what others did, and what had been entered."""

    form: django_forms.Form
    error: DomainError | None = None
    changes: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def action(self) -> str:
        return str(getattr(self.form, "action", ""))

    @property
    def entered(self) -> list[tuple[str, str]]:
        """Texts that would be lost otherwise."""
        return [
            (str(bound.label), str(bound.value()))
            for bound in self.form
            if not bound.is_hidden and bound.name != "reason_code" and bound.value()
        ]


@dataclass(frozen=True)
class _Decision:
    """A button and its dialog. The form's `action` is the name of the route and of the sentence, too."""

    action: Action
    form: type[forms.DecisionForm]
    label: str
    long_title: str = ""
    long_submit: str = ""
    key: str = ""
    icon: str = ""
    tone: str = ""

    @property
    def code(self) -> str:
        return self.form.action

    @property
    def title(self) -> str:
        return self.long_title or self.label

    @property
    def submit(self) -> str:
        return self.long_submit or self.title


_ON_CANDIDATE = (
    _Decision(Action.JUDGE, forms.SameForm, "Same company", key="s", icon="git-merge"),
    _Decision(
        Action.JUDGE, forms.DifferentForm, "Different", "Different company", key="d", icon="arrows-split"
    ),
    _Decision(
        Action.WAITLIST,
        forms.WaitlistForm,
        "Waitlist behind it",
        "Waitlist behind the holder",
        "Put on the waitlist",
        key="w",
        icon="hourglass",
    ),
)
_ON_ITEM = (
    _Decision(Action.ASSIGN, forms.AssignForm, "Approve", key="a", icon="shield-check", tone="primary"),
    _Decision(Action.REFUSE, forms.RefuseForm, "Refuse", key="r", icon="ban", tone="danger"),
    _Decision(
        Action.ASK_INFORMATION,
        forms.AskForm,
        "Ask",
        "Ask for information",
        "Send the question",
        key="i",
        icon="message-question",
    ),
    _Decision(Action.REVOKE, forms.RevokeForm, "Revoke protection", icon="shield-off", tone="danger"),
    _Decision(Action.REOPEN, forms.ReopenForm, "Reopen", "Reopen the registration", "Reopen", icon="refresh"),
)


def load(code: str, user: User) -> Registration | None:
    """The registration with what its page needs, if `user` may see it."""
    return (
        Registration.objects.visible_to(user)
        .select_related(
            "partner", "company", "currency", "owner", "reviewer", "territory", "industry", "policy"
        )
        .select_related("waits_for__partner")
        .prefetch_related("lines__product_line", "attachments")
        .select_related("snooze__by")
        .filter(code=code)
        .first()
    )


def item_context(
    registration: Registration,
    reader: Reader,
    address: Address,
    feedback: Feedback | None = None,
    *,
    referees: list[Referee],
) -> dict[str, Any]:
    """`item`: the page's data. Forms are those of `feedback` where one was sent."""
    user, now = reader.user, reader.now
    allowed = workflow.actions_for(user, registration)
    found = rivals_module.rivals_of(registration, user)
    chosen = rivals_module.selected(found, address.candidate)
    timeline = timeline_of(registration, user)
    seen = timeline[0]["number"] if timeline else 0
    in_line = (*KEEPS_OTHERS_OUT, Status.WAITLISTED)
    held = _held(registration)
    others = around(registration, found, chosen, held, now)
    line = others.whole if registration.status in in_line else []
    effects = effects_of(registration, now, others)
    build = _Builder(registration, address, allowed, effects, seen, chosen, feedback, passes=others.passes)
    agreement = agreement_on(registration, user, now)
    return {
        "item": registration,
        "same_url": reverse("registrations:review_item", args=[registration.code]),
        "same_fields": address.fields(),
        "age": age_of(registration, now),
        "status_label": label_for(registration.status, vendor=True),
        "value": comparison.money(registration.value, registration.currency.code),
        "why": [*_why(registration), *_began(registration, timeline)],
        "barred": bar_to_deciding(user, registration) if user.may("registrations.decide") else "",
        "check_failed": "check_failed" in registration.review_reasons,
        "crowd": "crowd" in registration.review_reasons,
        "facts": _facts(registration),
        "files": _files(registration),
        "held_by": _holders(held),
        "owed": _owed(registration),
        "line": [
            {"code": r.code, "partner": r.partner.name, "url": address.to("review_item", r.code)}
            for r in line
        ],
        "agreement": agreement,
        "propose_url": _propose_url(registration, agreement) if Action.PROPOSE in allowed else "",
        "reorder_url": reverse("registrations:line", args=[registration.code])
        if Action.REORDER in allowed and len(others.line) > 1
        else "",
        "rivals": [_tab(rival, chosen, registration, address) for rival in found],
        "compared": rivals_module.compared(registration, chosen) if chosen else None,
        "candidate_decisions": build.all(_ON_CANDIDATE) if chosen else [],
        "records": records(registration, chosen),
        "policy_says": policy_says(registration, chosen, now),
        "timeline": timeline,
        "seen": seen,
        **tools_of(
            registration,
            reader,
            address,
            referees,
            feedback.form if feedback and feedback.form.errors else None,
        ),
        "decisions": build.all(_ON_ITEM, quiet=_quiet(registration, others)),
        "feedback": feedback,
        "kept": bool(
            feedback and feedback.error and feedback.action not in build.offered and feedback.entered
        ),
    }


def _propose_url(registration: Registration, agreement: dict[str, Any] | None) -> str:
    """To the form, and while a proposal waits to that."""
    return "#proposal" if agreement else reverse("registrations:propose", args=[registration.code])


def _quiet(registration: Registration, others: Around) -> set[str]:
    """What does not stand out, since it would be refused as things stand."""
    return {"assign"} if others.forbids_approval or not registration.partner.is_selling else set()


class _Builder:
    """Makes the buttons with their dialogs."""

    def __init__(
        self,
        registration: Registration,
        address: Address,
        allowed: set[str],
        effects: dict[str, str],
        seen: int,
        chosen: Rival | None,
        feedback: Feedback | None,
        *,
        passes: bool,
    ) -> None:
        self.registration, self.address, self.allowed = registration, address, allowed
        self.effects, self.seen, self.chosen, self.feedback = effects, seen, chosen, feedback
        self.passes = passes
        self.offered: set[str] = set()

    def all(self, decisions: tuple[_Decision, ...], *, quiet: Collection[str] = ()) -> list[dict[str, Any]]:
        """The buttons that are offered; none of `quiet` stands out."""
        return [
            self._button(decision, tone="" if decision.code in quiet else decision.tone)
            for decision in decisions
            if self._offers(decision)
        ]

    def _offers(self, decision: _Decision) -> bool:
        if decision.action.value not in self.allowed:
            return False
        if decision.action == Action.JUDGE:
            return self.chosen is not None and self.chosen.unjudged
        if decision.action == Action.WAITLIST:
            return self.chosen is not None and self.chosen.can_hold_back
        return True

    def _button(self, decision: _Decision, *, tone: str) -> dict[str, Any]:
        self.offered.add(decision.code)
        again = self.feedback is not None and self.feedback.action == decision.code
        return {
            "code": decision.code,
            "label": decision.label,
            "title": decision.title,
            "key": decision.key,
            "icon": decision.icon,
            "tone": tone,
            "submit": decision.submit,
            "effect": self.effects.get(decision.code, ""),
            "closed": decision.action == Action.REOPEN and bool(reopening.what_bars(self.registration)),
            "url": self.address.to(decision.code, self.registration.code),
            "form": self._form(decision, again),
            "open": (again and self.feedback is not None and bool(self.feedback.form.errors))
            or self.address.open == decision.code,
            "quick": decision.code in ("waitlist", "same_company", "different_company")
            or (decision.code == "assign" and not self.passes),
        }

    def _form(self, decision: _Decision, again: bool) -> django_forms.Form:
        form = self._entered(decision, again)
        if isinstance(form, forms.AssignForm):
            form.ask_why(passes=self.passes)
        return form

    def _entered(self, decision: _Decision, again: bool) -> django_forms.Form:
        fresh: dict[str, Any] = {"version": self.registration.version, "seen": self.seen}
        if self.chosen is not None and issubclass(decision.form, forms.CandidateForm):
            fresh["candidate"] = self.chosen.key
        if not again or self.feedback is None:
            text = {"text": QUESTION} if decision.code == "ask_information" else {}
            return decision.form(initial={**fresh, **text})
        if self.feedback.form.errors:
            return self.feedback.form
        # The same words again, on the record as it is now.
        return decision.form(initial={**self.feedback.form.cleaned_data, **fresh})


def _why(registration: Registration) -> list[str]:
    if registration.policy is None or registration.status not in UNDER_REVIEW:
        return []
    limit = comparison.money(registration.policy.auto_approve_below, base_currency())
    told = binding_words(registration)
    if CLAIM_FIRST in registration.review_reasons and not passing.claims_passed_by(registration):
        told[CLAIM_FIRST] = CLAIM_OVER
    return [told.get(code) or review_reason(code, limit=limit) for code in registration.review_reasons]


def _began(registration: Registration, timeline: list[dict[str, Any]]) -> list[str]:
    """The rules that began or ended since it came in, what is otherwise at the firm, and who has ended of those it was compared
    with, the latest first."""
    if registration.status not in UNDER_REVIEW:
        return []
    undone = {number for entry in timeline for number in entry["took_back"]}
    notes = [entry for entry in timeline if entry["kind"] in NOTES and entry["number"] not in undone]
    return [
        f"Since {comparison.day(note['when'])}: {said}" for note in notes for said in note["body"].split("\n")
    ]


def _facts(registration: Registration) -> list[dict[str, Any]]:
    r = registration
    contact = ", ".join(part for part in (r.contact_name, r.contact_title) if part)
    reach = ", ".join(part for part in (r.contact_email, r.contact_phone) if part)
    happened = r.get_contact_made_display() if r.contact_made else "Not stated"
    if r.contact_made and r.contact_on:
        happened += f", {comparison.day(r.contact_on)}"
    town = " ".join(part for part in (r.postcode, r.city) if part)
    place = ", ".join(part for part in (town, comparison.country(r.country)) if part)
    lines = [f"{line.product_line.name} × {line.quantity}" for line in r.lines.all()]
    rows = [
        ("Company", r.company_name),
        ("Website", r.website),
        ("Place", place),
        ("Industry", str(r.industry or "")),
        ("Deal", r.deal_name),
        ("Products", ", ".join(lines)),
        ("Stage", r.get_stage_display()),
        ("Expected close", comparison.day(r.expected_close)),
        ("Territory", str(r.territory or "")),
        ("Public tender", "Yes" if r.tender else ""),
        ("Competitors", r.competitors),
        ("Contact person", contact),
        ("Reached at", reach),
        ("Contact so far", happened),
        ("About the contact", r.contact_note),
        ("Next step", r.next_step),
        ("Registered by", f"{r.owner}, {r.partner}"),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _files(registration: Registration) -> list[dict[str, str]]:
    return [
        {
            "name": attachment.name,
            "size": f"{max(1, attachment.size // 1024):,} kB",
            "url": reverse("registrations:attachment", args=[attachment.code]),
        }
        for attachment in registration.attachments.all()
    ]


def _held(registration: Registration) -> list[Holding]:
    """What others hold of its scope now."""
    if registration.status not in (*UNDER_REVIEW, Status.WAITLISTED):
        return []
    return holdings.held_by_others(registration, shown=True)


def _holders(held_by_others: list[Holding]) -> list[dict[str, Any]]:
    """Who holds the scope now, other than this registration."""
    held: dict[str, dict[str, Any]] = {}
    for holding in held_by_others:
        other = holding.registration
        held.setdefault(
            other.code,
            {
                "code": other.code,
                "partner": other.partner.name,
                "since": comparison.day(holding.since),
                "until": comparison.day(other.protected_until) if not holding.reserved else "",
                "owed": _owed(other),
                "url": reverse("registrations:review_item", args=[other.code]),
            },
        )
    return list(held.values())


def _owed(held: Registration) -> dict[str, str] | None:
    """The request that the end of its protection waits for."""
    request = answers_owed.owed(held)
    if request is None:
        return None
    page = "appeal_page" if isinstance(request, Appeal) else "extension"
    return {"code": request.code, "url": reverse(f"registrations:{page}", args=[request.code])}


def _tab(rival: Rival, chosen: Rival | None, registration: Registration, address: Address) -> dict[str, Any]:
    return {
        "rival": rival,
        "url": address.to("review_item", registration.code, candidate=rival.key),
        "part": address.to("review_candidates", registration.code, candidate=rival.key),
        "current": chosen is not None and rival.key == chosen.key,
    }
