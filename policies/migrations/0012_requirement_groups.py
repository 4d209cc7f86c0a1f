"""A product line's requirement may name groups of partners."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0006_certificates_agreements_merges"), ("policies", "0011_drafts")]

    operations = [
        migrations.CreateModel(
            name="AuthorisationGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "authorisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="policies.productauthorisation",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.group"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("authorisation", "group"), name="authorisation_group_once"
                    )
                ]
            },
        ),
        migrations.AddField(
            model_name="productauthorisation",
            name="groups",
            field=models.ManyToManyField(
                blank=True, related_name="+", through="policies.AuthorisationGroup", to="partners.group"
            ),
        ),
    ]
