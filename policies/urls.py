"""Addresses of the policies app."""

from django.urls import URLPattern

app_name = "policies"

urlpatterns: list[URLPattern] = []
