"""How long an offer to the next in line is open, and what narrows the scope that a registration holds."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0004_reminder_ladder")]
    operations = [
        migrations.AddField(
            "registrationpolicy",
            "offer_business_days",
            models.PositiveSmallIntegerField(
                db_default=5, default=5,
                help_text="How long an offer to the next in line stays open.",
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
        migrations.AddField(
            "registrationpolicy",
            "scope_product_line",
            models.BooleanField(
                db_default=True, default=True, help_text="A holder keeps out only those with a product line in common."
            ),
        ),
        migrations.AddField("registrationpolicy", "scope_territory", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("registrationpolicy", "scope_industry", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "registrationpolicy",
            "scope_family",
            models.BooleanField(
                db_default=False, default=False,
                help_text="A holder also keeps others out at the company's parents and subsidiaries.",
            ),
        ),
        migrations.AddField(
            "registrationpolicy",
            "review_other_scope",
            models.BooleanField(
                db_default=True, default=True,
                help_text="A rival at the same company outside the scope is looked at by a person.",
            ),
        ),
    ]
