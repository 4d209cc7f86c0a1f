"""Gives the vendor's roles that are there already the permission to export a case file."""

from django.db import migrations

PERMISSION = "registrations.export_case"
CODES = ["channel_manager", "channel_operations", "auditor", "administrator"]


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for row in role.objects.filter(code__in=CODES).exclude(permissions__contains=[PERMISSION]):
        row.permissions.append(PERMISSION)
        row.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_leads_permissions")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
