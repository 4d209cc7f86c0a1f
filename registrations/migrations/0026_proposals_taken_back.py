"""A proposal can be taken back, and keeps when the review that rests meanwhile was due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0025_scopes_by_country")]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="review_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("agreed", "Agreed"),
                    ("declined", "Declined"),
                    ("lapsed", "Not answered in time"),
                    ("taken_back", "Taken back"),
                    ("ended", "Ended"),
                ],
                default="proposed",
                max_length=10,
            ),
        ),
    ]
