"""A forged or aged address is said in words that a person would use; the table stays as it is."""

from django.db import migrations, models

_OUTCOMES = [
    ("updated", "Became an update"),
    ("refused", "Could not become an update"),
    ("empty", "Nothing above the quote"),
    ("machine", "Written by a machine"),
    ("no_token", "Not to an address of ours"),
    ("bad_token", "To an address that is not valid"),
    ("wrong_sender", "From somebody else than it was sent to"),
    ("failed", "Could not be read"),
]


class Migration(migrations.Migration):
    dependencies = [("registrations", "0016_whole_views")]
    operations = [
        migrations.AlterField("incomingmail", "outcome", models.CharField(choices=_OUTCOMES, max_length=12))
    ]
