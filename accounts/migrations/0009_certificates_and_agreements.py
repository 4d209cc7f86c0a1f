"""Gives the roles that are there already what certificates and agreements ask for; new portals have it from accounts/roles.py."""

from django.db import migrations

GIVEN = {
    "certificates.submit": ["partner_admin"],
    "agreements.accept": ["partner_admin"],
    "certificates.verify": ["channel_operations", "administrator"],
    "agreements.edit": ["channel_operations", "administrator"],
}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for permission, codes in GIVEN.items():
        for row in role.objects.filter(code__in=codes).exclude(permissions__contains=[permission]):
            row.permissions.append(permission)
            row.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_programs")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
