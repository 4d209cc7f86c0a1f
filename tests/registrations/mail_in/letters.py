"""Mails as people's programs write them, as bytes."""

from email.message import EmailMessage
from email.utils import make_msgid


def letter(sender, to, text="We met the board.", *, html=None, subject="Re: Still active?", **headers):
    """A reply; underscores in header names stand for hyphens, None leaves a header out."""
    mail = EmailMessage()
    values = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Message-ID": make_msgid(domain="northgate.example"),
    }
    values |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in values.items():
        if value is not None:
            mail[name] = value
    if text is not None:
        mail.set_content(text)
        if html is not None:
            mail.add_alternative(html, subtype="html")
    elif html is not None:
        mail.set_content(html, subtype="html")
    return mail


def raw(sender, to, body, content_type="text/plain; charset=utf-8", encoding="8bit"):
    """A mail whose body is exactly these bytes."""
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: Re: Still active?\r\nMessage-ID: <raw-{hash(body)}@x.example>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + body


QUOTE = """
On Wed, 1 Apr 2026 at 10:00, Concord <deals@portal.example> wrote:

> Are you still working on Acme Pumps GmbH?
> Hello Alice,
> If nothing happens, protection ends.
"""
GERMAN = """
Am 01.04.2026 um 10:00 schrieb Concord <deals@portal.example>:

> Are you still working on Acme Pumps GmbH?
"""
OUTLOOK = """

________________________________
From: Concord <deals@portal.example>
Sent: Wednesday, April 1, 2026 10:00 AM
To: Alice <alice@northgate.example>
Subject: Still active?

Are you still working on Acme Pumps GmbH?
"""
GMAIL_HTML = """<html><head><style>p { color: red }</style></head><body><div dir="ltr">We met the board.<br>They sign
in&nbsp;May.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Wed, Concord
wrote:<br></div><blockquote class="gmail_quote"><p>Are you still working on Acme Pumps?</p></blockquote></div></body></html>"""
OUTLOOK_HTML = """<div><p>We met the board.</p><p>They sign in May.</p></div><div id="appendonsend"></div><hr>
<div id="divRplyFwdMsg"><b>From:</b> Concord<br></div><div>Are you still working on Acme Pumps?</div>"""
