"""Where each timeline ends, written by the database itself: a chain whose last entries were cut off cannot tell."""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION registrations_note_timeline_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO registrations_timelinehead (registration_id, number, hash)
  SELECT DISTINCT ON (registration_id) registration_id, number, hash FROM fresh ORDER BY registration_id, number DESC
  ON CONFLICT (registration_id) DO UPDATE SET number = EXCLUDED.number, hash = EXCLUDED.hash
  WHERE registrations_timelinehead.number < EXCLUDED.number;
  RETURN NULL;
END $$;
CREATE TRIGGER registrations_timeline_head AFTER INSERT ON registrations_timelineentry
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION registrations_note_timeline_head();
CREATE TRIGGER registrations_timeline_head_stays BEFORE DELETE ON registrations_timelinehead
  FOR EACH ROW EXECUTE FUNCTION registrations_append_only();
CREATE TRIGGER registrations_timeline_head_grows BEFORE UPDATE ON registrations_timelinehead
  FOR EACH ROW WHEN (NEW.number <= OLD.number OR NEW.registration_id <> OLD.registration_id)
  EXECUTE FUNCTION registrations_append_only();
"""
BACK = """
DROP TRIGGER registrations_timeline_head ON registrations_timelineentry;
DROP FUNCTION registrations_note_timeline_head();
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0017_words_of_mail")]
    operations = [
        migrations.CreateModel(
            name="TimelineHead",
            fields=[
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="timeline_head",
                        serialize=False,
                        to="registrations.registration",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunSQL(SQL, BACK),
    ]
