"""Gives the roles that are there already what leads ask for; new portals have it from accounts/roles.py."""

from django.db import migrations

GIVEN = {
    "leads.work": ["partner_rep", "partner_admin"],
    "leads.view_all": ["channel_manager", "channel_operations", "auditor", "administrator"],
    "leads.manage": ["channel_manager", "channel_operations", "administrator"],
}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for permission, codes in GIVEN.items():
        for row in role.objects.filter(code__in=codes).exclude(permissions__contains=[permission]):
            row.permissions.append(permission)
            row.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_absences")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
