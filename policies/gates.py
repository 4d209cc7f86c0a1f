"""What a certificate opens for firms, and what closes with it: registering the product lines that ask for it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from django.urls import reverse

from core.clock import database_clock
from partners.certificates.gates import Gate, Lapse
from partners.groups.lapsing import lost_groups
from partners.models import Group, Partner
from policies.authorised import Standing, shut_out, standing
from policies.binding import Authorisation, runs
from policies.facts import Firm
from policies.firms import as_firms
from policies.loading import authorisations_at, authorisations_during
from policies.models import RegistrationPolicy


def opens(codes: Collection[str]) -> dict[str, list[Gate]]:
    """Type of certificate → the product lines that ask for it now."""
    found: dict[str, list[Gate]] = {}
    for row in authorisations_at(database_clock()):
        for code, _ in row.certificates:
            if code in codes:
                found.setdefault(code, []).append(_gate(row))
    return found


def closes(lapses: Sequence[Lapse]) -> dict[int, list[Gate]]:
    """For each lapse the product lines that the firm may register up to that day, and not from it on, as what they ask for
    then is known now."""
    if not lapses:
        return {}
    days = {lapse.on: datetime.combine(lapse.on, time(), UTC) for lapse in lapses}
    rows = authorisations_during(min(days.values()), max(days.values()))
    partners = Partner.objects.filter(pk__in={lapse.firm for lapse in lapses})
    now = database_clock()
    firms = {partner.pk: firm for partner, firm in as_firms(partners, now)}
    barred = shut_out(firms.values(), RegistrationPolicy.objects.in_force(now), now)
    named = {code for row in rows for code, _ in row.groups}
    lost = lost_groups(lapses, Group.objects.filter(code__in=named)) if named else {}
    return {
        lapse.certificate: [
            _gate(row)
            for row in rows
            if lapse.firm in firms
            and lapse.firm not in barred  # to whom nothing is open
            and runs(row, days[lapse.on])
            and _shuts(row, lapse, firms[lapse.firm], lost.get(lapse.certificate, frozenset()))
        ]
        for lapse in lapses
    }


def _shuts(row: Authorisation, lapse: Lapse, firm: Firm, lost: frozenset[str]) -> bool:
    """Whether this very certificate is what the firm then lacks, or the groups that are `lost` with it."""
    if lapse.code in lapse.remaining:
        return False
    before = replace(firm, certificates=tuple(lapse.remaining | {lapse.code}))
    left = tuple(code for code in firm.groups if code not in lost)
    after = replace(firm, certificates=tuple(lapse.remaining), groups=left)
    return standing(before, row)[0] == Standing.OPEN and standing(after, row)[0] != Standing.OPEN


def _gate(row: Authorisation) -> Gate:
    refused = row.effect == "refused"
    label = f"Registering {row.product_line_name}" + ("" if refused else " without a look first")
    return Gate(f"product_line:{row.product_line}", label, reverse("policies:registration_policy"))
