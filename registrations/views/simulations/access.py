"""What every view of simulations begins with."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import User
from policies.models import RegistrationPolicy
from registrations.models import Simulation
from registrations.simulation.panel import READ as READ

EDIT = "policies.edit"


def version_in_reach(request: HttpRequest, number: int) -> RegistrationPolicy:
    """The version, if this person may see it."""
    return get_object_or_404(RegistrationPolicy.objects.visible_to(request.user), version=number)  # type: ignore[arg-type]


def simulation_in_reach(code: str) -> Simulation:
    """The simulation; whoever reads all registrations sees all of them."""
    return get_object_or_404(Simulation.objects.select_related("policy", "created_by"), code=code)


def name_of(policy: RegistrationPolicy) -> str:
    """'draft 4', 'version 3'."""
    return f"{'draft' if policy.is_draft else 'version'} {policy.version}"


def address_of(policy: RegistrationPolicy, reader: User) -> str:
    """Where a draft is written at by those who may, or a version read."""
    writes = policy.is_draft and reader.may(EDIT)
    return reverse("policies:edit_draft" if writes else "policies:version", args=[policy.version])


def crumbs(policy: RegistrationPolicy, reader: User, title: str) -> list[dict[str, str]]:
    """Where a simulation's page stands."""
    return [
        {"label": "Registration policy", "url": reverse("policies:registration_policy")},
        {"label": name_of(policy).capitalize(), "url": address_of(policy, reader)},
        {"label": title},
    ]
