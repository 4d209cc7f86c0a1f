from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0010_agreements")]

    operations = [
        migrations.AddField("agreement", "answer_by", models.DateTimeField(null=True)),
        migrations.AlterField(
            "agreement",
            "state",
            models.CharField(
                max_length=10,
                default="proposed",
                choices=[
                    ("proposed", "Proposed"),
                    ("agreed", "Agreed"),
                    ("declined", "Declined"),
                    ("lapsed", "Not answered in time"),
                    ("ended", "Ended"),
                ],
            ),
        ),
    ]
