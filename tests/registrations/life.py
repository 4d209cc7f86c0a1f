"""A machine that does random things to a few registrations of three firms, and looks after each step at what must hold.

Used by test_life.py (10,000 steps in `make test`) and by bench/life.py (200,000, or as many as one likes). Mails are
written, but not rendered, and companies are found by their name alone: what is tested is the workflow, the line, the
scopes, the chain and the outbox.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from core.clock import fixed
from core.errors import DomainError
from notifications.enums import MessageStatus
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.enums import (
    OPEN,
    Action,
    AgreementState,
    RequestState,
    Status,
)
from registrations.models import Agreement, Decision, Offer, Registration, TimelineEntry
from registrations.services import (
    agreements,
    drafts,
    expiry,
    holdings,
    offers,
    order_disputes,
    places,
    proposals,
    reminders,
    submission,
    waitlist,
)
from registrations.services.drafts import LineInput
from registrations.services.timeline import chains
from registrations.workflow import TRANSITIONS
from tests.people import MONDAY
from tests.registrations.life_acts import ACTS, FITTING, MANAGERS, NEXT, SOON
from tests.registrations.life_world import NAMES, OFTEN, World, cheap, seldom_collected

LOST = {Status.REFUSED, Status.REVOKED}  # by a decision that a partner may dispute
# What people are told beside decisions, each time it happens: by kind of entry.
OWED = {
    **{
        kind: f"registration.{kind}"
        for kind in (
            *("reminder", "final_notice", "grace", "given_past", "agreement_lapsed", "agreement_declined"),
            *("shared_ends", "shared_goes_on", "split_ended"),
        )
    },
    "escalated": "registration.silent",
    "proposal_taken_back": "registration.agreement_taken_back",
    "proposal_ended": "registration.agreement_ended",
    Action.EXPIRE: "registration.expired",
    Action.LAPSE: "registration.offer_lapsed",
    Action.ANSWER: "registration.information_answered",
    Action.ASK_EXTENSION: "registration.extension_asked",
    Action.APPEAL: "registration.appeal_received",
    Action.PROPOSE: "registration.agreement_proposed",
}
MOST = 6  # open registrations at a time: enough for two lines
STEPS_A_LIFE = 150
LIVES_AT_ONCE = 20

# What must hold at any moment, asked of the database after each step: a row for whatever is broken. There are no
# registrations but those of the life that is led. Which holdings collide is worked out here once more, apart from the
# constraint that keeps them apart.
_BROKEN = """
WITH held AS (SELECT * FROM registrations_holding WHERE ended_at IS NULL),
deals AS (
    SELECT r.code, r.status,
        (SELECT array_agg(DISTINCT h.reserved) FROM held h WHERE h.registration_id = r.id) AS keeps,
        EXISTS (SELECT FROM registrations_offer o WHERE o.registration_id = r.id AND o.outcome = 'open') AS is_open
    FROM registrations_registration r WHERE r.status <> 'draft'
)
SELECT code || ' is protected and holds ' || coalesce(keeps::text, 'nothing') FROM deals
WHERE status = 'approved' AND keeps IS DISTINCT FROM '{f}'
UNION ALL SELECT code || ' is offered and keeps ' || coalesce(keeps::text, 'nothing') FROM deals
WHERE status = 'offered' AND keeps IS DISTINCT FROM '{t}'
UNION ALL SELECT code || ' is ' || status || ' and keeps ' || keeps::text FROM deals
WHERE status NOT IN ('approved', 'offered') AND keeps IS NOT NULL
    AND NOT (keeps = '{t}' AND status IN ('in_review', 'information_asked'))
UNION ALL SELECT code || ' is ' || status || ', open offer: ' || is_open FROM deals
WHERE is_open <> (status = 'offered')
UNION ALL SELECT code || ' is ' || status FROM deals WHERE NOT status = ANY(%s)
UNION ALL SELECT a.registration_id || ' and ' || b.registration_id || ' hold one scope' FROM held a JOIN held b
ON a.id < b.id AND a.company_id = b.company_id
    AND (a.product_line_id IS NULL OR b.product_line_id IS NULL OR a.product_line_id = b.product_line_id)
    AND (a.countries = '{}' OR b.countries = '{}' OR a.countries && b.countries)
    AND (a.industry_id IS NULL OR b.industry_id IS NULL OR a.industry_id = b.industry_id)
"""


_KNOWN = """
SELECT id, status, owner_id, company_id, policy_id, territory_id, industry_id FROM registrations_registration ORDER BY id
"""
_TO_SWEEP = """
SELECT count(*) FILTER (WHERE status = 'approved') > 0, count(*) FILTER (WHERE status = 'offered') > 0,
    EXISTS (SELECT FROM registrations_agreement WHERE ended_at IS NULL AND state = 'proposed'),
    count(*) FILTER (WHERE status = 'waitlisted') > 0
FROM registrations_registration
"""


@contextmanager
def invariant_prepared() -> Iterator[None]:
    """What is asked after each step is planned once."""
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE what_is_broken AS {_BROKEN}", [Status.values])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE what_is_broken")


Service = Callable[..., Any]


class Life(RuleBasedStateMachine):
    """Random actions of random people. A service may refuse in words (DomainError); anything else fails the test."""

    world: World
    steps = 0
    happened: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = MONDAY + timedelta(hours=1)
        self.step = 0
        self.pace = timedelta(minutes=1)
        self.changed = False  # by the last step
        self.last: tuple[str, int] | None = None  # the act that changed something, and on which registration
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
        """Mostly what fits the status of some registration and the person; or anything by anybody."""
        self.step += 1  # hypothesis likes to repeat itself; the step makes something else of it
        chance = Random(f"{seed} {self.step}")
        self.pace = chance.choice([SOON, timedelta(minutes=1), timedelta(minutes=1)])
        last, self.last, self.changed = self.last, None, False
        around = chance.random()
        if around < 0.2:
            self.around(chance)
            return
        # As little of each as the services ask for: what they decide by they read themselves, behind their locks.
        known = list(Registration.objects.raw(_KNOWN))
        open_ones = [deal for deal in known if deal.status in OPEN and chance.random() < 0.9]
        if len(open_ones) < 3 and chance.random() < 0.3:
            self.register(chance.choice(self.world.reps), chance.choice(OFTEN), chance)
            return
        lost = [deal for deal in known if deal.status in LOST and chance.random() < 0.1]
        deal = chance.choice([*open_ones, *lost] or known)
        wild = chance.random() < 0.35
        name = chance.choice(sorted(ACTS) if wild else FITTING.get(Status(deal.status), sorted(ACTS)))
        if last is not None and last[0] in NEXT and chance.random() < 0.5:
            wild, name = False, chance.choice(NEXT[last[0]])
            deal = next(row for row in known if row.pk == last[1])
        by = chance.choice([*self.world.reps, self.world.mara]) if wild else None
        own = self.world.mara if name in MANAGERS else self.world.by_key[deal.owner_id]
        ACTS[name](self, deal, by or own, chance)
        self.last = (name, deal.pk) if self.changed else None

    def around(self, chance: Random) -> None:
        """What does not begin with one registration."""
        what = chance.random()
        if what < 0.15:
            self.register(chance.choice(self.world.reps), chance.choice(OFTEN), chance)
        elif what < 0.6:
            self.time_passes(chance.choice([1, 1, 3, 8, 30, 60]), delivered=chance.random() < 0.75)
        elif what < 0.7:
            # Another version of the policy: what is held under the one before stays held.
            self.world.in_force, self.changed = chance.choice(self.world.policies), True
        elif what < 0.75:
            self.firm_turns(chance.choice(self.world.reps).member.partner_id)
        else:
            self.answer_something_old(chance)

    def register(self, by: User, name: str, chance: Random) -> None:
        if Registration.objects.open().count() >= MOST:
            return
        value = chance.choice([Decimal(5_000), Decimal(5_000), Decimal(90_000)])
        fields = {
            "company_name": name,
            "country": "DE",
            "value": value,
            "expected_close": MONDAY.date(),
            "currency": self.world.currency,
        }
        draft = drafts.start_draft(by=by, fields=fields, clock=self.clock)
        wanted = chance.choice(
            [self.world.lines[:1], self.world.lines[:1], self.world.lines[1:], self.world.lines]
        )
        lines = [LineInput(line) for line in wanted]
        drafts.save_draft(draft, by=by, fields={}, lines=lines, clock=self.clock)
        self.do(submission.submit, draft, by=by)

    def time_passes(self, days: int, *, delivered: bool) -> None:
        """Beat asks for its sweeps; mail is handed over, or the mail server is down."""
        self.now += timedelta(days=days)
        self.changed = True
        if delivered:
            waiting = Message.objects.filter(status=MessageStatus.PENDING)
            waiting.update(status="sent", sent_at=self.now - timedelta(hours=1))
        for sweep in self.sweeps():
            done = sweep(clock=self.clock)
            assert not getattr(done, "failed", None), done

    def sweeps(self) -> list[Service]:
        """Those that may find something. The others would only ask the database for what is not there: tests of their own
        run them over nothing."""
        with connection.cursor() as cursor:
            cursor.execute(_TO_SWEEP)
            protected, offered, proposed, waiting = cursor.fetchone()
        return [
            *((reminders.send_reminders, expiry.expire_registrations) if protected else ()),
            *((offers.lapse_offers,) if offered else ()),
            *((proposals.lapse_proposals,) if proposed else ()),
            # What expires or lapses on the way moves the line up by itself.
            *((waitlist.offer_free_places,) if waiting else ()),
        ]

    def firm_turns(self, firm: int) -> None:
        """A firm is suspended, or active again."""
        active = Partner.objects.filter(pk=firm, status=PartnerStatus.ACTIVE)
        if not active.update(status=PartnerStatus.SUSPENDED):
            Partner.objects.filter(pk=firm).update(status=PartnerStatus.ACTIVE)

    def answer_something_old(self, chance: Random) -> None:
        """An offer or a proposal, open or over, by whoever."""
        person = chance.choice(self.world.reps)
        made = list(Offer.objects.order_by("pk").values_list("pk", flat=True))
        offer = Offer.objects.get(pk=chance.choice(made)) if made else None
        agreement = Agreement.objects.order_by("-pk").first()
        if offer is not None and (agreement is None or chance.random() < 0.5):
            self.do(chance.choice([offers.accept, offers.decline]), offer, by=person)
        elif agreement is not None:
            by = self.world.by_key[chance.choice([agreement.holder, agreement.other]).owner_id]
            self.do(chance.choice([agreements.agree, agreements.agree, agreements.decline]), agreement, by=by)

    # What must hold after each step

    @invariant()
    def one_holder_a_scope(self) -> None:
        type(self).steps += 1
        with connection.cursor() as cursor:
            cursor.execute("EXECUTE what_is_broken")
            broken = [told for (told,) in cursor.fetchall()]
        assert not broken, broken

    @invariant()
    def nobody_has_a_negative_place(self) -> None:
        """Who waits has a place among those who wait, nobody else has one. What was refused has moved nobody."""
        if not self.changed:
            return
        line = list(Registration.objects.awaiting_turn().select_related("policy"))
        for deal in line:
            place = places.place_in_line(deal)
            fits = 1 <= place <= len(line) if deal.status == Status.WAITLISTED else place == 0
            assert fits, f"{deal} has the place {place}"

    # What must hold in the end

    def look_back(self) -> None:
        """Chains, mails and agreements: looked at once a life, over all of its past."""
        deals = list(Registration.objects.exclude(status=Status.DRAFT))
        kinds = TimelineEntry.objects.filter(registration__in=deals).values_list("kind", flat=True)
        self.happened.update(kinds)
        broken = [(code, entry) for code, _, entry in chains() if entry is not None]
        assert not broken, f"chains are broken: {broken}"
        self._steps_are_in_the_table(deals)
        self._nobody_waits_in_vain()
        self._nobody_went_untold(deals)
        self._what_happened_was_told(deals)
        self._nothing_expired_unanswered(deals)
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
        """After a sweep nobody of an active firm waits for a scope that nobody holds, but for the answer to an appeal about
        the order."""
        waitlist.offer_free_places(clock=self.clock)
        waiting = Registration.objects.awaiting_turn().select_related("partner")
        for company in set(waiting.values_list("company", flat=True)):
            line = list(waiting.filter(company=company))
            disputed = order_disputes.places_disputed(line, self.now)
            for deal in line:
                if deal.status != Status.WAITLISTED:
                    continue  # reviewed anew: it waits for a person
                deal.policy = self.world.in_force
                if deal.partner.is_selling and not holdings.held_by_others(deal):
                    assert disputed.bars(deal), f"{deal} waits for nothing"

    def _nobody_went_untold(self, deals: list[Registration]) -> None:
        """Each decision has its mail in the outbox, each offer the one that its deadline counts from. Of what was undone no
        mail has left or will leave."""
        told = "\n".join(Message.objects.values_list("occasion", flat=True))
        leaves = set(Message.objects.exclude(status=MessageStatus.CANCELLED).values_list("pk", flat=True))
        for decision in Decision.objects.filter(registration__in=deals).select_related("registration"):
            what = decision.code
            if decision.undone_at is not None and decision.undo:
                assert not leaves.intersection(decision.undo["messages"]), f"{decision} was undone and told"
            if decision.action == Action.JUDGE:
                continue  # for the vendor's people alone
            if decision.action in (Action.SHARE, Action.TRANSFER, Action.TAKE_OVER):
                what = f"registration.agreement_done:{decision.registration.code}"
            elif decision.action == Action.SUBMIT:
                what = f"{decision.registration.code}:landed"
            elif decision.action == Action.OFFER:
                what = f"registration.offered:{decision.registration.code}"
            assert what in told, f"nobody was told of {decision}"
        assert not Offer.objects.filter(registration__in=deals, message=None).exists()

    def _what_happened_was_told(self, deals: list[Registration]) -> None:
        """Whatever owes somebody a mail has one for each time, such as reminders and the end: it was written, whether it left
        or was taken back."""
        about = {deal.pk: deal.code for deal in deals}
        entries = TimelineEntry.objects.filter(registration__in=deals, kind__in=OWED)
        happened = Counter(
            (about[pk], OWED[kind]) for pk, kind in entries.values_list("registration", "kind")
        )
        told = Counter(Message.objects.values_list("about", "event"))
        assert not happened - told, f"no mail was written: {happened - told}"

    def _nothing_expired_unanswered(self, deals: list[Registration]) -> None:
        """What expired while a request was open had been refused one since its last update."""
        expired = [deal for deal in deals if deal.status == Status.EXPIRED and deal.last_update_at]
        for deal in expired:
            closed = deal.extensions.filter(closed_at=deal.closed_at, state=RequestState.LAPSED)
            refused = deal.extensions.filter(state=RequestState.REFUSED, closed_at__gt=deal.last_update_at)
            assert not closed or refused, f"{deal} expired before {closed[0]} was answered"

    # How it is done

    @property
    def clock(self) -> Callable[[], datetime]:
        return fixed(self.now)

    def do(self, service: Service, *args: Any, **said: Any) -> None:
        self.now += self.pace
        # A service that refuses takes back itself what it has done: there is no transaction around it but the life's.
        try:
            service(*args, clock=self.clock, **said)
        except DomainError as refused:
            self.happened[f"{service.__name__}: {type(refused).__name__}"] += 1
        else:
            self.changed = True


def lead(steps: int, *, first_seed: int, **more: Any) -> Counter[str]:
    """Leads lives until they took `steps` steps, the same for one seed; returns what happened how often. `more` goes to
    hypothesis. Raises what a broken promise does, with the steps that led there."""
    how = settings(
        stateful_step_count=STEPS_A_LIFE,
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        **more,
    )
    Life.steps, Life.happened, number = 0, Counter(), 0
    with cheap(Life.world), invariant_prepared(), seldom_collected():
        while Life.steps < steps:
            lives = min(LIVES_AT_ONCE, -(-(steps - Life.steps) // STEPS_A_LIFE))
            run_state_machine_as_test(
                seed(first_seed + number)(Life), settings=settings(how, max_examples=lives)
            )
            number += 1
            if (
                not connection.in_atomic_block
            ):  # the rows of lives that were taken back slow the next ones down
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM")
    return Life.happened
