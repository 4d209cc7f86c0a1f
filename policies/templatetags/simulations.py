"""A version's simulations on its page."""

from typing import Any

from django import template

from policies.models import RegistrationPolicy
from policies.simulations import panel_of

register = template.Library()


@register.inclusion_tag("policies/_simulation.html", takes_context=True)
def simulation_of(context: template.Context, policy: RegistrationPolicy) -> dict[str, Any]:
    """Shows the last simulation of `policy` and where to ask for another, to those who may."""
    return {"panel": panel_of(policy, context["request"].user)}
