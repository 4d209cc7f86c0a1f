"""What the policy was asked and answered is kept, append-only; simulations ask it again under another version."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import registrations.models.simulation

LANDINGS = [
    ("approved", "approved"),
    ("in_review", "in_review"),
    ("waitlisted", "waitlisted"),
    ("refused", "refused"),
]
OCCASIONS = [("submission", "When it was submitted"), ("turn", "When its turn in line came")]
STATES = [
    ("waiting", "Waiting to begin"),
    ("running", "Running"),
    ("done", "Finished"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
UNFINISHED = models.Q(("state__in", ("waiting", "running")))

SQL = """
CREATE FUNCTION registrations_runs_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what the policy was asked and answered is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registrations_policy_run_append_only BEFORE UPDATE OR DELETE ON registrations_policyrun
  FOR EACH ROW EXECUTE FUNCTION registrations_runs_stay();
"""
BACK = """
DROP TRIGGER registrations_policy_run_append_only ON registrations_policyrun;
DROP FUNCTION registrations_runs_stay();
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("policies", "0007_prechecks_per_person"),
        ("registrations", "0011_proposal_deadlines"),
    ]
    operations = [
        migrations.CreateModel(
            name="PolicyRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("occasion", models.CharField(choices=OCCASIONS, max_length=10)),
                ("at", models.DateTimeField()),
                ("landing", models.CharField(choices=LANDINGS, max_length=10)),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("only_refusals", models.BooleanField(db_default=False, default=False)),
                ("facts", models.JSONField()),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="policies.registrationpolicy",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="policy_runs",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["at", "id"], name="policy_run_in_time")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("occasion", "submission")),
                        fields=("registration",),
                        name="policy_run_one_submission",
                    )
                ],
            },
        ),
        migrations.RunSQL(SQL, BACK),
        migrations.CreateModel(
            name="Simulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        default=registrations.models.simulation._code, editable=False, max_length=16, unique=True
                    ),
                ),
                ("settings", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("looked_at", models.PositiveIntegerField(default=0)),
                ("reconstructed", models.PositiveIntegerField(default=0)),
                ("unsettled", models.PositiveIntegerField(default=0)),
                ("cells", models.JSONField(default=dict)),
                ("cursor_kept", models.BooleanField(default=True)),
                ("cursor_at", models.DateTimeField(null=True)),
                ("cursor_id", models.BigIntegerField(default=0)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="simulations",
                        to="policies.registrationpolicy",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(condition=UNFINISHED, fields=["id"], name="simulation_unfinished")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=UNFINISHED, fields=("policy",), name="simulation_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))), name="simulation_of_a_period"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SimulatedCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.BigIntegerField(default=0)),
                ("occasion", models.CharField(choices=OCCASIONS, max_length=10)),
                ("at", models.DateTimeField()),
                ("before", models.CharField(choices=LANDINGS, max_length=10)),
                ("after", models.CharField(choices=LANDINGS, max_length=10)),
                ("rule", models.CharField(max_length=40)),
                ("reasons", models.JSONField(default=list)),
                ("tier", models.CharField(blank=True, max_length=40)),
                ("value_in_base", models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=18)),
                ("reconstructed", models.BooleanField(default=False)),
                ("unsettled", models.BooleanField(default=False)),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registrations.registration",
                    ),
                ),
                (
                    "simulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="registrations.simulation",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["simulation", "before", "after", "-id"], name="simulated_by_change"),
                    models.Index(fields=["simulation", "-id"], name="simulated_in_order"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("simulation", "registration", "run"), name="simulated_once"
                    )
                ],
            },
        ),
    ]
