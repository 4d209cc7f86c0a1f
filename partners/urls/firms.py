"""Firms, their people and invitations."""

from django.urls import path

from partners.views import (
    accepting,
    firms,
    inviting,
    listing,
    member,
    onboarding,
    our_steps,
    people,
    standing,
)

urlpatterns = [
    path("partners/", listing.partners, name="list"),
    path("partners/new/", firms.new_partner, name="new_partner"),
    path("partners/steps/", our_steps.our_steps, name="our_steps"),
    path("partners/<str:code>/", firms.partner, name="partner"),
    path("partners/<str:code>/edit/", firms.edit_partner, name="edit_partner"),
    path("partners/<str:code>/invite/", inviting.invite_member, name="invite"),
    path("partners/<str:code>/steps/", onboarding.onboarding, name="onboarding"),
    path("partners/<str:code>/steps/<int:step_id>/", onboarding.tick_step, name="tick_step"),
    path("partners/<str:code>/history/", standing.history, name="history"),
    path("partners/<str:code>/status/<str:change>/", standing.standing, name="standing"),
    path("firm/", firms.firm, name="firm"),
    path("firm/edit/", firms.edit_own, name="edit_own"),
    path("people/", people.people, name="people"),
    path("people/invite/", inviting.invite_staff, name="invite_staff"),
    path("people/<int:person_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:person_id>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:person_id>/", member.member, name="member"),
    path("people/<int:person_id>/manager/", people.set_manager, name="set_manager"),
    path("invitations/<str:token>/", accepting.accept, name="accept_invitation"),
    path("invitations/<int:invitation_id>/revoke/", inviting.revoke, name="revoke_invitation"),
]
