"""Since when there is a territory. Of those that are there already nobody knows: they keep none."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_currencies")]
    operations = [
        migrations.AddField("territory", "created_at", models.DateTimeField(null=True)),
        migrations.AlterField("territory", "created_at", models.DateTimeField(null=True, db_default=Now())),
    ]
