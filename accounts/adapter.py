"""What the portal changes about django-allauth: nobody signs up by themselves; people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closes the public sign-up: an account begins with an invitation (partners/invitations.py)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
