"""What a firm may do inside a right once that has ended, or where it does not begin: others' rights, what the product line
requires and the policy of that day may keep it out all the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from partners.models import Partner
from policies.authorised import Standing, in_force, shut_out
from policies.binding import Authorisation, Right, runs
from policies.concerned import sells_there
from policies.facts import Firm
from policies.findings import Effect
from policies.firms import as_firms
from policies.loading import authorisations_during, rights_during
from policies.models import RegistrationPolicy
from policies.reach import keeps_out, leaves_a_part, meet, within
from policies.rules.product_authorisation import gaps

_INSTANT = timedelta(microseconds=1)
_EFFECTS = {Effect.REFUSED: Standing.REFUSED, Effect.REVIEW: Standing.REVIEW}


@dataclass(frozen=True)
class Reopening:
    """How a firm stands to what the right was about from its end on. `in_part`: others keep it out of a part of it. `until`: when
    something that is announced already closes it further; None for nothing."""

    standing: Standing
    in_part: bool
    until: datetime | None


@dataclass(frozen=True)
class Binding:
    """What binds from shortly before an end on: rights, requirements, and versions, of which the first is in force then."""

    rights: Sequence[Right]
    asked: Sequence[Authorisation]
    versions: Sequence[RegistrationPolicy]


def reopenings(right: Right, partners: Sequence[Partner], end: datetime) -> dict[int, Reopening]:
    """Ids of the firms that may do more inside the right from `end` on than within it: how. The right must be ended, or taken
    back, already; territories should be prefetched. As many queries for many firms."""
    after = _After(right, end, _binding(min(_last_moment(right, end), end)))
    found = ((partner.pk, after.reopening(partner, firm)) for partner, firm in as_firms(partners, end))
    return {pk: one for pk, one in found if one is not None}


def reopening(right: Right, partner: Partner, firm: Firm, binding: Binding) -> Reopening | None:
    """The same for one firm, as it is now, at the end that the right has; no queries."""
    assert right.until is not None
    return _After(right, right.until, binding).reopening(partner, firm)


def kept_out_afterwards(right: Right, end: datetime) -> Standing:
    """How the holder stands by others' rights to what its own was about, from `end` on."""
    return _After(right, end, _binding(end)).by_rights(right.partner, end)


def _binding(at: datetime) -> Binding:
    far = datetime.max.replace(tzinfo=at.tzinfo)
    policies = RegistrationPolicy.objects
    versions = [policies.in_force(at), *policies.scheduled(at)]
    return Binding(rights_during(at, far), authorisations_during(at, far), versions)


def _last_moment(right: Right, end: datetime) -> datetime:
    """The last at which it kept anybody out; `end` for one that never began."""
    return right.until - _INSTANT if right.until is not None and right.until <= end else end


class _After:
    """What binds from the end on."""

    def __init__(self, right: Right, end: datetime, binding: Binding) -> None:
        self._right, self._end = right, end
        self._rights = [one for one in binding.rights if one.code != right.code and meet(one, right)]
        self._asked = [one for one in binding.asked if one.product_line == right.product_line]
        self._versions = binding.versions
        rows: list[Right | Authorisation] = [*self._rights, *self._asked]
        begins = [row.from_at for row in rows]
        begins += [version.effective_from for version in self._versions if version.effective_from]
        # One that ends may be the firm's own.
        ends = [one.until for one in self._rights if one.until is not None]
        self.changes = sorted({moment for moment in [*begins, *ends] if moment > end})

    def reopening(self, partner: Partner, firm: Firm) -> Reopening | None:
        """What the end opens to the firm; None for nothing."""
        standing = self.standing(partner, firm, self._end)
        if standing >= _EFFECTS[self._right.effect] or not self._was_out(firm):
            return None
        closes = (moment for moment in self.changes if self.standing(partner, firm, moment) > standing)
        return Reopening(standing, self.in_part(firm, standing, self._end), next(closes, None))

    def _was_out(self, firm: Firm) -> bool:
        """Whether the right kept the firm out of something until then: not where it held one to all of it."""
        return keeps_out(self._right, firm.id, self._rights, _last_moment(self._right, self._end))

    def standing(self, partner: Partner, firm: Firm, at: datetime) -> Standing:
        """Of all of it: what keeps it out of a part alone does not count."""
        begun = [one for one in self._versions if one.effective_from is None or one.effective_from <= at]
        version = begun[-1]
        if not sells_there(partner, self._right, [version]) or shut_out([firm], version, at):
            return Standing.REFUSED
        asked = in_force(self._asked, self._right.product_line or 0, at)
        lacks = _EFFECTS[asked.effect] if asked is not None and gaps(firm, asked) else Standing.OPEN
        return max(lacks, self.by_rights(firm.id, at))

    def by_rights(self, firm: int, at: datetime) -> Standing:
        """What others' rights leave of all of it; something that the firm holds itself is left."""
        if leaves_a_part(self._right, firm, self._rights, at):
            return Standing.OPEN
        around = [one for one in self._out(firm, at) if within(self._right, one)]
        return max((_EFFECTS[one.effect] for one in around), default=Standing.OPEN)

    def in_part(self, firm: Firm, standing: Standing, at: datetime) -> bool:
        """Whether others' rights are harder on something within it than the firm's standing to the rest."""
        return any(_EFFECTS[one.effect] > standing for one in self._out(firm.id, at))

    def _out(self, firm: int, at: datetime) -> list[Right]:
        return [one for one in self._rights if runs(one, at) and keeps_out(one, firm, self._rights, at)]
