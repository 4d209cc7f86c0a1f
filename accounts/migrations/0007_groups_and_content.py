"""Gives the roles that are there already what groups and the content library ask for; new portals have it from accounts/roles.py."""

from django.db import migrations

GIVEN = {
    "groups.edit": ["channel_operations", "administrator"],
    "content.read": ["partner_rep", "partner_admin"],
    "content.view_all": ["channel_manager", "channel_operations", "auditor", "administrator"],
    "content.edit": ["channel_operations", "administrator"],
}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for permission, codes in GIVEN.items():
        for row in role.objects.filter(code__in=codes).exclude(permissions__contains=[permission]):
            row.permissions.append(permission)
            row.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_partner_permissions")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
