"""The order of submission, and a timeline that nobody can rewrite: the database refuses UPDATE and DELETE."""

from django.db import migrations

SQL = """
CREATE SEQUENCE registrations_rank;
CREATE FUNCTION registrations_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the timeline is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER registrations_timeline_append_only BEFORE UPDATE OR DELETE ON registrations_timelineentry
  FOR EACH ROW EXECUTE FUNCTION registrations_append_only();
"""

BACK = """
DROP TRIGGER registrations_timeline_append_only ON registrations_timelineentry;
DROP FUNCTION registrations_append_only();
DROP SEQUENCE registrations_rank;
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
