"""Applying, and operations' queue of applications."""

from django.urls import path

from partners.views import applying, vetting

_ONE = "partners/applications/<str:code>/"

urlpatterns = [
    path("apply/", applying.apply, name="apply"),
    path("apply/sent/", applying.applied, name="applied"),
    path("apply/<str:token>/", applying.confirm_application, name="confirm_application"),
    path("partners/applications/", vetting.applications, name="applications"),
    path(_ONE, vetting.application, name="application"),
    path(f"{_ONE}accept/", vetting.accept_application, name="accept_application"),
    path(f"{_ONE}decline/", vetting.decline_application, name="decline_application"),
    path(f"{_ONE}notes/", vetting.note_application, name="note_application"),
    path(f"{_ONE}checks/<int:check_id>/", vetting.tick_check, name="tick_check"),
]
