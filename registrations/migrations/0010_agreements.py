"""Agreements of two partners: split and transfer."""

from functools import partial

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.codes

STATUS_LABELS = [
    ("draft", "Draft"),
    ("in_review", "In review"),
    ("information_asked", "Information asked"),
    ("waitlisted", "Waitlisted"),
    ("offered", "Offered"),
    ("approved", "Protected"),
    ("shared", "Co-selling"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("expired", "Expired"),
    ("revoked", "Revoked"),
    ("transferred", "Transferred"),
]
ACTION_LABELS = [
    ("submit", "Submit"),
    ("assign", "Assign"),
    ("refuse", "Refuse"),
    ("ask_information", "Ask for information"),
    ("answer", "Answer"),
    ("waitlist", "Waitlist"),
    ("revoke", "Revoke"),
    ("update", "Update"),
    ("withdraw", "Withdraw"),
    ("win", "Mark as won"),
    ("lose", "Mark as lost"),
    ("expire", "Expire"),
    ("offer", "Offer"),
    ("move_up", "Accept and move up"),
    ("decline", "Decline the offer"),
    ("lapse", "Let the offer lapse"),
    ("reorder", "Change the order of the line"),
    ("propose", "Propose a split or a transfer"),
    ("agree", "Agree to a proposal"),
    ("disagree", "Disagree with a proposal"),
    ("share", "Split between two partners"),
    ("unshare", "End the split"),
    ("win_together", "Won by both"),
    ("transfer", "Transfer to another partner"),
    ("take_over", "Take over from another partner"),
    ("return", "Return to review"),
    ("judge", "Judge the company"),
    ("ask_extension", "Ask for an extension"),
    ("extend", "Extend"),
    ("refuse_extension", "Refuse the extension"),
    ("release", "Release"),
    ("customer_letter", "Record a customer's letter"),
    ("appeal", "Appeal"),
    ("grant_appeal", "Grant the appeal"),
    ("dismiss_appeal", "Dismiss the appeal"),
    ("undo", "Undo"),
]
CURRENT = models.Q(("ended_at", None), ("state__in", ["proposed", "agreed"]))
PROTECT = django.db.models.deletion.PROTECT


def _person(**more):
    return models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **more)


def _percent():
    return models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)])


def _side(name):
    return models.ForeignKey(on_delete=PROTECT, related_name=name, to="registrations.registration")


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("registrations", "0009_incoming_mail"),
    ]
    operations = [
        migrations.RemoveConstraint("registration", "registration_status_known"),
        migrations.AddConstraint(
            "registration",
            models.CheckConstraint(condition=models.Q(status__in=[status for status, _ in STATUS_LABELS]), name="registration_status_known"),
        ),
        migrations.RemoveConstraint("decision", "decision_known"),
        migrations.AddConstraint(
            "decision", models.CheckConstraint(condition=models.Q(action__in=[action for action, _ in ACTION_LABELS]), name="decision_known")
        ),
        migrations.AlterField(
            "registration",
            "status",
            models.CharField(choices=STATUS_LABELS, default="draft", max_length=20),
        ),
        migrations.AlterField("decision", "action", models.CharField(choices=ACTION_LABELS, max_length=20)),
        *(
            migrations.AlterField(
                "decision", f"status_{side}", models.CharField(choices=STATUS_LABELS, max_length=20)
            )
            for side in ("before", "after")
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        default=partial(core.codes.new_code, "G"), editable=False, max_length=16, unique=True
                    ),
                ),
                ("kind", models.CharField(choices=[("split", "Split"), ("transfer", "Transfer")], max_length=10)),
                ("holder_share", _percent()),
                ("other_share", _percent()),
                ("text", models.TextField(max_length=2000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed"),
                            ("declined", "Declined"),
                            ("ended", "Ended"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("holder_agreed_at", models.DateTimeField(null=True)),
                ("other_agreed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("holder", _side("agreements_given")),
                ("holder_agreed_by", _person(null=True)),
                ("other", _side("agreements_taken")),
                ("other_agreed_by", _person(null=True)),
                ("proposed_by", _person()),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holder_share", models.expressions.CombinedExpression(
                                models.Value(100), "-", models.F("other_share")
                            ))
                        ),
                        name="agreement_shares_make_100",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "transfer"), ("other_share", 100)),
                            models.Q(("kind", "split"), ("other_share__gt", 0), ("other_share__lt", 100)),
                            _connector="OR",
                        ),
                        name="agreement_transfer_gives_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "agreed"), _negated=True),
                            models.Q(
                                ("holder_agreed_by__isnull", False), ("other_agreed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="agreement_of_both",
                    ),
                    models.UniqueConstraint(
                        condition=CURRENT, fields=("holder",), name="agreement_one_a_holder"
                    ),
                    models.UniqueConstraint(
                        condition=CURRENT, fields=("other",), name="agreement_one_a_newcomer"
                    ),
                ],
            },
        ),
    ]
