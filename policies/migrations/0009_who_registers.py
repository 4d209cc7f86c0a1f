"""Who registers deals and how large they are, and what has to be filled in."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

import policies.models.registration_policy

KINDS = [("reseller", "Reseller"), ("distributor", "Distributor"), ("integrator", "System integrator"),
         ("msp", "Managed service provider"), ("consultant", "Consultant")]
TIERS = [("registered", "Registered"), ("silver", "Silver"), ("gold", "Gold"), ("platinum", "Platinum")]
TREATMENTS = [("allowed", "Treated like any other"), ("review", "Looked at by a channel manager"), ("refused", "Refused")]
FIELDS = [
    ("website", "the company's website"), ("city", "the company's city"), ("postcode", "the company's postcode"),
    ("industry", "the company's industry"), ("territory", "the territory"),
    ("contact_name", "the name of a contact person"), ("contact_email", "the contact person's e-mail address"),
    ("contact_phone", "the contact person's telephone number"), ("deal_name", "a name for the deal"),
    ("expected_close", "when you expect it to close"), ("competitors", "who you compete with"), ("next_step", "the next step"),
]


def _add(name, field):
    return migrations.AddField("registrationpolicy", name, field)


def _codes(value):
    texts = django.contrib.postgres.fields.ArrayField(models.CharField(max_length=20))
    return models.Value(value, output_field=texts)


class Migration(migrations.Migration):
    dependencies = [("policies", "0008_rights")]
    operations = [
        _add(
            "registering_kinds",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(choices=KINDS, max_length=20), blank=True, default=list, db_default=_codes([]), size=None,
                help_text="Kinds of firms that register deals; empty: all.",
            ),
        ),
        _add(
            "least_tier",
            models.CharField(
                choices=TIERS, max_length=20, default="registered", db_default="registered",
                help_text="Firms of this tier and above register deals.",
            ),
        ),
        _add(
            "onboarding_partners",
            models.CharField(
                choices=TREATMENTS, max_length=10, default="review", db_default="review",
                help_text="What becomes of deals of firms that are not active yet.",
            ),
        ),
        _add(
            "outside_territory",
            models.CharField(
                choices=TREATMENTS, max_length=10, default="allowed", db_default="allowed",
                help_text="What becomes of deals outside the firm's own territories.",
            ),
        ),
        _add(
            "least_value",
            models.DecimalField(
                max_digits=14, decimal_places=2, default=Decimal(0), db_default=Decimal(0),
                validators=[django.core.validators.MinValueValidator(Decimal(0))],
                help_text="Smaller deals are not registered, in the base currency; 0: any size.",
            ),
        ),
        _add(
            "required_fields",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(choices=FIELDS, max_length=20), blank=True, size=None,
                default=policies.models.registration_policy.default_required_fields, db_default=_codes(["expected_close"]),
                help_text="What has to be filled in before submitting, besides name, country and value.",
            ),
        ),
    ]
