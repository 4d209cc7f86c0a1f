"""A lead's history that nobody can rewrite; the function that refuses is the one of the registrations' timeline."""

from django.db import migrations

SQL = """
CREATE TRIGGER leads_entry_append_only BEFORE UPDATE OR DELETE ON leads_leadentry
  FOR EACH ROW EXECUTE FUNCTION registrations_append_only();
"""
BACK = "DROP TRIGGER leads_entry_append_only ON leads_leadentry;"


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
