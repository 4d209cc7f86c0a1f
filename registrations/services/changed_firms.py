"""What is different about a firm since the policy judged its registration: a licence lost, another tier, a group it left. Asked
of the same rules with the firm as it was and as it is, so that only what the change itself makes of it is told."""

from dataclasses import dataclass, replace

from policies.facts import Facts, Firm, Way
from policies.findings import Effect, Finding
from policies.outcome import decide
from policies.rulebook import Rulebook
from policies.rules import product_authorisation
from policies.saying import joined

# Fields of a firm that a rule reads, in words.
_NAMED = {
    "id": "record",
    "kind": "type",
    "tier": "tier",
    "status": "standing",
    "country": "country",
    "territories": "territories",
    "countries": "territories",
    "certificates": "certificates",
    "groups": "groups",
}


@dataclass(frozen=True)
class Difference:
    """What the policy finds now and did not, and what it found and does no longer."""

    come: tuple[Finding, ...]
    gone: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return bool(self.come or self.gone)


def difference(before: Firm, facts: Facts, book: Rulebook) -> Difference:
    """What is found of `facts` under `book`, beside what is found of them with the firm as it was `before`."""
    was = replace(before, ways=_ways(before, facts.firm))
    then, now = _against(replace(facts, firm=was), book), _against(facts, book)
    return Difference(
        tuple(found for found in now if found not in then), tuple(found for found in then if found not in now)
    )


def _ways(before: Firm, now: Firm) -> tuple[Way, ...]:
    """Those that lead now to what the firm lacks, so that training which was published since is no difference at the firm; to
    what it has got since, those of then."""
    got = (way for way in before.ways if way.certificate in now.certificates)
    return (*now.ways, *got)


def words(before: Firm, facts: Facts, found: Difference, book: Rulebook) -> str:
    """A line each, for the vendor's people: what is otherwise at the firm, then what the partner would be told of it."""
    changed = [name for field, name in _NAMED.items() if _differs(field, before, facts.firm)]
    lines = [f"The firm is not what it was: {joined(list(dict.fromkeys(changed)))}."]
    lines += [would_be_told(finding, facts, book) for finding in found.come]
    lines += [held_no_longer(finding) for finding in found.gone]
    return "\n".join(lines)


def _differs(field: str, before: Firm, now: Firm) -> bool:
    """What was not kept then (None) is no difference."""
    was = getattr(before, field)
    return was is not None and was != getattr(now, field)


def would_be_told(finding: Finding, facts: Facts, book: Rulebook) -> str:
    """What speaks against it today; a group that a requirement names is named to the vendor's people alone."""
    told = f"What the partner would be told today: {finding.words}"
    circles = product_authorisation.circles(facts, book) if finding.rule == product_authorisation.CODE else []
    return f"{told} {joined(circles)}; the partner does not read its name." if circles else told


def held_no_longer(finding: Finding) -> str:
    """What spoke against it and does no longer."""
    return f"What the partner would have been told holds no longer: {finding.words}"


def _against(facts: Facts, book: Rulebook) -> list[Finding]:
    return [found for found in decide(facts, book).every if found.effect != Effect.ALLOWED]
