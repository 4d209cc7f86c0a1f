"""The settings in groups, in the order in which a deal meets them, for the form that writes them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Settings that are looked at together. `code` is the anchor on the page."""

    code: str
    title: str
    lead: str
    settings: tuple[str, ...]


GROUPS = (
    Group(
        "who",
        "Who may register, and what",
        "Firms and deals that are taken in at all. What they may sell is under product authorisation and distribution rights.",
        (
            *("registering_kinds", "least_tier", "onboarding_partners", "outside_territory"),
            *("refuse_public_tender", "least_value"),
        ),
    ),
    Group(
        "asking",
        "Before submitting",
        "What partners have to tell, and how often they can ask beforehand.",
        ("required_fields", "evidence_required", "prechecks_per_day", "prechecks_per_person"),
    ),
    Group(
        "deciding",
        "Deciding",
        "What the portal decides alone, and what a channel manager looks at. Who that is stands under review routes.",
        (
            *("auto_approve", "auto_approve_below", "review_score", "same_score"),
            *("waitlist_same", "review_sla_business_days"),
        ),
    ),
    Group(
        "holding",
        "What a registration holds",
        "A registration holds its company. What narrows that lets other partners in beside it.",
        (
            *("scope_product_line", "scope_territory", "scope_industry", "scope_family"),
            *("review_other_scope", "offer_business_days"),
        ),
    ),
    Group(
        "protecting",
        "Protection",
        "How long an approved deal is protected, and who is told before it ends.",
        (
            *("protection_days", "reminder_days", "final_notice_days", "warning_days_before_expiry"),
            *("grace_days", "escalation_days"),
        ),
    ),
    Group(
        "renewing",
        "Updates and extensions",
        "What keeps a deal alive besides an update, and how often.",
        ("update_evidence_required", "extensions_most", "extension_days", "extension_evidence_required"),
    ),
    Group(
        "squatting",
        "Against squatting",
        "How many deals a firm can have open, and when it may come back to a company that it let expire.",
        (
            *("open_most_registered", "open_most_silver", "open_most_gold", "open_most_platinum"),
            "cooling_off_days",
        ),
    ),
    Group(
        "afterwards",
        "Appeals and notice",
        "How long a partner can ask for another person's decision, and how long ahead firms hear of a distribution right.",
        ("appeal_days", "right_notice_days"),
    ),
)
