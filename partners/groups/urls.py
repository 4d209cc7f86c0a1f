"""Addresses of groups."""

from django.urls import path

from partners.groups.views import building, deleting, editing, history, listing, page, picking

urlpatterns = [
    path("groups/", listing.groups, name="groups"),
    path("groups/new/", editing.new_group, name="new_group"),
    path("groups/rule/", building.rule, name="group_rule"),
    path("groups/preview/", building.preview, name="group_preview"),
    path("groups/<str:code>/", page.group, name="group"),
    path("groups/<str:code>/history/", history.history, name="group_history"),
    path("groups/<str:code>/change/", editing.change_group, name="change_group"),
    path("groups/<str:code>/pick/", picking.pick, name="pick_firm"),
    path("groups/<str:code>/pick/<str:firm>/drop/", picking.drop, name="drop_pick"),
    path("groups/<str:code>/delete/", deleting.delete, name="delete_group"),
]
