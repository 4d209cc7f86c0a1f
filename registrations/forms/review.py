"""What the referee enters. Each form carries the version it was made from and the last timeline entry it showed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registrations.enums import RefusalReason
from registrations.queue import VIEWS
from registrations.referee_words import REFUSAL_TEXTS

_LONGEST = 2000
_ANONYMOUS = _("The partner reads this. Leave other partners' names out.")


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Internal note (optional)"),
        help_text=_("Stays with the vendor; the partner never sees it."),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


def _text(label: Any, *, required: bool, help_text: Any = _ANONYMOUS, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=_LONGEST,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        error_messages={"required": _("Write a sentence that the partner will read.")},
    )


class ReasonSelect(forms.Select):
    """Each option carries the sentence that the text begins with (static/js/queue.js puts it there)."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in REFUSAL_TEXTS:
            option["attrs"]["data-sentence"] = REFUSAL_TEXTS[RefusalReason(value)]
        return option


class DecisionForm(forms.Form):
    """What every decision sends along. `action` names the fields' ids, as several forms stand on one page."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    action = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{self.action}_%s"
        super().__init__(*args, **kwargs)


class AssignForm(DecisionForm):
    """`passing` is asked for where somebody who came first is passed, and left out elsewhere."""

    action = "assign"
    passing = _text(
        _("Why it goes first"),
        required=False,
        rows=3,
        help_text=_("Those who came before it read this, and it stands in the case file. Leave names out."),
    )
    text = _text(_("Message to the partner (optional)"), required=False, rows=2)
    internal_note = _note()

    def ask_why(self, *, passes: bool) -> None:
        """Shows the question why it goes first where it passes somebody, and leaves it out where it does not."""
        if not passes and "passing" not in self.errors:
            del self.fields["passing"]
        elif passes:
            self.fields["passing"].required = True
            self.fields["passing"].widget.attrs["autofocus"] = True


class RefuseForm(DecisionForm):
    action = "refuse"
    reason_code = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *RefusalReason.choices],
        widget=ReasonSelect(attrs={"autofocus": True}),
        error_messages={"required": _("Choose a reason from the list.")},
    )
    text = _text(_("What the partner reads"), required=True)
    internal_note = _note()


class RevokeForm(RefuseForm):
    action = "revoke"


class ReopenForm(DecisionForm):
    action = "reopen"
    text = _text(_("Why it is reopened"), required=True)
    internal_note = _note()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["autofocus"] = True


class AskForm(DecisionForm):
    action = "ask_information"
    text = _text(_("Your question"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = _(
            "Write what you need to know; the partner will read it."
        )
        self.fields["text"].widget.attrs["autofocus"] = True


class CandidateForm(DecisionForm):
    """Aims at one candidate: the rival registration's or the named account's code."""

    candidate = forms.CharField(widget=forms.HiddenInput, max_length=20)


class WaitlistForm(CandidateForm):
    action = "waitlist"
    text = _text(_("Message to the partner (optional)"), required=False, rows=2)
    internal_note = _note()


class SameForm(CandidateForm):
    action = "same_company"
    reason = _text(
        _("Why (optional)"),
        required=False,
        rows=2,
        help_text=_("Kept with the two companies, for those who look later."),
    )


class DifferentForm(SameForm):
    action = "different_company"


class QueueFilter(forms.Form):
    """The filters above the queue; they live in the address."""

    q = forms.CharField(
        label=_("Company, deal, reference"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "dir": "auto"}),
    )
    partner = forms.ChoiceField(label=_("Partner"), required=False)
    reviewer = forms.ChoiceField(label=_("Reviewer"), required=False)
    territory = forms.ChoiceField(label=_("Territory"), required=False)
    view = forms.ChoiceField(
        choices=[(code, code) for code in VIEWS], required=False, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        partners: list[tuple[str, str]],
        reviewers: list[tuple[str, str]],
        territories: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, every, found in (
            ("partner", _("All partners"), partners),
            ("reviewer", _("Any reviewer"), reviewers),
            ("territory", _("All territories"), territories),
        ):
            self.fields[name].choices = [("", every), *found]  # type: ignore[attr-defined]
