"""Protection, its reminders and notices, and what is offered after it: which days don't fit."""

from policies.contradictions.check import Check, Ground, first_notice, given, in_calendar_days
from policies.saying import business_days, days
from policies.settings import Values

_LEAST = 3  # a reminder, a final notice on a later day, and the end


def _room_for_notices(values: Values, ground: Ground) -> str:
    if not given(values, "protection_days") or values["protection_days"] >= _LEAST:
        return ""
    return (
        f"Protection of {days(values['protection_days'])} has no room for a reminder and a final notice before it ends. "
        f"Choose {_LEAST} days or more."
    )


def _reminder_in_time(values: Values, ground: Ground) -> str:
    if not given(values, "reminder_days", "protection_days"):
        return ""
    reminder, protection = values["reminder_days"], values["protection_days"]
    if reminder < protection:
        return ""
    return (
        f"The first reminder would come on day {reminder}, when the protection of {protection} days has ended. "
        f"Choose fewer than {protection} days."
    )


def _reminder_before_final(values: Values, ground: Ground) -> str:
    ahead = first_notice(values)
    if not given(values, "reminder_days", "protection_days") or not ahead:
        return ""
    first = values["protection_days"] - ahead
    if first <= 0 or values["reminder_days"] < first:
        return ""
    way_out = f"Choose fewer than {first} days." if first > 1 else "Let the final notices come later."
    return (
        f"A reminder on day {values['reminder_days']} would never be sent: the first final notice goes out on "
        f"day {first}. {way_out}"
    )


def _some_final(values: Values, ground: Ground) -> str:
    finals = values.get("final_notice_days")
    if finals is None or finals:
        return ""
    return "Name at least one day: nothing may expire without a final notice."


def _final_from_one(values: Values, ground: Ground) -> str:
    low = min(values.get("final_notice_days") or [1]) < 1
    return "A final notice goes out at least 1 day ahead." if low else ""


def _final_within(values: Values, ground: Ground) -> str:
    longest = first_notice(values)
    if not given(values, "protection_days") or not longest or longest < values["protection_days"]:
        return ""
    protection = values["protection_days"]
    return f"A final notice {longest} days ahead lies before the protection of {protection} days begins."


def _warning_fits(values: Values, ground: Ground) -> str:
    ahead = first_notice(values)
    if not given(values, "warning_days_before_expiry") or not ahead:
        return ""
    warning = values["warning_days_before_expiry"]
    if warning <= ahead:
        return ""
    return (
        f"Nothing expires until {warning} days after a final notice was sent, but the first one goes out only "
        f"{days(ahead)} ahead: protection would always last longer than it says. "
        f"Choose {ahead} or fewer."
    )


def _escalation_after_final(values: Values, ground: Ground) -> str:
    ahead, number = first_notice(values), values.get("escalation_days")
    if not ahead or not number or number < ahead:
        return ""
    way_out = f"Choose fewer than {ahead}, or 0 for never." if ahead > 1 else "Choose 0 for never."
    return (
        f"The channel manager would hear of it {days(number)} ahead, before the partner was "
        f"warned by the first final notice, {days(ahead)} ahead. {way_out}"
    )


def _offer_within_protection(values: Values, ground: Ground) -> str:
    """While a deal is offered nobody else can have the company: that must not be the longer part."""
    if not given(values, "offer_business_days", "protection_days"):
        return ""
    number, protection = values["offer_business_days"], values["protection_days"]
    lasts = in_calendar_days(number)
    if lasts <= protection:
        return ""
    return (
        f"An offer to the next in line would stay open for {business_days(number)}, {days(lasts)} or more, which is longer "
        f"than the protection of {days(protection)} that it offers. Shorten the offer, or lengthen protection."
    )


CHECKS = (
    Check("protection_days", ("reminder_days", "final_notice_days"), _room_for_notices),
    Check("reminder_days", ("protection_days",), _reminder_in_time),
    Check("reminder_days", ("final_notice_days", "protection_days"), _reminder_before_final),
    Check("final_notice_days", (), _some_final),
    Check("final_notice_days", (), _final_from_one),
    Check("final_notice_days", ("protection_days",), _final_within),
    Check("warning_days_before_expiry", ("final_notice_days",), _warning_fits),
    Check("escalation_days", ("final_notice_days",), _escalation_after_final),
    Check("offer_business_days", ("protection_days",), _offer_within_protection),
)
