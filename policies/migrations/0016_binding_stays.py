"""Rights and requirements are never rewritten or back-dated, whatever the code does, as versions of the policy are not.

Nothing here asks what time it is, but for deleting: what was written is compared with when it was written. So the promises hold
for what is told with another clock, too.
"""

from django.db import migrations, models

_RIGHTS = """
CREATE FUNCTION policies_right_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  -- the holder moves where two records are merged or parted again
  moves CONSTANT text[] := ARRAY['partner_id', 'ends_at', 'end_note', 'end_set_by_id', 'end_set_at', 'end_agreed',
                                 'withdrawn_at', 'version'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.begins_at <= clock_timestamp() AND OLD.withdrawn_at IS NULL THEN
      RAISE EXCEPTION 'right % has begun and is never deleted', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves THEN
    RAISE EXCEPTION 'right % is what was given and is never rewritten', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.ends_at IS DISTINCT FROM OLD.ends_at
     AND (NEW.ends_at IS NULL OR NEW.ends_at > OLD.ends_at OR NEW.end_set_at IS NULL
          OR NEW.end_set_at IS NOT DISTINCT FROM OLD.end_set_at) THEN
    RAISE EXCEPTION 'right % ends earlier than was said, or not; when that was set is kept', OLD.code
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
    RAISE EXCEPTION 'right % was taken back and stays so', OLD.code USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER policies_right_stays BEFORE UPDATE OR DELETE ON policies_exclusiveright
  FOR EACH ROW EXECUTE FUNCTION policies_right_stays();
"""
_NO_RIGHTS = """
DROP TRIGGER policies_right_stays ON policies_exclusiveright;
DROP FUNCTION policies_right_stays();
"""
_REQUIREMENTS = """
CREATE FUNCTION policies_requirement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moves CONSTANT text[] := ARRAY['withdrawn_at', 'withdrawn_by_id'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.effective_from <= clock_timestamp() AND OLD.withdrawn_at IS NULL THEN
      RAISE EXCEPTION 'requirement % applies and is never deleted', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF to_jsonb(NEW) - moves IS DISTINCT FROM to_jsonb(OLD) - moves THEN
    RAISE EXCEPTION 'requirement % is what was announced and is never rewritten', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.withdrawn_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
    RAISE EXCEPTION 'requirement % was taken back and stays so', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER policies_requirement_stays BEFORE UPDATE OR DELETE ON policies_productauthorisation
  FOR EACH ROW EXECUTE FUNCTION policies_requirement_stays();

-- The groups and territories of a requirement are written together with it, in its transaction (whose savepoints have
-- higher numbers), and never after. The argument is the column that names the requirement.
CREATE FUNCTION policies_named_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  named bigint;
  written_now boolean;
BEGIN
  named := (to_jsonb(CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END) ->> TG_ARGV[0])::bigint;
  SELECT age(asked.xmin) <= age(pg_current_xact_id()::xid) INTO written_now
    FROM policies_productauthorisation AS asked WHERE asked.id = named;
  IF NOT written_now THEN
    RAISE EXCEPTION 'requirement % keeps the groups and territories that it was written with', named
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER policies_named_stays BEFORE INSERT OR UPDATE OR DELETE ON policies_productauthorisation_territories
  FOR EACH ROW EXECUTE FUNCTION policies_named_stays('productauthorisation_id');
CREATE TRIGGER policies_named_stays BEFORE INSERT OR UPDATE OR DELETE ON policies_authorisationgroup
  FOR EACH ROW EXECUTE FUNCTION policies_named_stays('authorisation_id');
"""
_NO_REQUIREMENTS = """
DROP TRIGGER policies_named_stays ON policies_authorisationgroup;
DROP TRIGGER policies_named_stays ON policies_productauthorisation_territories;
DROP FUNCTION policies_named_stays();
DROP TRIGGER policies_requirement_stays ON policies_productauthorisation;
DROP FUNCTION policies_requirement_stays();
"""


def never(table, name, condition):
    return migrations.AddConstraint(table, models.CheckConstraint(condition=condition, name=name))


class Migration(migrations.Migration):
    dependencies = [("policies", "0015_distribution_rights")]
    operations = [
        never(
            "exclusiveright",
            "exclusive_right_never_back_dated",
            models.Q(begins_at__gte=models.F("created_at")),
        ),
        never(
            "exclusiveright",
            "exclusive_right_end_never_back_dated",
            models.Q(end_set_at=None) | models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("end_set_at")),
        ),
        never(
            "exclusiveright",
            "exclusive_right_taken_back_before_it_began",
            models.Q(withdrawn_at=None) | models.Q(withdrawn_at__lte=models.F("begins_at")),
        ),
        never(
            "productauthorisation",
            "authorisation_never_back_dated",
            models.Q(effective_from__gte=models.F("created_at")),
        ),
        never(
            "productauthorisation",
            "authorisation_taken_back_before_it_began",
            models.Q(withdrawn_at=None) | models.Q(withdrawn_at__lt=models.F("effective_from")),
        ),
        migrations.RunSQL(_RIGHTS, _NO_RIGHTS),
        migrations.RunSQL(_REQUIREMENTS, _NO_REQUIREMENTS),
    ]
