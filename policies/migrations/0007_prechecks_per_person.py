"""How many questions before submitting one person has."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0006_requests")]
    operations = [
        migrations.AddField(
            "registrationpolicy",
            "prechecks_per_person",
            models.PositiveSmallIntegerField(
                db_default=60, default=60, validators=[django.core.validators.MinValueValidator(1)]
            ),
        ),
    ]
