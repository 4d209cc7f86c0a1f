from django.db import migrations, models

import core.alike


def tell_apart(apps, schema_editor):
    """What reads alike is numbered, before it is forbidden."""
    for name in ("Program", "Module", "Path"):
        core.alike.tell_apart(apps.get_model("programs", name).objects.all())


class Migration(migrations.Migration):
    dependencies = [("programs", "0006_path_in_order")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AlterField("program", "name", models.CharField(max_length=120)),
        migrations.AddConstraint("program", models.UniqueConstraint(core.alike.Alike("name"), name="program_name_once")),
        migrations.AddConstraint("module", models.UniqueConstraint(core.alike.Alike("name"), name="module_name_once")),
        migrations.AlterField("path", "name", models.CharField(max_length=120)),
        migrations.AddConstraint("path", models.UniqueConstraint(core.alike.Alike("name"), name="path_name_once")),
    ]
