"""The currencies that come with the portal. The base is the euro; rates are edited as data (reference rates, 2026)."""

from decimal import Decimal

from django.db import migrations

CURRENCIES = [
    ("EUR", "Euro", "€", 2, "1"),
    ("USD", "US dollar", "$", 2, "0.92"),
    ("GBP", "Pound sterling", "£", 2, "1.17"),
    ("CHF", "Swiss franc", "CHF", 2, "1.05"),
    ("SEK", "Swedish krona", "kr", 2, "0.088"),
    ("JPY", "Japanese yen", "¥", 0, "0.0061"),
]


def load(apps, schema_editor):
    currency = apps.get_model("catalog", "Currency")
    for code, name, symbol, decimals, rate in CURRENCIES:
        currency.objects.get_or_create(
            code=code,
            defaults={"name": name, "symbol": symbol, "decimals": decimals, "rate_to_base": Decimal(rate)},
        )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
