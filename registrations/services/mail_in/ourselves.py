"""By what a line tells that it speaks of this portal: its name, the address that its mail comes from, and where replies go."""

import re
from email.utils import parseaddr

from django.conf import settings

# A letter or digit of a script that parts its words by spaces.
_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


def names_portal(text: str) -> bool:
    """Whether the portal, or the sender of its mail, is named, as a word of its own: 'Arc' is not named by 'March'."""
    names = {settings.PORTAL_NAME, parseaddr(settings.DEFAULT_FROM_EMAIL)[0]}
    named = "|".join(re.escape(name.casefold()) for name in names if name)
    return bool(named and re.search(rf"(?<!{_LETTER})(?:{named})(?!{_LETTER})", text.casefold()))


def names_our_address(text: str) -> bool:
    """Whether one of our addresses stands in it."""
    name, _, host = settings.MAIL_IN_ADDRESS.partition("@")
    ours = [re.escape(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])]
    ours += [rf"{re.escape(name)}(?:\+[a-z0-9.-]+)?@{re.escape(host)}"] if host else []
    return bool(re.search("|".join(filter(None, ours)) or r"(?!)", text, re.IGNORECASE))
