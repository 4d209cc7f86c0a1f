"""Days of grace, and when a silent deal is told to the channel manager."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_versions_stay")]
    operations = [
        migrations.AddField(
            "registrationpolicy",
            "grace_days",
            models.PositiveSmallIntegerField(
                db_default=0, default=0,
                validators=[django.core.validators.MaxValueValidator(90)],
                help_text="After the end of protection, in which an update still saves the deal; 0 for none.",
            ),
        ),
        migrations.AddField(
            "registrationpolicy",
            "escalation_days",
            models.PositiveSmallIntegerField(
                db_default=3, default=3,
                validators=[django.core.validators.MaxValueValidator(730)],
                help_text="Before the end: the channel manager hears of a silent deal; 0 for never.",
            ),
        ),
    ]
