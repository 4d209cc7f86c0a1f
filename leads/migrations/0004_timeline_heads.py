"""Where each lead's timeline ends, written by the database itself, for those that are there already, too."""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION leads_note_timeline_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO leads_leadhead (lead_id, number, hash)
  SELECT DISTINCT ON (lead_id) lead_id, number, hash FROM fresh ORDER BY lead_id, number DESC
  ON CONFLICT (lead_id) DO UPDATE SET number = EXCLUDED.number, hash = EXCLUDED.hash
  WHERE leads_leadhead.number < EXCLUDED.number;
  RETURN NULL;
END $$;
CREATE TRIGGER leads_timeline_head AFTER INSERT ON leads_leadentry
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION leads_note_timeline_head();
CREATE TRIGGER leads_timeline_head_stays BEFORE DELETE ON leads_leadhead
  FOR EACH ROW EXECUTE FUNCTION registrations_append_only();
CREATE TRIGGER leads_timeline_head_grows BEFORE UPDATE ON leads_leadhead
  FOR EACH ROW WHEN (NEW.number <= OLD.number OR NEW.lead_id <> OLD.lead_id)
  EXECUTE FUNCTION registrations_append_only();
INSERT INTO leads_leadhead (lead_id, number, hash)
SELECT DISTINCT ON (lead_id) lead_id, number, hash FROM leads_leadentry ORDER BY lead_id, number DESC
ON CONFLICT DO NOTHING;
"""
BACK = """
DROP TRIGGER leads_timeline_head ON leads_leadentry;
DROP FUNCTION leads_note_timeline_head();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0003_program"), ("registrations", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="LeadHead",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="timeline_head",
                        serialize=False,
                        to="leads.lead",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunSQL(SQL, BACK),
    ]
