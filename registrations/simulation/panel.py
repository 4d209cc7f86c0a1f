"""What a version's page shows of its simulations (policies/simulations.py)."""

from django.urls import reverse

from accounts.models import User
from policies.models import RegistrationPolicy
from policies.simulations import Last, Panel
from registrations.enums import SimulationState
from registrations.models import Simulation
from registrations.services.simulations import EDIT, is_stale
from registrations.simulation.heads import head_of

READ = "registrations.view_all"  # what was found lists deals of all firms: whoever reads those reads this


def panel_of(policy: RegistrationPolicy, reader: User) -> Panel | None:
    """The last simulation of `policy`, for those who read all registrations, and where to ask for another, for those who
    may."""
    may_edit = reader.may(EDIT)
    if not may_edit and not reader.may(READ):
        return None
    found = (
        Simulation.objects.filter(policy=policy)
        .select_related("policy", "created_by")
        .order_by("-id")
        .first()
    )
    if found is None and not may_edit:
        return None
    start_url = reverse("registrations:simulate", args=[policy.version]) if may_edit else ""
    return Panel(start_url, _last(found) if found is not None else None)


def simulated_of(policies: list[RegistrationPolicy]) -> set[int]:
    """The ids of those whose last finished simulation is of the settings that they have now; one query."""
    done = Simulation.objects.filter(policy__in=policies, state=SimulationState.DONE)
    last = done.order_by("policy_id", "-id").distinct("policy_id").select_related("policy")
    return {found.policy_id for found in last if not is_stale(found)}


def _last(found: Simulation) -> Last:
    head = head_of(found)
    return Last(
        url=reverse("registrations:simulation", args=[found.code]),
        label=head.label,
        tone=head.tone,
        period=head.period,
        asked=head.asked,
        sentence=head.sentence,
        stale=is_stale(found),
    )
