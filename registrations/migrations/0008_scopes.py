"""A scope follows the policy: product line, territory and industry, each one or all of them."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import registrations.models.holding

# The rows are looked at again for the new constraint: what waits on triggers goes first.
SETTLE = "SET CONSTRAINTS ALL IMMEDIATE"


def _narrowed_by(model):
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=f"catalog.{model}"
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial"), ("registrations", "0007_precheck_questions")]
    operations = [
        migrations.RemoveConstraint("holding", "one_holder_per_scope"),
        migrations.AlterField(
            "holding",
            "product_line",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holdings",
                to="catalog.productline",
            ),
        ),
        migrations.AddField("holding", "territory", _narrowed_by("territory")),
        migrations.AddField("holding", "industry", _narrowed_by("industry")),
        migrations.RunSQL(SETTLE, SETTLE),
        migrations.AddConstraint(
            "holding",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_at", None)),
                expressions=[
                    (
                        registrations.models.holding.OneOrAll(column),
                        django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS,
                    )
                    for column in ("company", "product_line", "territory", "industry")
                ],
                name="one_holder_per_scope",
            ),
        ),
    ]
