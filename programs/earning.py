"""Which training granted a certificate, and which one its holder takes to earn it anew: what `partners/certificates/earning.py`
asks."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from core.vendor_days import vendor_day
from partners.certificates.earning import Earned, Way
from partners.certificates.enums import CertificateStatus
from partners.models import Certificate
from programs.models import ModuleDone, Path, Take
from programs.permissions import TRAIN
from programs.training import RESTS, open_for_firm
from programs.training_terms import may_be_taken_again, opens_again

_Latest = dict[tuple[int, int], Take]


def earned_by_training(certificates: Collection[Certificate], at: datetime) -> dict[int, Earned]:
    """Those that training granted, by id: five queries for certificates of one firm, however many."""
    by_pk = {one.pk: one for one in certificates}
    rows = Take.objects.filter(certificate__in=by_pk).select_related("path", "user__role")
    by_first = rows.order_by("-passed_at", "-pk")  # the first one passed wins
    granted = {take.certificate_id: take for take in by_first if take.certificate_id is not None}
    firms = {by_pk[pk].partner for pk in granted}
    kinds = {by_pk[pk].type_id for pk in granted}
    open_paths = {firm.pk: list(open_for_firm(firm, at).filter(grants__in=kinds)) for firm in firms}
    latest = _latest({take.user_id for take in granted.values()}, kinds)
    found = {}
    for pk, take in granted.items():
        one = by_pk[pk]
        mine = open_paths[one.partner_id] + _going_on(take, one, latest) if take.user.may(TRAIN) else []
        paths = {path for path in mine if path.grants_id == one.type_id}
        found[pk] = Earned(take.path.name, _way(take, paths, latest, vendor_day(at)))
    return found


def same_learning(certificate: Certificate) -> list[Certificate]:
    """The person's other certificates that count and rest on a module which, done once, earned this one, too."""
    own = ModuleDone.objects.filter(take__certificate=certificate)
    same = ModuleDone.objects.filter(
        Exists(own.filter(take__user=OuterRef("take__user"), module=OuterRef("module"), at=OuterRef("at")))
    )
    rows = Certificate.objects.filter(
        pk__in=same.values("take__certificate"), status=CertificateStatus.VERIFIED
    )
    return list(rows.exclude(pk=certificate.pk).select_related("type").order_by("pk"))


def _latest(users: Collection[int], kinds: Collection[int]) -> _Latest:
    """Everybody's last take of each path that grants one of the types."""
    rows = Take.objects.filter(user__in=users, path__grants__in=kinds)
    takes = rows.select_related("certificate__type", "path").order_by("started_at", "pk")
    return {(take.user_id, take.path_id): take for take in takes} if users else {}


def _going_on(granted: Take, certificate: Certificate, latest: _Latest) -> list[Path]:
    """The paths that the holder is on for this firm: what is begun goes on, whether or not others can begin it now."""
    if certificate.partner.status in RESTS:
        return []
    firm, holder = certificate.partner_id, granted.user_id
    mine = [take for (user, _), take in latest.items() if user == holder and take.partner_id == firm]
    return [take.path for take in mine if take.passed_at is None]


def _way(granted: Take, paths: Collection[Path], latest: _Latest, today: date) -> Way | None:
    """By the path that was begun since, else by the same one, else by the one that can be taken soonest."""
    ways, since = [], granted.passed_at or granted.started_at
    for path in paths:
        last = latest.get((granted.user_id, path.pk))
        if way := _by(path, last, today):
            renews = last is not None and last.passed_at is None and last.started_at > since
            ways.append(((not renews, path.pk != granted.path_id, way.opens or today, path.name), way))
    return min(ways, key=lambda found: found[0], default=(None, None))[1]


def _by(path: Path, last: Take | None, today: date) -> Way | None:
    url = reverse("programs:path", args=[path.code])
    if last is None:
        return Way(f"take “{path.name}”", url)
    if last.passed_at is None:
        return Way(f"go on with “{path.name}”", url)
    again = f"take “{path.name}” again"
    if may_be_taken_again(last, today):
        return Way(again, url)
    opens = opens_again(last)
    return Way(again, url, opens) if opens is not None else None
