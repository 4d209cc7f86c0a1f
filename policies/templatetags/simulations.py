"""The simulations of a version, or of a change, on its page."""

from typing import Any

from django import template
from django.utils.text import slugify
from django.utils.translation import gettext as _

from policies.models import RegistrationPolicy
from policies.planned import Change, Kind
from policies.simulations import panel_of, trials_of

register = template.Library()


@register.inclusion_tag("policies/_simulation.html", takes_context=True)
def simulation_of(context: template.Context, policy: RegistrationPolicy) -> dict[str, Any]:
    """Shows the last simulation of `policy` and where to ask for another, to those who may."""
    return {
        "panel": panel_of(policy, context["request"].user),
        "heading_id": "policy-simulation",
        "empty": _("See what this version would have done to registrations that were submitted already."),
        "start": _("Simulate"),
        "look": _("Look at the last simulation"),
    }


@register.inclusion_tag("policies/_simulation.html", takes_context=True)
def trials(context: template.Context, change: Change) -> dict[str, Any]:
    """Shows the last trial of `change` and where to ask for another, to those who may."""
    if change.kind == Kind.END:
        empty = _("See what would have been decided without this right.")
    else:
        empty = _("See what it would have done to registrations that were submitted already.")
    return {
        "panel": trials_of(change, context["request"].user),
        "heading_id": slugify(change.subject),
        "empty": empty,
        "start": _("Try on past registrations"),
        "look": _("Look at the last one"),
    }


@register.inclusion_tag("policies/_last_trial.html", takes_context=True)
def last_trial(context: template.Context, change: Change | None) -> dict[str, Any]:
    """What the last trial of `change` found, in a line; nothing before there is one."""
    panel = trials_of(change, context["request"].user) if change is not None else None
    return {"last": panel.last if panel is not None else None}
