"""Agreements."""

from django.urls import path

from partners.views.agreements import publishing, reading

urlpatterns = [
    path("terms/", reading.agreements, name="agreements"),
    path("terms/new/", publishing.new_agreement, name="new_agreement"),
    path("terms/<str:code>/", reading.agreement, name="agreement"),
    path("terms/<str:code>/accept/", reading.accept, name="accept_agreement"),
    path("terms/<str:code>/publish/", publishing.new_version, name="publish_agreement"),
    path("terms/<str:code>/ask/", publishing.ask, name="ask_agreement"),
    path("terms/<str:code>/end/", publishing.end, name="end_agreement"),
    path("terms/<str:code>/<int:number>/file/", reading.file, name="agreement_file"),
]
