"""Simulations of changes of rights and requirements beside those of versions."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0012_requirement_groups"),
        ("registrations", "0019_timeline_heads_filled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="simulation",
            name="change",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="simulation",
            name="subject",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AlterField(
            model_name="simulation",
            name="policy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="simulations",
                to="policies.registrationpolicy",
            ),
        ),
        migrations.AlterField(
            model_name="simulation",
            name="settings",
            field=models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
        migrations.AddIndex(
            model_name="simulation",
            index=models.Index(
                condition=models.Q(("policy", None)), fields=["subject", "-id"], name="simulation_of_a_change"
            ),
        ),
        migrations.AddConstraint(
            model_name="simulation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("policy", None), ("state__in", ("waiting", "running"))),
                fields=("subject",),
                name="simulation_of_a_change_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="simulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change__isnull", True), ("policy__isnull", False), ("subject", "")),
                    models.Q(
                        ("change__isnull", False), ("policy", None), models.Q(("subject", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="simulation_of_a_version_or_a_change",
            ),
        ),
    ]
