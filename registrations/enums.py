"""Closed lists of the registrations app. Logic is keyed on these codes, never on labels."""

from django.db import models


class Status(models.TextChoices):
    """Where a registration stands. Labels are the channel manager's; workflow.py has the partner's words."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    INFORMATION_ASKED = "information_asked", "Information asked"
    WAITLISTED = "waitlisted", "Waitlisted"
    APPROVED = "approved", "Protected"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


UNDER_REVIEW = (Status.IN_REVIEW, Status.INFORMATION_ASKED)
OPEN = (Status.IN_REVIEW, Status.INFORMATION_ASKED, Status.WAITLISTED, Status.APPROVED)


class Action(models.TextChoices):
    """What can be done to a registration; the names of timeline entries and of the rows in workflow.TRANSITIONS."""

    SUBMIT = "submit", "Submit"
    ASSIGN = "assign", "Assign"
    REFUSE = "refuse", "Refuse"
    ASK_INFORMATION = "ask_information", "Ask for information"
    ANSWER = "answer", "Answer"
    WAITLIST = "waitlist", "Waitlist"
    REVOKE = "revoke", "Revoke"
    UPDATE = "update", "Update"
    WITHDRAW = "withdraw", "Withdraw"
    WIN = "win", "Mark as won"
    LOSE = "lose", "Mark as lost"
    EXPIRE = "expire", "Expire"
    MOVE_UP = "move_up", "Move up"
    RETURN = "return", "Return to review"
    JUDGE = "judge", "Judge the company"


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


class Audience(models.TextChoices):
    """Who may read a timeline entry."""

    BOTH = "both", "Partner and vendor"
    VENDOR = "vendor", "Vendor only"
