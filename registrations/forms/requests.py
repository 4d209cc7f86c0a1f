"""What a partner asks for after a decision, and how a manager answers: extension, release, appeal, a customer's letter."""

from typing import Any

from django import forms

from core.uploads import kinds_in_words
from registrations.forms.fields import DayField, TextField

GRANT, REFUSE = "grant", "refuse"


def _file(label: str, *, required: bool, words: str = "Choose a file first.") -> forms.FileField:
    return forms.FileField(
        label=label,
        required=required,
        help_text=f"{kinds_in_words()}. Up to 10 MB.",
        error_messages={"required": words, "empty": "The file is empty.", "invalid": "Choose a file."},
    )


class ExtensionForm(forms.Form):
    """Why, and what shows it; `evidence` says whether the policy wants the file."""

    text = TextField(
        label="Why do you need more time?",
        max_length=2000,
        help_text="A channel manager reads this: what holds the project up, and what comes next.",
        error_messages={"required": "Say why you need more time; a channel manager will read it."},
    )

    def __init__(self, *args: Any, evidence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = "Attach a file that shows why you need more time."
        label = "What shows it" if evidence else "What shows it (optional)"
        self.fields["file"] = _file(label, required=evidence, words=words)


class ReleaseForm(forms.Form):
    text = TextField(
        label="Why (optional)",
        max_length=2000,
        required=False,
        help_text="Your channel manager can read this.",
    )


class AppealForm(forms.Form):
    text = TextField(
        label="What was overlooked?",
        max_length=2000,
        help_text="Another person than the one who decided reads this.",
        error_messages={"required": "Say what was overlooked; another person will read it."},
    )
    file = _file("What shows it (optional)", required=False)


class AnswerForm(forms.Form):
    """A manager's answer to a request: the labels of yes and no; without a yes it can only be no."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="Your decision",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two.", "invalid_choice": "Choose one of the two."},
    )
    text = TextField(
        label="What the partner reads",
        max_length=2000,
        help_text="The reason, in a sentence or two. Leave other partners' names out.",
        error_messages={"required": "Write a sentence that the partner will read."},
    )
    internal_note = TextField(
        label="Internal note (optional)",
        max_length=2000,
        required=False,
        help_text="Stays with the vendor; the partner never sees it.",
    )

    def __init__(self, *args: Any, yes: str, no: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(GRANT, yes), (REFUSE, no)] if yes else [(REFUSE, no)]
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]
        self.fields["answer"].initial = None if yes else REFUSE
        self.fields["internal_note"].widget.attrs["rows"] = 2


class LetterForm(forms.Form):
    """A customer's letter: whom it asks for, its date and the letter itself."""

    in_favour_of = forms.ChoiceField(
        label="Whom the customer asks for",
        error_messages={
            "required": "Choose the registration that the customer asks for.",
            "invalid_choice": "Choose a registration from the list.",
        },
    )
    dated = DayField(label="Date of the letter")
    file = _file("The letter or mail", required=True, words="Attach the customer's letter or mail.")
    text = TextField(
        label="Message to the holder (optional)",
        max_length=2000,
        required=False,
        help_text="They read that the customer asked for another partner, not for whom.",
    )
    internal_note = TextField(
        label="Internal note (optional)",
        max_length=2000,
        required=False,
        help_text="Stays with the vendor; the partner never sees it.",
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["in_favour_of"].choices = [("", "Choose a registration"), *choices]  # type: ignore[attr-defined]
        self.fields["internal_note"].widget.attrs["rows"] = 2
