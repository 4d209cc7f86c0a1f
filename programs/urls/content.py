"""Addresses of the content library."""

from django.urls import path

from programs.views.content import editing, item, library, readers, standing

urlpatterns = [
    path("library/", library.library, name="library"),
    path("library/new/<str:kind>/", editing.new_content, name="new_content"),
    path("library/<str:code>/", item.content, name="content"),
    path("library/<str:code>/change/", editing.change_content, name="change_content"),
    path("library/<str:code>/publish/", standing.publish_content, name="publish_content"),
    path("library/<str:code>/withdraw/", standing.withdraw_content, name="withdraw_content"),
    path("library/<str:code>/put-back/", standing.put_back_content, name="put_back_content"),
    path("library/<str:code>/discard/", standing.discard_content, name="discard_content"),
    path("library/<str:code>/readers/", readers.readers, name="content_readers"),
    path("library/<str:code>/opened/", item.opened, name="content_opened"),
    path("library/<str:code>/acknowledge/", item.acknowledge_content, name="acknowledge_content"),
    path("library/<str:code>/versions/<int:number>/", item.version, name="content_version"),
    path("library/<str:code>/versions/<int:number>/file/", item.file, name="content_file"),
]
