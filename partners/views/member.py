"""What a person of a firm may do, and does."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.models import User
from core.errors import BadInput, NotAllowed
from partners.forms import MemberForm
from partners.models import Member
from partners.permissions import may_change_role
from partners.services import change_member


@require_http_methods(["GET", "HEAD", "POST"])
@requires("partners.view_own", "members.invite_any")
def member(request: HttpRequest, person_id: int) -> HttpResponse:
    """Role and functions; oneself only the functions. 404 for people outside the reader's reach."""
    user = request.user
    assert isinstance(user, User)
    seen = Member.objects.visible_to(user).select_related("user__role", "partner")
    found = get_object_or_404(seen, user=person_id)
    if found.user_id != user.pk and not may_change_role(user, found.user):
        raise NotAllowed("Your role does not include this person.")
    form = MemberForm(request.POST if request.method == "POST" else None, by=user, member=found)
    home = reverse("partners:partner", args=[found.partner.code])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_member(found, by=user, role=given.get("role"), functions=given["functions"])
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, "Saved.")
            return redirect(home)
    context = {
        "page_title": found.user.name or found.user.email,
        "breadcrumbs": [{"label": found.partner.name, "url": home}, {"label": str(found.user)}],
        "form": form,
        "member": found,
        "cancel_url": home,
    }
    return render(request, "partners/firm/member.html", context, status=422 if form.errors else 200)
