"""The review queue and the decisions."""

from django.urls import path

from registrations.views.review import decisions, desk

urlpatterns = [
    path("review/", desk.queue, name="queue"),
    path("review/<str:code>/", desk.review_item, name="review_item"),
    path("review/<str:code>/candidates/", desk.candidates, name="review_candidates"),
    path("review/<str:code>/assign/", decisions.assign, name="assign"),
    path("review/<str:code>/refuse/", decisions.refuse, name="refuse"),
    path("review/<str:code>/ask/", decisions.ask_information, name="ask_information"),
    path("review/<str:code>/waitlist/", decisions.waitlist, name="waitlist"),
    path("review/<str:code>/same/", decisions.same_company, name="same_company"),
    path("review/<str:code>/different/", decisions.different_company, name="different_company"),
    path("review/<str:code>/revoke/", decisions.revoke, name="revoke"),
]
