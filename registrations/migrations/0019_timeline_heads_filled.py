"""Where the timelines end that are there already. What is written meanwhile has its end noted, so that one stays."""

from django.db import migrations

SQL = """
INSERT INTO registrations_timelinehead (registration_id, number, hash)
SELECT DISTINCT ON (registration_id) registration_id, number, hash
FROM registrations_timelineentry ORDER BY registration_id, number DESC
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("registrations", "0018_timeline_heads")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
