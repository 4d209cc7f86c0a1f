"""Addresses of the accounts app; sign-in itself is in prm/account_urls.py."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/away/", views.away, name="away"),
    path("profile/away/<int:absence_id>/take-back/", views.cancel_absence, name="cancel_absence"),
    path("profile/shortcuts/", views.single_keys, name="single_keys"),
]
