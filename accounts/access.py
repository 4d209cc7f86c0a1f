"""The first line of a view: who may come in. Anonymous people sign in first, others without the permission get 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.errors import NotAllowed

View = Callable[..., HttpResponseBase]


def requires(*permissions: str) -> Callable[[View], View]:
    """Lets a view be entered by people who hold at least one of `permissions`; raises NotAllowed otherwise."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.may(permission) for permission in permissions):  # type: ignore[union-attr]
                raise NotAllowed(
                    "Your role does not include this. Ask an administrator of your organisation."
                )
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return decorate
