"""Which training granted a certificate, and which one its holder takes to earn it anew: what `partners/certificates/earning.py`
asks."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
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
    theirs = _Theirs([by_pk[pk] for pk in granted], [take.user for take in granted.values()], at)
    return {
        pk: Earned(take.path.name, theirs.way(by_pk[pk], take.user, take)) for pk, take in granted.items()
    }


def instead_of_papers(certificates: Collection[Certificate], at: datetime) -> dict[int, Earned]:
    """Of papers made out to people whose types take none any more, by id, how their holders earn the type, or what they passed
    that counts in its place: six queries for papers of one firm, however many."""
    made_out = {one: one.member.user_id for one in certificates if one.member is not None}
    users = {one.pk: one for one in User.objects.filter(pk__in=made_out.values()).select_related("role")}
    if not users:
        return {}
    theirs, held = _Theirs(list(made_out), users.values(), at), _held(users, made_out, vendor_day(at))
    found = {}
    for one, pk in made_out.items():
        instead = held.get((pk, one.partner_id, one.type_id), "")
        found[one.pk] = Earned("", None if instead else theirs.way(one, users[pk]), instead)
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


class _Theirs:
    """Which paths the holders of certificates can take for them, and how far they are: asked for once, for all of them."""

    def __init__(
        self, certificates: Collection[Certificate], holders: Collection[User], at: datetime
    ) -> None:
        kinds = {one.type_id for one in certificates}
        firms = {one.partner for one in certificates}
        self._today = vendor_day(at)
        self._open = {firm.pk: list(open_for_firm(firm, at).filter(grants__in=kinds)) for firm in firms}
        self._latest = _latest({user.pk for user in holders}, kinds, self._today)

    def way(self, certificate: Certificate, holder: User, granted: Take | None = None) -> Way | None:
        """By the path that was begun since it was granted, else by the same one, else by one that was begun, else by the one
        that can be taken soonest."""
        if not holder.may(TRAIN):
            return None
        ways = []
        for path in self._paths(certificate, holder):
            last = self._latest.get((holder.pk, path.pk))
            way = _by(path, last, self._today)
            if way is None:
                continue
            going = last is not None and last.passed_at is None
            order = (True, True) if granted is None else _nearness(granted, path, last)
            ways.append(
                ((*order, granted is not None or not going, way.opens or self._today, path.name), way)
            )
        return min(ways, key=lambda found: found[0], default=(None, None))[1]

    def _paths(self, certificate: Certificate, holder: User) -> set[Path]:
        mine = self._open[certificate.partner_id] + self._going_on(certificate, holder)
        return {path for path in mine if path.grants_id == certificate.type_id}

    def _going_on(self, certificate: Certificate, holder: User) -> list[Path]:
        """The paths that the holder is on for this firm: what is begun goes on, whether or not others can begin it now."""
        if certificate.partner.status in RESTS:
            return []
        mine = [take for (user, _), take in self._latest.items() if user == holder.pk]
        return [
            take.path for take in mine if take.passed_at is None and take.partner_id == certificate.partner_id
        ]


def _nearness(granted: Take, path: Path, last: Take | None) -> tuple[bool, bool]:
    since = granted.passed_at or granted.started_at
    renews = last is not None and last.passed_at is None and last.started_at > since
    return not renews, path.pk != granted.path_id


def _latest(users: Collection[int], kinds: Collection[int], today: date) -> _Latest:
    """Everybody's last take of each path that grants one of the types."""
    rows = Take.objects.filter(user__in=users, path__grants__in=kinds)
    takes = rows.with_held(today).order_by("started_at", "pk")
    return {(take.user_id, take.path_id): take for take in takes} if users else {}


def _held(
    users: Collection[int], certificates: Collection[Certificate], today: date
) -> dict[tuple[int, int, int], str]:
    """By person, firm and type the path that granted what they hold, where that is not to be earned anew yet."""
    kinds = {one.type_id for one in certificates}
    takes = Take.objects.valid(today).filter(user__in=users, certificate__type__in=kinds)
    found = {}
    for take in takes.select_related("certificate__type", "path").order_by("passed_at", "pk"):
        opens, one = opens_again(take), take.certificate
        if one is not None and (opens is None or opens > today):
            found[take.user_id, one.partner_id, one.type_id] = take.path.name
    return found


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
