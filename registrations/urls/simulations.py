"""Simulations of policy versions and of changes of rights and requirements. Their addresses lie under the policy's."""

from django.urls import path

from registrations.views.simulations import acting, result, trying

urlpatterns = [
    path("policies/registration/<int:number>/simulate/", acting.simulate, name="simulate"),
    path("policies/simulations/<code:code>/", result.simulation, name="simulation"),
    path("policies/simulations/<code:code>/cancel/", acting.cancel, name="cancel_simulation"),
    path("policies/simulations/<code:code>/cases.csv", result.export_simulation, name="export_simulation"),
    path("policies/try/right/", trying.try_right, name="try_right"),
    path("policies/try/right/<str:code>/", trying.try_given_right, name="try_given_right"),
    path("policies/try/right/<str:code>/end/", trying.try_end, name="try_end"),
    path("policies/try/requirement/<slug:code>/", trying.try_requirement, name="try_requirement"),
    path(
        "policies/try/requirement/<slug:code>/<int:pk>/",
        trying.try_written_requirement,
        name="try_written_requirement",
    ),
]
