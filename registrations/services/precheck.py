"""The instant answer before submitting (R3): 'clear' or 'needs review', counted and logged, the same for all."""

import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Q

from accounts.models import User
from companies.matching import CompanyQuery, evident_domain, names_in, registrable_domain
from companies.matching.domains import host_of, looks_like_address
from companies.naming import why_no_name
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, TooMany
from partners.models import Partner
from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rulebook import rulebook_at
from registrations import conflicts
from registrations.facts import facts_asked
from registrations.models import PrecheckLog

# What is typed in one go is one question: the pauses in it are not counted. It may take this long and this many asks, and
# all of it belongs together: names that are beginnings of one another, one website, one country. So a question never tells
# of more than one company. The value is not part of it: it tells of the asker's own deal alone.
_ONE_GO = timedelta(minutes=10)
_MOST_IN_ONE_GO = 12
_TODAY = timedelta(days=1)
_LENGTH = 200


def precheck(
    query: CompanyQuery, *, by: User, value_in_base: Decimal | None = None, clock: Clock = database_clock
) -> bool:
    """True for 'clear': the policy would approve it as far as it is known now. Anything else is 'needs review', be it a
    rival, a claim of direct sales, a crowd of similar names, the value, the firm's own standing, its own cap or wait after
    an expiry, the policy that wants every deal looked at, or a search that failed.

    `value_in_base` is in the base currency. Each ask is logged, refused ones too. Raises TooMany when person or firm
    have used up the policy's questions for 24 hours, BadInput for a name that says nothing.
    """
    member = getattr(by, "member", None)
    if member is None or not by.may("registrations.register"):
        raise NotAllowed("Only members of a partner can ask this.")
    if why := why_no_name(query.name):
        raise BadInput(why, field="company_name")
    with transaction.atomic():
        now = clock()
        policy = RegistrationPolicy.objects.in_force(now)
        counted = not _goes_on(query, by, now)
        allowed = not counted or _may_ask(by, member.partner, policy, now)
        clear = _is_clear(query, member.partner, value_in_base, policy, now) if allowed else None
        PrecheckLog.objects.create(
            user=by,
            partner=member.partner,
            asked=query.name[:_LENGTH],
            website=query.domain[:_LENGTH],
            country=query.country[:2],
            clear=clear,
            counted=counted and allowed,
            at=now,
        )
    if clear is None:
        raise TooMany(
            "You or your firm have asked as often as the policy allows for today. You can register all the same."
        )
    return clear


def _goes_on(query: CompanyQuery, by: User, now: datetime) -> bool:
    """Whether this is still the question that the person is typing."""
    rows = PrecheckLog.objects.filter(user=by, at__gt=now - _ONE_GO).exclude(clear=None).order_by("-id")
    asks = []
    for name, website, country, counted in rows.values_list("asked", "website", "country", "counted")[
        :_MOST_IN_ONE_GO
    ]:
        asks.append(CompanyQuery(name, website, country))
        if counted:
            this = CompanyQuery(query.name[:_LENGTH], query.domain[:_LENGTH], query.country[:2])
            return len(asks) < _MOST_IN_ONE_GO and all(_belong_together(this, other) for other in asks)
    return False


def _belong_together(one: CompanyQuery, other: CompanyQuery) -> bool:
    """Whether both ask about one company: each field of one is a beginning of the other's, an empty one of any. 'Acme, formerly
    Bolt' asks about Bolt, too."""
    shorter, longer = sorted((_folded(one.name), _folded(other.name)), key=len)
    addresses = looks_like_address(one.name) and looks_like_address(other.name)
    return (
        longer.startswith(shorter)
        and len(names_in(one.name)) == len(names_in(other.name))
        and (not addresses or _is_one_site(one.name, other.name))
        and _is_one_site(one.domain, other.domain)
        and (not one.country or not other.country or one.country == other.country)
    )


def _is_one_site(one: str, other: str) -> bool:
    """Whether one address is the other typed on: 'acme.co', 'acme.com', 'shop.acme.com' after that; but not 'acme.com',
    'acme.com.bolt.de', which begins like it and is another owner's. No ending has one letter: 'rki.bund.d' is nobody's yet."""
    sites = sorted((_site(one), _site(other)), key=len)
    if any(site[-2:-1] == "." for site in sites) and sites[1].startswith(sites[0]):
        return True
    owners = sorted(map(_owner, sites), key=len)
    known = evident_domain(one) and evident_domain(other)
    return owners[1].startswith(owners[0]) and bool(known or sites[1].startswith(sites[0]))


def _site(address: str) -> str:
    return (host_of(address) or address.strip().casefold()).removeprefix("www.")


def _owner(site: str) -> str:
    """Its registrable domain; of 'acme.co.u' what it is once the last part has the two letters of every country."""
    typed = site[-2:-1] == "."
    return registrable_domain(f"{site}x")[:-1] if typed else registrable_domain(site)


def _folded(name: str) -> str:
    """Letters with their marks, and digits. A letter that is still typed is a beginning of the one with its marks."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc"))


def _may_ask(by: User, partner: Partner, policy: RegistrationPolicy, now: datetime) -> bool:
    """Counted without a lock: as many asks as the portal has threads may slip through at once, no more."""
    asked = PrecheckLog.objects.filter(partner=partner, at__gt=now - _TODAY, counted=True).aggregate(
        firm=Count("pk"), person=Count("pk", filter=Q(user=by))
    )
    return bool(asked["firm"] < policy.prechecks_per_day and asked["person"] < policy.prechecks_per_person)


def _is_clear(
    query: CompanyQuery, partner: Partner, value: Decimal | None, policy: RegistrationPolicy, now: datetime
) -> bool:
    """What everything that binds would say at submission; what is not known yet speaks for the partner."""
    family_from = policy.same_score if policy.scope_family else None
    least = policy.review_score
    found = conflicts.check(query, at=now, partner=partner.pk, family_from=family_from, least=least)
    known = facts_asked(query, partner, value_in_base=value, at=now, found=found, same_from=policy.same_score)
    return decide(known, rulebook_at(now, policy=policy)).landing == Landing.APPROVED
