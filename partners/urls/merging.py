"""Merging two records of one firm."""

from django.urls import path

from partners.views.merging import pages

urlpatterns = [
    path("partners/<str:code>/merge/", pages.choose, name="choose_merge"),
    path("partners/<str:code>/merge/<str:other>/", pages.merge, name="merge"),
    path("partners/merges/<str:code>/undo/", pages.undo, name="undo_merge"),
]
