"""Addresses of programs."""

from django.urls import path

from programs.views.programs import (
    contents,
    enrolments,
    firm_acts,
    inviting,
    keeping,
    listing,
    ours,
    program,
    stages,
    steps,
)

urlpatterns = [
    path("programs/", listing.programs, name="list"),
    path("programs/ours/", ours.ours, name="ours"),
    path("programs/new/", keeping.new, name="new"),
    path("programs/<str:code>/", program.program, name="program"),
    path("programs/<str:code>/change/", keeping.change, name="change"),
    path("programs/<str:code>/open/", keeping.open_program, name="open"),
    path("programs/<str:code>/close/", keeping.close_program, name="close"),
    path("programs/<str:code>/stages/new/", stages.new, name="new_stage"),
    path("programs/<str:code>/stages/<int:number>/", stages.change, name="stage"),
    path("programs/<str:code>/stages/<int:number>/move/", stages.move, name="move_stage"),
    path("programs/<str:code>/stages/<int:number>/delete/", stages.delete, name="delete_stage"),
    path("programs/<str:code>/steps/new/", steps.new, name="new_step"),
    path("programs/<str:code>/steps/<int:step_id>/", steps.change, name="step"),
    path("programs/<str:code>/steps/<int:step_id>/delete/", steps.delete, name="delete_step"),
    path("programs/<str:code>/contents/", contents.contents, name="contents"),
    path("programs/<str:code>/incentives/new/", contents.new_incentive, name="new_incentive"),
    path("programs/<str:code>/incentives/<int:incentive_id>/", contents.change_incentive, name="incentive"),
    path(
        "programs/<str:code>/incentives/<int:incentive_id>/delete/",
        contents.delete_incentive,
        name="delete_incentive",
    ),
    path("programs/<str:code>/invite/", inviting.invite_firms, name="invite"),
    path("programs/<str:code>/apply/", firm_acts.apply_to, name="apply"),
    path("programs/<str:code>/answer/", firm_acts.answer, name="answer"),
    path("programs/firms/<str:code>/", enrolments.enrolment, name="enrolment"),
    path("programs/firms/<str:code>/approve/", enrolments.approve_application, name="approve"),
    path("programs/firms/<str:code>/refuse/", enrolments.refuse_application, name="refuse"),
    path("programs/firms/<str:code>/end/", enrolments.end_enrolment, name="end"),
    path("programs/firms/<str:code>/done/<int:condition_id>/", enrolments.step_done, name="step_done"),
]
