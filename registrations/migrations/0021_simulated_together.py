"""Changes of rights and requirements that are simulated together with a version of the policy."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0020_simulated_changes")]

    operations = [
        migrations.AddField(
            model_name="simulation",
            name="beside",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
    ]
