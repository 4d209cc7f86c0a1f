"""The review queue and the decisions."""

from django.urls import path

from registrations.views.review import bulk, decisions, desk, line, proposing, saved, sorting

urlpatterns = [
    path("review/", desk.queue, name="queue"),
    path("review/bulk/", bulk.bulk, name="bulk"),
    path("review/bulk/undo/", bulk.undo_bulk, name="undo_bulk"),
    path("review/views/", saved.save_view, name="save_view"),
    path("review/views/<int:view_id>/rename/", saved.rename_view, name="rename_view"),
    path("review/views/<int:view_id>/delete/", saved.delete_view, name="delete_view"),
    path("review/<str:code>/", desk.review_item, name="review_item"),
    path("review/<str:code>/candidates/", desk.candidates, name="review_candidates"),
    path("review/proposals/<code:code>/take-back/", proposing.take_back, name="take_back_proposal"),
    path("review/<str:code>/propose/", proposing.propose, name="propose"),
    path("review/<str:code>/line/", line.line, name="line"),
    path("review/<str:code>/look/", sorting.look, name="look"),
    path("review/<str:code>/take/", sorting.take, name="take"),
    path("review/<str:code>/hand-over/", sorting.hand_over, name="hand_over"),
    path("review/<str:code>/snooze/", sorting.snooze, name="snooze"),
    path("review/<str:code>/wake/", sorting.wake, name="wake"),
    path("review/<str:code>/assign/", decisions.assign, name="assign"),
    path("review/<str:code>/refuse/", decisions.refuse, name="refuse"),
    path("review/<str:code>/ask/", decisions.ask_information, name="ask_information"),
    path("review/<str:code>/waitlist/", decisions.waitlist, name="waitlist"),
    path("review/<str:code>/same/", decisions.same_company, name="same_company"),
    path("review/<str:code>/different/", decisions.different_company, name="different_company"),
    path("review/<str:code>/revoke/", decisions.revoke, name="revoke"),
    path("review/<str:code>/reopen/", decisions.reopen, name="reopen"),
]
