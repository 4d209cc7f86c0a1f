"""The content library: items, versions with their search vector, audiences, receipts."""

import functools

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models

import core.codes
import partners.models.kept_file


def vector():
    parts = [
        SearchVector(column, weight=weight, config=config)
        for column, weight in (("title", "A"), ("summary", "B"), ("file_name", "B"), ("body", "C"))
        for config in ("simple", "english")
    ]
    return functools.reduce(lambda joined, part: joined + part, parts)


def person(**options):
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, **{"related_name": "+", **options})


def key():
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("partners", "0005_groups"),
        ("programs", "0001_programs"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentItem",
            fields=[
                key(),
                ("code", models.CharField(default=functools.partial(core.codes.new_code, *("CT",)), editable=False, max_length=16, unique=True)),
                ("kind", models.CharField(choices=[("file", "Document"), ("page", "Page"), ("announcement", "Announcement")], max_length=12)),
                ("for_all", models.BooleanField(default=False)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_by", person()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", ["file", "page", "announcement"])), name="content_kind_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContentVersion",
            fields=[
                key(),
                ("file", models.FileField(blank=True, upload_to=partners.models.kept_file.stored_under_a_code)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("file_type", models.CharField(blank=True, max_length=100)),
                ("file_size", models.PositiveIntegerField(default=0)),
                ("file_sha256", models.CharField(blank=True, max_length=64)),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="programs.contentitem")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=150)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField(blank=True, max_length=50000)),
                ("changes", models.CharField(blank=True, max_length=300)),
                ("due_on", models.DateField(null=True)),
                ("written_by", person()),
                ("written_at", models.DateTimeField()),
                ("published_by", person(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("told_up_to", models.BigIntegerField(default=0)),
                ("told_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("search", models.GeneratedField(db_persist=True, expression=vector(), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
            options={
                "ordering": ["item", "-number"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["search"], name="content_search"),
                    models.Index(condition=models.Q(("published_at__isnull", False), ("told_at", None)), fields=["published_at"], name="content_to_tell"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "number"), name="content_versions_in_order"),
                    models.UniqueConstraint(condition=models.Q(("published_at", None)), fields=("item",), name="content_one_draft"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContentAudience",
            fields=[
                key(),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="audiences", to="programs.contentitem")),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="content_audiences", to="partners.group")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("item", "group"), name="content_audience_once")],
            },
        ),
        migrations.CreateModel(
            name="ContentReading",
            fields=[
                key(),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="programs.contentversion")),
                ("user", person(related_name="content_readings")),
                ("opened_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-opened_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("version", "user"), name="content_read_once")],
            },
        ),
        migrations.AddField(
            model_name="contentitem",
            name="groups",
            field=models.ManyToManyField(related_name="content", through="programs.ContentAudience", to="partners.group"),
        ),
        migrations.AddField(
            model_name="contentitem",
            name="current",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="programs.contentversion"),
        ),
    ]
