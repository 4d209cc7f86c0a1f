"""Leads that came in while two companies were one go with the one by whose name they came."""

import pytest

from companies.matching import CompanyQuery
from companies.models import Verdict
from companies.services import create_company, declare_same, undo_verdict
from leads.models import Lead
from tests.leads.makers import later, make_lead

pytestmark = pytest.mark.django_db


def test_a_lead_goes_with_the_name_it_came_by(mara, gateways):
    gone, kept = (create_company(CompanyQuery(name), by=None) for name in ("Nordlicht Optik", "Basalt Mühle"))
    before = make_lead(mara, "Nordlicht Optik", gateways)
    declare_same(gone, kept, by=mara, keep=kept, clock=later(1))
    since = make_lead(mara, "NORDLICHT OPTIK", gateways, clock=later(2))
    other = make_lead(mara, "Basalt Mühle", gateways, clock=later(2))
    assert set(Lead.objects.values_list("company", flat=True)) == {kept.pk}

    undo_verdict(Verdict.objects.get(), by=mara, clock=later(3))

    stands_at = dict(Lead.objects.values_list("pk", "company"))
    assert stands_at == {before.pk: gone.pk, since.pk: gone.pk, other.pk: kept.pk}
