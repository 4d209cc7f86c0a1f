"""Leads that are worth less than the smallest deal that is registered: no firm could register or claim them. Nothing forbids
such a lead, since its value is a guess; the pages say so while it is imported and given."""

from decimal import Decimal

from catalog.models import Currency
from catalog.money import base_currency
from core.clock import database_clock
from policies.models import RegistrationPolicy
from policies.rules.least_value import is_too_small
from policies.saying import amount


class Smallest:
    """The smallest deal of the policy in force, asked for once."""

    def __init__(self) -> None:
        self._policy = RegistrationPolicy.objects.in_force(database_clock())

    def is_above(self, value: Decimal | None, currency: Currency) -> bool:
        """Whether a lead of this value is too small."""
        return is_too_small(None if value is None else value * currency.rate_to_base, self._policy)

    def words(self, value: Decimal | None, currency: Currency) -> str:
        """The same in a sentence; empty where it is not."""
        if not self.is_above(value, currency):
            return ""
        return (
            f"Its value is below {self.amount}, the smallest deal that the policy in force lets anybody register, so no "
            "firm could claim it or make it a registration. Correct the value if it is worth more."
        )

    @property
    def amount(self) -> str:
        """'10,000 EUR'."""
        return amount(self._policy.least_value, base_currency())
