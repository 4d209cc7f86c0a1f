"""What was told of a version was told against the one that was to apply before it: kept, so that it is told anew when that
becomes another one."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def fill(apps, schema_editor):
    """Of what was announced until now: the version that stood before it then."""
    versions = apps.get_model("policies", "RegistrationPolicy").objects.filter(effective_from__isnull=False)
    for news in (
        apps.get_model("policies", "VersionNews").objects.filter(kind="announced").select_related("policy")
    ):
        own = news.policy
        then = versions.filter(Q(published_at=None) | Q(published_at__lte=news.told_at))
        stood = then.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=news.told_at)).exclude(pk=own.pk)
        same_time = Q(effective_from=own.effective_from, version__lt=own.version)
        before = stood.filter(Q(effective_from__lt=own.effective_from) | same_time)
        news.against = before.order_by("-effective_from", "-version").first()
        news.save(update_fields=["against"])


class Migration(migrations.Migration):
    dependencies = [("policies", "0016_binding_stays")]

    operations = [
        migrations.AddField(
            "versionnews",
            "against",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="policies.registrationpolicy",
            ),
        ),
        migrations.AddField(
            "versionnews", "times", models.PositiveSmallIntegerField(db_default=1, default=1)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
