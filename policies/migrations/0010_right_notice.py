"""How long ahead firms hear of an exclusive right."""

from django.core.validators import MaxValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0009_who_registers")]
    operations = [
        migrations.AddField(
            "registrationpolicy",
            "right_notice_days",
            models.PositiveSmallIntegerField(
                db_default=30, default=30, validators=[MaxValueValidator(730)],
                help_text="Firms concerned hear of an exclusive right this long before it begins; 0 for no notice.",
            ),
        ),
    ]
