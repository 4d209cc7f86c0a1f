"""The many: a registration for each company of data/companies.csv, ended or going on in one of a dozen usual ways."""

from collections.abc import Callable
from random import Random

from demo.files import table
from demo.story import Story

# How many of the everyday registrations end how; the sum is the number of companies in the table.
_MIX = {
    "protected": 36,
    "won": 20,
    "lost": 12,
    "expired": 10,
    "refused": 9,
    "withdrawn": 6,
    "draft": 5,
    "waiting": 4,
    "revoked": 3,
}
_OWNERS = {
    "DE": ("alice", "bob", "dan", "nora", "alice", "katrin"),
    "AT": ("katrin", "alice"),
    "CH": ("katrin", "nora"),
    "NO": ("sigrid", "lars"),
    "SE": ("sigrid", "lars", "dan"),
    "DK": ("lars",),
    "FI": ("lars", "sigrid"),
    "EE": ("sigrid",),
    "LV": ("lars",),
    "GB": ("priya", "james"),
    "IE": ("james",),
    "IT": ("giulia", "marco"),
    "US": ("charlie", "owen", "grace", "rahul"),
    "CA": ("denise", "rahul"),
    "MX": ("owen",),
    "JP": ("haruto",),
    **dict.fromkeys(("FR", "BE", "NL", "ES", "PT"), ("camille", "luc")),
    **dict.fromkeys(("SG", "AU", "NZ", "KR", "IN"), ("mei", "arun")),
}
_PRODUCTS = {
    "edge-runtime": 900,
    "fleet-manager": 14000,
    "signal-historian": 15000,
    "vision-inspect": 6500,
    "remote-access": 1100,
    "energy-insight": 4200,
}
# So that a yen or krona deal is as large as a euro one.
_SCALE = {"JP": 150, "SE": 11}
_LOSSES = (
    "competitor: They took the offer of their machine builder.",
    "price: The budget was cut by half; our floor was above it.",
    "no_decision: The project was stopped when the plant manager left.",
    "budget: Postponed to the year after next.",
)
_WITHDRAWALS = (
    "The company was taken over; the parent decides centrally.",
    "Registered by mistake under the wrong subsidiary.",
    "They will do it in-house.",
)
_REVOCATIONS = (
    "inactive: The customer asked us for another partner, as nobody had called for months.",
    "customer: The company signed a frame contract with us directly, which ends the registration.",
    "territory: After the change of territories the plant belongs to another partner's area.",
)


def stories() -> list[Story]:
    """One for each company. The mix and who owns what are the same on every load."""
    chance = Random("concord everyday")
    outcomes = [outcome for outcome, count in _MIX.items() for _ in range(count)]
    chance.shuffle(outcomes)
    rows = table("companies")
    if len(rows) != len(outcomes):
        raise ValueError(f"{len(rows)} companies, but {len(outcomes)} outcomes")
    # Whoever tries the portal signs in as alice first: she has one of each kind.
    for_alice = dict.fromkeys(_MIX, "alice")
    told = []
    for row, outcome in zip(rows, outcomes, strict=True):
        owners = _OWNERS[row["country"]]
        near = {"alice", "dan"} & set(owners)
        owner = for_alice.pop(outcome) if near and outcome in for_alice else chance.choice(owners)
        told.append(_story(row, outcome, owner, chance))
    return told


def _story(row: dict[str, str], outcome: str, owner: str, chance: Random) -> Story:
    large = outcome in ("refused", "waiting") or (outcome != "draft" and chance.random() < 0.12)
    place = f"{row['country']} {row['city']}, {row['postcode']}"
    return Story(
        key=row["website"].removesuffix(".example"),
        owner=owner,
        company=row["name"],
        place=place,
        lines=_lines(row["country"], chance, large=large),
        steps=_PLANS[outcome](chance),
        site=row["website"],
        industry=row["industry"],
    )


def _lines(country: str, chance: Random, *, large: bool) -> str:
    codes = chance.sample(list(_PRODUCTS), k=chance.choice((1, 1, 2)))
    target = (chance.randrange(130, 420) if large else chance.randrange(9, 68)) * 1000 / len(codes)
    parts = []
    for code in codes:
        value = round(target * chance.uniform(0.8, 1.0) * _SCALE.get(country, 1) / 500) * 500
        quantity = max(1, round(target / _PRODUCTS[code]))
        parts.append(f"{code}*{quantity}={value}")
    return " ".join(parts)


def _kept_alive(chance: Random, last: int, updates: int) -> list[str]:
    """Submitted, decided where a person had to, and updated until `last` days ago."""
    days = [last]
    for _ in range(updates):
        days.append(days[-1] + chance.randrange(18, 48))
    begun, *later = reversed([day for day in days if day < 350])
    evidence = [f"{begun} attach contact-report.pdf"] if chance.random() < 0.25 else []
    steps = [f"{begun} submit", *evidence, f"{max(begun - 1, 1)} decide"]
    for day in later:
        # Who updates after the thirtieth day mostly answers the reminder.
        steps.append(f"{day} {'alive' if chance.random() < 0.3 else 'update'}")
    return steps


def _protected(chance: Random) -> list[str]:
    return _kept_alive(chance, chance.randrange(3, 52), chance.choice((0, 1, 1, 2, 3)))


def _won(chance: Random) -> list[str]:
    end = chance.randrange(4, 240)
    return [*_kept_alive(chance, end + chance.randrange(3, 30), 2), f"{end} won {chance.randrange(80, 125)}"]


def _lost(chance: Random) -> list[str]:
    end = chance.randrange(6, 240)
    return [*_kept_alive(chance, end + chance.randrange(5, 35), 1), f"{end} lost {chance.choice(_LOSSES)}"]


def _expired(chance: Random) -> list[str]:
    return _kept_alive(chance, chance.randrange(66, 260), chance.choice((0, 0, 1)))


def _withdrawn(chance: Random) -> list[str]:
    end = chance.randrange(5, 200)
    return [
        *_kept_alive(chance, end + chance.randrange(6, 40), 0),
        f"{end} withdraw {chance.choice(_WITHDRAWALS)}",
    ]


def _revoked(chance: Random) -> list[str]:
    end = chance.randrange(12, 150)
    return [
        *_kept_alive(chance, end + chance.randrange(20, 50), 1),
        f"{end} revoke {chance.choice(_REVOCATIONS)}",
    ]


def _refused(chance: Random) -> list[str]:
    begun = chance.randrange(8, 300)
    answer = chance.choice(table("refusals"))
    words = f"{answer['reason']}: {answer['text']}" + (f" // {answer['note']}" if answer["note"] else "")
    return [f"{begun} submit", f"{begun - chance.choice((1, 1, 2))} refuse {words}"]


def _draft(chance: Random) -> list[str]:
    return [f"{chance.randrange(1, 24)} draft"]


def _waiting(chance: Random) -> list[str]:
    return [f"{chance.randrange(1, 4)} submit"]


_PLANS: dict[str, Callable[[Random], list[str]]] = {
    "protected": _protected,
    "won": _won,
    "lost": _lost,
    "expired": _expired,
    "refused": _refused,
    "withdrawn": _withdrawn,
    "revoked": _revoked,
    "draft": _draft,
    "waiting": _waiting,
}
