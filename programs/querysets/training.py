"""Which training somebody may take, and what they did."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from partners.certificates.enums import CertificateStatus
from partners.models import Certificate
from programs.enums import Publishing

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models import Attempt, Module, Path, Take

# So many days before what a path granted lapses, it can be taken again; of a short type in the second half of its term.
RENEW_DAYS = 90


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

    def with_held(self, today: date) -> "TakeQuerySet":
        """Each with `holds_granted`: whether the person holds what its path grants now, in whatever way it was earned, and need
        not think of its end yet. They come with `certificate__type` and `path`."""
        papers = Certificate.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=today + timedelta(days=RENEW_DAYS)),
            status=CertificateStatus.VERIFIED,
            member__user=OuterRef("user"),
            type=OuterRef("path__grants"),
        )
        return self.select_related("certificate__type", "path").annotate(holds_granted=Exists(papers))


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, user: "User") -> "AttemptQuerySet":
        """This person's."""
        return self.filter(user=user)

    def open(self) -> "AttemptQuerySet":
        """Begun and not sent."""
        return self.filter(submitted_at=None)
