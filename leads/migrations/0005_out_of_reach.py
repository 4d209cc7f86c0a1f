"""Since when a lead lies in the pool though nobody can claim it: so that its keeper is told once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0004_timeline_heads")]
    operations = [
        migrations.AddField("lead", "out_of_reach_at", models.DateTimeField(null=True)),
    ]
