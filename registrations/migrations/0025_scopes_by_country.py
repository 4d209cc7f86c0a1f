"""Scopes are kept apart by the countries of their territories: 'Europe' and 'DACH' are two names for one place in Germany."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
from django.contrib.postgres.fields.ranges import RangeOperators
from django.db import migrations, models

import policies.models.exclusive_right
import registrations.models.holding

# What is held keeps the countries of the day it was taken, whoever writes the row.
TRIGGER = """
CREATE FUNCTION concord_holding_countries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.countries := coalesce((SELECT countries FROM catalog_territory WHERE id = NEW.territory_id), '{}');
    RETURN NEW;
END $$;
CREATE TRIGGER holding_countries BEFORE INSERT ON registrations_holding
    FOR EACH ROW EXECUTE FUNCTION concord_holding_countries();
"""
NO_TRIGGER = (
    "DROP TRIGGER holding_countries ON registrations_holding; DROP FUNCTION concord_holding_countries()"
)
FILL = """
UPDATE registrations_holding SET countries = territory.countries
FROM catalog_territory AS territory WHERE territory.id = territory_id
"""
TWO_HOLDERS = """
SELECT one.code, two.code FROM registrations_holding AS a
JOIN registrations_holding AS b ON a.id < b.id AND a.company_id = b.company_id AND a.registration_id <> b.registration_id
    AND (a.product_line_id IS NULL OR b.product_line_id IS NULL OR a.product_line_id = b.product_line_id)
    AND (a.industry_id IS NULL OR b.industry_id IS NULL OR a.industry_id = b.industry_id)
    AND concord_places(a.countries) && concord_places(b.countries)
JOIN registrations_registration AS one ON one.id = a.registration_id
JOIN registrations_registration AS two ON two.id = b.registration_id
WHERE a.ended_at IS NULL AND b.ended_at IS NULL
"""
# The rows are looked at again for the new constraint: what waits on triggers goes first.
SETTLE = "SET CONSTRAINTS ALL IMMEDIATE"


def refuse_two_holders(apps, schema_editor):
    """Who of two loses the deal is for a person to say."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TWO_HOLDERS)
        pairs = sorted(set(cursor.fetchall()))
    if pairs:
        told = ", ".join(f"{one} and {two}" for one, two in pairs)
        raise RuntimeError(
            f"Both hold a company in a country that their two territories share: {told}. "
            "Revoke one of each two in the portal as it was, then migrate again."
        )


def _constraint(*columns):
    overlaps = [
        (registrations.models.holding.OneOrAll(column), RangeOperators.OVERLAPS) for column in columns
    ]
    overlaps.append((policies.models.exclusive_right.Places("countries"), RangeOperators.OVERLAPS))
    return django.contrib.postgres.constraints.ExclusionConstraint(
        condition=models.Q(("ended_at", None)), expressions=overlaps, name="one_holder_per_scope"
    )


class Migration(migrations.Migration):
    dependencies = [("policies", "0016_binding_stays"), ("registrations", "0024_records_of_rules")]

    operations = [
        migrations.AddField(
            "holding",
            "countries",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2),
                size=None,
                default=list,
                db_default=models.Value(
                    [], django.contrib.postgres.fields.ArrayField(models.CharField(max_length=2), size=None)
                ),
                editable=False,
            ),
        ),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunPython(refuse_two_holders, migrations.RunPython.noop),
        migrations.RunSQL(SETTLE, SETTLE),
        migrations.RemoveConstraint("holding", "one_holder_per_scope"),
        migrations.AddConstraint("holding", _constraint("company", "product_line", "industry")),
    ]
