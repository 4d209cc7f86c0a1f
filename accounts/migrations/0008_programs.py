"""Gives the roles that are there already what programs, tiers and training ask for; new portals have it from accounts/roles.py."""

from django.db import migrations

GIVEN = {
    "programs.view_own": ["partner_rep", "partner_admin"],
    "programs.join": ["partner_admin"],
    "training.take": ["partner_rep", "partner_admin"],
    "programs.view_all": ["channel_manager", "channel_operations", "auditor", "administrator"],
    "programs.edit": ["channel_operations", "administrator"],
    "programs.enrol": ["channel_operations", "administrator"],
    "training.edit": ["channel_operations", "administrator"],
    "tiers.decide": ["channel_manager", "administrator"],
}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for permission, codes in GIVEN.items():
        for row in role.objects.filter(code__in=codes).exclude(permissions__contains=[permission]):
            row.permissions.append(permission)
            row.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_groups_and_content")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
