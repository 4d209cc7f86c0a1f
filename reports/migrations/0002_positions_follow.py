"""Open positions follow the registrations by trigger: whoever writes, and however many rows at once.

One row per company is locked before it is counted anew in a statement of its own, which sees what was committed while
it waited. Without the lock two registrations of one company, changed at the same time, leave a wrong sum behind.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION reports_refresh_positions(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  never CONSTANT timestamptz := '9999-12-31 00:00:00+00';
BEGIN
  IF touched IS NULL THEN RETURN; END IF;
  INSERT INTO reports_openposition (company_id, sort_name, registrations, value_base, oldest, protection_ends)
    SELECT id, lower(name), 0, 0, never, never FROM companies_company WHERE id = ANY (touched) ORDER BY id
    ON CONFLICT DO NOTHING;
  PERFORM 1 FROM reports_openposition WHERE company_id = ANY (touched) ORDER BY company_id FOR UPDATE;
  UPDATE reports_openposition p SET registrations = fresh.registrations, value_base = fresh.value_base,
         oldest = fresh.oldest, protection_ends = fresh.protection_ends
  FROM (
    SELECT t.id AS company_id,
           count(r.id) AS registrations,
           coalesce(round(sum(r.value * c.rate_to_base), 2), 0) AS value_base,
           coalesce(min(r.submitted_at), never) AS oldest,
           coalesce(min(r.protected_until) FILTER (WHERE r.status = 'approved'), never) AS protection_ends
    FROM (SELECT DISTINCT unnest(touched) AS id) t
    LEFT JOIN registrations_registration r ON r.company_id = t.id AND r.discarded_at IS NULL
         AND r.status IN ('in_review', 'information_asked', 'waitlisted', 'approved')
    LEFT JOIN catalog_currency c ON c.id = r.currency_id
    GROUP BY t.id
  ) fresh
  WHERE p.company_id = fresh.company_id
    AND (p.registrations, p.value_base, p.oldest, p.protection_ends)
        IS DISTINCT FROM (fresh.registrations, fresh.value_base, fresh.oldest, fresh.protection_ends);
END $$;

CREATE FUNCTION reports_registrations_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reports_refresh_positions(
    (SELECT array_agg(DISTINCT company_id) FROM added WHERE company_id IS NOT NULL AND status <> 'draft'));
  RETURN NULL;
END $$;
CREATE TRIGGER reports_registrations_added AFTER INSERT ON registrations_registration
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reports_registrations_added();

CREATE FUNCTION reports_registrations_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reports_refresh_positions(
    (SELECT array_agg(DISTINCT company_id) FROM removed WHERE company_id IS NOT NULL AND status <> 'draft'));
  RETURN NULL;
END $$;
CREATE TRIGGER reports_registrations_removed AFTER DELETE ON registrations_registration
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION reports_registrations_removed();

CREATE FUNCTION reports_registrations_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reports_refresh_positions((
    SELECT array_agg(DISTINCT pair.company_id)
    FROM after_change n JOIN before_change o USING (id)
    CROSS JOIN LATERAL (VALUES (n.company_id), (o.company_id)) AS pair (company_id)
    WHERE pair.company_id IS NOT NULL
      AND (n.company_id, n.status, n.value, n.currency_id, n.submitted_at, n.protected_until, n.discarded_at)
          IS DISTINCT FROM
          (o.company_id, o.status, o.value, o.currency_id, o.submitted_at, o.protected_until, o.discarded_at)));
  RETURN NULL;
END $$;
CREATE TRIGGER reports_registrations_changed AFTER UPDATE ON registrations_registration
  REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
  FOR EACH STATEMENT EXECUTE FUNCTION reports_registrations_changed();

CREATE FUNCTION reports_rate_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reports_refresh_positions((
    SELECT array_agg(DISTINCT company_id) FROM registrations_registration
    WHERE currency_id = NEW.id AND company_id IS NOT NULL
      AND status IN ('in_review', 'information_asked', 'waitlisted', 'approved')));
  RETURN NULL;
END $$;
CREATE TRIGGER reports_rate_changed AFTER UPDATE OF rate_to_base ON catalog_currency
  FOR EACH ROW WHEN (NEW.rate_to_base IS DISTINCT FROM OLD.rate_to_base) EXECUTE FUNCTION reports_rate_changed();

CREATE FUNCTION reports_company_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE reports_openposition SET sort_name = lower(NEW.name) WHERE company_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER reports_company_renamed AFTER UPDATE OF name ON companies_company
  FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name) EXECUTE FUNCTION reports_company_renamed();

-- The filter by age starts from here when it leaves few; the one by product line from the lines.
CREATE INDEX reports_open_by_age ON registrations_registration (submitted_at)
  WHERE status IN ('in_review', 'information_asked', 'waitlisted', 'approved');

SELECT reports_refresh_positions((SELECT array_agg(DISTINCT company_id) FROM registrations_registration
  WHERE company_id IS NOT NULL));
"""

BACK = """
DROP INDEX reports_open_by_age;
DROP TRIGGER reports_company_renamed ON companies_company;
DROP FUNCTION reports_company_renamed();
DROP TRIGGER reports_rate_changed ON catalog_currency;
DROP FUNCTION reports_rate_changed();
DROP TRIGGER reports_registrations_changed ON registrations_registration;
DROP FUNCTION reports_registrations_changed();
DROP TRIGGER reports_registrations_removed ON registrations_registration;
DROP FUNCTION reports_registrations_removed();
DROP TRIGGER reports_registrations_added ON registrations_registration;
DROP FUNCTION reports_registrations_added();
DROP FUNCTION reports_refresh_positions(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
        ("registrations", "0001_initial"),
        ("companies", "0001_initial"),
        ("catalog", "0001_initial"),
    ]
    operations = [migrations.RunSQL(SQL, BACK)]
