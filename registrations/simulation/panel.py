"""What the page of a version, a right or a requirement shows of its simulations (policies/simulations.py)."""

from django.urls import reverse

from accounts.models import User
from policies.models import RegistrationPolicy
from policies.planned import Change, Kind
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
    return {found.policy_id for found in last if found.policy_id is not None and not is_stale(found)}


def trials_of(change: Change, reader: User) -> Panel | None:
    """The same for a change of a right or a requirement."""
    may_edit = reader.may(EDIT)
    if not may_edit and not reader.may(READ):
        return None
    tried = Simulation.objects.filter(policy=None, subject=change.subject)
    found = tried.select_related("policy", "created_by").order_by("-id").first()
    if found is None and not may_edit:
        return None
    return Panel(trial_url(change) if may_edit else "", _last(found) if found is not None else None)


def trial_url(change: Change) -> str:
    """Where the change is tried."""
    if change.asked is not None:
        if change.typed:
            return f"{reverse('registrations:try_requirement', args=[change.line])}?{change.typed}"
        number = change.asked.code.partition(":")[2]
        return reverse("registrations:try_written_requirement", args=[change.line, number])
    assert change.right is not None
    code = change.right.code.partition(":")[2]
    if change.kind == Kind.END:
        return reverse("registrations:try_end", args=[code])
    if change.typed:
        return f"{reverse('registrations:try_right')}?{change.typed}"
    return reverse("registrations:try_given_right", args=[code])


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
        beside=head.beside,
    )
