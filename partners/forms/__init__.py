"""Forms of the partners app, a file for each part."""

from partners.forms.firms import OwnProfileForm, PartnerFilter, PartnerForm
from partners.forms.people import AcceptForm, InviteForm, MemberForm

__all__ = ["AcceptForm", "InviteForm", "MemberForm", "OwnProfileForm", "PartnerFilter", "PartnerForm"]
