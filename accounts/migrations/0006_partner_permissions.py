"""Gives the roles that are there already what vetting applications and a firm's own profile ask for."""

from django.db import migrations

GIVEN = {
    "partners.vet": ["channel_operations", "administrator"],
    "partners.edit_own": ["partner_admin"],
}


def give(apps, schema_editor):
    role = apps.get_model("accounts", "Role")
    for permission, codes in GIVEN.items():
        for row in role.objects.filter(code__in=codes).exclude(permissions__contains=[permission]):
            row.permissions.append(permission)
            row.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_case_files")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
