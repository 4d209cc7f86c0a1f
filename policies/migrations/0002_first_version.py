"""The first version of the registration policy, so that one is always in force."""

from datetime import UTC, datetime

from django.db import migrations

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def load(apps, schema_editor):
    policy = apps.get_model("policies", "RegistrationPolicy")
    policy.objects.get_or_create(
        version=1,
        defaults={
            "effective_from": BEGINNING,
            "created_at": BEGINNING,
            "note": "The defaults that Concord comes with.",
            # The scores that the matcher of a new installation is made for; what was installed before keeps its own.
            "same_score": 0.9,
            "review_score": 0.5,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
