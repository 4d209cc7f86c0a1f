"""A saved view keeps its whole address, whatever the script of what was searched for: longer, without a rewrite."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0015_whole_rules")]
    operations = [migrations.AlterField("savedview", "query", models.CharField(max_length=2500))]
