"""Addresses of the registrations app: the partner's side in deals.py, the referee's in review.py."""

from registrations.urls import deals, review

app_name = "registrations"

urlpatterns = [*deals.urlpatterns, *review.urlpatterns]
