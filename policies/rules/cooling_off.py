"""The wait before a firm takes a company again that it let expire."""

from datetime import datetime, timedelta

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, days

CODE = "cooling_off"
SETTING = "cooling_off_days"
READS = ("cooling_off_days", "review_score", "scope_family")


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Refused until the policy's days after the firm's own registration of the company ran out, or of its parent or a
    subsidiary where they are held together. A person compares a company that only looks like it: an invented web site must
    not end the wait."""
    own, family = facts.let_expire_at, facts.let_expire_family if book.policy.scope_family else None
    free_from = cooling_off_until(max(filter(None, (own, family)), default=None), book.policy)
    if free_from is None or facts.at >= free_from:
        return _perhaps(facts, book)
    which = "this company"
    if family is not None and (own is None or family > own):
        which = "a parent or subsidiary of this company, which are held together,"
    words = (
        f"Your firm let its registration of {which} expire, or gave it up shortly before, and can register the "
        "company again from "
        f"{free_from:%-d %b %Y}, {free_from:%H:%M} UTC on."
    )
    return Finding(CODE, Effect.REFUSED, words, book.record)


def _perhaps(facts: Facts, book: Rulebook) -> Finding | None:
    likely = [at for score, at in facts.let_expire_like if score >= book.policy.review_score]
    free_from = cooling_off_until(max(likely, default=None), book.policy)
    if free_from is None or facts.at >= free_from:
        return None
    words = (
        "Your firm let its registration of a company with a name like this one expire; a channel manager looks whether it "
        "is the same."
    )
    return Finding(CODE, Effect.REVIEW, words, book.record)


def cooling_off_until(let_expire_at: datetime | None, policy: RegistrationPolicy) -> datetime | None:
    """When a firm may register a company again that it let expire; None where nothing stands against it."""
    if let_expire_at is None or not policy.cooling_off_days:
        return None
    return let_expire_at + timedelta(days=policy.cooling_off_days)


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    if not policy.cooling_off_days:
        return Said(Kind.DO, "A company that you let expire can be registered again at once.")
    text = f"Don't let a company expire to take it again: your firm waits {days(policy.cooling_off_days)} for that. "
    text += "Giving it up once a final notice has left, or when only a request for an extension holds it off, counts as the "
    text += "same. A channel manager compares a company that looks like it."
    if policy.scope_family:
        text += " It goes for the company's parent and subsidiaries, too, as they are held together."
    return Said(Kind.DONT, text)
