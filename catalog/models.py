"""What is sold, where, to whom, in which money."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class ProductLine(models.Model):
    """A family of products; protection is held per company and product line."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Territory(models.Model):
    """A sales area: the ISO 3166 alpha-2 codes of its countries."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    countries = ArrayField(models.CharField(max_length=2), default=list)
    # Nobody could work there before; none: since ever, as far as anybody knows.
    created_at = models.DateTimeField(null=True, db_default=Now())

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "territories"

    def __str__(self) -> str:
        return self.name


class Industry(models.Model):
    """What a company does."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "industries"

    def __str__(self) -> str:
        return self.name


class Currency(models.Model):
    """A currency; `rate_to_base` is how much of the base currency (rate 1) one unit buys."""

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=60)
    symbol = models.CharField(max_length=4)
    decimals = models.PositiveSmallIntegerField(default=2)
    rate_to_base = models.DecimalField(max_digits=18, decimal_places=8, default=Decimal(1))

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "currencies"
        constraints = [
            models.CheckConstraint(condition=models.Q(rate_to_base__gt=0), name="currency_rate_positive")
        ]

    def __str__(self) -> str:
        return self.code
