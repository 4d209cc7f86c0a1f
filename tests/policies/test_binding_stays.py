"""What was given and what was announced is never rewritten or back-dated, by no code and by no plain UPDATE."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from core.clock import database_clock
from policies.models import ExclusiveRight, ProductAuthorisation
from policies.services.requirements import take_back_requirement
from policies.services.rights import end_right, take_back_right
from tests.policies.makers import circle, give, in_days, require, territory

DAY = timedelta(days=1)
RIGHTS = [
    {"begins_at": F("begins_at") - DAY},
    {"effect": "review"},
    {"countries": ["SE"]},
    {"is_exclusive": False},
    {"note": "Otherwise."},
    {"created_at": F("created_at") - DAY},
    {"ends_at": F("ends_at") + DAY},  # later than was said
    {"ends_at": None},
    {"ends_at": F("ends_at") - DAY},  # without when that was set
    {"ends_at": F("begins_at") + DAY, "end_set_at": F("begins_at") + 2 * DAY},  # back-dated
]
REQUIREMENTS = [
    {"effective_from": F("effective_from") - DAY},
    {"effective_from": F("effective_from") + DAY},
    {"kinds": []},
    {"least_tier": "gold"},
    {"certificates": ["other"]},
    {"effect": "review"},
    {"note": "Otherwise."},
]


def refused(rows, **values):
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete() if values == {} else rows.update(**values)


@pytest.mark.django_db
@pytest.mark.parametrize("begins", [0, 40])
@pytest.mark.parametrize("values", RIGHTS, ids=str)
def test_a_right_stays_what_was_given(begins, values, northgate, olga, gateways, europe):
    give(northgate, olga, product_line=gateways, territory=europe, begins=begins, ends=60)

    refused(ExclusiveRight.objects.all(), **values)


@pytest.mark.django_db
def test_a_right_is_not_back_dated_when_written_nor_taken_back_once_it_runs(northgate, olga, gateways):
    right = give(northgate, olga, product_line=gateways)
    row = ExclusiveRight.objects.filter(pk=right.pk)
    refused(row, withdrawn_at=database_clock())
    refused(row)

    right.pk, right.code = None, "X-OTHER"
    right.begins_at = right.ends_at = None
    right.begins_at, right.ends_at = right.created_at - 9 * DAY, right.created_at - DAY
    with pytest.raises(DatabaseError, match="never_back_dated"), transaction.atomic():
        right.save(force_insert=True)


@pytest.mark.django_db
def test_what_the_services_do_goes_on(northgate, southridge, olga, gateways, sensors):
    running, coming = (
        give(northgate, olga, product_line=gateways),
        give(northgate, olga, product_line=sensors, begins=40),
    )
    for on in (60, 50):
        running.refresh_from_db()
        end_right(running, by=olga, on=in_days(on), note="Sooner.", version=running.version)
    take_back_right(coming, by=olga, note="No.", version=1)
    row = ExclusiveRight.objects.filter(pk=coming.pk)
    refused(row, withdrawn_at=None)
    ExclusiveRight.objects.update(partner=southridge)  # as a merge of two records does

    asked = require(gateways, olga, begins=9, kinds=["msp"])
    take_back_requirement(asked, by=olga)
    refused(ProductAuthorisation.objects.all(), withdrawn_at=None, withdrawn_by=None)


@pytest.mark.django_db
@pytest.mark.parametrize("begins", [0, 40])
@pytest.mark.parametrize("values", REQUIREMENTS, ids=str)
def test_a_requirement_stays_what_was_announced(begins, values, olga, gateways):
    require(gateways, olga, begins=begins, kinds=["msp"], least_tier="silver")

    refused(ProductAuthorisation.objects.all(), **values)


@pytest.mark.django_db
def test_a_requirement_that_applies_is_neither_taken_back_nor_deleted_nor_back_dated(olga, gateways):
    row = require(gateways, olga, kinds=["msp"])
    refused(ProductAuthorisation.objects.all(), withdrawn_at=database_clock(), withdrawn_by=olga)
    refused(ProductAuthorisation.objects.all())

    row.pk, row.effective_from = None, row.created_at - DAY
    with pytest.raises(DatabaseError, match="never_back_dated"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_a_requirement_keeps_the_groups_and_territories_that_it_was_written_with(olga, gateways, europe):
    founders, others = circle(olga, "Founders"), circle(olga, "Others")
    row = require(gateways, olga, groups=[founders], territories=[europe])
    north = territory("north", "SE")

    for change in (
        lambda: row.groups.set([]),
        lambda: row.groups.add(others),
        lambda: row.territories.clear(),
        lambda: row.territories.add(north),
        lambda: row.territories.through.objects.update(territory=north),
    ):
        with pytest.raises(DatabaseError, match="that it was written with"):
            change()

    assert (list(row.groups.all()), list(row.territories.all())) == ([founders], [europe])
