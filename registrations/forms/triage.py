"""What the referee enters to sort the queue: for one, or for all that are chosen."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registrations.enums import RefusalReason
from registrations.forms.review import ReasonSelect

_LONGEST = 2000
# In the morning of the reader's day: what comes back is there when they begin.
_MORNING = time(6)


def next_monday(today: date) -> date:
    """The Monday after `today`."""
    return today + timedelta(days=7 - today.weekday())


class _Desk(forms.Form):
    """`action` names the fields' ids, as several forms stand on one page."""

    action = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{self.action}_%s"
        super().__init__(*args, **kwargs)


class HandOverForm(_Desk):
    """To a person, or to whose turn it is."""

    action = "hand_over"
    to = forms.ChoiceField(label=_("Reviewer"), widget=forms.Select(attrs={"autofocus": True}))
    note = forms.CharField(
        label=_("Note to them (optional)"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]


class SnoozeForm(_Desk):
    """Until the morning of a day."""

    action = "snooze"
    until = forms.DateField(
        label=_("Comes back on"),
        widget=forms.DateInput(attrs={"type": "date", "autofocus": True}),
        error_messages={
            "required": _("Choose the day on which it comes back."),
            "invalid": _("Enter a day such as 2027-03-31."),
        },
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Stays with the vendor; the partner never sees it."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say in a few words what you are waiting for.")},
    )

    def moment(self) -> datetime:
        """The moment at which it comes back, in the reader's time zone."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], _MORNING))


class ViewNameForm(_Desk):
    action = "view_name"
    name = forms.CharField(
        label=_("Name of the view"),
        max_length=40,
        widget=forms.TextInput(attrs={"autofocus": True, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Give the view a name.")},
    )


class BulkApproveForm(_Desk):
    action = "bulk_approve"


class BulkHandOverForm(HandOverForm):
    action = "bulk_hand_over"


class BulkSnoozeForm(SnoozeForm):
    action = "bulk_snooze"


class BulkAskForm(_Desk):
    action = "bulk_ask"
    text = forms.CharField(
        label=_("Question to each partner"),
        help_text=_("Leave names out: all of them get the same text."),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autofocus": True}),
        error_messages={"required": _("Write what you need to know; the partner will read it.")},
    )


class BulkRefuseForm(_Desk):
    action = "bulk_refuse"
    reason_code = forms.ChoiceField(
        label=_("Reason for all"),
        choices=[("", _("Choose a reason")), *RefusalReason.choices],
        widget=ReasonSelect(attrs={"autofocus": True}),
        error_messages={"required": _("Choose a reason from the list.")},
    )
    text = forms.CharField(
        label=_("What each partner reads"),
        help_text=_("Leave names out: all of them get the same text."),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write a sentence that the partner will read.")},
    )
