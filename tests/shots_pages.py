"""Which pages there are: read from the URL configuration, with examples for addresses that hold a code.

`EXAMPLES` is the table to extend: for each URL name, labels and the function that finds the arguments for a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
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
from partners.models import (
    Agreement,
    Application,
    Certificate,
    ChecklistItem,
    Group,
    Invitation,
    OnboardingPlan,
    Partner,
    PlanStep,
)
from partners.services import link_for as invitation_link
from partners.services.applications import link_for as application_link
from policies.models import ExclusiveRight, Guidance, ProductAuthorisation, ReviewRoute
from programs.models import Attempt, ContentItem, Criterion, Enrolment, Module, Move, Program
from programs.models import Path as TrainingPath
from registrations.enums import Status
from registrations.models import Appeal, Decision, Extension, Offer, Registration, Simulation
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


def _application_token(state: str) -> str:
    return (
        application_link(Application.objects.filter(state=state).earliest("id"))
        .rstrip("/")
        .rsplit("/", 1)[-1]
    )


def _firm_status(change: str) -> Finder:
    return lambda user: (
        (Partner.objects.get(name="Northgate Automation").code, change) if user is not None else None
    )


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


def _drafted(user: User | None) -> Arguments:
    found = Simulation.objects.select_related("policy").first() if user is not None else None
    return (found.policy.version,) if found else None


def _simulated(user: User | None) -> Arguments:
    found = Simulation.objects.first() if user is not None else None
    return (found.code,) if found else None


def _product_line(user: User | None) -> Arguments:
    found = ProductAuthorisation.objects.order_by("-effective_from").first() if user is not None else None
    return (found.product_line.code,) if found else None


def _stage(user: User | None) -> Arguments:
    program = Program.objects.filter(name="Edge Specialists").first() if user else None
    return (program.code, 2) if program else None


def _attempt(user: User | None) -> Arguments:
    """The person's last attempt; one is in the middle of a quiz."""
    found = Attempt.objects.of(user).order_by("submitted_at").last() if user else None
    return (found.code,) if found else None


def _content_version(user: User | None) -> Arguments:
    item = ContentItem.objects.visible_to(user).filter(kind="file").order_by("pk").first() if user else None
    return (item.code, 1) if item else None


def _pk_of(model: Any) -> Finder:
    """The first row, by its number."""
    return lambda user: (model.objects.earliest("pk").pk,) if user is not None else None


def _row_of(model: Any) -> Finder:
    """The first row that stands, by its number."""

    def find(user: User | None) -> Arguments:
        found = model.objects.filter(ended_at=None).order_by("pk").first() if user is not None else None
        return (found.pk,) if found else None

    return find


_GROUP = _first(Company, name__startswith="Vantage Aerospace Group")
_OPEN_DEAL = _named("Werra Kaliwerke GmbH")
_LETTERS = {
    "reminder": _letter("Still active"),
    "received": _letter("Received"),
    "to-review": _letter("To review"),
    "conflict": _letter("Another registration"),
    "question": _letter("A question"),
}


def _lapsing(user: User | None) -> Arguments:
    """A certificate that ends soon, the firm's own where somebody belongs to one."""
    if user is None:
        return None
    today = database_clock().date()
    found = Certificate.objects.visible_to(user).ending(today, today + timedelta(days=60)).first()
    return (found.code,) if found else None


def _own_firm(user: User | None) -> Arguments:
    member = getattr(user, "member", None)
    if member is not None:
        return (member.partner.code,)
    return _first(Partner, name="Northgate Automation")(user)


def _two_firms(user: User | None) -> Arguments:
    if user is None or not user.may("partners.edit"):
        return None
    codes = dict(Partner.objects.values_list("name", "code"))
    return codes["Northgate Automation"], codes["Southridge Controls"]


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
    "partners:certificate": {
        "lapsing": _lapsing,
        "to_verify": _first(Certificate, status="submitted"),
        "rejected": _first(Certificate, status="rejected"),
    },
    "partners:submit_certificate": {"": _own_firm},
    "partners:certificate_type": {"": lambda user: ("cyber-resilience",) if user is not None else None},
    "partners:agreement": {"": _first(Agreement, title="Partner terms")},
    "partners:publish_agreement": {"": _first(Agreement, title="Partner terms")},
    "partners:choose_merge": {"": _first(Partner, name="Northgate Automation")},
    "partners:merge": {"": _two_firms},
    "partners:edit_partner": {"": _first(Partner, name="Northgate Automation")},
    "partners:group": {
        "": _first(Group, name="Plant builders"),
        "by-hand": _first(Group, name="Gold and platinum"),
    },
    **{
        f"partners:{name}": {"": _first(Group, name="Plant builders")}
        for name in ("change_group", "pick_firm")
    },
    "partners:delete_group": {
        "": _first(Group, name="New partners"),
        "used": _first(Group, name="Plant builders"),
    },
    "programs:program": {
        "specialists": _first(Program, name="Edge Specialists"),
        "council": _first(Program, name="Partner council"),
    },
    **{
        f"programs:{name}": {"": _first(Program, name="Edge Specialists")}
        for name in ("change", "new_stage", "invite", "apply")
    },
    "programs:stage": {"": _stage},
    "programs:enrolment": {
        "enrolled": _first(Enrolment, status="enrolled", program__name="Edge Specialists"),
        "applied": _first(Enrolment, status="applied"),
    },
    "programs:refuse": {"": _first(Enrolment, status="applied")},
    "programs:end": {"": _first(Enrolment, status="enrolled")},
    "programs:firm_tier": {"": _first(Partner, name="Northgate Automation")},
    "programs:enter_figure": {"": _first(Partner, name="Northgate Automation")},
    "programs:drop_criterion": {"": _pk_of(Criterion)},
    "programs:move": {status: _first(Move, status=status) for status in ("proposed", "noticed", "done")},
    **{
        f"programs:{name}": {"": _first(TrainingPath, name="Selling with us")}
        for name in ("path", "change_path", "path_people")
    },
    "programs:module": {"": _first(Module, name="Registering a deal well")},
    **{
        f"programs:{name}": {"": _first(Module, name="Registering a deal well")}
        for name in ("change_module", "edit_quiz")
    },
    "programs:attempt": {"": _attempt},
    "programs:content": {
        "page": _first(ContentItem, kind="page"),
        "file": _first(ContentItem, kind="file"),
        "asked": _first(ContentItem, current__title__startswith="Evidence"),
        "draft": _first(ContentItem, current=None),
    },
    "programs:change_content": {"": _first(ContentItem, kind="file")},
    "programs:new_content": {"": lambda user: ("announcement",) if user is not None else None},
    "programs:content_readers": {"": _first(ContentItem, current__title__startswith="Evidence")},
    "programs:content_version": {"": _content_version},
    "partners:invite": {"": _first(Partner, name="Northgate Automation")},
    "partners:onboarding": {"": _first(Partner, name="Kestrel Edge Works")},
    "partners:history": {
        "suspended": _first(Partner, status="suspended"),
        "onboarding": _first(Partner, name="Kestrel Edge Works"),
    },
    "partners:standing": {name: _firm_status(name) for name in ("suspend", "end")},
    "partners:member": {
        "": lambda user: (User.objects.get(name="Alice Berger").pk,) if user is not None else None
    },
    "partners:application": {
        "double": _first(Application, name="Northgate Automation GmbH"),
        "looked-at": _first(Application, name__startswith="Andes"),
        "declined": _first(Application, state="declined"),
    },
    **{
        f"partners:{name}": {"": _first(Application, name__startswith="Andes")}
        for name in ("accept_application", "decline_application")
    },
    "partners:new_step": {"": _pk_of(OnboardingPlan)},
    "partners:edit_step": {"": _pk_of(PlanStep)},
    "partners:edit_item": {"": _pk_of(ChecklistItem)},
    "partners:confirm_application": {
        state: _anonymous(partial(_application_token, state))
        for state in ("received", "accepted", "declined")
    },
    "registrations:simulate": {"": _drafted},
    "registrations:simulation": {"": _simulated},
    "policies:version": {"first": _version(1), "second": _version(2), "ahead": _version(3)},
    **{f"policies:{name}": {"": _drafted} for name in ("edit_draft", "publish_draft")},
    **{f"policies:{name}": {"": _product_line} for name in ("requirement", "change_requirement")},
    "policies:right": {"": _first(ExclusiveRight)},
    "policies:end_right": {"": _first(ExclusiveRight)},
    "policies:edit_route": {"": _row_of(ReviewRoute)},
    "policies:edit_text": {"": _row_of(Guidance)},
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
    "partners:agreement_file",
    "partners:certificate_file",
    "registrations:attachment",
    "registrations:export_simulation",
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
    *("group_rule", "group_preview", "drop_pick", "content_opened", "acknowledge_content", "content_file"),
    *("publish_content", "withdraw_content", "put_back_content", "discard_content"),
    *("attach", "autosave", "undo_verdict", "open", "resend", "confirm_import", "deactivate", "reactivate"),
    *("revoke_invitation", "withdraw_version"),
    *("look", "take", "hand_over", "snooze", "wake", "rename_view", "delete_view"),
    *("cancel_absence", "set_manager"),
    *("withdraw_certificate", "verify_certificate", "reject_certificate", "revoke_certificate"),
    *("accept_agreement", "ask_agreement", "end_agreement", "undo_merge"),
    *(
        "tick_step",
        "tick_check",
        "note_application",
        "new_plan",
        "plan_activation",
        "remove_step",
        "remove_item",
    ),
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
