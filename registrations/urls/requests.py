"""What is asked for after a decision, taking a decision back, and mail that comes in."""

from django.urls import path

from registrations.views import appeals, customer_letter, extensions, incoming, requests
from registrations.views.review import undo

urlpatterns = [
    path("requests/", requests.requests, name="requests"),
    path("incoming/", incoming.incoming, name="incoming"),
    path("registrations/<code:code>/extend/", extensions.ask, name="ask_extension"),
    path("registrations/<code:code>/release/", extensions.release, name="release"),
    path(
        "registrations/<code:code>/customer-letter/", customer_letter.customer_letter, name="customer_letter"
    ),
    path("extensions/<code:code>/", extensions.extension, name="extension"),
    path("decisions/<code:code>/appeal/", appeals.appeal, name="appeal"),
    path("decisions/<code:code>/undo/", undo.undo, name="undo"),
    path("appeals/<code:code>/", appeals.appeal_page, name="appeal_page"),
]
