"""What the policy says about a registration and one candidate, from the version that applied when it was submitted."""

from datetime import datetime

from policies.models import RegistrationPolicy
from registrations.comparison import day
from registrations.enums import Status
from registrations.models import Registration
from registrations.referee_words import percent
from registrations.views.review.rivals import Rival

_SCOPES = (
    ("scope_product_line", "product line"),
    ("scope_territory", "territory"),
    ("scope_industry", "industry"),
)


def policy_says(registration: Registration, rival: Rival | None, now: datetime) -> list[str]:
    """The rules that bear on this choice, each with what it means here; one query."""
    policy = registration.policy
    if policy is None:
        return []
    said = []
    if rival is not None:
        said.append(_likeness(policy, rival))
    if (
        rival is not None and rival.is_open and rival.account is None
    ):  # what has ended, or has no products, keeps none out
        said += [_scope(policy, rival), *_order(registration, rival)]
    if policy.evidence_required and not registration.contact_made:
        said.append("Contact with the company has to be stated before a deal is approved; none was.")
    said.append(f"Approved, it is protected for {policy.protection_days} days from the last update.")
    current = RegistrationPolicy.objects.in_force(now)
    if current.pk != policy.pk:
        said.append(
            f"Version {policy.version} applied when it was submitted; version {current.version} is in force now."
        )
    return said


def _likeness(policy: RegistrationPolicy, rival: Rival) -> str:
    score = rival.conflict.score
    if score >= policy.same_score:
        return f"At {percent(score)} the two count as the same company: that begins at {percent(policy.same_score)}."
    return (
        f"At {percent(score)} a person compares the two: below {percent(policy.same_score)} "
        "nothing is taken for the same company by itself."
    )


def _scope(policy: RegistrationPolicy, rival: Rival) -> str:
    narrowed = [words for name, words in _SCOPES if getattr(policy, name)]
    family = " and its parents and subsidiaries" if policy.scope_family else ""
    if not narrowed:
        return f"A holder keeps others out of the whole company{family}."
    rule = f"A holder keeps others out for the same {_and(narrowed)} at the company{family}."
    met = "They overlap here." if rival.overlaps else "They do not overlap, so both can be protected."
    return f"{rule} {met}"


def _order(registration: Registration, rival: Rival) -> list[str]:
    other = rival.registration
    if other is None or other.submitted_at is None or registration.submitted_at is None:
        return []
    if not rival.overlaps:
        return []
    if other.partner_id == registration.partner_id:
        return [f"Both are {registration.partner}’s own."]
    first, second = (
        (other, registration) if other.submitted_at < registration.submitted_at else (registration, other)
    )
    said = f"First come, first served: {first.partner} registered on {day(first.submitted_at)}"
    apart = (second.submitted_at - first.submitted_at).days  # type: ignore[operator]
    said += (
        f", {apart} {'day' if apart == 1 else 'days'} before {second.partner}."
        if apart
        else f", before {second.partner}."
    )
    if other.status == Status.APPROVED:
        said += " Whoever comes later waits in line until protection ends."
    return [said]


def _and(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
