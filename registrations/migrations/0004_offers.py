"""Offers to the next in line; scopes that are reserved for it; a place in line that a manager gave."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.codes

STATUSES = [
    "draft", "in_review", "information_asked", "waitlisted", "offered", "approved", "refused", "withdrawn", "won", "lost",
    "expired", "revoked",
]
ACTIONS = [
    "submit", "assign", "refuse", "ask_information", "answer", "waitlist", "revoke", "update", "withdraw", "win", "lose",
    "expire", "offer", "move_up", "decline", "lapse", "reorder", "return", "judge",
]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("notifications", "0001_initial"),
        ("policies", "0005_waitlist_and_scope"),
        ("registrations", "0003_desk"),
    ]
    operations = [
        migrations.RemoveConstraint("registration", "registration_status_known"),
        migrations.AddConstraint(
            "registration",
            models.CheckConstraint(condition=models.Q(status__in=STATUSES), name="registration_status_known"),
        ),
        migrations.RemoveConstraint("decision", "decision_known"),
        migrations.AddConstraint(
            "decision", models.CheckConstraint(condition=models.Q(action__in=ACTIONS), name="decision_known")
        ),
        migrations.AddField("registration", "line_order", models.BigIntegerField(null=True)),
        migrations.AddField("holding", "reserved", models.BooleanField(db_default=False, default=False)),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        default=partial(core.codes.new_code, "O"), editable=False, max_length=16, unique=True
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Not answered in time"),
                            ("ended", "Ended with the registration"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.message",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.registrationpolicy",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("outcome", "open")), fields=["answer_by"], name="offer_open_until"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("outcome", "open")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("outcome__in", ["accepted", "declined", "ended", "lapsed"]),
                            ),
                            _connector="OR",
                        ),
                        name="offer_ended_with_outcome",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "open")), fields=("registration",), name="offer_open_once"
                    ),
                ],
            },
        ),
    ]
