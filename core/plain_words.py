"""Django's own sentences about bad input, as the rest of the portal says them. A field that has words of its own keeps them."""

from django import forms
from django.core import validators


def say_plainly() -> None:
    """Called once, when the app is ready: before any form is asked."""
    validators.MinValueValidator.message = "Enter %(limit_value)s or more."
    validators.MaxValueValidator.message = "Enter %(limit_value)s or less."
    validators.MaxLengthValidator.message = "Use at most %(limit_value)d characters. This has %(show_value)d."
    validators.EmailValidator.message = "Enter an e-mail address such as name@example.com."
    # Mostly somebody took it out of the list while the form was open.
    gone = {"invalid_choice": "What was chosen is not in the list any more. Choose again."}
    for field in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField):
        field.default_error_messages |= gone
    forms.ModelMultipleChoiceField.default_error_messages |= gone | {
        "invalid_pk_value": gone["invalid_choice"],
        "invalid_list": "Choose from the list.",
    }
    forms.FileField.default_error_messages |= {
        "empty": "The file is empty.",
        "invalid": "Choose a file.",
        "missing": "Choose a file.",
    }
