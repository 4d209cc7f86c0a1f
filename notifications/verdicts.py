"""What an error of the mail server means for the message and for the connection."""

import smtplib
from dataclasses import dataclass

_GOODBYE = 421


@dataclass(frozen=True)
class Verdict:
    """`permanent`: trying again cannot help. `connection_usable`: the next message may go over the same connection."""

    permanent: bool
    connection_usable: bool


def judge(error: Exception) -> Verdict:
    """The verdict on `error`. A refused recipient or content (5xx) is final; all else may pass (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return Verdict(permanent=bool(codes) and min(codes) >= 500, connection_usable=_GOODBYE not in codes)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        # An address that this server cannot write (SMTPUTF8).
        return Verdict(permanent=True, connection_usable=False)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # Our own address or our sign-in is wrong: a setting to mend, after which the mail can go.
        return Verdict(permanent=False, connection_usable=False)
    if isinstance(error, smtplib.SMTPDataError):
        return Verdict(permanent=error.smtp_code >= 500, connection_usable=error.smtp_code != _GOODBYE)
    return Verdict(permanent=False, connection_usable=False)


def explain(error: Exception) -> str:
    """What the mail server said, or what happened, as a line that a person can read."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_decoded(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return _decoded(str(error) or type(error).__name__)


def _decoded(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.replace("\x00", "").split())
