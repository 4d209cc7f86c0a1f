"""The content library of the demo: documents in versions, pages, announcements, and who has read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from demo.evidence import pdf
from demo.history import Past
from partners.models import Group
from programs.models import ContentItem
from programs.services.content.keeping import Audience, Said, change_item, create_item
from programs.services.content.publishing import publish, withdraw
from programs.services.content.reading import acknowledge, note_opened
from programs.services.content.telling import tell_audiences

_GUIDE = """# Before the first visit
Find out who owns the plant network and who owns the machines: they are rarely the same person.
- Ask for the last audit report.
- Take the remote access demo with you; it fits into a bag.

# After it
Register the deal the same day. A short form is enough, and the name is yours while we look.

Questions: partners@korrel.example"""
_ENERGY = """# What plants ask for
Energy figures by line, not by hall. Show the dashboard with their own machine names: it decides more than any slide.

# What they fear
Another box in the cabinet. Edge Runtime runs on the gateway that is there already."""
_RULES = """From the first of next month on we ask what contact took place when you register a deal.

- A call, a visit or a demo, with its day.
- A file helps, but is not needed.

Registrations from before are not touched. The policy page shows the new version beside the present one."""
_HOURS = """Our channel desk is closed on the two days around the holiday.

Registrations are taken all the same; the clocks of reviews stand still."""


@dataclass(frozen=True)
class Piece:
    """A published item: `days` ago; `readers` opened it, `said_so` acknowledged it; `due` is days from today."""

    kind: str
    title: str
    summary: str
    days: int
    groups: tuple[str, ...] = ()
    body: str = ""
    file: str = ""
    due: int | None = None
    readers: str = ""
    said_so: str = ""


_PIECES = (
    Piece(
        "page",
        "Selling into plants: a short guide",
        "What helps on the first visit.",
        150,
        body=_GUIDE,
        readers="alice bob charlie sigrid priya giulia mei luc",
    ),
    Piece(
        "file",
        "Price list, first half",
        "List prices and volume steps.",
        140,
        ("Active partners",),
        file="price-list-h1.pdf",
        readers="alice bob charlie owen sigrid marco",
    ),
    Piece(
        "page",
        "Energy projects: what customers ask",
        "For those who plan plants.",
        60,
        ("Plant builders",),
        body=_ENERGY,
        readers="alice sigrid",
    ),
    Piece(
        "announcement",
        "Channel desk closed around the holiday",
        "",
        45,
        body=_HOURS,
        due=-30,
        readers="alice bob charlie sigrid luc mei",
        said_so="alice bob charlie sigrid luc",
    ),
    Piece(
        "file",
        "Partner council: slides of the autumn meeting",
        "",
        20,
        ("Gold and platinum",),
        file="council-autumn.pdf",
        readers="charlie giulia",
    ),
    Piece(
        "announcement",
        "Evidence of contact from next month on",
        "We ask what contact took place.",
        6,
        body=_RULES,
        due=9,
        readers="bob grace sigrid",
        said_so="bob grace",
    ),
)


def load_library(past: Past, today: datetime, people: dict[str, User]) -> None:
    """Six published pieces, a price list in its second version, a draft, and one that was withdrawn."""
    olga = people["olga"]
    items = {piece.title: _tell(past, today, piece, people) for piece in _PIECES}
    prices = items["Price list, first half"]
    with past.at(today - timedelta(days=12)) as clock:
        active = Audience(groups=[Group.objects.get(name="Active partners")])
        said = Said(
            title="Price list, second half",
            summary="List prices and volume steps.",
            changes="Sensors are 4% cheaper.",
            upload=_file("price-list-h2.pdf", "Price list, second half"),
        )
        change_item(prices, by=olga, version=prices.version, said=said, audience=active, clock=clock)
        prices.refresh_from_db()
        publish(prices, by=olga, version=prices.version, clock=clock)
        prices.refresh_from_db()
        tell_audiences(clock=clock)
    _read(past, today - timedelta(days=10), prices, [people[key] for key in ("bob", "charlie")])
    with past.at(today - timedelta(days=2)) as clock:
        everybody = Audience(for_all=True)
        words = Said(
            "Spring campaign: sell-off of gateways", "Terms and texts.", body="To be written with marketing."
        )
        create_item(by=olga, kind="page", said=words, audience=everybody, clock=clock)
        fair = Said("Fair in May: booth plan", upload=_file("booth-plan.pdf", "Booth plan"))
        gone = create_item(by=olga, kind="file", said=fair, audience=everybody, clock=clock)
        publish(gone, by=olga, version=gone.version, clock=clock)
        gone.refresh_from_db()
        withdraw(gone, by=olga, version=gone.version, clock=clock)
        tell_audiences(clock=clock)


def _tell(past: Past, today: datetime, piece: Piece, people: dict[str, User]) -> ContentItem:
    """Writes and publishes a piece, tells its audience, and lets some of it read."""
    olga, at = people["olga"], today - timedelta(days=piece.days, hours=-9)
    audience = Audience(for_all=not piece.groups, groups=list(Group.objects.filter(name__in=piece.groups)))
    with past.at(at) as clock:
        said = Said(
            title=piece.title,
            summary=piece.summary,
            body=piece.body,
            due_on=(today + timedelta(days=piece.due)).date() if piece.due is not None else None,
            upload=_file(piece.file, piece.title) if piece.file else None,
        )
        item = create_item(by=olga, kind=piece.kind, said=said, audience=audience, clock=clock)
        publish(item, by=olga, version=item.version, clock=clock)
        tell_audiences(clock=clock)
        item.refresh_from_db()
    _read(past, at + timedelta(days=1), item, [people[key] for key in piece.readers.split()])
    with past.at(at + timedelta(days=1, hours=1)) as clock:
        for key in piece.said_so.split():
            acknowledge(item, by=people[key], number=1, clock=clock)
    return item


def _read(past: Past, at: datetime, item: ContentItem, readers: list[User]) -> None:
    with past.at(at) as clock:
        for reader in readers:
            note_opened(item, by=reader, clock=clock)


def _file(name: str, title: str) -> SimpleUploadedFile:
    return pdf(name, title, ["Made up for the demo.", "Nothing in it is for sale."])
