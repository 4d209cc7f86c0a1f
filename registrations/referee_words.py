"""The referee's words: why something is in review, how sure a score is, what a refusal may say. Keyed on codes."""

from companies.reasons import percent as percent  # the same figure wherever a score is shown
from registrations.enums import RefusalReason

# Why the policy sent a registration to review; the codes are those of policies.outcome and of services/waitlist.py.
_REVIEW_REASONS = {
    "check_failed": "The conflict check could not be completed, so nobody knows yet whether it collides. "
    "Search for the company by hand before you approve it.",
    "similar": "A similar company is registered already, claimed by direct sales, or given to a partner as a "
    "lead.",
    "other_lines": "A similar company is registered, but for other product lines.",
    "cooling_off": "The partner let its registration of a company with a name like this one expire, and its wait is not over. "
    "Look whether it is the same.",
    "decided_before": "One of us decided against the partner's last registration of this company, or of one with a name like "
    "it: see its history here.",
    "crowd": "Many companies have a name like this one; only those that stand out are shown.",
    "partner_onboarding": "The partner is still being onboarded.",
    "outside_territory": "The company is outside the territories that the partner works in.",
    "product_authorisation": "The partner lacks something that a product line of it asks for; see product authorisation.",
    "exclusive_right": "It lies within another partner's distribution right, or may, since it does not say its industry.",
    "no_contact": "The partner has not said what contact with the company took place.",
    "value": "Its value is at or above {limit}, where the policy asks for a person's decision.",
    "all": "The policy has every registration looked at by a person.",
    "appeal": "An appeal against an earlier decision was granted, and it could not simply be given the deal: it collides "
    "with another registration.",
    "reopened": "It had been refused, or its protection taken away, and one of us reopened it: see what happened, below.",
    "turn_came": "Its turn in line came, and a person looks first. The scope is kept for it meanwhile.",
    "holder_won": "A holder it waited behind has won its deal, so what it wanted is gone, or some of it.",
    "claim_first": "Another partner was given a lead for it before it came in, and may still accept that. Whoever approves it "
    "says why it goes first.",
}
# `claim_first` once nothing of that is left.
CLAIM_OVER = (
    "Another partner had been given a lead for it before it came in. Approving it passes that lead no longer: the lead ended, "
    "became a registration, which came first, or is for another company."
)
_UNKNOWN = "The policy asks for a person's decision."

# What the text for the partner starts with once a reason is chosen; the referee edits it.
REFUSAL_TEXTS = {
    RefusalReason.REGISTERED: "Another partner registered this opportunity before you. If you are working on a "
    "different project there, tell us which one and register it under that name.",
    RefusalReason.DIRECT: "Our own sales team is already working on this opportunity. Your channel manager can tell "
    "you whether there is room to work on it together.",
    RefusalReason.CUSTOMER: "This company is a customer of ours already, and this need is covered by its present "
    "contract. A new project there can be registered.",
    RefusalReason.TERRITORY: "The company is outside the territory that your agreement covers. If your agreement has "
    "changed, tell your channel manager.",
    RefusalReason.PRODUCT: "Your firm is not authorised for these products yet. Once the certification is in place, "
    "register the deal again.",
    RefusalReason.SIZE: "The deal is below the size that registrations start at. You can sell it without registering it.",
    RefusalReason.TENDER: "This is a public tender, and public tenders are open to all partners alike.",
    RefusalReason.EARLY: "There is no concrete project yet. Register the deal again once need, budget and a contact "
    "person are known.",
    RefusalReason.NO_CONTACT: "We could not see what contact you have had with the company. Register the deal again "
    "with the date and kind of contact, or attach an e-mail or minutes.",
    RefusalReason.INCOMPLETE: "Details that we need for a decision are missing. Complete the registration and submit "
    "it again.",
    RefusalReason.CUSTOMER_CHOICE: "The customer has asked us in writing to work with another partner on this project.",
    RefusalReason.INACTIVE: "We have seen no activity on this deal for some time, so its protection ends. If you are "
    "still working on it, register it again with your next step.",
}
QUESTION = "Before we can decide, please tell us "


def review_reason(code: str, *, limit: str) -> str:
    """The sentence for a code in `Registration.review_reasons`; `limit` is the policy's value limit, as text."""
    return _REVIEW_REASONS.get(code, _UNKNOWN).format(limit=limit)


def known_review_reasons() -> set[str]:
    """The codes that have a sentence of their own."""
    return set(_REVIEW_REASONS)


def likeness(score: float) -> str:
    """A score from 0 to 1 in words."""
    for least, words in (
        (0.95, "Almost surely the same company"),
        (0.85, "Very likely the same company"),
        (0.6, "Probably the same company"),
        (0.35, "Perhaps the same company"),
    ):
        if score >= least:
            return words
    return "Probably another company"
