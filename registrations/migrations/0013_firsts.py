"""Firms that registered and won before firsts were kept have had theirs: no notice congratulates them years late."""

from django.db import migrations

SQL = """
INSERT INTO partners_firmmilestone (partner_id, kind, at, about, label)
SELECT DISTINCT ON (partner_id) partner_id, 'first_registration', submitted_at, code, company_name
FROM registrations_registration
WHERE submitted_at IS NOT NULL AND status <> 'refused'
ORDER BY partner_id, submitted_at, id
ON CONFLICT DO NOTHING;

INSERT INTO partners_firmmilestone (partner_id, kind, at, about, label)
SELECT DISTINCT ON (partner_id) partner_id, 'first_win', coalesce(closed_at, changed_at), code, company_name
FROM registrations_registration
WHERE status = 'won'
ORDER BY partner_id, coalesce(closed_at, changed_at), id
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0004_first_steps"), ("registrations", "0012_policy_runs")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
