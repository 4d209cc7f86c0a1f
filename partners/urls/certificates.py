"""Certificates, their types, and the queue of those to verify."""

from django.urls import path

from partners.views.certificates import deciding, listing, one, ours, submit, types

urlpatterns = [
    path("firm/certificates/", ours.ours, name="our_certificates"),
    path("partners/<str:code>/certificates/new/", submit.submit, name="submit_certificate"),
    path("certificates/", listing.certificates, name="certificates"),
    path("certificates/queue/", deciding.queue, name="certificate_queue"),
    path("certificates/types/", types.types, name="certificate_types"),
    path("certificates/types/new/", types.new_type, name="new_certificate_type"),
    path("certificates/types/<slug:code>/", types.edit_type, name="certificate_type"),
    path("certificates/<str:code>/", one.certificate, name="certificate"),
    path("certificates/<str:code>/file/", one.file, name="certificate_file"),
    path("certificates/<str:code>/paper/", one.paper, name="certificate_framed_file"),
    path("certificates/<str:code>/withdraw/", one.withdraw, name="withdraw_certificate"),
    path("certificates/<str:code>/verify/", deciding.verify, name="verify_certificate"),
    path("certificates/<str:code>/reject/", deciding.reject, name="reject_certificate"),
    path("certificates/<str:code>/revoke/", deciding.revoke, name="revoke_certificate"),
]
