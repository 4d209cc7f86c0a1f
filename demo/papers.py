"""Certificates and agreements: what firms hold, what is about to lapse or has, what waits to be verified, who has not accepted
the new terms. Loaded before what asks for them; the warnings are told afterwards, when it is known what closes."""

from datetime import date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from demo.evidence import pdf
from demo.history import Past
from partners.certificates.enums import CertificateKind, HeldBy
from partners.models import AgreementVersion, Certificate, CertificateType, Member
from partners.services.agreements import Wording, accept_version, create_agreement, publish_version
from partners.services.agreements.asking_firms import ask_to_accept
from partners.services.certificates import (
    Paper,
    reject_certificate,
    send_certificate_warnings,
    submit_certificate,
    verify_certificate,
)

# code, name, kind, issuer, held by, months, with a file, how to come by it
_TYPES = (
    (
        "cyber-resilience",
        "Cyber resilience licence",
        CertificateKind.LICENCE,
        "Federal Office for Information Security",
        HeldBy.FIRM,
        12,
        True,
        "Apply at the office; it takes some six weeks. We can lend you the technical file.",
    ),
    (
        "iso-27001",
        "ISO/IEC 27001",
        CertificateKind.CERTIFICATION,
        "Lloyd's Register",
        HeldBy.FIRM,
        36,
        True,
        "",
    ),
    (
        "explosive-areas",
        "Work in explosive areas",
        CertificateKind.CERTIFICATION,
        "TÜV Süd",
        HeldBy.PERSON,
        24,
        True,
        "For people who work in zones 1 and 2.",
    ),
)
# who hands it in, type, number, days since it began, days until it ends, days since it was handed in, for whom, what came of it
_HELD = (
    ("bob", "cyber-resilience", "BSI-CR-2214", 341, 23, 338, "", "verified"),
    ("grace", "cyber-resilience", "BSI-CR-1807", 370, -6, 366, "", "verified"),
    ("sigrid", "cyber-resilience", "BSI-CR-2306", 361, 3, 355, "", "verified"),
    ("priya", "cyber-resilience", "BSI-CR-2410", 120, 244, 116, "", "verified"),
    ("camille", "cyber-resilience", "BSI-CR-2399", 160, 204, 150, "", "verified"),
    ("giulia", "cyber-resilience", "BSI-CR-2251", 312, 52, 300, "", "verified"),
    ("katrin", "cyber-resilience", "BSI-CR-2455", 80, 284, 71, "", "verified"),
    ("mei", "cyber-resilience", "BSI-CR-2480", 40, 324, 33, "", "verified"),
    ("haruto", "cyber-resilience", "BSI-CR-2491", 25, 339, 20, "", "verified"),
    ("bob", "iso-27001", "27-4411", 700, 390, 610, "", "verified"),
    ("grace", "iso-27001", "27-1290", 1050, 40, 880, "", "verified"),
    ("bob", "explosive-areas", "EX-7731", 690, 39, 600, "nora", "verified"),
    ("bob", "explosive-areas", "EX-8104", 210, 519, 200, "alice", "verified"),
    ("priya", "iso-27001", "27-5120", 12, 1080, 2, "", "waits"),
    ("denise", "cyber-resilience", "BSI-CR-2502", 9, 355, 5, "", "waits"),
    ("katrin", "iso-27001", "27-5088", 30, 1060, 9, "", "rejected"),
)
_TERMS = """1. Register a deal before you quote. The registration protects it for the days that the policy names.
2. Tell us of changes within a week: the value, the expected close, another competitor.
3. Prices that we approve for a deal stay between the two of us.
4. Personal data of contacts is used for the deal alone.
"""
_NEW = (
    "5. Remote access into plants is sold and installed by firms with the cyber resilience licence alone.\n"
)
_ACCEPTED_BY = ("bob", "sigrid", "priya", "giulia", "mei", "haruto", "katrin")


def load_papers(past: Past, today: datetime, people: dict[str, User]) -> None:
    """Types, certificates and agreements as of `today`."""
    for code, name, kind, issuer, held_by, months, needs_file, note in _TYPES:
        values = {"name": name, "kind": kind, "issuer": issuer, "held_by": held_by, "note": note}
        more = {"validity_months": months, "needs_file": needs_file}
        CertificateType.objects.get_or_create(code=code, defaults=values | more)
    for row in _HELD:
        _certificate(past, today, people, *row)
    _renewal(past, today, people)
    _agreements(past, today, people)


def tell_of_lapses(past: Past, today: datetime) -> None:
    """The warnings of the past weeks, as beat would have sent them."""
    for before in range(61, 0, -1):
        day = today.date() - timedelta(days=before)
        with past.at(datetime.combine(day, time(8, 10), tzinfo=today.tzinfo)) as clock:
            send_certificate_warnings(clock=clock)


def _certificate(
    past: Past,
    today: datetime,
    people: dict[str, User],
    who: str,
    code: str,
    number: str,
    begun: int,
    ends: int,
    handed_in: int,
    holder: str,
    outcome: str,
) -> None:
    day = today.date()
    member = Member.objects.get(user=people[holder]) if holder else None
    kind = CertificateType.objects.get(code=code)
    paper = Paper(kind, number, day - timedelta(days=begun), day + timedelta(days=ends), member)
    one = _submit(past, today, people[who], paper, handed_in)
    with past.at(today - timedelta(days=max(handed_in - 2, 0), hours=-10)) as clock:
        if outcome == "verified":
            verify_certificate(one, by=people["olga"], version=one.version, clock=clock)
        elif outcome == "rejected":
            reason = "The scan ends after page one: the scope of the audit stands on page two. Please add it."
            reject_certificate(one, by=people["olga"], version=one.version, reason=reason, clock=clock)


def _renewal(past: Past, today: datetime, people: dict[str, User]) -> None:
    """Fjordtech's licence ends in three days, and the next one waits to be verified."""
    before = Certificate.objects.get(number="BSI-CR-2306")
    assert before.valid_to is not None
    begins = before.valid_to + timedelta(days=1)
    paper = Paper(before.type, "BSI-CR-2511", begins, begins + timedelta(days=360))
    _submit(past, today, people["sigrid"], paper, 1, follows=before)


def _submit(
    past: Past, today: datetime, by: User, paper: Paper, days: int, follows: Certificate | None = None
) -> Certificate:
    partner = Member.objects.select_related("partner").get(user=by).partner
    with past.at(today - timedelta(days=days, hours=-9)) as clock:
        return submit_certificate(
            partner, paper, by=by, upload=_file(paper, partner.name), follows=follows, clock=clock
        )


def _file(paper: Paper, firm: str) -> SimpleUploadedFile:
    """What the issuer sent: a PDF of those with a seal, a text of the others."""
    to = paper.member.user.name if paper.member else firm
    dates = f"valid from {paper.valid_from:%-d %b %Y} to {paper.valid_to or date.max:%-d %b %Y}"
    if paper.type.code.startswith("iso"):
        lines = [paper.type.issuer, "", f"No. {paper.number}", "", f"issued to {to}", dates]
        return pdf(f"{paper.number}.pdf", paper.type.name, lines)
    text = f"{paper.type.issuer}\n\n{paper.type.name}\nNo. {paper.number}\n\nissued to {to}\n{dates}\n"
    return SimpleUploadedFile(f"{paper.number}.txt", text.encode())


def _agreements(past: Past, today: datetime, people: dict[str, User]) -> None:
    day, olga = today.date(), people["olga"]
    with past.at(today - timedelta(days=365)) as clock:
        first = create_agreement(
            by=olga,
            title="Partner terms",
            kinds=[],
            wording=Wording(day - timedelta(days=350), day - timedelta(days=350), text=_TERMS),
            clock=clock,
        )
        stock = create_agreement(
            by=olga,
            title="Stock terms for distributors",
            kinds=["distributor"],
            wording=Wording(
                day - timedelta(days=340),
                day - timedelta(days=345),
                text="Unsold stock can be returned within 90 days of its delivery, in its packing.",
            ),
            clock=clock,
        )
    for number, who in enumerate((*_ACCEPTED_BY, "grace", "camille", "denise")):
        _accept(past, today - timedelta(days=355 - number), people[who], first)
    _accept(past, today - timedelta(days=350), people["mei"], stock)
    with past.at(today - timedelta(days=11)) as clock:
        second = publish_version(
            first.agreement,
            by=olga,
            after=1,
            wording=Wording(
                day + timedelta(days=19),
                day + timedelta(days=12),
                text=_TERMS + _NEW,
                changes="Clause 5: remote access needs the cyber resilience licence.",
            ),
            clock=clock,
        )
        ask_to_accept(clock=clock)
    for number, who in enumerate(_ACCEPTED_BY[:-2]):
        _accept(past, today - timedelta(days=10 - number), people[who], second)


def _accept(past: Past, at: datetime, by: User, version: AgreementVersion) -> None:
    partner = Member.objects.select_related("partner").get(user=by).partner
    with past.at(at + timedelta(hours=11)) as clock:
        accept_version(version, partner=partner, by=by, clock=clock)
