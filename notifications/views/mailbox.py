"""The mailbox of a portal in development: reads what it would have mailed. The routes exist only with that backend."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notifications import mailbox

# Links of a mail open in the whole window; nothing else in it may do anything.
_SANDBOX = ["allow-top-navigation-by-user-activation", "allow-popups", "allow-popups-to-escape-sandbox"]
_STRICT = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": _SANDBOX,
}


@require_safe
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    """All mails, newest first; `to` is part of an address."""
    _only_in_development()
    to = request.GET.get("to", "").strip()
    context = {"page_title": "Mailbox", "letters": mailbox.letters(to=to), "to": to}
    return render(request, "notifications/mailbox.html", context)


@require_safe
@never_cache
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: its head, its HTML in a frame that can do nothing but be read, and its text."""
    found = _letter(name)
    context = {"page_title": found.subject, "letter": found, "sandbox": " ".join(_SANDBOX)}
    return render(request, "notifications/letter.html", context)


@require_safe
@never_cache
@xframe_options_sameorigin
@csp(_STRICT)  # type: ignore[arg-type]
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML of a mail as it was sent, but that its links open in the whole window."""
    html = _letter(name).html
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def _letter(name: str) -> mailbox.Letter:
    _only_in_development()
    found = mailbox.letter(name)
    if found is None:
        raise Http404("There is no such mail.")
    return found


def _only_in_development() -> None:
    if not mailbox.is_on():
        raise Http404("Mail is really sent here.")
