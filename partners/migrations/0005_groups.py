"""Groups of firms, and firms that are in or out by hand."""

import functools

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import core.codes


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partners", "0004_first_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=functools.partial(core.codes.new_code, *("GR",)), editable=False, max_length=16, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("rule", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="group_name_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupPick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("added", "Added"), ("excluded", "Excluded")], max_length=10)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="picks", to="partners.group")),
                ("partner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="group_picks", to="partners.partner")),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "partner"), name="group_pick_once"),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["added", "excluded"])), name="group_pick_kind_known"),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="group_pick_has_reason"),
                ],
            },
        ),
    ]
