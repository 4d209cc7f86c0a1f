"""When firms were told that a lead lies in the pool, and its keeper that nobody claims it: each is told once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0005_out_of_reach")]
    operations = [
        migrations.AddField("lead", "announced_at", models.DateTimeField(null=True)),
        migrations.AddField("lead", "idle_told_at", models.DateTimeField(null=True)),
    ]
