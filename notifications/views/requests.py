"""What a view knows of its reader once the access helper has let them in."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is a person, not the anonymous one."""

    user: User
