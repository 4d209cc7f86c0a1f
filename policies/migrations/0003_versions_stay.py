"""A version can be taken back before it begins; once it applies, nothing about it changes any more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
CREATE FUNCTION policies_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF NEW.effective_from <= clock_timestamp() AND NEW.withdrawn_at IS NULL THEN
    RAISE EXCEPTION 'a waiting version of the registration policy begins when its time comes, not before'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER policies_version_stays BEFORE UPDATE OR DELETE ON policies_registrationpolicy
  FOR EACH ROW EXECUTE FUNCTION policies_version_stays();
"""
BACK = """
DROP TRIGGER policies_version_stays ON policies_registrationpolicy;
DROP FUNCTION policies_version_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("policies", "0002_first_version"),
    ]
    operations = [
        migrations.AddField("registrationpolicy", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "registrationpolicy",
            "withdrawn_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(SQL, BACK),
    ]
