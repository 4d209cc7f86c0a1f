"""Steps of two records come together: what both did of one program may open a stage that neither had open."""

from datetime import datetime

from accounts.models import User
from partners.merging.relations import Moved
from partners.models import OnboardingStep
from partners.services.onboarding import open_stages

_STEPS = "partners.OnboardingStep.partner"


def follow(moved: Moved, *, by: User, at: datetime) -> None:
    """Opens, as of the merge, the stages whose turn has come. Taken back, they are closed again, but for what was done there."""
    if moved.back:
        opened = OnboardingStep.objects.undone().filter(
            partner__in=[moved.source, moved.target], opened_at=moved.merged_at
        )
        opened.update(opened_at=None, due_at=None, reminded_at=None)
        return
    rows = OnboardingStep.objects.filter(pk__in=moved.keys.get(_STEPS, []))
    for source in rows.order_by().values_list("source", flat=True).distinct():
        open_stages(moved.target, source, moved.merged_at)
