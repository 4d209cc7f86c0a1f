"""How complete a firm's profile is, and the one next thing that is worth doing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse

from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from core import shown
from partners.enums import PartnerFunction, PartnerStatus, StepSide
from partners.models import Member, Partner
from partners.permissions import may_edit_own, may_invite

_BY_INVITING = ("admin", "colleagues")
_OWN_FUNCTIONS = "own functions"


@dataclass(frozen=True)
class Need:
    """One thing that a complete profile has. `words` say what to do ('Add your website'), `why` what it is good for."""

    key: str
    met: bool
    side: StepSide
    words: str
    why: str
    url: str


@dataclass(frozen=True)
class Completeness:
    """How many of the needs are met, and the first unmet one that the reader can do something about."""

    met: int
    total: int
    next: Need | None

    @property
    def percent(self) -> int:
        """Whole percent, 100 only when nothing is missing."""
        return shown.share(self.met, self.total)


def completeness_of(
    partner: Partner, members: Iterable[Member], reader: User, *, invited: bool = False
) -> Completeness:
    """Of a firm with its territories and industries fetched; `members` come with user and role. No queries of its own. An
    ended firm has no next step; inviting is none while somebody is `invited` and has not come yet."""
    waits = _BY_INVITING if invited else ()
    listed = list(members)
    needs = needs_of(partner, listed)
    side = StepSide.VENDOR if reader.is_vendor else StepSide.PARTNER
    mine = (
        _for(reader, partner, listed, need) for need in needs if need.side == side and need.key not in waits
    )
    over = partner.status == PartnerStatus.ENDED
    return Completeness(
        met=sum(need.met for need in needs),
        total=len(needs),
        next=next((need for need in mine if not need.met and not over and _may(reader, partner, need)), None),
    )


def needs_of(partner: Partner, members: list[Member]) -> list[Need]:
    """All needs, the most useful first."""
    here = [member for member in members if member.user.is_active]
    covered = {function for member in here for function in member.functions}
    own = reverse("partners:edit_own")
    edit = reverse("partners:edit_partner", args=[partner.code])
    invite = reverse("partners:invite", args=[partner.code])
    partner_side, vendor_side = StepSide.PARTNER, StepSide.VENDOR
    page = f"{reverse('partners:partner', args=[partner.code])}#people-title"
    return [
        Need(
            *("admin", any(member.user.role.code == PARTNER_ADMIN for member in here), vendor_side),
            *("Invite the firm's first admin", "Then the firm invites its own people.", invite),
        ),
        Need(
            *("manager", partner.manager is not None and partner.manager.is_active, vendor_side),
            *("Name a channel manager", "Its reviews, and our mails about it, come to this person.", edit),
        ),
        Need(
            *("website", bool(partner.website), partner_side),
            *("Add your website", "Our people find you by it, and open it from your firm’s page.", own),
        ),
        Need(
            *("city", bool(partner.city), partner_side),
            *("Add your city", "Our people find you by it, and see where you are.", own),
        ),
        Need(
            *("colleagues", len(here) > 1, partner_side),
            *(
                "Invite a colleague",
                "They register deals of their own; a second admin stands in while you are away.",
                invite,
            ),
        ),
        Need(
            *("functions", covered == set(PartnerFunction.values), partner_side),
            *(
                "Say who does sales, marketing and technical work",
                "Then our people call the right one.",
                page,
            ),
        ),
        Need(
            *("territories", bool(partner.territories.all()), vendor_side),
            *(
                "Set the firm's territories",
                "Leads of a territory come first to firms whose own it is.",
                edit,
            ),
        ),
        Need(
            *("industries", bool(partner.industries.all()), vendor_side),
            *("Set the firm's industries", "Groups of firms go by them, and programs by groups.", edit),
        ),
    ]


def _for(reader: User, partner: Partner, members: Iterable[Member], need: Need) -> Need:
    """The need as its reader can do something about it: everybody says their own functions, the firm's admins those of all."""
    own = any(member.user_id == reader.pk and not member.functions for member in members)
    if need.key != "functions" or need.met or not own or may_edit_own(reader, partner):
        return need
    return replace(
        need,
        key=_OWN_FUNCTIONS,
        words="Say what you do: sales, marketing or technical work",
        url=reverse("partners:member", args=[reader.pk]),
    )


def _may(reader: User, partner: Partner, need: Need) -> bool:
    if need.key == _OWN_FUNCTIONS:
        return True
    if need.key in _BY_INVITING:
        return may_invite(reader, partner)
    return may_edit_own(reader, partner) if need.side == StepSide.PARTNER else reader.may("partners.edit")
