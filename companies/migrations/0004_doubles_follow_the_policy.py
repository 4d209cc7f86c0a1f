"""From which score on doubles of a company were looked for. All that is there is looked at anew, once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0003_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="doubles_least",
            field=models.FloatField(db_default=1.0, default=1.0, editable=False),
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("merged_into", None)),
                fields=["doubles_least"],
                name="company_doubles_least",
            ),
        ),
    ]
