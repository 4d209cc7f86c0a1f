"""Pre-checks: questions are counted, pauses in typing are not, and refused asks are logged too."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("registrations", "0006_claims"),
        ("policies", "0007_prechecks_per_person"),
    ]
    operations = [
        migrations.AddField("prechecklog", "counted", models.BooleanField(db_default=True, default=True)),
        migrations.AlterField("prechecklog", "clear", models.BooleanField(null=True)),
        migrations.RemoveIndex("prechecklog", "precheck_quota"),
        migrations.AddIndex(
            "prechecklog",
            models.Index(
                fields=["partner", "at"], condition=models.Q(counted=True), name="precheck_counted"
            ),
        ),
        migrations.AddIndex(
            "prechecklog", models.Index(fields=["user", "at"], name="precheck_by_person")
        ),
    ]
