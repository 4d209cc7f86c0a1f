"""What a firm may do inside a right once that has ended, or where it does not begin: others' rights, what the product line
requires and the policy of that day may keep it out all the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from partners.models import Partner
from policies.authorised import in_force
from policies.binding import Authorisation, Right, runs
from policies.by_country import ByCountry, Standing
from policies.concerned import binds
from policies.facts import Firm
from policies.findings import Effect
from policies.firms import as_firms, firm_of
from policies.loading import authorisations_during, rights_during
from policies.models import RegistrationPolicy
from policies.reach import closing, held, keeps_out, meet
from policies.reserved import Reserved, closed_with
from policies.rules import product_authorisation
from policies.stands import together, version_at, welcome

_INSTANT = timedelta(microseconds=1)
_EFFECTS = {Effect.REFUSED: Standing.REFUSED, Effect.REVIEW: Standing.REVIEW}


@dataclass(frozen=True)
class Reopening:
    """How a firm stands to what the right was about from its end on, where it is freest. `in_part`: it is kept out of a part of
    it, by others' rights or by what the line requires. `until`: when something that is announced already closes it further;
    None for nothing."""

    standing: Standing
    in_part: bool
    until: datetime | None


@dataclass(frozen=True)
class Remaining:
    """What others' rights alone do to a firm from the day on which one that was taken back was to begin: how that keeps it out,
    and from when on they no longer do, which is before that one would have ended (None: they do all that time). `opening`: what
    opens to the firm then."""

    kept: Standing
    until: datetime | None
    opening: Reopening | None


@dataclass(frozen=True)
class Afterwards:
    """How others' rights keep a holder out of what its own was about, once that is over: where it is freest, and the `parts` that
    close to it further than that."""

    standing: Standing
    parts: list[Reserved]


@dataclass(frozen=True)
class Binding:
    """What binds from shortly before an end on: rights, requirements, and versions, of which the first is in force then."""

    rights: Sequence[Right]
    asked: Sequence[Authorisation]
    versions: Sequence[RegistrationPolicy]


def reopenings(right: Right, partners: Sequence[Partner], end: datetime) -> dict[int, Reopening]:
    """Ids of the firms that may do more inside the right from `end` on than within it: how. The right must be ended, or taken
    back, already. As many queries for many firms."""
    after = _After(right, end, _binding(min(_last_moment(right, end), end)))
    found = ((partner.pk, after.reopening(firm)) for partner, firm in as_firms(partners, end))
    return {pk: one for pk, one in found if one is not None}


def remaining(right: Right, partners: Sequence[Partner]) -> dict[int, Remaining]:
    """Ids of the firms that others' rights keep out as strictly on the day on which the right was to begin, which is taken back:
    how long. As many queries for many firms."""
    if not partners:
        return {}
    after = _After(right, right.from_at, _binding(right.from_at))
    found = ((partner.pk, after.remaining(firm)) for partner, firm in as_firms(partners, right.from_at))
    return {pk: one for pk, one in found if one is not None}


def reopening(right: Right, firm: Firm, binding: Binding) -> Reopening | None:
    """The same for one firm, as it is now, at the end that the right has; no queries."""
    assert right.until is not None
    return _After(right, right.until, binding).reopening(firm)


def afterwards(right: Right, holder: Partner, end: datetime) -> Afterwards:
    """How the holder stands by others' rights to what its own was about, from `end` on."""
    binding = _binding(end - _INSTANT)
    after = _After(right, end, binding)
    standing = after.by_rights(holder.pk, end).freest(after.where)
    firm = firm_of(holder, end)
    others = [
        one for one in binding.rights if one.partner != holder.pk and binds(firm, one, binding.versions, end)
    ]
    parts = closed_with(right, end, others, binding.rights)
    return Afterwards(standing, [one for one in parts if _EFFECTS[one.right.effect] > standing])


def _binding(at: datetime) -> Binding:
    far = datetime.max.replace(tzinfo=at.tzinfo)
    versions = RegistrationPolicy.objects.from_now(at)
    return Binding(rights_during(at, far), authorisations_during(at, far), versions)


def _last_moment(right: Right, end: datetime) -> datetime:
    """The last at which it kept anybody out; `end` for one that never began."""
    return right.until - _INSTANT if right.until is not None and right.until <= end else end


class _After:
    """What binds from the end on."""

    def __init__(self, right: Right, end: datetime, binding: Binding) -> None:
        self._right, self._end = right, end
        self.where = right.countries
        self._rights = [one for one in binding.rights if one.code != right.code and meet(one, right)]
        self._asked = [one for one in binding.asked if one.product_line == right.product_line]
        self._binding, self._versions = binding, binding.versions
        rows: list[Right | Authorisation] = [*self._rights, *self._asked]
        begins = [row.from_at for row in rows]
        begins += [version.effective_from for version in self._versions if version.effective_from]
        # One that ends may be the firm's own.
        ends = [one.until for one in self._rights if one.until is not None]
        self.changes = sorted({moment for moment in [*begins, *ends] if moment > end})

    def reopening(self, firm: Firm) -> Reopening | None:
        """What the end opens to the firm; None for nothing."""
        then = self._standing(firm, self._end)
        standing = then.and_also(self._had(firm)).freest(self.where)
        if standing >= _EFFECTS[self._right.effect] or not self._was_out(firm):
            return None
        closes = (at for at in self.changes if self._standing(firm, at).freest(self.where) > standing)
        return Reopening(standing, self._in_part(firm, then, standing), next(closes, None))

    def remaining(self, firm: Firm) -> Remaining | None:
        """What others' rights do without this one; None where they keep the firm out less."""
        effect, until = _EFFECTS[self._right.effect], self._right.until
        kept = self._kept_by_rights(firm, self._end)
        if kept < effect:
            return None
        meanwhile = (at for at in self.changes if until is None or at < until)
        free = next((at for at in meanwhile if self._kept_by_rights(firm, at) < effect), None)
        opening = _After(self._right, free, self._binding).reopening(firm) if free is not None else None
        return Remaining(kept, free, opening)

    def _kept_by_rights(self, firm: Firm, at: datetime) -> Standing:
        """How others' rights keep it out where it could register otherwise: anywhere, if it could not."""
        asked = in_force(self._asked, self._right.product_line or 0, at)
        welcome = self._welcome(firm, at)
        usual = (welcome.and_also(product_authorisation.by_country(firm, asked)), welcome)
        could = (one for one in usual if one.freest(self.where) < _EFFECTS[self._right.effect])
        return next(could, ByCountry()).and_also(self.by_rights(firm.id, at)).freest(self.where)

    def _was_out(self, firm: Firm) -> bool:
        """Whether the right kept the firm out of something until then: not where it held one to all of it."""
        return keeps_out(self._right, firm.id, self._rights, _last_moment(self._right, self._end))

    def _had(self, firm: Firm) -> ByCountry:
        """Refused where nothing opens to the firm, as it held a right to all of that itself."""
        line, industry = self._right.product_line, self._right.industry
        own = held(firm.id, self._rights, _last_moment(self._right, self._end))
        own = [one for one in own if one.product_line in (None, line) and one.industry in (None, industry)]
        return together(ByCountry().but_in(one.countries, Standing.REFUSED) for one in own)

    def _standing(self, firm: Firm, at: datetime) -> ByCountry:
        """To all of the product lines and industries that it was about."""
        asked = in_force(self._asked, self._right.product_line or 0, at)
        asks = product_authorisation.by_country(firm, asked)
        return together([self._welcome(firm, at), asks, self.by_rights(firm.id, at)])

    def _welcome(self, firm: Firm, at: datetime) -> ByCountry:
        return welcome(firm, version_at(self._versions, at), at)[0]

    def by_rights(self, firm: int, at: datetime) -> ByCountry:
        """What others' rights leave; something that the firm holds itself is left."""
        line, industry = self._right.product_line, self._right.industry
        found = closing(firm, self._rights, at, line=line, industry=industry)
        return together(where for _, where in found)

    def _in_part(self, firm: Firm, then: ByCountry, standing: Standing) -> bool:
        """Whether it is harder somewhere within it than where it is freest: by what the line requires, where the policy takes
        the firm's deals at all, or by others' rights to some of it."""
        usual = self._welcome(firm, self._end).and_also(ByCountry(standing))
        out = (one for one in self._rights if runs(one, self._end))
        out = (one for one in out if keeps_out(one, firm.id, self._rights, self._end))
        return then.harder_than(usual, self.where) or any(_EFFECTS[one.effect] > standing for one in out)
