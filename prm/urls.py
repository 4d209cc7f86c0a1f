"""Addresses of the portal."""

from django.conf import settings
from django.urls import include, path

from prm import views

urlpatterns = [
    path("", views.home, name="home"),
    path("account/", include("prm.account_urls")),
    path("", include("accounts.urls")),
    path("", include("core.urls")),
    path("", include("notifications.urls")),
    path("", include("partners.urls")),
    path("", include("companies.urls")),
    path("", include("programs.urls")),
    path("", include("policies.urls")),
    path("", include("registrations.urls")),
    path("leads/", include("leads.urls")),
    path("reports/", include("reports.urls")),
]

handler404 = "django.views.defaults.page_not_found"

if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()
