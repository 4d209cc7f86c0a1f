"""The vendor's own people, and opening and closing anybody's account."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import absences
from accounts.access import requires
from accounts.enums import Side
from accounts.models import User
from partners.models import Member
from partners.services import deactivate_person, reactivate_person
from partners.views.people_rows import invitation_rows, person_rows


@require_safe
@requires("members.invite_any")
def people(request: HttpRequest) -> HttpResponse:
    """The vendor's staff and the invitations to join it."""
    assert isinstance(request.user, User)
    staff = list(
        User.objects.filter(role__side=Side.VENDOR)
        .select_related("member")
        .order_by("-is_active", "name", "pk")
    )
    invitations, may_invite = invitation_rows(request.user, None)
    context = {
        "page_title": "Our people",
        "members": person_rows(request.user, staff),
        "managers": [(person.pk, person.name or person.email) for person in staff if person.is_active],
        "invitations": invitations,
        "may_invite": may_invite,
        "invite_url": reverse("partners:invite_staff"),
    }
    return render(request, "partners/people.html", context)


@require_POST
@requires("members.invite_firm", "members.invite_any")
def deactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Closes an account; 404 for people outside the reader's reach."""
    assert isinstance(request.user, User)
    person = _found(request.user, person_id)
    deactivate_person(person, by=request.user)
    messages.success(request, f"{person.name} can't sign in any more.")
    return redirect(_home_of(person))


@require_POST
@requires("members.invite_firm", "members.invite_any")
def reactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Opens an account again."""
    assert isinstance(request.user, User)
    person = _found(request.user, person_id)
    reactivate_person(person, by=request.user)
    messages.success(request, f"{person.name} can sign in again.")
    return redirect(_home_of(person))


@require_POST
@requires("members.invite_any")
def set_manager(request: HttpRequest, person_id: int) -> HttpResponse:
    """Says whom overdue work of somebody of the vendor's staff is told to."""
    assert isinstance(request.user, User)
    staff = User.objects.filter(role__side=Side.VENDOR)
    person = get_object_or_404(staff, pk=person_id)
    given = request.POST.get("manager", "")
    manager = get_object_or_404(staff, pk=given) if given.isdecimal() and len(given) < 19 else None
    absences.set_manager(person, manager=manager, by=request.user)
    messages.success(
        request,
        f"{person.name} reports to {manager.name} now."
        if manager
        else f"{person.name} reports to nobody now.",
    )
    return redirect("partners:people")


def _found(reader: User, person_id: int) -> User:
    inside = Q(member__in=Member.objects.visible_to(reader))
    if reader.may("members.invite_any"):
        inside |= Q(role__side=Side.VENDOR)
    return get_object_or_404(User.objects.filter(inside).select_related("member__partner"), pk=person_id)


def _home_of(person: User) -> str:
    member: Member | None = getattr(person, "member", None)
    return reverse("partners:partner", args=[member.partner.code]) if member else reverse("partners:people")
