"""Milestones become rungs of a ladder: which one, and for which end of protection."""

from django.db import migrations, models
from django.db.models.functions import Now

FILL = """
UPDATE registrations_milestone m SET
  until = coalesce(r.protected_until, r.changed_at),
  rung = CASE WHEN m.final THEN 'final' ELSE 'reminder' END,
  day = CASE WHEN m.final THEN greatest(0, p.protection_days - m.day) ELSE m.day END
FROM registrations_registration r LEFT JOIN policies_registrationpolicy p ON p.id = r.policy_id
WHERE r.id = m.registration_id
"""
# The rows are given new values and then new constraints in one transaction: what waits on triggers goes first.
SETTLE = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0002_append_only"),
        ("policies", "0004_reminder_ladder"),
    ]
    operations = [
        migrations.RemoveConstraint("milestone", "milestone_once"),
        migrations.AddField(
            "milestone",
            "rung",
            models.CharField(
                max_length=12,
                default="reminder",
                db_default="reminder",
                choices=[
                    ("reminder", "Reminder"),
                    ("final", "Final notice"),
                    ("grace", "Days of grace"),
                    ("escalation", "Told to the channel manager"),
                ],
            ),
        ),
        migrations.AddField("milestone", "until", models.DateTimeField(db_default=Now())),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        # The column stays with a default until no release writes it any more.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("milestone", "final")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE registrations_milestone ALTER COLUMN final SET DEFAULT false", migrations.RunSQL.noop
                )
            ],
        ),
        migrations.AddConstraint(
            "milestone",
            models.UniqueConstraint(
                fields=["registration", "epoch", "day"],
                condition=models.Q(rung="reminder"),
                name="reminder_once",
            ),
        ),
        migrations.AddConstraint(
            "milestone",
            models.UniqueConstraint(
                fields=["registration", "epoch", "rung", "until", "day"],
                condition=~models.Q(rung="reminder"),
                name="warning_once",
            ),
        ),
        migrations.AddConstraint(
            "milestone",
            models.CheckConstraint(
                condition=models.Q(rung__in=["reminder", "final", "grace", "escalation"]),
                name="milestone_rung_known",
            ),
        ),
    ]
