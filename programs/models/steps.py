"""The steps that a program gives to each firm that joins it."""

from django.db import models

from partners.models import WrittenStep
from programs.models.program import Program


class ProgramStep(WrittenStep):
    """A step that every firm gets when it joins the program; the firm's own copy is a partners.OnboardingStep. Its stages
    are those of the list, not of the journey."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="steps")
