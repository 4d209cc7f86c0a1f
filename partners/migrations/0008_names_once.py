from django.db import migrations, models

import core.alike


def tell_apart(apps, schema_editor):
    """What reads alike is numbered, before it is forbidden."""
    for name, field in (("Group", "name"), ("CertificateType", "name"), ("Agreement", "title")):
        core.alike.tell_apart(apps.get_model("partners", name).objects.all(), field)


class Migration(migrations.Migration):
    dependencies = [("partners", "0007_group_history")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.RemoveConstraint("group", "group_name_once"),
        migrations.AddConstraint("group", models.UniqueConstraint(core.alike.Alike("name"), name="group_name_once")),
        migrations.AddConstraint("certificatetype", models.UniqueConstraint(core.alike.Alike("name"), name="certificate_type_name_once")),
        migrations.AlterField("agreement", "title", models.CharField(max_length=160)),
        migrations.AddConstraint("agreement", models.UniqueConstraint(core.alike.Alike("title"), name="agreement_title_once")),
    ]
