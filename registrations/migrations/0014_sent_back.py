"""A simulation says of what was not filled in that it would have been sent back."""

from django.db import migrations, models

LANDINGS = ("approved", "in_review", "waitlisted", "refused", "sent_back")


class Migration(migrations.Migration):
    dependencies = [("registrations", "0013_firsts")]
    operations = [
        migrations.AlterField(
            "simulatedcase", "after", models.CharField(choices=[(code, code) for code in LANDINGS], max_length=10)
        )
    ]
