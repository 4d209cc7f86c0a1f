"""The log of pre-checks keeps the whole question: website and country beside the name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0022_decisions_stay")]

    operations = [
        migrations.AddField(
            "prechecklog", "website", models.CharField(blank=True, db_default="", max_length=200)
        ),
        migrations.AddField(
            "prechecklog", "country", models.CharField(blank=True, db_default="", max_length=2)
        ),
    ]
