"""When the mailbox was last read to its end: until then no reply lies there unread."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0026_proposals_taken_back")]

    operations = [
        migrations.CreateModel(
            name="MailboxReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="mailboxreading_has_one_row")
                ],
            },
        ),
    ]
