"""Operations publish agreements, ask firms again, and end agreements."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from core.vendor_days import vendor_day
from partners.agreements.asking import not_accepted
from partners.forms.agreements import AgreementForm, WordingForm
from partners.models import Agreement, AgreementVersion
from partners.services.agreements import ask_again, create_agreement, end_agreement, publish_version
from partners.services.agreements.asking_firms import EDIT

_METHODS = ["GET", "HEAD", "POST"]
_DAYS_TO_ACCEPT = 30


@require_http_methods(_METHODS)
@requires(EDIT)
def new_agreement(request: HttpRequest) -> HttpResponse:
    """A new agreement with its first version."""
    form = AgreementForm(*_sent(request), initial=_days())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            version = create_agreement(
                by=_person(request), title=said["title"], kinds=said["kinds"], wording=form.wording()
            )
        except BadInput as refused:
            _blame(form, refused)
        else:
            return _published(request, version)
    return _page(request, form, None, None)


@require_http_methods(_METHODS)
@requires(EDIT)
def new_version(request: HttpRequest, code: str) -> HttpResponse:
    """The next version; it begins with the words of the last one."""
    found = get_object_or_404(Agreement.objects.visible_to(_person(request)), code=code)
    last = found.versions.order_by("-number").first()
    assert last is not None
    form = WordingForm(*_sent(request), initial={"text": last.text, **_days()})
    status = None
    if request.method == "POST" and form.is_valid():
        after = request.POST.get("version", "")
        try:
            version = publish_version(
                found,
                by=_person(request),
                after=int(after) if after.isdecimal() and len(after) < 10 else 0,
                wording=form.wording(),
            )
        except BadInput as refused:
            _blame(form, refused)
        except StaleVersion as stale:
            form.add_error(None, stale.message)
            status = stale.status
        else:
            return _published(request, version)
    return _page(request, form, found, last, status)


@require_POST
@requires(EDIT)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Writes again to the firms that have not accepted."""
    found = get_object_or_404(Agreement.objects.visible_to(_person(request)), code=code)
    firms = ask_again(found, by=_person(request))
    messages.success(request, f"The admins of {_firms(firms)} are written to again.")
    return redirect("partners:agreement", code)


@require_POST
@requires(EDIT)
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Asks nobody any more."""
    found = get_object_or_404(Agreement.objects.visible_to(_person(request)), code=code)
    end_agreement(found, by=_person(request))
    messages.success(
        request, f"{found.title} has ended: nobody is asked for it any more. What was accepted is kept."
    )
    return redirect("partners:agreements")


def _published(request: HttpRequest, version: AgreementVersion) -> HttpResponse:
    firms = not_accepted(version).count()
    messages.success(
        request,
        f"Published. {_firms(firms).capitalize()} {'is' if firms == 1 else 'are'} asked to accept it.",
    )
    return redirect("partners:agreement", version.agreement.code)


def _page(
    request: HttpRequest,
    form: WordingForm,
    found: Agreement | None,
    last: AgreementVersion | None,
    status: int | None = None,
) -> HttpResponse:
    home = reverse("partners:agreements")
    own = reverse("partners:agreement", args=[found.code]) if found else home
    title = f"New version of {found.title}" if found else "New agreement"
    trail = [{"label": found.title, "url": own}, {"label": "New version"}] if found else [{"label": title}]
    context = {
        "page_title": title,
        "breadcrumbs": [{"label": "Agreements", "url": home}, *trail],
        "form": form,
        "last": last,
        "cancel_url": own,
    }
    return render(
        request, "partners/agreements/form.html", context, status=status or (422 if form.errors else 200)
    )


def _days() -> dict[str, object]:
    today = vendor_day(database_clock())
    return {
        "effective_on": today + timedelta(days=_DAYS_TO_ACCEPT),
        "accept_by": today + timedelta(days=_DAYS_TO_ACCEPT),
    }


def _sent(request: HttpRequest) -> tuple[object, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _blame(form: WordingForm, refused: BadInput) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def _firms(count: int) -> str:
    return "1 firm" if count == 1 else f"{count} firms"


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
