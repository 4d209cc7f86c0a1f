"""What is offered to the next in line is open, and so is what is sold along with a holder: the functions and the index behind the positions say so."""

from django.db import migrations

BEFORE = "'waitlisted', 'approved'"
AFTER = "'waitlisted', 'offered', 'approved', 'shared'"


def _say(old: str, new: str) -> str:
    return f"""
DO $change$
DECLARE
  text_of text;
BEGIN
  FOR text_of IN SELECT pg_get_functiondef(oid) FROM pg_proc
    WHERE proname IN ('reports_refresh_positions', 'reports_rate_changed') AND pronamespace = current_schema()::regnamespace
  LOOP
    EXECUTE replace(text_of, $old${old}$old$, $new${new}$new$);
  END LOOP;
END $change$;
DROP INDEX reports_open_by_age;
CREATE INDEX reports_open_by_age ON registrations_registration (submitted_at)
  WHERE status IN ('in_review', 'information_asked', {new});
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_positions_follow"), ("registrations", "0010_agreements")]
    operations = [migrations.RunSQL(_say(BEFORE, AFTER), _say(AFTER, BEFORE))]
