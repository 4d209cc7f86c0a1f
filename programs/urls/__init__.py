"""Addresses of programs, tiers, training and content, a file for each area."""

from programs.urls import content, programs, tiers, training

app_name = "programs"

urlpatterns = [
    *tiers.urlpatterns,
    *training.urlpatterns,
    *programs.urlpatterns,  # after them: its own addresses begin with a code
    *content.urlpatterns,
]
