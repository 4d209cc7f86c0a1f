"""What has to be filled in before a registration is taken (L4): what nothing can be decided without, and what the policy asks
for besides."""

from collections.abc import Collection

from policies.enums import RequiredField
from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.saying import Kind, Said, joined

CODE = "incomplete"
SETTING = "required_fields"
READS = ("required_fields",)

_ALWAYS = {
    "company_name": "the company's legal name",
    "country": "the company's country",
    "value": "the value of the deal",
}
_LINES = {"lines": "at least one product line"}
# Everything that can be asked for: field of a registration → words, in the order in which it is told.
FIELDS: dict[str, str] = _ALWAYS | {field.value: str(field.label) for field in RequiredField} | _LINES


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """Sent back for what the policy asks for and was left empty: nothing else is decided before."""
    if not facts.left_empty:
        return None
    found = missing(facts.left_empty, book.policy)
    if not found:
        return None
    return Finding(CODE, Effect.INCOMPLETE, f"Sent back for: {', '.join(found.values())}.", book.record)


def missing(left_empty: Collection[str], policy: RegistrationPolicy) -> dict[str, str]:
    """What of `left_empty` the policy asks for: field → words."""
    asked = {*_ALWAYS, *_LINES, *policy.required_fields}.intersection(left_empty)
    return {name: words for name, words in FIELDS.items() if name in asked} if asked else {}


def sentence(policy: RegistrationPolicy, base: str) -> Said:
    """What partners read of it."""
    always = "the company's name, its country, the value of the deal and a product line"
    if not policy.required_fields:
        return Said(Kind.DO, f"Fill in {always}. Everything else can come later.")
    labels = [str(field.label) for field in RequiredField if field in policy.required_fields]
    return Said(Kind.DO, f"Fill in {always}; and before you submit also {joined(labels)}.")
