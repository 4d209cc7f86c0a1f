"""Simulations of policy versions. Their addresses lie under the policy's."""

from django.urls import path

from registrations.views.simulations import acting, result

urlpatterns = [
    path("policies/registration/<int:number>/simulate/", acting.simulate, name="simulate"),
    path("policies/simulations/<code:code>/", result.simulation, name="simulation"),
    path("policies/simulations/<code:code>/cancel/", acting.cancel, name="cancel_simulation"),
    path("policies/simulations/<code:code>/cases.csv", result.export_simulation, name="export_simulation"),
]
