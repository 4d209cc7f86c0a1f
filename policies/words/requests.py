"""Sentences about extensions and appeals."""

from policies.models import RegistrationPolicy
from policies.saying import Kind, Said, days


def extension(policy: RegistrationPolicy, base: str) -> Said:
    text = (
        f"Ask for an extension where a project stands still: it adds {days(policy.extension_days)} to the protection. "
        "A channel manager decides, and the deal does not expire before you have the answer, nor before that to an appeal "
        f"against it. After a refusal at least {days(policy.warning_days_before_expiry)} are left; asking again before your "
        "next update does not hold the end off."
    )
    if not policy.extensions_most:
        text = (
            f"The length of an extension, {days(policy.extension_days)}, has no effect while there are none."
        )
    return Said(Kind.DO, text, has_effect=bool(policy.extensions_most))


def extensions_most(policy: RegistrationPolicy, base: str) -> Said:
    number = policy.extensions_most
    if not number:
        return Said(Kind.WE, "Protection is not extended: only updates renew it.")
    times = {1: "once", 2: "twice"}.get(number, f"{number:,} times")
    return Said(Kind.WE, f"A registration can be extended {times}, with one request open at a time.")


def extension_evidence(policy: RegistrationPolicy, base: str) -> Said:
    if not policy.extensions_most:
        needs = "a file" if policy.extension_evidence_required else "no file"
        text = f"That asking for an extension takes {needs} has no effect while there are none."
    elif policy.extension_evidence_required:
        text = "Attach what shows why you need an extension, such as a mail of the customer. Without it you cannot ask."
    else:
        text = "Say why you need an extension. A file that shows it helps, but is not required."
    return Said(Kind.DO, text, has_effect=bool(policy.extensions_most))


def appeal(policy: RegistrationPolicy, base: str) -> Said:
    text = (
        f"Appeal within {days(policy.appeal_days)} if you think a decision was wrong, once for each decision. "
        "Another person than the one who decided looks at it."
    )
    return Said(Kind.DO, text)
