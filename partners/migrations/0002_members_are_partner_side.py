"""Vendor staff are never members of a partner: the database refuses it from both ends."""

from django.db import migrations

SQL = """
CREATE FUNCTION partners_member_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM accounts_user u JOIN accounts_role r ON r.id = u.role_id
    WHERE u.id = NEW.user_id AND r.side <> 'partner'
  ) THEN
    RAISE EXCEPTION 'vendor staff are never members of a partner' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER partners_member_side BEFORE INSERT OR UPDATE ON partners_member
  FOR EACH ROW EXECUTE FUNCTION partners_member_side();

CREATE FUNCTION accounts_user_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM accounts_role WHERE id = NEW.role_id AND side <> 'partner')
     AND EXISTS (SELECT 1 FROM partners_member WHERE user_id = NEW.id) THEN
    RAISE EXCEPTION 'a member of a partner cannot become vendor staff' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_user_side BEFORE UPDATE OF role_id ON accounts_user
  FOR EACH ROW EXECUTE FUNCTION accounts_user_side();
"""

BACK = """
DROP TRIGGER accounts_user_side ON accounts_user;
DROP FUNCTION accounts_user_side();
DROP TRIGGER partners_member_side ON partners_member;
DROP FUNCTION partners_member_side();
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
