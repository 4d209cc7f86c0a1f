"""Finds what fills an address with a code in it, for the person who looks: `EXAMPLES` is made of these."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.models import User
from companies.models import Company, CompanyName, Suggestion
from core.clock import database_clock
from notifications import mailbox
from partners.models import (
    Application,
    Certificate,
    Invitation,
    Partner,
)
from partners.services import link_for as invitation_link
from partners.services.applications import link_for as application_link
from policies.models import ProductAuthorisation
from programs.models import Attempt, ContentItem, Program, Take
from registrations.enums import Status
from registrations.models import Decision, Offer, Registration, Simulation
from registrations.services import customer_letters, offer_links, still_active

Arguments = tuple[Any, ...] | None
Finder = Callable[[User | None], Arguments]


def deal(status: str, **filters: Any) -> Finder:
    def find(user: User | None) -> Arguments:
        if user is None:
            return None
        rows = Registration.objects.visible_to(user).filter(status=status, **filters)
        code = rows.order_by("-changed_at").values_list("code", flat=True).first()
        return (code,) if code else None

    return find


def named(company_name: str) -> Finder:
    def find(user: User | None) -> Arguments:
        deal = (
            Registration.objects.visible_to(user).filter(company_name=company_name).first() if user else None
        )
        return (deal.code,) if deal else None

    return find


def first(model: Any, **filters: Any) -> Finder:
    """The first row that the person sees; of what is shown by another row's rights (programs), the first at all: only pages
    that answer are pictured."""

    def find(user: User | None) -> Arguments:
        if user is None:
            return None
        rows = model.objects.visible_to(user) if hasattr(model.objects, "visible_to") else model.objects
        found = rows.filter(**filters).order_by("id").first()
        return (found.code,) if found else None

    return find


def version(number: int) -> Finder:
    return lambda user: (number,) if user is not None else None


def receipt(user: User | None) -> Arguments:
    if user is None:
        return None
    decision = Decision.objects.visible_to(user).filter(status_after=Status.REFUSED).first()
    return (decision.code,) if decision else None


def asked(model: Any, state: str) -> Finder:
    return first(model, state=state)


def disputable(user: User | None) -> Arguments:
    """A refusal that is fresh enough to appeal against, and that nobody has appealed against."""
    if user is None:
        return None
    fresh = database_clock() - timedelta(days=13)
    rows = Decision.objects.visible_to(user).filter(status_after=Status.REFUSED, at__gt=fresh, appeal=None)
    decision = rows.filter(registration__status=Status.REFUSED).first()
    return (decision.code,) if decision else None


def with_a_line(user: User | None) -> Arguments:
    """A holder behind whom another firm waits."""
    held = Registration.objects.visible_to(user).protected().filter(waiting__isnull=False) if user else []
    return next(((deal.code,) for deal in held if customer_letters.wished_for(deal).exists()), None)


def anonymous(finder: Callable[[], str]) -> Finder:
    return lambda user: (finder(),) if user is None else None


def offer(user: User | None) -> Arguments:
    found = Offer.objects.visible_to(user).open().first() if user is not None else None
    return (found.code,) if found else None


def offer_token() -> str:
    offer = Offer.objects.open().earliest("id")
    return offer_links.link_for(offer, offer.registration.owner).rstrip("/").rsplit("/", 1)[-1]


def living_token() -> str:
    deal = Registration.objects.get(company_name="Lübecker Marzipanhaus")
    return still_active.link_for(deal).rstrip("/").rsplit("/", 1)[-1]


def spent_token() -> str:
    deal = Registration.objects.filter(status=Status.WON).earliest("id")
    return still_active.link_for(deal).rstrip("/").rsplit("/", 1)[-1]


def invitation_token() -> str:
    return invitation_link(Invitation.objects.earliest("id")).rstrip("/").rsplit("/", 1)[-1]


def application_token(state: str) -> str:
    return (
        application_link(Application.objects.filter(state=state).earliest("id"))
        .rstrip("/")
        .rsplit("/", 1)[-1]
    )


def firm_status(change: str) -> Finder:
    return lambda user: (
        (Partner.objects.get(name="Northgate Automation").code, change) if user is not None else None
    )


def letter(event: str) -> Finder:
    def find(user: User | None) -> Arguments:
        found = next((letter for letter in mailbox.letters() if event in letter.subject), None)
        return (found.name,) if found and (user is None) else None

    return find


def alias(user: User | None) -> Arguments:
    name = CompanyName.objects.active().filter(text="VAG Aerospace").first()
    return (name.company.code, name.pk) if name and user is not None else None


def double(user: User | None) -> Arguments:
    if user is None:
        return None
    pair = Suggestion.objects.visible_to(user).waiting().first()
    return (pair.low.code, pair.high.code) if pair else None


def drafted(user: User | None) -> Arguments:
    found = Simulation.objects.exclude(policy=None).first() if user is not None else None
    return (found.policy.version,) if found and found.policy else None


def simulated(user: User | None) -> Arguments:
    found = Simulation.objects.exclude(policy=None).first() if user is not None else None
    return (found.code,) if found else None


def tried(user: User | None) -> Arguments:
    found = Simulation.objects.filter(policy=None).first() if user is not None else None
    return (found.code,) if found else None


def announced(user: User | None) -> Arguments:
    found = ProductAuthorisation.objects.order_by("-effective_from").select_related("product_line").first()
    return (found.product_line.code, found.pk) if user is not None and found else None


def product_line(user: User | None) -> Arguments:
    found = ProductAuthorisation.objects.order_by("-effective_from").first() if user is not None else None
    return (found.product_line.code,) if found else None


def stage(user: User | None) -> Arguments:
    program = Program.objects.filter(name="Edge Specialists").first() if user else None
    return (program.code, 2) if program else None


def given_step(user: User | None) -> Arguments:
    program = Program.objects.filter(name="Edge Specialists").first() if user else None
    return (program.code, program.steps.earliest("pk").pk) if program else None


def planned(user: User | None) -> Arguments:
    program = Program.objects.filter(name="Edge Specialists").first() if user else None
    return (program.code, program.incentives.earliest("pk").pk) if program else None


def attempt(user: User | None) -> Arguments:
    """The person's last attempt; one is in the middle of a quiz."""
    found = Attempt.objects.of(user).order_by("submitted_at").last() if user else None
    return (found.code,) if found else None


def content_version(user: User | None) -> Arguments:
    item = ContentItem.objects.visible_to(user).filter(kind="file").order_by("pk").first() if user else None
    return (item.code, 1) if item else None


def pk_of(model: Any) -> Finder:
    """The first row, by its number."""
    return lambda user: (model.objects.earliest("pk").pk,) if user is not None else None


def row_of(model: Any) -> Finder:
    """The first row that stands, by its number."""

    def find(user: User | None) -> Arguments:
        found = model.objects.filter(ended_at=None).order_by("pk").first() if user is not None else None
        return (found.pk,) if found else None

    return find


GROUP = first(Company, name__startswith="Vantage Aerospace Group")
OPEN_DEAL = named("Werra Kaliwerke GmbH")
LETTERS = {
    "reminder": letter("Still active"),
    "received": letter("Received"),
    "to-review": letter("To review"),
    "conflict": letter("Another registration"),
    "question": letter("A question"),
}


def lapsing(user: User | None) -> Arguments:
    """A certificate that ends soon, the firm's own where somebody belongs to one."""
    if user is None:
        return None
    today = database_clock().date()
    found = Certificate.objects.visible_to(user).ending(today, today + timedelta(days=60)).first()
    return (found.code,) if found else None


def own_firm(user: User | None) -> Arguments:
    member = getattr(user, "member", None)
    if member is not None:
        return (member.partner.code,)
    return first(Partner, name="Northgate Automation")(user)


def two_firms(user: User | None) -> Arguments:
    if user is None or not user.may("partners.edit"):
        return None
    codes = dict(Partner.objects.values_list("name", "code"))
    return codes["Northgate Automation"], codes["Southridge Controls"]


def shut_module() -> str:
    """A module that does not open before another one is done, for the rep, who began its path."""
    takes = Take.objects.filter(user__email="alice@northgate.example", passed_at=None, path__in_order=True)
    left = (list(take.path.path_modules.exclude(module__in=take.done.values("module"))) for take in takes)
    return next(rows[-1].module.code for rows in left if len(rows) > 1)
