"""Addresses of the policies app."""

from django.urls import path

from policies.urls import binding
from policies.views import drafts, publishing, registration_policy, versions

app_name = "policies"

urlpatterns = [
    path("policies/registration/", registration_policy.registration_policy, name="registration_policy"),
    path("policies/registration/new/", drafts.new_version, name="new_version"),
    path("policies/registration/versions/", versions.versions, name="versions"),
    path("policies/registration/compare/", versions.compare, name="compare_versions"),
    path("policies/registration/<int:number>/", registration_policy.version, name="version"),
    path("policies/registration/<int:number>/edit/", drafts.edit_draft, name="edit_draft"),
    path("policies/registration/<int:number>/edit/live/", drafts.live, name="draft_live"),
    path("policies/registration/<int:number>/delete/", drafts.delete, name="delete_draft"),
    path("policies/registration/<int:number>/publish/", publishing.publish, name="publish_draft"),
    path("policies/registration/<int:number>/withdraw/", publishing.withdraw, name="withdraw_version"),
    *binding.urlpatterns,
]
