"""Addresses of what binds besides the registration policy: requirements, rights, routes, operations' own words."""

from django.urls import path

from policies.views import asking, guidance, requirements, rights, routes

urlpatterns = [
    path("policies/ask/", asking.ask, name="ask"),
    path("policies/products/", requirements.requirements, name="requirements"),
    path("policies/products/<slug:code>/", requirements.requirement, name="requirement"),
    path("policies/products/<slug:code>/change/", requirements.change_requirement, name="change_requirement"),
    path(
        "policies/products/<slug:code>/<int:pk>/take-back/",
        requirements.take_back,
        name="take_back_requirement",
    ),
    path("policies/rights/", rights.rights, name="rights"),
    path("policies/rights/new/", rights.new_right, name="new_right"),
    path("policies/rights/<str:code>/", rights.right, name="right"),
    path("policies/rights/<str:code>/end/", rights.end, name="end_right"),
    path("policies/routes/", routes.routes, name="routes"),
    path("policies/routes/new/", routes.new_route, name="new_route"),
    path("policies/routes/<int:pk>/", routes.edit_route, name="edit_route"),
    path("policies/routes/<int:pk>/move/", routes.move, name="move_route"),
    path("policies/routes/<int:pk>/end/", routes.end, name="end_route"),
    path("policies/dos-and-donts/", guidance.guidance, name="guidance"),
    path("policies/dos-and-donts/new/", guidance.new_text, name="new_text"),
    path("policies/dos-and-donts/<int:pk>/", guidance.edit_text, name="edit_text"),
    path("policies/dos-and-donts/<int:pk>/end/", guidance.end, name="end_text"),
]
