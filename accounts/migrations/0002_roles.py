"""Loads the roles that come with the portal."""

from django.db import migrations

from accounts.roles import SEEDS


def load(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for seed in SEEDS:
        role.objects.get_or_create(
            code=seed.code,
            defaults={"name": seed.name, "side": seed.side.value, "permissions": seed.permissions},
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
