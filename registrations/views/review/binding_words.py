"""What the referee reads where a right or a requirement sent a registration to review: whose right, and what is lacking."""

from policies.facts import Facts
from policies.loading import authorisations_at, rights_at
from policies.models import RegistrationPolicy
from policies.rights import whose_words
from policies.rulebook import Rulebook
from policies.rules import exclusive_right, product_authorisation
from policies.saying import joined
from registrations.models import Registration

_CODES = {exclusive_right.CODE, product_authorisation.CODE}


def binding_words(registration: Registration) -> dict[str, str]:
    """Reason → its words, for those of the two that apply, from the facts that were kept; without them nothing, and no
    query where neither applies."""
    wanted = _CODES.intersection(registration.review_reasons)
    run = registration.policy_runs.order_by("-at", "-id").first() if wanted else None
    if run is None:
        return {}
    facts = Facts.from_json(run.facts)
    book = Rulebook(
        policy=registration.policy or RegistrationPolicy(),
        authorisations=authorisations_at(facts.at),
        rights=rights_at(facts.at),
    )
    found = {}
    if lacking := product_authorisation.check(facts, book):
        told = f"What the partner was told of it: {lacking.words}"
        if groups := product_authorisation.circles(facts, book):
            told += f" {joined(groups)}; the partner does not read its name."
        found[product_authorisation.CODE] = told
    if inside := exclusive_right.check(facts, book):
        whose = [whose_words(record) for record in (inside.record, *inside.beside)]
        found[exclusive_right.CODE] = " ".join(filter(None, whose))
    return {code: words for code, words in found.items() if code in wanted and words}
