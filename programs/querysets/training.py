"""Which training somebody may take, and what they did."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from partners.certificates.enums import CertificateStatus
from programs.enums import Publishing

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models import Attempt, Module, Path, Take


def still_good(on: date, prefix: str = "") -> Q:
    """A take is passed, and what it granted has neither lapsed on that day nor been revoked; `prefix` leads to the take."""
    ends, paper = f"{prefix}valid_until", f"{prefix}certificate"
    return (
        Q(**{f"{prefix}passed_at__isnull": False})
        & (Q(**{ends: None}) | Q(**{f"{ends}__gte": on}))
        & (Q(**{paper: None}) | Q(**{f"{paper}__status": CertificateStatus.VERIFIED}))
    )


class ModuleQuerySet(models.QuerySet["Module"]):
    def published(self) -> "ModuleQuerySet":
        """Those that people can be sent to."""
        return self.filter(status=Publishing.PUBLISHED)


class PathQuerySet(models.QuerySet["Path"]):
    def published(self) -> "PathQuerySet":
        """Those that people can be sent to."""
        return self.filter(status=Publishing.PUBLISHED)


class TakeQuerySet(models.QuerySet["Take"]):
    def of(self, user: "User") -> "TakeQuerySet":
        """This person's."""
        return self.filter(user=user)

    def valid(self, on: date) -> "TakeQuerySet":
        """Passed, and still good on that day."""
        return self.filter(still_good(on))


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, user: "User") -> "AttemptQuerySet":
        """This person's."""
        return self.filter(user=user)

    def open(self) -> "AttemptQuerySet":
        """Begun and not sent."""
        return self.filter(submitted_at=None)
