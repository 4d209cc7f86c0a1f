"""Which pages there are: read from the URL configuration, with examples for addresses that hold a code.

`EXAMPLES` is the table to extend: for each URL name, labels and the function that finds the arguments for a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from companies.models import Company, CompanyName, NamedAccount, Suggestion
from core.clock import database_clock
from leads.enums import LeadStatus
from leads.models import Lead
from notifications import mailbox
from partners.models import Invitation, Partner
from partners.services import link_for as invitation_link
from registrations.enums import Status
from registrations.models import Appeal, Decision, Extension, Offer, Registration
from registrations.services import customer_letters, offer_links, still_active
from tests.shots_camera import Place
from tests.shots_people import make_newcomer, person

__all__ = [
    "IN_DARK_TOO",
    "ROLES",
    "STATES",
    "State",
    "make_newcomer",
    "make_small",
    "places_for",
    "readme_places",
]

ROLES = (
    "partner_rep",
    "partner_admin",
    "newcomer",
    "channel_manager",
    "channel_operations",
    "auditor",
    "administrator",
    "anonymous",
)
IN_DARK_TOO = {"partner_rep", "channel_manager", "anonymous"}

Arguments = tuple[Any, ...] | None
Finder = Callable[[User | None], Arguments]


def _deal(status: str, **filters: Any) -> Finder:
    def find(user: User | None) -> Arguments:
        if user is None:
            return None
        rows = Registration.objects.visible_to(user).filter(status=status, **filters)
        code = rows.order_by("-changed_at").values_list("code", flat=True).first()
        return (code,) if code else None

    return find


def _named(company_name: str) -> Finder:
    def find(user: User | None) -> Arguments:
        deal = (
            Registration.objects.visible_to(user).filter(company_name=company_name).first() if user else None
        )
        return (deal.code,) if deal else None

    return find


def _first(model: Any, **filters: Any) -> Finder:
    def find(user: User | None) -> Arguments:
        if user is None:
            return None
        found = model.objects.visible_to(user).filter(**filters).order_by("id").first()
        return (found.code,) if found else None

    return find


def _version(number: int) -> Finder:
    return lambda user: (number,) if user is not None else None


def _receipt(user: User | None) -> Arguments:
    if user is None:
        return None
    decision = Decision.objects.visible_to(user).filter(status_after=Status.REFUSED).first()
    return (decision.code,) if decision else None


def _asked(model: Any, state: str) -> Finder:
    return _first(model, state=state)


def _disputable(user: User | None) -> Arguments:
    """A refusal that is fresh enough to appeal against, and that nobody has appealed against."""
    if user is None:
        return None
    fresh = database_clock() - timedelta(days=13)
    rows = Decision.objects.visible_to(user).filter(status_after=Status.REFUSED, at__gt=fresh, appeal=None)
    decision = rows.filter(registration__status=Status.REFUSED).first()
    return (decision.code,) if decision else None


def _with_a_line(user: User | None) -> Arguments:
    """A holder behind whom another firm waits."""
    held = Registration.objects.visible_to(user).protected().filter(waiting__isnull=False) if user else []
    return next(((deal.code,) for deal in held if customer_letters.wished_for(deal).exists()), None)


def _anonymous(finder: Callable[[], str]) -> Finder:
    return lambda user: (finder(),) if user is None else None


def _offer(user: User | None) -> Arguments:
    found = Offer.objects.visible_to(user).open().first() if user is not None else None
    return (found.code,) if found else None


def _offer_token() -> str:
    offer = Offer.objects.open().earliest("id")
    return offer_links.link_for(offer, offer.registration.owner).rstrip("/").rsplit("/", 1)[-1]


def _living_token() -> str:
    deal = Registration.objects.get(company_name="Lübecker Marzipanhaus")
    return still_active.link_for(deal).rstrip("/").rsplit("/", 1)[-1]


def _spent_token() -> str:
    deal = Registration.objects.filter(status=Status.WON).earliest("id")
    return still_active.link_for(deal).rstrip("/").rsplit("/", 1)[-1]


def _invitation_token() -> str:
    return invitation_link(Invitation.objects.earliest("id")).rstrip("/").rsplit("/", 1)[-1]


def _letter(event: str) -> Finder:
    def find(user: User | None) -> Arguments:
        found = next((letter for letter in mailbox.letters() if event in letter.subject), None)
        return (found.name,) if found and (user is None) else None

    return find


def _alias(user: User | None) -> Arguments:
    name = CompanyName.objects.active().filter(text="VAG Aerospace").first()
    return (name.company.code, name.pk) if name and user is not None else None


def _double(user: User | None) -> Arguments:
    if user is None:
        return None
    pair = Suggestion.objects.visible_to(user).waiting().first()
    return (pair.low.code, pair.high.code) if pair else None


_GROUP = _first(Company, name__startswith="Vantage Aerospace Group")
_OPEN_DEAL = _named("Werra Kaliwerke GmbH")
_LETTERS = {
    "reminder": _letter("Still active"),
    "received": _letter("Received"),
    "to-review": _letter("To review"),
    "conflict": _letter("Another registration"),
    "question": _letter("A question"),
}

EXAMPLES: dict[str, dict[str, Finder]] = {
    "registrations:registration": {str(status.value): _deal(status) for status in Status},
    "registrations:details": {"": _deal(Status.DRAFT)},
    "registrations:check": {"": _deal(Status.DRAFT)},
    "registrations:submitted": {"": _deal(Status.IN_REVIEW)},
    "registrations:discard": {"": _deal(Status.DRAFT)},
    "registrations:use_again": {"": _deal(Status.REFUSED)},
    "registrations:update": {"": _OPEN_DEAL},
    "registrations:answer": {"": _deal(Status.INFORMATION_ASKED)},
    "registrations:withdraw": {"": _OPEN_DEAL},
    "registrations:won": {"": _OPEN_DEAL},
    "registrations:lost": {"": _OPEN_DEAL},
    "registrations:ask_extension": {"": _OPEN_DEAL},
    "registrations:release": {"": _OPEN_DEAL},
    "registrations:extension": {"open": _asked(Extension, "open"), "granted": _asked(Extension, "granted")},
    "registrations:appeal": {"": _disputable},
    "registrations:appeal_page": {"open": _asked(Appeal, "open"), "dismissed": _asked(Appeal, "refused")},
    "registrations:customer_letter": {"": _with_a_line},
    "registrations:propose": {"": _named("Hollis and Vane Packaging")},
    "registrations:offer": {"": _offer},
    "registrations:offer_link": {"": _anonymous(_offer_token)},
    "registrations:line": {"": _named("Hollis and Vane Packaging")},
    "registrations:receipt": {"refused": _receipt},
    "registrations:still_active": {"good": _anonymous(_living_token)},
    "registrations:review_item": {
        "spelling": _named("Mueller Maschinenbau"),
        "overdue": _named("Nordic Fairy Lines"),
        "named-account": _named("Vantage Aerospace"),
        "check-failed": _named("Zephyr Glass Works"),
        "waitlisted": _named("Hollis and Vane Packaging"),
        "held": _named("International Business Machines Corp."),
    },
    "leads:lead": {str(status.value): _first(Lead, status=status) for status in LeadStatus},
    "leads:change": {"": _first(Lead, status=LeadStatus.NEW)},
    "leads:give": {"": _first(Lead, company_name__startswith="Zementwerk")},
    "leads:take_back": {"": _first(Lead, status=LeadStatus.GIVEN)},
    "leads:close": {"": _first(Lead, status=LeadStatus.NEW)},
    "leads:accept": {"": _first(Lead, company_name__startswith="Drahtzieherei")},
    "leads:decline": {"": _first(Lead, company_name__startswith="Drahtzieherei")},
    "companies:company": {
        "disputed": _first(Company, name__startswith="Hollis"),
        "group": _GROUP,
        "family": _first(Company, name__startswith="Nordhavn Shipping A"),
    },
    **{f"companies:{name}": {"": _GROUP} for name in ("facts", "add_name", "no_parent", "choose_parent")},
    "companies:choose_merge": {"": _first(Company, name__startswith="Hollis")},
    "companies:withdraw_name": {"": _alias},
    "companies:merge": {"": _double},
    "companies:parent": {"": _double},
    "companies:named_account": {"": _first(NamedAccount, reference="KA-1001")},
    "partners:partner": {
        "active": _first(Partner, name="Northgate Automation"),
        "suspended": _first(Partner, status="suspended"),
        "onboarding": _first(Partner, status="onboarding"),
    },
    "partners:edit_partner": {"": _first(Partner, name="Northgate Automation")},
    "partners:invite": {"": _first(Partner, name="Northgate Automation")},
    "policies:version": {"first": _version(1), "second": _version(2), "ahead": _version(3)},
    "partners:accept_invitation": {"": _anonymous(_invitation_token)},
    "notifications:mail": _LETTERS,
    "notifications:mail_html": _LETTERS,
}

# Addresses that are no pages of their own: fragments, files, probes, and what other tools answer.
NO_PAGES = {
    "account_logout_all",
    "account_reset_password_from_key",
    "companies:import_example",
    "core:live",
    "leads:import_example",
    "core:ready",
    "core:theme",
    "registrations:attachment",
    "registrations:review_candidates",
    "reports:export_open_registrations",
}


def places_for(role: str) -> tuple[list[Place], list[str]]:
    """The pages that somebody of `role` reaches, and the URL names for which no example is known."""
    user, client = person(role), Client()
    if user is not None:
        client.force_login(user)
    places, untaken = [], []
    for name in sorted(set(_names(get_resolver().url_patterns))):
        if name in NO_PAGES or (name.startswith("account_") and role not in ("anonymous", "partner_rep")):
            continue
        found = list(_addresses(name, user))
        if not found and name not in EXAMPLES and _takes_get(name):
            untaken.append(name)
        for label, path in found:
            answer = client.get(path)
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            if is_page:
                places.append(Place("-".join(filter(None, (name.replace(":", "-"), label))), path))
    return places, untaken


def _addresses(name: str, user: User | None) -> Iterator[tuple[str, str]]:
    if name in EXAMPLES:
        for label, find in EXAMPLES[name].items():
            arguments = find(user)
            if arguments is not None:
                yield label, reverse(name, args=arguments)
        return
    try:
        yield "", reverse(name)
    except NoReverseMatch:
        return


def _names(patterns: list[Any], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"


# Addresses with a code in them that take a POST only: they have no page.
_POSTED = {
    *(
        "assign",
        "refuse",
        "ask_information",
        "waitlist",
        "same_company",
        "different_company",
        "revoke",
        "undo",
    ),
    *("answer_double", "different", "undo_change"),
    *("attach", "autosave", "undo_verdict", "open", "resend", "confirm_import", "deactivate", "reactivate"),
    *("revoke_invitation", "withdraw_version"),
    *("look", "take", "hand_over", "snooze", "wake", "rename_view", "delete_view"),
    *("cancel_absence", "set_manager"),
}


def _takes_get(name: str) -> bool:
    return name.rsplit(":", 1)[-1] not in _POSTED


@dataclass(frozen=True)
class State:
    """A page in a state that needs an act first: who, where, what the server says, what is done there."""

    name: str
    role: str
    address: Callable[[], str]
    status: int = 200
    act: Callable[[Any], None] | None = None


def _submit_empty(page: Any) -> None:
    with page.expect_navigation():
        page.locator("main form[method=post] [type=submit]").last.click()


def _tick_some(page: Any) -> None:
    for box in page.locator("[data-tick]").all()[:3]:
        box.check()


def _set_aside(page: Any) -> None:
    """On a phone the list is shown first: the item is opened, then the dialog."""
    if not page.locator("#desk-item").is_visible():
        page.locator(".queue-row").first.click()
        page.locator("#item-title").wait_for()
    page.locator("[data-confirm-dialog='#dialog-snooze']").click()


def _wrong_password(page: Any) -> None:
    page.fill("[name=login]", "alice@northgate.example")
    page.fill("[name=password]", "not the right passphrase")
    with page.expect_navigation():
        page.locator("form[method=post] [type=submit]").first.click()


STATES = (
    State("not-found", "partner_rep", lambda: "/registrations/R-2222222/", 404),
    State("not-allowed", "partner_rep", lambda: reverse("registrations:queue"), 403),
    State(
        "link-spent", "anonymous", lambda: reverse("registrations:still_active", args=[_spent_token()]), 410
    ),
    State("link-broken", "anonymous", lambda: reverse("registrations:still_active", args=["nonsense"]), 410),
    State("wrong-form", "partner_rep", lambda: reverse("registrations:new"), 200, _submit_empty),
    State("wrong-password", "anonymous", lambda: reverse("account_login"), 200, _wrong_password),
    State("found", "channel_manager", lambda: reverse("companies:search") + "?q=Vantage+Aerospace"),
    State("nothing-found", "channel_manager", lambda: reverse("companies:search") + "?q=zzzzqqq"),
    State("many-ticked", "channel_manager", lambda: reverse("registrations:queue"), 200, _tick_some),
    State("set-aside", "channel_manager", lambda: reverse("registrations:queue"), 200, _set_aside),
    State("empty-filter", "channel_manager", lambda: reverse("registrations:list") + "?q=zzzzqqq"),
)


def _to_the_comparison(page: Any) -> None:
    page.get_by_text("Why it was flagged").first.evaluate("element => element.scrollIntoView()")
    page.mouse.wheel(0, -90)  # below the bar on top


def readme_places() -> list[tuple[Place, str, Callable[[Any], None] | None]]:
    """Where, who looks, and what they do first."""
    rows = (
        (
            "review-queue",
            "channel_manager",
            "registrations:review_item",
            "Mueller Maschinenbau",
            "",
            _to_the_comparison,
        ),
        ("overview", "partner_rep", "registrations:overview", "", "", None),
        ("registration", "partner_rep", "registrations:registration", "Werra Kaliwerke GmbH", "", None),
        ("report", "channel_operations", "reports:open_registrations", "", "?sort=-registrations", None),
    )
    places: list[tuple[Place, str, Callable[[Any], None] | None]] = []
    for name, role, route, company, query, act in rows:
        arguments = _named(company)(person(role)) if company else None
        places.append((Place(name, reverse(route, args=arguments) + query), role, act))
    return places


def make_small(picture: Path, most: int = 250_000) -> None:
    """Keeps a picture below `most` bytes: with 256 colours if it has to be."""
    if picture.stat().st_size <= most:
        return
    from PIL import Image

    Image.open(picture).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)
