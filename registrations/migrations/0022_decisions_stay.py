"""What was decided, under which version of the policy, by whom and when never changes; what takes it back is written beside."""

from django.db import migrations

SQL = """
CREATE FUNCTION registrations_decisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.code, OLD.registration_id, OLD.action, OLD.status_before, OLD.status_after, OLD.policy_id, OLD.by_id, OLD.at)
    IS DISTINCT FROM
    (NEW.code, NEW.registration_id, NEW.action, NEW.status_before, NEW.status_after, NEW.policy_id, NEW.by_id, NEW.at)
  THEN
    RAISE EXCEPTION 'decision % keeps its version of the policy, who made it and when', OLD.code
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registrations_decisions_stay BEFORE UPDATE ON registrations_decision
  FOR EACH ROW EXECUTE FUNCTION registrations_decisions_stay();
"""
BACK = """
DROP TRIGGER registrations_decisions_stay ON registrations_decision;
DROP FUNCTION registrations_decisions_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0021_simulated_together")]

    operations = [migrations.RunSQL(SQL, BACK)]
