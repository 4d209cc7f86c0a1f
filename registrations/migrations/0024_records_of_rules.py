"""A decision, and what the policy answered, keep the rows that the rules stand in: a requirement, a right, a version."""

from django.db import migrations, models

STAY = """
CREATE OR REPLACE FUNCTION registrations_decisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.code, OLD.registration_id, OLD.action, OLD.status_before, OLD.status_after, OLD.policy_id, OLD.by_id, OLD.at{old})
    IS DISTINCT FROM
    (NEW.code, NEW.registration_id, NEW.action, NEW.status_before, NEW.status_after, NEW.policy_id, NEW.by_id, NEW.at{new})
  THEN
    RAISE EXCEPTION 'decision % keeps {what}, who made it and when', OLD.code
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
SQL = STAY.format(old=", OLD.records", new=", NEW.records", what="its version of the policy, the rows it stands on")
BACK = STAY.format(old="", new="", what="its version of the policy")


class Migration(migrations.Migration):
    dependencies = [("registrations", "0023_whole_questions")]

    operations = [
        migrations.AddField(
            "decision",
            "records",
            models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            "policyrun",
            "records",
            models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AlterField("decision", "rule", models.TextField()),
        migrations.RunSQL(SQL, BACK),
    ]
