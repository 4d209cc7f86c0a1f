"""How firms are taken in, for operations."""

from django.urls import path

from partners.views import plans

urlpatterns = [
    path("partners/onboarding/", plans.plans, name="plans"),
    path("partners/onboarding/new/", plans.new_plan, name="new_plan"),
    path("partners/onboarding/<int:plan_id>/activation/", plans.plan_activation, name="plan_activation"),
    path("partners/onboarding/<int:plan_id>/steps/new/", plans.new_step, name="new_step"),
    path("partners/onboarding/steps/<int:step_id>/", plans.edit_step, name="edit_step"),
    path("partners/onboarding/steps/<int:step_id>/remove/", plans.remove_step, name="remove_step"),
    path("partners/checklist/new/", plans.new_item, name="new_item"),
    path("partners/checklist/<int:item_id>/", plans.edit_item, name="edit_item"),
    path("partners/checklist/<int:item_id>/remove/", plans.remove_item, name="remove_item"),
]
