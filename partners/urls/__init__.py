"""Addresses of the partners app, a file for each part. Firms come last: their addresses begin with a code of any kind."""

from partners.groups.urls import urlpatterns as groups
from partners.urls import agreements, applications, certificates, firms, merging, plans

app_name = "partners"

urlpatterns = [
    *groups,
    *applications.urlpatterns,
    *plans.urlpatterns,
    *certificates.urlpatterns,
    *agreements.urlpatterns,
    *merging.urlpatterns,
    *firms.urlpatterns,
]
