"""Closed lists of the programs app. Logic is keyed on these codes, never on labels."""

from django.db import models


class ProgramStatus(models.TextChoices):
    """Where a program stands; whether it runs on a day depends on its dates, too."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Joining(models.TextChoices):
    """How a firm of the audience comes into a program."""

    INVITATION = "invitation", "By invitation"
    APPLICATION = "application", "By application"
    AUTOMATIC = "automatic", "By itself"


class EnrolmentStatus(models.TextChoices):
    """Where a firm stands in a program. Labels are the vendor's."""

    INVITED = "invited", "Invited"
    APPLIED = "applied", "Applied"
    ENROLLED = "enrolled", "Enrolled"
    DECLINED = "declined", "Declined"
    REFUSED = "refused", "Refused"
    LEFT = "left", "Left"
    ENDED = "ended", "Ended"


# One of these at a time for a firm and a program.
ENROLMENT_OPEN = (EnrolmentStatus.INVITED, EnrolmentStatus.APPLIED, EnrolmentStatus.ENROLLED)
# Of these, not in yet.
ASKED = (EnrolmentStatus.INVITED, EnrolmentStatus.APPLIED)


class EnrolmentAction(models.TextChoices):
    """What can be done to an enrolment: the rows of workflow.TRANSITIONS."""

    INVITE = "invite", "Invite"
    APPLY = "apply", "Apply"
    TAKE_IN = "take_in", "Take in"
    ACCEPT = "accept", "Accept the invitation"
    DECLINE = "decline", "Decline the invitation"
    WITHDRAW = "withdraw", "Take the application back"
    APPROVE = "approve", "Approve"
    REFUSE = "refuse", "Refuse"
    LEAVE = "leave", "Leave"
    END = "end", "End"
    GO_ON = "go_on", "Goes on"


class MoveStatus(models.TextChoices):
    """A proposed move between tiers."""

    PROPOSED = "proposed", "To be decided"
    NOTICED = "noticed", "Notice given"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"


MOVE_OPEN = (MoveStatus.PROPOSED, MoveStatus.NOTICED)


class TakenBack(models.TextChoices):
    """Why the portal took a move between tiers back. The first is of proposals; what firms read of a notice, its mail says."""

    OTHERWISE = "otherwise", "The figures say something else now."
    REACHED = "reached", "The figures reach what is asked again."
    ASKED_LESS = "asked_less", "What is asked changed, and nothing of it is missing now."
    BY_HAND = "by_hand", "The tier was changed by hand meanwhile."
    SUSPENDED = "suspended", "The firm was suspended."
    ENDED = "ended", "The partnership had ended."


class Publishing(models.TextChoices):
    """Where a training module or path stands."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class ContentKind(models.TextChoices):
    """What stands in the library. An announcement asks to be acknowledged."""

    FILE = "file", "Document"
    PAGE = "page", "Page"
    ANNOUNCEMENT = "announcement", "Announcement"
