"""The log of mail that came in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OUTCOMES = [
    ("updated", "Became an update"),
    ("refused", "Could not become an update"),
    ("empty", "Nothing above the quote"),
    ("machine", "Written by a machine"),
    ("no_token", "Not to an address of ours"),
    ("bad_token", "With a token that is none"),
    ("wrong_sender", "From somebody else than it was sent to"),
    ("failed", "Could not be read"),
]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("registrations", "0008_scopes"),
    ]
    operations = [
        migrations.CreateModel(
            name="IncomingMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True)),
                ("message_id", models.CharField(blank=True, max_length=250)),
                ("sender", models.CharField(blank=True, max_length=254)),
                ("subject", models.CharField(blank=True, max_length=250)),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=12)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming_mails",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(outcome__in=[code for code, _ in OUTCOMES]),
                        name="incoming_outcome_known",
                    )
                ],
            },
        ),
    ]
