"""What a simulation is of, as its pages tell it: a version of the policy, or a change of a right or a requirement."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from policies.announced import key_of
from policies.loading import rights_during
from policies.models import RegistrationPolicy
from policies.planned import Change, Kind
from policies.reach import exclude
from registrations.models import Simulation
from registrations.services.simulations import as_simulated
from registrations.simulation.panel import trial_url
from registrations.simulation.telling import left_out_of_trials, left_out_of_versions, not_shown
from registrations.views.simulations.access import EDIT, address_of, crumbs, name_of


@dataclass(frozen=True)
class About:
    """`name` stands at the head; `tried` says what a change does, '' for a version. `url` is where it is written or read, and
    `label` names that; `again_url` is where another is asked for, '' for those who only read. `not_shown` says what a
    version changes that no simulation shows."""

    name: str
    tried: str
    label: str
    url: str
    again_url: str
    crumbs: list[dict[str, str]]
    left_out: str
    not_shown: str = ""
    beside: list[str] = field(default_factory=list)


def about(simulation: Simulation, reader: User) -> About:
    """What the simulation is of."""
    if simulation.policy is None:
        change = Change.from_json(simulation.change or {})
        return about_change(change, reader, since=simulation.since, until=simulation.until)
    policy = simulation.policy
    beside = [Change.from_json(one) for one in simulation.beside]
    return About(
        name=name_of(policy),
        tried="",
        beside=[one.words for one in beside],
        label=name_of(policy).capitalize(),
        url=address_of(policy, reader),
        again_url=_again_url(policy, beside) if reader.may(EDIT) else "",
        crumbs=crumbs(policy, reader, "Simulation"),
        left_out=left_out_of_versions(beside),
        not_shown=not_shown_of(as_simulated(simulation)),
    )


def not_shown_of(trial: RegistrationPolicy) -> str:
    """What the version changes, against the one before it, that a simulation does not show; '' for nothing."""
    if trial.effective_from is None:
        before = RegistrationPolicy.objects.in_force(database_clock())
    else:
        before = RegistrationPolicy.objects.before(trial.effective_from).first() or trial
    return not_shown(before, trial, base_currency())


def _again_url(policy: RegistrationPolicy, beside: list[Change]) -> str:
    """The form as it was: for a change that was being written it is that one's."""
    written = next((one for one in beside if one.typed), None)
    if written is not None:
        return f"{trial_url(written)}&{urlencode({'under': policy.version})}"
    chosen = urlencode([("beside", key_of(one)) for one in beside])
    return f"{reverse('registrations:simulate', args=[policy.version])}{'?' if chosen else ''}{chosen}"


def about_change(
    change: Change, reader: User, *, since: datetime | None = None, until: datetime | None = None
) -> About:
    """What is tried; with a period also the rights that it leaves out."""
    may_edit = reader.may(EDIT)
    beside: list[str] = []
    if change.kind == Kind.RIGHT and change.right is not None and since is not None and until is not None:
        others = (one for one in rights_during(since, until) if one.code != change.right.code)
        beside = sorted({one.code.partition(":")[2] for one in others if exclude(one, change.right)})
    url, label = page_of(change, reader)
    route = "policies:requirements" if change.asked is not None else "policies:rights"
    title = "Product authorisation" if change.asked is not None else "Distribution rights"
    return About(
        name=change.title,
        tried=change.words,
        label=label,
        url=url,
        again_url=trial_url(change) if may_edit else "",
        crumbs=[
            {"label": title, "url": reverse(route)},
            {"label": change.title, "url": url},
            {"label": "On past registrations"},
        ],
        left_out=left_out_of_trials(change.kind, beside),
    )


def page_of(change: Change, reader: User) -> tuple[str, str]:
    """Where the change is written on, or what it is about is read, and the words of the link there."""
    writes = bool(change.typed) and reader.may(EDIT)
    if change.asked is not None:
        if writes:
            url = reverse("policies:change_requirement", args=[change.line])
            return f"{url}?{change.typed}", "Go on with it"
        return reverse("policies:requirement", args=[change.line]), change.asked.product_line_name
    assert change.right is not None
    if change.typed:
        if not writes:
            return reverse("policies:rights"), "Distribution rights"
        return f"{reverse('policies:new_right')}?{change.typed}", "Go on with it"
    return reverse("policies:right", args=[change.right.code.partition(":")[2]]), "The right"
