"""Whose a distribution right was when: cut at each merge of two records, and at each that was undone."""

from datetime import timedelta

import pytest

from core.clock import fixed
from partners.models import MergedRow, Partner, PartnerMerge
from policies.loading import rights_as_held, rights_at
from policies.models import ExclusiveRight
from tests.people import MONDAY
from tests.policies.makers import give

pytestmark = pytest.mark.django_db


def day(number):
    return MONDAY + timedelta(days=number)


@pytest.fixture
def goes_over(olga):
    """The right goes over from one record to another on a day, and back on another (None: not)."""

    def move(right, gone, survivor, on, back_on=None):
        undone = {"undone_by": olga, "undone_at": day(back_on)} if back_on else {}
        merge = PartnerMerge.objects.create(
            gone=gone, survivor=survivor, by=olga, at=day(on), reason="One firm.", **undone
        )
        MergedRow.objects.create(
            merge=merge, relation="policies.ExclusiveRight.partner", row=right.pk, digest="x"
        )
        ExclusiveRight.objects.filter(pk=right.pk).update(partner=gone if back_on else survivor)

    return move


def held(start, end):
    """Who had it from when until when, as days; None without an end."""
    return [
        (right.partner, (right.from_at - MONDAY).days, right.until and (right.until - MONDAY).days)
        for right in rights_as_held(day(start), day(end))
    ]


def test_it_is_cut_at_each_change_and_asked_once(
    northgate, southridge, olga, gateways, goes_over, django_assert_num_queries
):
    third = Partner.objects.create(name="Third", country="FR", status="active")
    right = give(northgate, olga, product_line=gateways, clock=fixed(MONDAY))
    goes_over(right, northgate, southridge, on=2, back_on=3)
    goes_over(right, northgate, third, on=5)

    with django_assert_num_queries(2):
        found = held(0, 9)

    one, two, other = northgate.pk, southridge.pk, third.pk
    assert found == [(one, 0, 2), (two, 2, 3), (one, 3, 5), (other, 5, None)]
    assert held(4, 9) == [(one, 0, 5), (other, 5, None)]
    assert held(6, 9) == [(other, 0, None)]
    assert [now.partner for now in rights_at(day(9))] == [other]


def test_a_merge_before_it_began_or_after_it_ended_cuts_nothing(
    northgate, southridge, olga, gateways, sensors, goes_over
):
    later = give(northgate, olga, product_line=gateways, begins=4, clock=fixed(MONDAY))
    over = give(northgate, olga, product_line=sensors, ends=1, clock=fixed(MONDAY))
    goes_over(later, northgate, southridge, on=2)
    merge = PartnerMerge.objects.get()
    MergedRow.objects.create(merge=merge, relation="leads.Gift.partner", row=over.pk, digest="x")

    assert [(partner, start) for partner, start, _ in held(0, 9)] == [
        (southridge.pk, 3),
        (northgate.pk, 0),
    ]
