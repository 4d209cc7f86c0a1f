"""What each button will do and who gets mail, said before it is pressed. Keep in step with the services."""

from datetime import datetime, timedelta

from django.utils.text import Truncator

from registrations.comparison import day
from registrations.models import Registration


def effects_of(
    registration: Registration,
    now: datetime,
    *,
    behind: Registration | None,
    next_in_line: Registration | None,
) -> dict[str, str]:
    """A sentence per action. `behind` is the holder that w would wait for, `next_in_line` who moves up."""
    firm = Truncator(registration.partner.name).chars(40)
    policy = registration.policy
    until = day(now + timedelta(days=policy.protection_days)) if policy else ""
    told = {
        "assign": f"{firm} gets the deal, protected until {until}, and a mail that says so.",
        "refuse": f"{firm} gets a mail with your reason and text.",
        "ask_information": f"{firm} gets a mail with your question; the clock stands still until they answer.",
        "same_company": "The two names become one company, for good. Nobody gets mail.",
        "different_company": "The two are kept apart and not flagged again. Nobody gets mail.",
        "revoke": f"{firm} loses protection today and gets a mail with your reason and text.",
    }
    if next_in_line is not None:
        told["revoke"] += f" {_name(next_in_line)} ({next_in_line.code}) moves up and gets a mail."
    if behind is not None:
        told["waitlist"] = (
            f"{firm} waits behind {_name(behind)} ({behind.code}) and gets a mail, without that name. "
            "The two names become one company."
        )
        if behind.company_id == registration.company_id:
            told["waitlist"] = (
                f"{firm} waits behind {_name(behind)} ({behind.code}) and gets a mail, without that name."
            )
    return told


def _name(registration: Registration) -> str:
    return Truncator(registration.partner.name).chars(40)
