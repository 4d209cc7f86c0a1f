"""What all pages behind a mail's link have in common: who reads them, what keeps their address a key, and what is said to
somebody else."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.errors import DomainError
from registrations.services.mail_links import NotYourLink

Page = Callable[[HttpRequest, str], HttpResponse]


def mail_link(refused: Callable[[HttpRequest, str, DomainError], HttpResponse]) -> Callable[[Page], Page]:
    """A page behind a mail's link. What the domain refuses is told by `refused`, but a link of somebody else by a page that
    says no more than that."""

    def around(page: Page) -> Page:
        @wraps(page)
        def answered(request: HttpRequest, token: str) -> HttpResponse:
            try:
                response = page(request, token)
            except NotYourLink as error:
                response = _not_yours(request, error)
            except DomainError as error:
                response = refused(request, token, error)
            # The address is a key: no cache keeps it, no other site learns it. 'same-origin', not 'no-referrer': with that a
            # browser sends "Origin: null" along with the button's POST, which the check against forged requests refuses.
            response.headers["Cache-Control"] = "no-store, private"
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex"
            return response

        return require_http_methods(["GET", "HEAD", "POST"])(answered)

    return around


def reader_of(request: HttpRequest) -> User | None:
    """Who is signed in; a link asks nobody to be."""
    return request.user if isinstance(request.user, User) else None


def _not_yours(request: HttpRequest, error: NotYourLink) -> HttpResponse:
    context = {"message": error.message, "title": error.title, "status": error.status}
    return render(request, "registrations/link_of_another.html", context, status=error.status)
