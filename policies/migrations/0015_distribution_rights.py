"""Rights that are not exclusive: several firms hold them beside one another; an exclusive one meets no other. And whether a
holder agreed to an end before the notice period is over."""

import django.contrib.postgres.constraints
from django.core.validators import MaxValueValidator
from django.db import migrations, models

from policies.models.exclusive_right import OneOrAll, Period, Places

_SCOPE = [
    (OneOrAll("product_line"), "&&"),
    (OneOrAll("industry"), "&&"),
    (Places("countries"), "&&"),
    (Period("begins_at", "ends_at"), "&&"),
]
# All numbers for an exclusive right, its own for another: so two that are not exclusive never meet.
_KIND = (OneOrAll(models.Case(models.When(is_exclusive=False, then=models.F("id")))), "&&")


class Migration(migrations.Migration):
    dependencies = [("policies", "0014_scores")]
    operations = [
        migrations.AddField(
            "exclusiveright", "is_exclusive", models.BooleanField(default=True, db_default=True)
        ),
        migrations.AddField(
            "exclusiveright",
            "end_agreed",
            models.BooleanField(
                default=False,
                db_default=False,
                help_text="The holder agreed to an end before the notice period is over.",
            ),
        ),
        migrations.AlterField(
            "registrationpolicy",
            "right_notice_days",
            models.PositiveSmallIntegerField(
                default=30,
                db_default=30,
                validators=[MaxValueValidator(730)],
                help_text="Firms concerned hear of a distribution right this long before it begins, its holder before it ends; 0: none.",
            ),
        ),
        migrations.RemoveConstraint("exclusiveright", "one_exclusive_right"),
        migrations.AddConstraint(
            "exclusiveright",
            django.contrib.postgres.constraints.ExclusionConstraint(
                name="one_exclusive_right",
                expressions=[*_SCOPE, _KIND],
                condition=models.Q(withdrawn_at=None),
            ),
        ),
    ]
