"""What the portal changes about django-allauth: nobody signs up by themselves; people are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closes the public sign-up: an account begins with an invitation (partners/invitations.py)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
