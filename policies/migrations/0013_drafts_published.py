"""A draft gets its beginning together with the moment of its publishing, which policy_never_back_dated compares it with."""

from django.db import migrations

# As in 0011, but for what stands in the place of -- last.
_FUNCTION = """
CREATE OR REPLACE FUNCTION policies_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.effective_from <= clock_timestamp() AND OLD.withdrawn_at IS NULL THEN
    RAISE EXCEPTION 'version % of the registration policy applies and is never changed', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'version % of the registration policy was taken back and stays so', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.effective_from IS NOT NULL AND NEW.effective_from IS NULL THEN
    RAISE EXCEPTION 'version % of the registration policy is published and no draft any more', OLD.version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.effective_from IS NOT NULL AND NEW.effective_from <= clock_timestamp() AND NEW.withdrawn_at IS NULL THEN
    RAISE EXCEPTION 'a waiting version of the registration policy begins when its time comes, not before'
      USING ERRCODE = 'restrict_violation';
  END IF;
  -- last
  RETURN NEW;
END $$;
"""
_LAST = """  IF OLD.effective_from IS NULL AND NEW.effective_from IS NOT NULL AND NEW.published_at IS NULL THEN
    RAISE EXCEPTION 'a draft of the registration policy begins only with the moment of its publishing'
      USING ERRCODE = 'restrict_violation';
  END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0012_requirement_groups")]

    operations = [migrations.RunSQL(_FUNCTION.replace("  -- last\n", _LAST), _FUNCTION)]
