"""Extensions, appeals, evidence with updates, a limit of open registrations by tier, and a wait after an expiry."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

DAYS = [MinValueValidator(1), MaxValueValidator(730)]


def _add(name, field):
    return migrations.AddField("registrationpolicy", name, field)


class Migration(migrations.Migration):
    dependencies = [("policies", "0005_waitlist_and_scope")]
    operations = [
        _add("extension_days", models.PositiveSmallIntegerField(db_default=30, default=30, validators=DAYS)),
        _add(
            "extensions_most",
            models.PositiveSmallIntegerField(db_default=2, default=2, help_text="Extensions of one registration; 0 for none."),
        ),
        _add("extension_evidence_required", models.BooleanField(db_default=True, default=True)),
        _add(
            "update_evidence_required",
            models.BooleanField(db_default=False, default=False, help_text="An update counts only with a dated contact or a file."),
        ),
        _add(
            "open_most_registered",
            models.PositiveIntegerField(
                null=True,
                blank=True,
                db_default=50, default=50,
                help_text="Open registrations of a firm of this tier; empty: no limit.",
            ),
        ),
        _add("open_most_silver", models.PositiveIntegerField(null=True, blank=True, db_default=100, default=100)),
        _add("open_most_gold", models.PositiveIntegerField(null=True, blank=True, db_default=250, default=250)),
        _add("open_most_platinum", models.PositiveIntegerField(null=True, blank=True, default=None)),
        _add(
            "cooling_off_days",
            models.PositiveSmallIntegerField(
                db_default=30, default=30, help_text="Before a firm registers a company again that it let expire; 0 for none."
            ),
        ),
        _add("appeal_days", models.PositiveSmallIntegerField(db_default=14, default=14, validators=DAYS)),
    ]
