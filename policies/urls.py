"""Addresses of the policies app."""

from django.urls import path

from policies.views import publishing, registration_policy

app_name = "policies"

urlpatterns = [
    path("policies/registration/", registration_policy.registration_policy, name="registration_policy"),
    path("policies/registration/new/", publishing.new_version, name="new_version"),
    path("policies/registration/<int:number>/", registration_policy.version, name="version"),
    path("policies/registration/<int:number>/withdraw/", publishing.withdraw, name="withdraw_version"),
]
