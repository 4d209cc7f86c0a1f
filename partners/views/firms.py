"""One firm: its page for the vendor and for its own people, a new one, and changing one."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from partners.completeness import completeness_of
from partners.enums import PartnerStatus
from partners.figures import figures_for
from partners.forms import OwnProfileForm, PartnerForm
from partners.models import Partner
from partners.page_parts import parts_for
from partners.permissions import may_edit_own
from partners.services import create_partner, update_own_profile, update_partner
from partners.services.ending import being_ended
from partners.standing_words import standing_word, word_for_vendor
from partners.views.firm_frame import found_firm, frame
from partners.views.milestones import milestones_of
from partners.views.people_rows import invitation_rows, members_of, person_rows
from partners.workflow import changes_for

_HOST = re.compile(r"^[\w.-]+\.[\w-]{2,}(:\d+)?(/\S*)?$")


@require_safe
@requires("partners.view_all", "partners.view_own")
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """A firm with its people. 404 for a firm that is not the reader's."""
    assert isinstance(request.user, User)
    return _page(request, found_firm(request.user, code))


@require_safe
@requires("partners.view_own")
def firm(request: HttpRequest) -> HttpResponse:
    """The reader's own firm."""
    assert isinstance(request.user, User)
    return _page(request, _own(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("partners.edit")
def new_partner(request: HttpRequest) -> HttpResponse:
    """Takes a firm in."""
    assert isinstance(request.user, User)
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_partner(
                by=request.user,
                fields=form.given(),
                territories=form.cleaned_data["territories"],
                industries=form.cleaned_data["industries"],
                begins=form.cleaned_data["begins"],
            )
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{made.name} is a partner now. Invite its first people.")
            return redirect("partners:partner", made.code)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("partners.edit")
def edit_partner(request: HttpRequest, code: str) -> HttpResponse:
    """Changes a firm's profile."""
    assert isinstance(request.user, User)
    found = found_firm(request.user, code)
    # The form writes into an object of its own: a refused value must not show in the page's heading.
    form = PartnerForm(
        request.POST if request.method == "POST" else None, instance=Partner.objects.get(pk=found.pk)
    )
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            update_partner(
                found,
                by=request.user,
                version=form.cleaned_data["version"] or 0,
                fields=form.given(),
                territories=form.cleaned_data["territories"],
                industries=form.cleaned_data["industries"],
            )
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except StaleVersion as stale:
            form.add_error(None, stale.message)
            status = stale.status
        else:
            messages.success(request, "Saved.")
            return redirect("partners:partner", found.code)
    return _form_page(request, form, found, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("partners.edit_own")
def edit_own(request: HttpRequest) -> HttpResponse:
    """Changes what is the firm's own to say."""
    assert isinstance(request.user, User)
    found = _own(request.user)
    form = OwnProfileForm(
        request.POST if request.method == "POST" else None, instance=Partner.objects.get(pk=found.pk)
    )
    status = None
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            update_own_profile(found, by=request.user, version=given.pop("version"), fields=given)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except StaleVersion as stale:
            form.add_error(None, stale.message)
            status = stale.status
        else:
            messages.success(request, "Saved.")
            return redirect("partners:firm")
    context = {
        "page_title": f"Profile of {found.name}",
        "breadcrumbs": [{"label": found.name, "url": reverse("partners:firm")}, {"label": "Profile"}],
        "form": form,
        "cancel_url": reverse("partners:firm"),
    }
    return render(
        request, "partners/firm/profile.html", context, status=status or (422 if form.errors else 200)
    )


def _own(user: User) -> Partner:
    """The reader's own firm. 404 for somebody who belongs to none."""
    own = Partner.objects.visible_to(user).filter(members__user=user)
    found = own.select_related("manager").prefetch_related("territories", "industries").first()
    if found is None:
        raise Http404("You belong to no firm.")
    return found


def _page(request: HttpRequest, found: Partner) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    invitations, may_write = invitation_rows(user, found)
    people = members_of(user, found)
    context = frame(user, found, "") | {
        "website_url": f"https://{found.website}" if _HOST.match(found.website) else "",
        "figures": figures_for([found.pk], user)[found.pk],
        "parts": parts_for(found, user),
        "milestones": milestones_of(found, database_clock()),
        "completeness": completeness_of(found, people, user, invited=any(row.is_open for row in invitations)),
        "changes": [
            {"code": change.value, "label": change.label, "quiet": change.value in ("suspend", "end")}
            for change in changes_for(user, found)
        ],
        "members": person_rows(user, [person.user for person in people]),
        "invitations": invitations,
        "may_invite": may_write and found.status != PartnerStatus.ENDED,
        "standing": word_for_vendor(found) if user.is_vendor else standing_word(user),
        "may_edit_own": may_edit_own(user, found),
        "being_ended": being_ended(found) if user.is_vendor else [],
    }
    return render(request, "partners/partner.html", context)


def _form_page(
    request: HttpRequest, form: PartnerForm, found: Partner | None, status: int | None = None
) -> HttpResponse:
    whole_list = {"label": "Partners", "url": reverse("partners:list")}
    own = reverse("partners:partner", args=[found.code]) if found else whole_list["url"]
    trail = [{"label": found.name, "url": own}, {"label": "Change"}] if found else [{"label": "New partner"}]
    context = {
        "page_title": f"Change {found.name}" if found else "New partner",
        "breadcrumbs": [whole_list, *trail],
        "form": form,
        "partner": found,
        "cancel_url": own,
    }
    return render(request, "partners/edit.html", context, status=status or (422 if form.errors else 200))
