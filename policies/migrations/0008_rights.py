"""Exclusive rights, what a product line requires, routes of reviews, and operations' own dos and don'ts."""

import functools
from decimal import Decimal

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.codes
import policies.models.exclusive_right

# A country is a number, a list of countries a set of such numbers, an empty list all of them.
PLACES = """
CREATE FUNCTION concord_places(codes varchar[]) RETURNS int4multirange LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN cardinality(codes) = 0 THEN '{(,)}'::int4multirange ELSE (
        SELECT range_agg(int4range(place, place + 1))
        FROM (SELECT ascii(code) * 256 + ascii(substr(code, 2)) AS place FROM unnest(codes) AS code) AS places
    ) END
$$;
"""
NO_PLACES = "DROP FUNCTION concord_places(varchar[])"
BARRED = [("refused", "Refused"), ("review", "Looked at by a channel manager")]
TIERS = [("registered", "Registered"), ("silver", "Silver"), ("gold", "Gold"), ("platinum", "Platinum")]


def to(model, name="+", **options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to=model, **options
    )


def id_field():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalog", "0001_initial"),
        ("partners", "0001_initial"),
        ("policies", "0007_prechecks_per_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunSQL(PLACES, NO_PLACES),
        migrations.CreateModel(
            name="ExclusiveRight",
            fields=[
                ("id", id_field()),
                (
                    "code",
                    models.CharField(
                        default=functools.partial(core.codes.new_code, "X"), editable=False, max_length=16, unique=True
                    ),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "effect",
                    models.CharField(
                        choices=BARRED, default="refused", help_text="What others inside it get.", max_length=10
                    ),
                ),
                ("note", models.CharField(help_text="Why it was given. Partners don't read this.", max_length=300)),
                (
                    "nobody_concerned",
                    models.BooleanField(default=False, help_text="The notice period was waived when it was given."),
                ),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("end_note", models.CharField(blank=True, default="", max_length=300)),
                ("end_set_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("created_by", to(settings.AUTH_USER_MODEL)),
                ("end_set_by", to(settings.AUTH_USER_MODEL, null=True)),
                ("industry", to("catalog.industry", null=True)),
                ("partner", to("partners.partner", "exclusive_rights")),
                ("product_line", to("catalog.productline", null=True)),
                ("territory", to("catalog.territory", null=True)),
            ],
            options={
                "ordering": ["begins_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(effect__in=["refused", "review"]), name="exclusive_right_effect_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("begins_at")),
                        name="exclusive_right_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(territory=None, countries=[])
                        | models.Q(territory__isnull=False) & ~models.Q(countries=[]),
                        name="exclusive_right_territory_has_countries",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        expressions=[
                            (policies.models.exclusive_right.OneOrAll("product_line"), "&&"),
                            (policies.models.exclusive_right.OneOrAll("industry"), "&&"),
                            (policies.models.exclusive_right.Places("countries"), "&&"),
                            (policies.models.exclusive_right.Period("begins_at", "ends_at"), "&&"),
                        ],
                        name="one_exclusive_right",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guidance",
            fields=[
                ("id", id_field()),
                ("kind", models.CharField(choices=[("do", "Do"), ("dont", "Don't")], max_length=10)),
                ("text", models.CharField(max_length=400)),
                ("begins_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", to(settings.AUTH_USER_MODEL)),
                ("ended_by", to(settings.AUTH_USER_MODEL, null=True)),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="policies.guidance",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "begins_at", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(kind__in=["do", "dont"]), name="guidance_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("begins_at")),
                        name="guidance_ends_after_begin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductAuthorisation",
            fields=[
                ("id", id_field()),
                ("effective_from", models.DateTimeField()),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                ("least_tier", models.CharField(blank=True, choices=TIERS, default="", max_length=20)),
                (
                    "certificates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("effect", models.CharField(choices=BARRED, default="refused", max_length=10)),
                ("note", models.CharField(help_text="What changes and why.", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("created_by", to(settings.AUTH_USER_MODEL)),
                ("product_line", to("catalog.productline", "authorisations")),
                ("territories", models.ManyToManyField(blank=True, related_name="+", to="catalog.territory")),
                ("withdrawn_by", to(settings.AUTH_USER_MODEL, null=True)),
            ],
            options={
                "ordering": ["product_line", "-effective_from", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(effect__in=["refused", "review"]), name="authorisation_effect_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(least_tier__in=["", "registered", "silver", "gold", "platinum"]),
                        name="authorisation_tier_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(withdrawn_at=None),
                        fields=["product_line", "effective_from"],
                        name="authorisation_once_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewRoute",
            fields=[
                ("id", id_field()),
                ("position", models.PositiveIntegerField()),
                (
                    "value_from",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                    ),
                ),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("created_by", to(settings.AUTH_USER_MODEL)),
                ("ended_by", to(settings.AUTH_USER_MODEL, null=True)),
                ("person", to(settings.AUTH_USER_MODEL, null=True)),
                ("product_lines", models.ManyToManyField(blank=True, related_name="+", to="catalog.productline")),
                ("role", to("accounts.role", null=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(person=None) | models.Q(role=None), name="route_leads_to_one"
                    ),
                    models.CheckConstraint(condition=models.Q(value_from__gte=0), name="route_value_positive"),
                ],
            },
        ),
    ]
