"""Addresses of tiers."""

from django.urls import path

from programs.views.tiers import criteria, firm, moves, ours

urlpatterns = [
    path("programs/tiers/", moves.tiers, name="tiers"),
    path("programs/tiers/ours/", ours.our_tier, name="our_tier"),
    path("programs/tiers/criteria/", criteria.criteria, name="criteria"),
    path("programs/tiers/criteria/<int:criterion_id>/end/", criteria.drop, name="drop_criterion"),
    path("programs/tiers/firms/<str:code>/", firm.firm, name="firm_tier"),
    path("programs/tiers/firms/<str:code>/figure/", firm.enter, name="enter_figure"),
    path("programs/tiers/moves/<str:code>/", moves.move, name="move"),
    path("programs/tiers/moves/<str:code>/approve/", moves.approve, name="approve_move"),
    path("programs/tiers/moves/<str:code>/decline/", moves.decline, name="decline_move"),
]
