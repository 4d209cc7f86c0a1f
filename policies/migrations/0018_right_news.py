"""That the holder of a right was reminded of its end, and that those were told for whom it opens: each once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0017_news_against")]

    operations = [
        migrations.CreateModel(
            name="RightNews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("ends", "To its holder, ahead"), ("ended", "To those for whom it opens")],
                        max_length=12,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="news",
                        to="policies.exclusiveright",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["ends", "ended"])), name="right_news_kind_known"
                    ),
                    models.UniqueConstraint(fields=("right", "kind"), name="right_news_told_once"),
                ],
            },
        ),
    ]
