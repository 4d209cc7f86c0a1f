"""A conflict may be with a claim that an app further up provides, such as a lead given out: its code and what it said."""

from django.db import migrations, models

_WITH_ONE = (
    models.Q(rival__isnull=False, named_account=None, claim_code="")
    | models.Q(rival=None, named_account__isnull=False, claim_code="")
    | models.Q(rival=None, named_account=None, claim_code__gt="")
)


class Migration(migrations.Migration):
    dependencies = [("registrations", "0005_requests")]
    operations = [
        migrations.AddField(
            "conflict", "claim_code", models.CharField(blank=True, default="", db_default="", max_length=16)
        ),
        migrations.AddField("conflict", "claim", models.JSONField(null=True)),
        migrations.AddField("conflict", "claim_ended_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("conflict", "conflict_with_one_rival"),
        migrations.AddConstraint(
            "conflict", models.CheckConstraint(condition=_WITH_ONE, name="conflict_with_one_rival")
        ),
        migrations.AddIndex(
            "conflict",
            models.Index(
                fields=["claim_code"], condition=models.Q(claim_code__gt=""), name="conflict_with_claim"
            ),
        ),
    ]
