"""Addresses that belong to no app."""

from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("health/live/", views.live, name="live"),
    path("health/ready/", views.ready, name="ready"),
    path("theme.css", views.theme, name="theme"),
]
