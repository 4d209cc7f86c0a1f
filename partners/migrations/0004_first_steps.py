"""A firm's history that nobody can rewrite, and the checklist and onboarding steps that a new portal begins with."""

from django.db import migrations

SQL = """
CREATE FUNCTION partners_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a firm''s history is never changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER partners_history_append_only BEFORE UPDATE OR DELETE ON partners_firmentry
  FOR EACH ROW EXECUTE FUNCTION partners_append_only();
"""
BACK = """
DROP TRIGGER partners_history_append_only ON partners_firmentry;
DROP FUNCTION partners_append_only();
"""

# kind ('' is every kind), label, help, required
CHECKLIST = [
    ("", "The firm exists", "Look it up in the trade register of its country.", True),
    ("", "Website and address are the firm's own", "Does the mail address belong to the same domain?", True),
    ("", "The person who applies works there", "The imprint, the website or a call will tell.", True),
    ("", "No embargo or sanction stands against it", "", True),
    ("distributor", "Credit check", "Distributors buy on account.", True),
    ("distributor", "Two vendors whose products it distributes were asked", "", True),
    ("msp", "It says how it secures the systems that it runs", "", False),
]
_MEET, _READY, _SELL = "Get to know each other", "Get ready to sell", "The first deal"
# stage, its title, title, help, link, side, due days, required
STEPS = [
    (1, _MEET, "Complete your profile", "Website, city and time zone, so that customers and our people find you.", "/firm/", "partner", 7, True),
    (1, _MEET, "Invite your colleagues", "Everybody who registers deals has an account of their own.", "/firm/", "partner", 7, True),
    (1, _MEET, "Welcome call", "The channel manager calls and explains how we work together.", "", "vendor", 5, True),
    (2, _READY, "Say who does what", "Name somebody for sales, for marketing and for technical questions.", "/firm/", "partner", 14, True),
    (2, _READY, "Read how registering deals works", "The policy says what is protected, for how long, and what to do to keep it.", "/policies/registration/", "partner", 14, True),
    (2, _READY, "Set up territories and product lines", "What the firm may register, and where.", "", "vendor", 7, True),
    (3, _SELL, "Go through your first deal with us", "Bring a real one: the channel manager looks at it with you.", "", "partner", 30, False),
]
FOR_DISTRIBUTORS = [
    (2, _READY, "Agree on credit limit and terms of payment", "Finance sends the form to your address.", "", "vendor", 10, True),
]


def load(apps, schema_editor):
    """Loads them into a portal that has none."""
    item = apps.get_model("partners", "ChecklistItem")
    plan = apps.get_model("partners", "OnboardingPlan")
    step = apps.get_model("partners", "PlanStep")
    if item.objects.exists() or plan.objects.exists():
        return
    item.objects.bulk_create(
        item(kind=kind, label=label, help=words, required=required, place=10 * number)
        for number, (kind, label, words, required) in enumerate(CHECKLIST, start=1)
    )
    for kind, rows in (("", STEPS), ("distributor", sorted([*STEPS, *FOR_DISTRIBUTORS], key=lambda row: row[0]))):
        made = plan.objects.create(kind=kind)
        names = ("stage", "stage_title", "title", "help", "link", "side", "due_days", "required")
        step.objects.bulk_create(
            step(plan=made, place=10 * number, **dict(zip(names, row, strict=True)))
            for number, row in enumerate(rows, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_joining")]
    operations = [migrations.RunSQL(SQL, BACK), migrations.RunPython(load, migrations.RunPython.noop)]
