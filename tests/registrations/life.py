"""A machine that does random things to a few registrations of three firms, and looks after each step at what must hold.

Used by test_life.py (some hundred lives in `make test`) and by bench/life.py (as many steps as one likes). Mails are
written, but not rendered, and companies are found by their name alone: what is tested is the workflow, the line, the
scopes, the chain and the outbox, a few milliseconds a step.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from unittest import mock

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts import enums
from accounts.models import User
from catalog.models import ProductLine
from companies.evidence import SearchResult
from companies.matching import CompanyQuery
from companies.models import Company
from companies.services import create_company
from companies.services.registry import Resolution
from core.clock import fixed
from core.errors import DomainError
from notifications.models import Message
from notifications.rendering import Mail
from partners.enums import PartnerStatus
from partners.models import Partner
from policies.models import RegistrationPolicy
from policies.querysets import RegistrationPolicyQuerySet
from registrations.enums import (
    OPEN,
    Action,
    AgreementState,
    LossReason,
    RefusalReason,
    Status,
)
from registrations.models import Agreement, Decision, Holding, Offer, Registration, TimelineEntry
from registrations.services import (
    agreements,
    decisions,
    drafts,
    expiry,
    holdings,
    line_order,
    offers,
    partner_actions,
    places,
    reminders,
    submission,
    waitlist,
)
from registrations.services.drafts import LineInput
from registrations.services.timeline import first_broken
from registrations.workflow import TRANSITIONS
from tests.people import MONDAY, make_user

NAMES = ("Acme Pumps GmbH", "Zeta Bakery Oy")
MOST = (
    6  # open registrations at a time: enough for two lines, few enough to look at all of them after each step
)


class World:
    """The people, companies and product lines of all lives; made once, outside of the lives."""

    def __init__(self) -> None:
        self.mara = make_user("Mara", enums.CHANNEL_MANAGER)
        self.reps: list[User] = []
        for name in ("Northgate", "Southridge", "Eastwind"):
            firm = Partner.objects.create(
                name=name, country="DE", status=PartnerStatus.ACTIVE, manager=self.mara, tier="platinum"
            )
            self.reps.append(make_user(f"Rep {name}", enums.PARTNER_REP, firm))
        self.lines = [
            ProductLine.objects.get_or_create(code=code, defaults={"name": code})[0] for code in ("a", "b")
        ]
        self.companies = {name: create_company(CompanyQuery(name, country="DE"), by=None) for name in NAMES}
        self.policies = [
            self._policy(1, waitlist_same=True, review_other_scope=False),
            self._policy(2, waitlist_same=True, scope_product_line=False),
            self._policy(3, auto_approve_below=Decimal(10_000)),
        ]
        self.in_force = self.policies[0]

    def _policy(self, number: int, **settings: Any) -> RegistrationPolicy:
        return RegistrationPolicy.objects.create(
            version=100 + number, effective_from=MONDAY, created_at=MONDAY, cooling_off_days=0, **settings
        )


@contextmanager
def cheap(world: World) -> Iterator[None]:
    """Mails without their words, and companies found by name: the parts of a step that cost most and decide nothing."""

    def found(query: CompanyQuery, **_: Any) -> Resolution:
        return Resolution(Company.objects.get(pk=world.companies[query.name].pk), "found")

    def mail(event: str, **_: Any) -> Mail:
        return Mail(subject=event, text=event, html=event, language="en")

    def in_force(*_: Any) -> RegistrationPolicy:
        return world.in_force

    with (
        mock.patch("notifications.services.render_mail", mail),
        mock.patch("registrations.services.submission.find_or_create_company", found),
        mock.patch.object(RegistrationPolicyQuerySet, "in_force", in_force),
        mock.patch("registrations.conflicts.search", return_value=SearchResult([], crowd=False)),
    ):
        yield


Service = Callable[..., Any]


class Life(RuleBasedStateMachine):
    """Random actions of random people. A service may refuse in words (DomainError); anything else fails the test."""

    world: World
    steps = 0
    happened: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = MONDAY + timedelta(hours=1)
        self.deals: list[int] = []
        self.step = 0
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        try:
            self.look_back()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # What can happen

    @initialize(number=st.integers(0, 2))
    def begin(self, number: int) -> None:
        """A line: one who came first, and two who want the same."""
        self.world.in_force = self.world.policies[number]
        for rep in self.world.reps:
            self.register(rep, NAMES[0], Random(f"{number} {rep}"))

    @rule(seed=st.integers(0, 2**32 - 1))
    def something(self, seed: int) -> None:
        """Mostly what fits the status of some registration and the person; now and then anything by anybody."""
        self.step += 1  # hypothesis likes to repeat itself; the step makes something else of it
        chance = Random(f"{seed} {self.step}")
        around = chance.random()
        if around < 0.25:
            self.around(chance)
            return
        known = Registration.objects.select_related("owner").filter(pk__in=self.deals).order_by("pk")
        open_ones = [deal for deal in known if deal.status in OPEN and chance.random() < 0.9]
        if len(open_ones) < 4 and chance.random() < 0.6:
            self.register(chance.choice(self.world.reps), chance.choice([*NAMES, NAMES[0]]), chance)
            return
        deal = chance.choice(open_ones or list(known))
        wild = chance.random() < 0.15
        name = chance.choice(sorted(ACTS) if wild else FITTING.get(Status(deal.status), sorted(ACTS)))
        by = chance.choice([*self.world.reps, self.world.mara]) if wild else None
        ACTS[name](self, deal, by or (self.world.mara if name in MANAGERS else deal.owner), chance)

    def around(self, chance: Random) -> None:
        """What does not begin with one registration."""
        what = chance.random()
        if what < 0.15:
            self.register(chance.choice(self.world.reps), chance.choice(NAMES), chance)
        elif what < 0.6:
            self.time_passes(chance.choice([1, 1, 3, 8, 30, 60]), delivered=chance.random() < 0.75)
        elif what < 0.7:
            # Another version of the policy: what is held under the one before stays held.
            self.world.in_force = chance.choice(self.world.policies)
        elif what < 0.75:
            self.firm_turns(chance.choice(self.world.reps).member.partner_id)
        else:
            self.answer_something_old(chance)

    def register(self, by: User, name: str, chance: Random) -> None:
        if Registration.objects.open().filter(pk__in=self.deals).count() >= MOST:
            return
        value = chance.choice([Decimal(5_000), Decimal(5_000), Decimal(90_000)])
        fields = {"company_name": name, "country": "DE", "value": value, "expected_close": MONDAY.date()}
        draft = drafts.start_draft(by=by, fields=fields, clock=self.clock)
        wanted = chance.choice(
            [self.world.lines[:1], self.world.lines[:1], self.world.lines[1:], self.world.lines]
        )
        lines = [LineInput(line) for line in wanted]
        drafts.save_draft(draft, by=by, fields={}, lines=lines, clock=self.clock)
        self.deals.append(draft.pk)
        self.do(submission.submit, draft, by=by)

    def time_passes(self, days: int, *, delivered: bool) -> None:
        """Beat asks for its sweeps; mail is handed over, or the mail server is down."""
        self.now += timedelta(days=days)
        if delivered:
            Message.objects.filter(sent_at=None).update(status="sent", sent_at=self.now - timedelta(hours=1))
        for sweep in (
            reminders.send_reminders,
            expiry.expire_registrations,
            offers.lapse_offers,
            waitlist.offer_free_places,
        ):
            done = sweep(clock=self.clock)
            assert not getattr(done, "failed", None), done

    def firm_turns(self, firm: int) -> None:
        """A firm is suspended, or active again."""
        active = Partner.objects.filter(pk=firm, status=PartnerStatus.ACTIVE)
        if not active.update(status=PartnerStatus.SUSPENDED):
            Partner.objects.filter(pk=firm).update(status=PartnerStatus.ACTIVE)

    def answer_something_old(self, chance: Random) -> None:
        """An offer or a proposal, open or over, by whoever."""
        person = chance.choice(self.world.reps)
        offer = Offer.objects.filter(registration__in=self.deals).order_by("?").first()
        agreement = Agreement.objects.filter(holder__in=self.deals).order_by("-pk").first()
        if offer is not None and (agreement is None or chance.random() < 0.5):
            self.do(chance.choice([offers.accept, offers.decline]), offer, by=person)
        elif agreement is not None:
            by = chance.choice([agreement.holder, agreement.other]).owner
            self.do(chance.choice([agreements.agree, agreements.agree, agreements.decline]), agreement, by=by)

    # What must hold after each step

    @invariant()
    def one_holder_a_scope(self) -> None:
        type(self).steps += 1
        deals = {
            deal.pk: deal
            for deal in Registration.objects.filter(pk__in=self.deals).exclude(status=Status.DRAFT)
        }
        current = list(Holding.objects.filter(ended_at=None, registration__in=deals))
        for number, one in enumerate(current):
            for two in current[:number]:
                assert not collide(one, two), f"{one} and {two}"
        open_offers = {offer.registration_id for offer in Offer.objects.open().filter(registration__in=deals)}
        for deal in deals.values():
            mine = {holding.reserved for holding in current if holding.registration_id == deal.pk}
            assert deal.status in Status.values
            assert (deal.status == Status.OFFERED) == (deal.pk in open_offers), deal
            if deal.status == Status.APPROVED:
                assert mine == {False}, f"{deal} is protected and holds {mine}"
            elif deal.status == Status.OFFERED:
                assert mine == {True}, f"{deal} is offered and keeps {mine}"
            elif mine:
                assert mine == {True} and deal.status in ("in_review", "information_asked"), deal

    # What must hold in the end

    def look_back(self) -> None:
        """Chains, places, mails and agreements: looked at once a life, over all of its past."""
        deals = list(Registration.objects.filter(pk__in=self.deals).exclude(status=Status.DRAFT))
        kinds = TimelineEntry.objects.filter(registration__in=deals).values_list("kind", flat=True)
        self.happened.update(kinds)
        for deal in deals:
            assert first_broken(deal) is None, deal
            place = places.place_in_line(deal)
            assert (place > 0) == (deal.status == Status.WAITLISTED) and place <= len(deals)
        self._steps_are_in_the_table(deals)
        self._nobody_waits_in_vain()
        self._nobody_went_untold(deals)
        for agreement in Agreement.objects.filter(holder__in=deals):
            assert agreement.holder_share + agreement.other_share == 100
            together = agreement.state == AgreementState.AGREED and agreement.ended_at is None
            deal = Registration.objects.get(pk=agreement.other_id)
            assert not together or deal.status == Status.SHARED, agreement

    def _steps_are_in_the_table(self, deals: list[Registration]) -> None:
        """Each change of status that ever happened is one that the workflow knows."""
        entries = TimelineEntry.objects.filter(registration__in=deals, kind__in=Action.values)
        status: dict[int, str] = {}
        for entry in entries.order_by("registration", "number"):
            if "to" not in entry.data:
                continue
            row = TRANSITIONS[Action(entry.kind)]
            assert entry.data["from"] in row.sources and entry.data["to"] in row.targets, entry
            assert status.get(entry.registration_id, "draft") == entry.data["from"], entry
            status[entry.registration_id] = entry.data["to"]
        assert status == {deal.pk: deal.status for deal in deals}

    def _nobody_waits_in_vain(self) -> None:
        """After a sweep nobody of an active firm waits for a scope that nobody holds."""
        waitlist.offer_free_places(clock=self.clock)
        line = Registration.objects.in_line().filter(pk__in=self.deals, partner__status=PartnerStatus.ACTIVE)
        for waiting in line:
            waiting.policy = RegistrationPolicy.objects.in_force(self.now)
            assert holdings.held_by_others(waiting), f"{waiting} waits for nothing"

    def _nobody_went_untold(self, deals: list[Registration]) -> None:
        """Each decision has its mail in the outbox, each offer the one that its deadline counts from."""
        told = "\n".join(Message.objects.values_list("occasion", flat=True))
        for decision in Decision.objects.filter(registration__in=deals).select_related("registration"):
            what = decision.code
            if decision.action in (Action.SHARE, Action.TRANSFER, Action.TAKE_OVER):
                what = f"registration.agreement_done:{decision.registration.code}"
            elif decision.action == Action.SUBMIT:
                what = f"{decision.registration.code}:landed"
            elif decision.action == Action.OFFER:
                what = f"registration.offered:{decision.registration.code}"
            assert what in told, f"nobody was told of {decision}"
        assert not Offer.objects.filter(registration__in=deals, message=None).exists()

    # How it is done

    @property
    def clock(self) -> Callable[[], datetime]:
        return fixed(self.now)

    def do(self, service: Service, *args: Any, **said: Any) -> None:
        self.now += timedelta(minutes=1)
        try:
            with transaction.atomic():
                service(*args, clock=self.clock, **said)
        except DomainError:
            pass


def collide(one: Holding, two: Holding) -> bool:
    """Whether two current holdings are of one scope; worked out here once more, apart from the constraint."""
    pairs = [
        (one.product_line_id, two.product_line_id),
        (one.territory_id, two.territory_id),
        (one.industry_id, two.industry_id),
    ]
    return one.company_id == two.company_id and all(None in pair or pair[0] == pair[1] for pair in pairs)


def _holder(deal: Registration) -> Registration | None:
    return next((held.registration for held in holdings.held_by_others(deal)), None)


def _propose(life: Life, deal: Registration, by: User, chance: Random) -> None:
    holder = _holder(deal)
    if holder is not None:
        kind, share = chance.choice(["split", "split", "transfer"]), chance.randrange(0, 101)
        life.do(
            agreements.propose, deal, holder=holder, kind=kind, other_share=share, text="Together.", by=by
        )


def _consent(life: Life, deal: Registration, by: User, chance: Random) -> None:
    """Both sides of what was proposed about this one."""
    for agreement in Agreement.objects.current().of(deal).select_related("holder__owner", "other__owner"):
        for person in (agreement.holder.owner, agreement.other.owner):
            life.do(agreements.agree, agreement, by=person)
            agreement.refresh_from_db()


def _answer_offer(life: Life, deal: Registration, by: User, chance: Random) -> None:
    offer = deal.offers.first()
    if offer is not None:
        life.do(chance.choice([offers.accept, offers.accept, offers.decline]), offer, by=by)


def _line_up(life: Life, deal: Registration, by: User, chance: Random) -> None:
    behind = _holder(deal) or Registration.objects.get(pk=chance.choice(life.deals))
    life.do(decisions.put_on_waitlist, deal, behind=behind, by=by)


Act = Callable[[Life, Registration, User, Random], None]
ACTS: dict[str, Act] = {
    "withdraw": lambda life, deal, by, _: life.do(partner_actions.withdraw, deal, by=by),
    "release": lambda life, deal, by, _: life.do(partner_actions.release, deal, by=by),
    "lose": lambda life, deal, by, _: life.do(
        partner_actions.record_lost, deal, by=by, reason=LossReason.PRICE, closed_on=life.now.date()
    ),
    "win": lambda life, deal, by, _: life.do(
        partner_actions.record_won, deal, by=by, value=Decimal(4_000), closed_on=life.now.date()
    ),
    "update": lambda life, deal, by, _: life.do(
        partner_actions.update, deal, by=by, fields={}, note=f"Met them {life.now:%j %H %M}."
    ),
    "answer": lambda life, deal, by, _: life.do(partner_actions.answer, deal, by=by, text="The head of IT."),
    "assign": lambda life, deal, by, _: life.do(decisions.assign, deal, by=by),
    "refuse": lambda life, deal, by, _: life.do(
        decisions.refuse, deal, by=by, reason_code=RefusalReason.EARLY, text="Too early."
    ),
    "revoke": lambda life, deal, by, _: life.do(
        decisions.revoke, deal, by=by, reason_code=RefusalReason.INACTIVE, text="No update."
    ),
    "ask": lambda life, deal, by, _: life.do(
        decisions.ask_information, deal, by=by, text="Whom did you meet?"
    ),
    "line_up": _line_up,
    "reorder": lambda life, deal, by, chance: life.do(
        line_order.reorder, deal, to_place=chance.randrange(0, 4), reason="A reason.", by=by
    ),
    "propose": _propose,
    "consent": _consent,
    "answer_offer": _answer_offer,
}
MANAGERS = {"assign", "refuse", "revoke", "ask", "line_up", "reorder", "propose"}
_REVIEW = ["line_up"] * 6 + [
    "assign",
    "assign",
    "refuse",
    "withdraw",
    "lose",
    "propose",
    "consent",
    "consent",
]
FITTING: dict[Status, list[str]] = {
    Status.IN_REVIEW: [*_REVIEW, "ask"],
    Status.INFORMATION_ASKED: [*_REVIEW, "answer", "answer"],
    Status.WAITLISTED: [
        "reorder",
        "withdraw",
        "lose",
        "assign",
        "refuse",
        "propose",
        "propose",
        "consent",
        "consent",
    ],
    Status.OFFERED: ["answer_offer"] * 8 + ["refuse", "withdraw", "lose"],
    Status.APPROVED: ["withdraw", "release", "lose", "win", *["update"] * 3, "revoke", *["consent"] * 5],
    Status.SHARED: ["withdraw", "lose", "update"],
}
