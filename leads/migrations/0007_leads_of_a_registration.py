"""A registration can be what several leads of its firm became: for two product lines of one company."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0006_told_of_the_pool")]
    operations = [
        migrations.AlterField(
            "lead",
            "registration",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="registrations.registration",
            ),
        ),
    ]
