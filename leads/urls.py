"""Addresses of leads: the vendor's under /leads/, a firm's list at /leads/ours/, one lead for both sides."""

from django.urls import path

from leads.views import answering, giving, importing, keeping, lead, listing, ours, rotation

app_name = "leads"

urlpatterns = [
    path("", listing.leads, name="list"),
    path("ours/", ours.ours, name="ours"),
    path("new/", keeping.new, name="new"),
    path("import/", importing.import_file, name="import"),
    path("import/confirm/", importing.confirm_import, name="confirm_import"),
    path("import/example.csv", importing.import_example, name="import_example"),
    path("rotation/", rotation.rotation, name="rotation"),
    path("give/", listing.give_many, name="give_many"),
    path("<str:code>/", lead.lead, name="lead"),
    path("<str:code>/change/", keeping.change, name="change"),
    path("<str:code>/give/", giving.give, name="give"),
    path("<str:code>/take-back/", keeping.take_back, name="take_back"),
    path("<str:code>/close/", keeping.close, name="close"),
    path("<str:code>/claim/", answering.claim, name="claim"),
    path("<str:code>/accept/", answering.accept, name="accept"),
    path("<str:code>/decline/", answering.decline, name="decline"),
]
