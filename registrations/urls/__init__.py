"""Addresses of the registrations app: the partner's side in deals.py, the referee's in review.py, what is asked
for after a decision in requests.py, trials of the policy in simulations.py."""

from registrations.urls import deals, requests, review, simulations

app_name = "registrations"

urlpatterns = [*deals.urlpatterns, *review.urlpatterns, *requests.urlpatterns, *simulations.urlpatterns]
