"""Addresses of the reports app."""

from django.urls import path, re_path

from reports.views import open_registrations

app_name = "reports"

urlpatterns = [
    path("open-registrations/", open_registrations.open_registrations, name="open_registrations"),
    re_path(
        r"^open-registrations/export\.(?P<kind>csv|xlsx)$",
        open_registrations.export_open_registrations,
        name="export_open_registrations",
    ),
]
