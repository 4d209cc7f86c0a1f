"""What a simulation found, in words."""

from collections.abc import Mapping, Sequence

from policies.models import RegistrationPolicy
from policies.outcome import Landing
from policies.planned import Change, Kind
from policies.rules import DECIDING
from policies.saying import joined
from policies.words import changes
from registrations.simulation.tally import Cell, Key, matrix, moved

LANDING_WORDS = {
    Landing.APPROVED: "Approved",
    Landing.IN_REVIEW: "In review",
    Landing.WAITLISTED: "Waitlisted",
    Landing.REFUSED: "Refused",
    Landing.SENT_BACK: "Sent back",
}
# In the order of the table and of the sentence.
LANDINGS = tuple(LANDING_WORDS)
# Where something landed then: what is sent back is not taken, and nothing is kept of it.
LANDED = tuple(landing for landing in LANDINGS if landing != Landing.SENT_BACK)
_DEEDS = {
    Landing.APPROVED: "auto-approve {} more",
    Landing.IN_REVIEW: "send {} more to review",
    Landing.WAITLISTED: "put {} more in line",
    Landing.REFUSED: "refuse {}",
    Landing.SENT_BACK: "send {} back for what was not filled in",
}
_EACH_BY_ITSELF = (
    "Each registration is looked at by itself, with the facts of its day: what an approval would have kept out later, "
    "moved up in line or counted towards a limit is not played on, and what channel managers decided stays as it was."
)
LEFT_OUT = (
    f"{_EACH_BY_ITSELF} "
    "Only the settings of the policy are tried: distribution rights, what product lines require and review routes count as they "
    "were on that day. A right or a requirement that is planned counts where it was chosen."
)
_TOGETHER = (
    "The settings of the policy are tried together with what is planned beside it, as if both had bound all along; "
    "review routes, other distribution rights and what other product lines require count as they were on that day."
)
_TRIED = {
    Kind.RIGHT: "Only this right is tried, as if it had run through the whole period, beside the policy of each day.",
    Kind.END: "Only the end of this right is tried, as if it had never run in the period, beside the policy of each day.",
    Kind.REQUIREMENT: (
        "Only this requirement is tried, as if it had applied through the whole period in place of what applied then, beside "
        "the policy of each day. Firms count as they were on that day; in a group or territory that was made later, or with a "
        "certificate that no firm held and no product line required until later, they count as they are now."
    ),
}


def left_out_of_versions(beside: Sequence[Change]) -> str:
    """What a simulation of a version, with what is `beside` it, does not tell."""
    return f"{_TOGETHER} {_EACH_BY_ITSELF}" if beside else LEFT_OUT


def left_out_of_trials(kind: Kind, beside: Sequence[str]) -> str:
    """What a trial of a change does not tell; `beside` are the codes of the rights that it leaves out."""
    others = ""
    if beside:
        one = "which is left out" if len(beside) == 1 else "which are left out"
        others = f" It meets {joined(list(beside))}, {one}: an exclusive right overlaps no other."
    return f"{_TRIED[kind]}{others} {_EACH_BY_ITSELF}"


def not_shown(before: RegistrationPolicy, trial: RegistrationPolicy, base: str) -> str:
    """What `trial` changes that decides nothing when a registration is submitted, so that no simulation shows it; '' for
    nothing. `base` is the code of the base currency."""
    found = [change for change in changes(before, trial, base) if change.setting not in DECIDING]
    if not found:
        return ""
    told = joined([f"{change.label} ({change.after})" for change in found])
    return (
        "A simulation shows where registrations land when they are submitted. "
        f"What else changes with this version shows nowhere here: {told}."
    )


# Findings by their rule's code, as the filter and the export name them.
RULE_WORDS = {
    "all": "Every deal is looked at",
    "below_minimum": "Below the least value",
    "cap": "Open deals of the firm",
    "check_failed": "Conflict check failed",
    "cooling_off": "Wait after an expiry",
    "crowd": "Many similar names",
    "decided_before": "Decided against before",
    "exclusive_right": "Distribution right",
    "held": "Held by somebody else",
    "incomplete": "Not filled in",
    "no_contact": "No contact stated",
    "other_lines": "Similar company, other scope",
    "outside_territory": "Outside the firm's territories",
    "partner_kind": "Kind of the firm",
    "partner_onboarding": "Firm not active yet",
    "partner_standing": "Firm not active",
    "partner_tier": "Tier of the firm",
    "product_authorisation": "Product authorisation",
    "similar": "Similar company",
    "tender": "Public tender",
    "unreadable": "Can't be read",
    "value": "Value of the deal",
}


def rule_words(rule: str) -> str:
    """'value' → 'Value of the deal'."""
    return RULE_WORDS.get(rule) or rule.replace("_", " ").capitalize()


def change_words(before: str, after: str) -> str:
    """'Approved → in review'."""
    return f"{LANDING_WORDS[Landing(before)]} → {LANDING_WORDS[Landing(after)].lower()}"


def sentence(cells: Mapping[Key, Cell], unsettled: int = 0) -> str:
    """'Would auto-approve 38 more and refuse 4; 1,150 of 1,192 would land where they did.' `unsettled` are in no cell."""
    total = sum(cell.number for cell in cells.values())
    if not total and unsettled:
        return "None of the registrations in this period can be compared."
    if not total:
        return "There was nothing to simulate in this period."
    arrivals = {
        landing: sum(
            cell.number
            for (before, after), cell in matrix(cells).items()
            if after == landing and before != landing
        )
        for landing in LANDINGS
    }
    deeds = [_DEEDS[landing].format(f"{number:,}") for landing, number in arrivals.items() if number]
    if not deeds:
        kind = " that can be compared" if unsettled else ""
        if total == 1:
            return f"The one registration{kind} would land where it did."
        return f"All {total:,} registrations{kind} would land where they did."
    same = total - moved(cells).number
    return f"Would {joined(deeds)}; {same:,} of {total:,} would land where they did."
