"""Closed lists of the registrations app. Logic is keyed on these codes, never on labels."""

from django.db import models


class Status(models.TextChoices):
    """Where a registration stands. Labels are the channel manager's; workflow.py has the partner's words."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    INFORMATION_ASKED = "information_asked", "Information asked"
    WAITLISTED = "waitlisted", "Waitlisted"
    OFFERED = "offered", "Offered"
    APPROVED = "approved", "Protected"
    SHARED = "shared", "Co-selling"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"
    TRANSFERRED = "transferred", "Transferred"


UNDER_REVIEW = (Status.IN_REVIEW, Status.INFORMATION_ASKED)
OPEN = (
    Status.IN_REVIEW,
    Status.INFORMATION_ASKED,
    Status.WAITLISTED,
    Status.OFFERED,
    Status.APPROVED,
    Status.SHARED,
)
# Nobody else may take the scope: it is protected, or kept for the one it is offered to.
KEEPS_OTHERS_OUT = (Status.APPROVED, Status.OFFERED)
# In `review_reasons`: its turn in line came, and something is kept for it until its review is over.
TURN_CAME = "turn_came"
# The same, though a claim of another firm's, such as a lead, came first.
CLAIM_FIRST = "claim_first"
# There, too: it was refused or revoked, and a manager took that back after its mail had left.
REOPENED = "reopened"


class Action(models.TextChoices):
    """What can be done to a registration; the names of timeline entries and of the rows in workflow.TRANSITIONS."""

    SUBMIT = "submit", "Submit"
    ASSIGN = "assign", "Assign"
    REFUSE = "refuse", "Refuse"
    ASK_INFORMATION = "ask_information", "Ask for information"
    ANSWER = "answer", "Answer"
    WAITLIST = "waitlist", "Waitlist"
    REVOKE = "revoke", "Revoke"
    REOPEN = "reopen", "Reopen"
    UPDATE = "update", "Update"
    WITHDRAW = "withdraw", "Withdraw"
    WIN = "win", "Mark as won"
    LOSE = "lose", "Mark as lost"
    EXPIRE = "expire", "Expire"
    OFFER = "offer", "Offer"
    MOVE_UP = "move_up", "Accept and move up"
    DECLINE = "decline", "Decline the offer"
    LAPSE = "lapse", "Let the offer lapse"
    REORDER = "reorder", "Change the order of the line"
    PROPOSE = "propose", "Propose a split or a transfer"
    AGREE = "agree", "Agree to a proposal"
    DISAGREE = "disagree", "Disagree with a proposal"
    SHARE = "share", "Split between two partners"
    UNSHARE = "unshare", "End the split"
    WIN_TOGETHER = "win_together", "Won by both"
    TRANSFER = "transfer", "Transfer to another partner"
    TAKE_OVER = "take_over", "Take over from another partner"
    RETURN = "return", "Return to review"
    JUDGE = "judge", "Judge the company"
    ASK_EXTENSION = "ask_extension", "Ask for an extension"
    EXTEND = "extend", "Extend"
    REFUSE_EXTENSION = "refuse_extension", "Refuse the extension"
    RELEASE = "release", "Release"
    CUSTOMER_LETTER = "customer_letter", "Record a customer's letter"
    APPEAL = "appeal", "Appeal"
    GRANT_APPEAL = "grant_appeal", "Grant the appeal"
    DISMISS_APPEAL = "dismiss_appeal", "Dismiss the appeal"
    UNDO = "undo", "Undo"


class OfferOutcome(models.TextChoices):
    """What became of an offer. `ended` is anything but an answer: withdrawn, lost or refused while it was open."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "Not answered in time"
    ENDED = "ended", "Ended with the registration"


class AgreementKind(models.TextChoices):
    """What two partners agree on: to sell together, or that one gives the deal to the other."""

    SPLIT = "split", "Split"
    TRANSFER = "transfer", "Transfer"


class AgreementState(models.TextChoices):
    """`proposed` waits for the consent of both; `agreed` is carried out, and a split in force; the others are over.
    `lapsed`: not both answered in time; `taken_back`: by the vendor; `ended`: with one of the two registrations."""

    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "Not answered in time"
    TAKEN_BACK = "taken_back", "Taken back"
    ENDED = "ended", "Ended"


class Stage(models.TextChoices):
    PROSPECTING = "prospecting", "Prospecting"
    QUALIFIED = "qualified", "Qualified"
    PROPOSAL = "proposal", "Proposal sent"
    NEGOTIATION = "negotiation", "Negotiation"
    COMMITTED = "committed", "Verbal commitment"


class ContactMade(models.TextChoices):
    """What contact with the company took place: the evidence a partner states."""

    NONE = "", "No contact yet"
    CALL = "call", "Telephone or video call"
    EMAIL = "email", "E-mail exchange"
    MEETING = "meeting", "Meeting"
    DEMO = "demo", "Demonstration"
    TRIAL = "trial", "Trial or proof of concept"


class RefusalReason(models.TextChoices):
    """Why a registration is refused or revoked: the reasons seen everywhere (product.md, figures from the field)."""

    REGISTERED = "registered", "Registered by another partner"
    DIRECT = "direct", "Direct sales is active there"
    CUSTOMER = "customer", "Existing customer"
    TERRITORY = "territory", "Outside your territory"
    PRODUCT = "product", "Not authorised for the product"
    SIZE = "size", "Below the minimum size"
    TENDER = "tender", "Public tender"
    EARLY = "early", "Too early"
    NO_CONTACT = "no_contact", "No proof of contact"
    INCOMPLETE = "incomplete", "Incomplete"
    INACTIVE = "inactive", "No longer worked on"
    CUSTOMER_CHOICE = "customer_choice", "The customer chose another partner"


class LossReason(models.TextChoices):
    COMPETITOR = "competitor", "Went to a competitor"
    PRICE = "price", "Price"
    NO_DECISION = "no_decision", "No decision by the customer"
    BUDGET = "budget", "No budget"
    OTHER = "other", "Other"


class ConflictState(models.TextChoices):
    OPEN = "open", "To be judged"
    SAME = "same", "Same company"
    DIFFERENT = "different", "Different company"


class Rung(models.TextChoices):
    """The steps of the ladder that a silent deal goes down."""

    REMINDER = "reminder", "Reminder"
    FINAL = "final", "Final notice"
    GRACE = "grace", "Days of grace"
    ESCALATION = "escalation", "Told to the channel manager"


# What a partner must have been sent before a deal expires.
WARNINGS = (Rung.FINAL, Rung.GRACE)


class RequestState(models.TextChoices):
    """How far a partner's extension request or appeal has come. Lapsed: the registration ended before an answer."""

    OPEN = "open", "To be decided"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Not granted"
    LAPSED = "lapsed", "No longer needed"


class Audience(models.TextChoices):
    """Who may read a timeline entry."""

    BOTH = "both", "Partner and vendor"
    VENDOR = "vendor", "Vendor only"


class Occasion(models.TextChoices):
    """When the policy is asked about a registration."""

    SUBMISSION = "submission", "When it was submitted"
    TURN = "turn", "When its turn in line came"


class SimulationState(models.TextChoices):
    """How far a simulation of a policy version has come."""

    WAITING = "waiting", "Waiting to begin"
    RUNNING = "running", "Running"
    DONE = "done", "Finished"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED = (SimulationState.WAITING, SimulationState.RUNNING)
