"""The thresholds of the registration policy in force, for commands that judge names."""

from companies.measuring.thresholds import Thresholds
from core.clock import database_clock
from policies.models import RegistrationPolicy


def thresholds_in_force() -> Thresholds:
    """Those of the version that applies now; the matcher's own where there is none."""
    try:
        policy = RegistrationPolicy.objects.only("same_score", "review_score").in_force(database_clock())
    except IndexError:
        return Thresholds()
    return Thresholds(same=policy.same_score, review=policy.review_score)
