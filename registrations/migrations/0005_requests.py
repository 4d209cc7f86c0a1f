"""Extension requests, appeals, customers' letters; what takes a decision back; files for the vendor only."""

import functools

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.codes

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
REASON_LABELS = [
    ("registered", "Registered by another partner"),
    ("direct", "Direct sales is active there"),
    ("customer", "Existing customer"),
    ("territory", "Outside your territory"),
    ("product", "Not authorised for the product"),
    ("size", "Below the minimum size"),
    ("tender", "Public tender"),
    ("early", "Too early"),
    ("no_contact", "No proof of contact"),
    ("incomplete", "Incomplete"),
    ("inactive", "No longer worked on"),
    ("customer_choice", "The customer chose another partner"),
]
ACTIONS = [action for action, _ in ACTION_LABELS]
STATES = [
    ("open", "To be decided"),
    ("granted", "Granted"),
    ("refused", "Not granted"),
    ("lapsed", "No longer needed"),
]
KNOWN = [state for state, _ in STATES]


def _id():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _code(prefix):
    made = functools.partial(core.codes.new_code, prefix)
    return ("code", models.CharField(default=made, editable=False, max_length=16, unique=True))


def _to(model, related_name="+", **more):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model, **more
    )


def _once(model, related_name, **more):
    return models.OneToOneField(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model, **more
    )


def _request():
    return [
        ("text", models.TextField(max_length=2000)),
        ("asked_at", models.DateTimeField()),
        ("due_at", models.DateTimeField()),
        ("state", models.CharField(choices=STATES, default="open", max_length=10)),
        ("closed_at", models.DateTimeField(null=True)),
        ("asked_by", _to(settings.AUTH_USER_MODEL)),
        ("attachment", _to("registrations.attachment", null=True)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("policies", "0006_requests"),
        ("registrations", "0004_offers"),
    ]
    operations = [
        migrations.AddField(
            "attachment",
            "audience",
            models.CharField(
                choices=[("both", "Partner and vendor"), ("vendor", "Vendor only")],
                db_default="both",
                default="both",
                max_length=10,
            ),
        ),
        migrations.AlterField("decision", "action", models.CharField(choices=ACTION_LABELS, max_length=20)),
        migrations.AlterField(
            "decision", "reason_code", models.CharField(blank=True, choices=REASON_LABELS, max_length=20)
        ),
        migrations.AddField("decision", "undo", models.JSONField(null=True)),
        migrations.AddField("decision", "undone_at", models.DateTimeField(null=True)),
        migrations.AddField("decision", "undone_by", _to(settings.AUTH_USER_MODEL, null=True)),
        migrations.RemoveConstraint("decision", "decision_known"),
        migrations.AddConstraint(
            "decision", models.CheckConstraint(condition=models.Q(action__in=ACTIONS), name="decision_known")
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                _id(),
                _code("X"),
                ("days", models.PositiveSmallIntegerField()),
                *_request(),
                ("decision", _once("registrations.decision", "extension", null=True)),
                ("registration", _to("registrations.registration", "extensions")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_at"], name="extension_awaiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(state__in=KNOWN), name="extension_state_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "refused"]), _negated=True),
                            ("decision__isnull", False),
                            _connector="OR",
                        ),
                        name="extension_has_receipt",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("registration",), name="one_open_extension"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                _id(),
                _code("V"),
                *_request(),
                ("decided_by", _to(settings.AUTH_USER_MODEL, null=True)),
                ("first_decider", _to(settings.AUTH_USER_MODEL, null=True)),
                ("decision", _once("registrations.decision", "appeal")),
                ("outcome", _once("registrations.decision", "appeal_decided", null=True)),
                ("registration", _to("registrations.registration", "appeals")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["due_at"], name="appeal_awaiting")
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(state__in=KNOWN), name="appeal_state_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "refused"]), _negated=True),
                            ("outcome__isnull", False),
                            _connector="OR",
                        ),
                        name="appeal_has_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            ("first_decider", None),
                            models.Q(("decided_by", models.F("first_decider")), _negated=True),
                            _connector="OR",
                        ),
                        name="appeal_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerLetter",
            fields=[
                _id(),
                ("dated", models.DateField()),
                ("attachment", _to("registrations.attachment")),
                ("decision", _once("registrations.decision", "customer_letter")),
                ("in_favour_of", _to("registrations.registration")),
                ("registration", _to("registrations.registration", "customer_letters")),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
