"""What a certificate opens for firms: registering the product lines that ask for it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.urls import reverse

from core.clock import database_clock
from core.vendor_days import midnight
from partners.certificates.gates import Case, Gate, Judge
from partners.enums import PartnerStatus
from partners.groups.lapsing import asks_for_some, membership_as_if, named_by
from partners.models import Group, Partner
from policies.binding import Authorisation, runs
from policies.by_country import Standing
from policies.facts import Firm
from policies.findings import Effect
from policies.firms import as_firms
from policies.loading import authorisations_at, authorisations_during, rights_during
from policies.models import RegistrationPolicy
from policies.rules.product_authorisation import gaps
from policies.stands import Around, version_at


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Type of certificate → the product lines that ask for it now."""
    found: dict[str, list[Gate]] = {}
    for row in authorisations_at(database_clock()):
        for code, _ in row.certificates:
            if code in codes:
                found.setdefault(code, []).append(_gate(row))
    return found


def asks(codes: Collection[str]) -> set[str]:
    """Those that the groups ask for which product lines are for now."""
    named = {code for row in authorisations_at(database_clock()) for code, _ in row.groups}
    return named_by(Group.objects.filter(code__in=named), codes)


def prepare(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says which of the product lines that ask for certificates, or for groups that do, a firm may register, as what they ask
    for then is known now. What the policy of that day or others' rights keep from a firm as strictly is not open to it; one that
    is suspended is judged as it will be once it is active again, and the words say so."""
    at = {day: midnight(day) for day in days}
    rows = authorisations_during(min(at.values()), max(at.values()))
    now = database_clock()
    seen = as_firms(Partner.objects.filter(pk__in=firms), now)
    resting = {partner.pk for partner, _ in seen if partner.status == PartnerStatus.SUSPENDED}
    known = {
        partner.pk: replace(firm, status=PartnerStatus.ACTIVE.value) if partner.pk in resting else firm
        for partner, firm in seen
    }
    versions = RegistrationPolicy.objects.from_now(now)
    rights = rights_during(min(at.values()), max(at.values()))
    around = {
        # Of today, what is in force by now.
        day: Around(version_at(versions, max(moment, now)), rights, moment)
        for day, moment in at.items()
    }
    named = {code for row in rows for code, _ in row.groups}
    groups = [group for group in Group.objects.filter(code__in=named) if asks_for_some(group)]
    is_in = membership_as_if(groups, firms, days)
    asking = {group.code: group.pk for group in groups}
    rows = tuple(row for row in rows if row.certificates or any(code in asking for code, _ in row.groups))

    def judge(case: Case) -> list[Gate]:
        firm = known.get(case.firm)
        if firm is None:
            return []
        inside = {code for code, pk in asking.items() if is_in(pk, case.firm, case.on, case.codes)}
        others = (code for code in firm.groups if code not in asking)
        firm = replace(firm, certificates=tuple(case.codes), groups=(*others, *inside))
        rests = case.firm in resting
        met = [row for row in rows if runs(row, at[case.on]) and not gaps(firm, row)]
        return [_gate(row, rests) for row in met if _opens(row, firm, around[case.on])]

    return judge


def _opens(row: Authorisation, firm: Firm, around: Around) -> bool:
    """Whether the firm, which has what the row asks for, can do more than one that lacks it."""
    without = Standing.REFUSED if row.effect == Effect.REFUSED else Standing.REVIEW
    return around.stand(firm, row.product_line, row).freest < without


def _gate(row: Authorisation, rests: bool = False) -> Gate:
    refused = row.effect == Effect.REFUSED
    label = f"Registering {row.product_line_name}" + ("" if refused else " without a look first")
    label += " once the firm is active again" if rests else ""
    return Gate(f"product_line:{row.product_line}", label, reverse("policies:registration_policy"))
