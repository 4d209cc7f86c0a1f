"""The forms of signing in, in the portal's own words."""

from typing import Any

from allauth.account import forms


class LoginForm(forms.LoginForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self.fields["login"])


class ResetPasswordForm(forms.ResetPasswordForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self.fields["email"])


def _name(field: Any) -> None:
    field.label = "E-mail"
    field.widget.attrs["placeholder"] = "E-mail address"
