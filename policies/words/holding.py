"""Sentences about what a registration holds, and who comes next."""

from policies.models import RegistrationPolicy
from policies.saying import Kind, Said, business_days, percent


def same(policy: RegistrationPolicy, base: str) -> Said:
    text = f"From {percent(policy.same_score)} likelihood on, a company counts as the very one that is registered."
    return Said(Kind.WE, text, has_effect=policy.waitlist_same)


def offer(policy: RegistrationPolicy, base: str) -> Said:
    within = business_days(policy.offer_business_days)
    text = (
        f"When the registration before yours ends without a win, you are offered the deal: answer within {within} of "
        "your country. After that it is offered to the next in line, by time of submission."
    )
    return Said(Kind.DO, text)


def scope_product_line(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_product_line:
        return Said(Kind.WE, "A registration holds the company for its own product lines; others stay free.")
    return Said(Kind.WE, "A registration holds the company for all product lines.")


def scope_territory(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_territory:
        return Said(
            Kind.DO,
            "Name the territory: a registration holds the company there only. Without one it is everywhere.",
        )
    return Said(Kind.WE, "A registration holds the company in all territories.")


def scope_industry(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_industry:
        return Said(
            Kind.DO,
            "Name the industry: a registration holds the company for it only. Without one it is for all.",
        )
    return Said(Kind.WE, "A registration holds the company for all industries.")


def scope_family(policy: RegistrationPolicy, base: str) -> Said:
    if policy.scope_family:
        return Said(Kind.WE, "A registration also holds the company's parents and subsidiaries.")
    return Said(Kind.WE, "Parents and subsidiaries of a registered company are free for others.")


def answer(policy: RegistrationPolicy, base: str) -> Said:
    within = business_days(policy.review_sla_business_days)
    return Said(Kind.WE, f"Whatever needs a look is answered within {within}.")
