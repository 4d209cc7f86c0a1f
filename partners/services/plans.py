"""What operations write for the firms to come: steps of onboarding and the checklist of applications. Firms that have their
steps, and applications that came in, keep them as they were."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from core.errors import BadInput, NotAllowed
from partners.enums import PartnerKind
from partners.models import ChecklistItem, OnboardingPlan, PlanStep, WrittenStep

LINK_WORDS = "Begin the address with https:// or, inside the portal, with /."
STEP_FIELDS = (*("stage", "stage_title", "place", "title", "help", "link", "side", "due_days", "required"),)
ITEM_FIELDS = ("kind", "place", "label", "help", "required", "active")


def begin_plan(kind: str, *, by: User) -> OnboardingPlan:
    """A plan of its own for one kind of partner, which begins as a copy of the one for all kinds. Raises BadInput where the
    kind has one, NotAllowed."""
    _check(by)
    if kind not in PartnerKind.values:
        raise BadInput("Choose a kind from the list.", field="kind")
    try:
        with transaction.atomic():
            plan = OnboardingPlan.objects.create(kind=kind)
            for step in PlanStep.objects.filter(plan__kind=""):
                step.pk, step.plan = None, plan
                step.save(force_insert=True)
    except IntegrityError as error:
        raise BadInput("This kind has a plan of its own already.", field="kind") from error
    return plan


def set_activation(plan: OnboardingPlan, *, by_itself: bool, by: User) -> None:
    """Whether a firm becomes active by itself with the last required step, or by operations' button. Raises NotAllowed."""
    _check(by)
    plan.activates_by_itself = by_itself
    plan.save(update_fields=["activates_by_itself"])


def save_step(step: PlanStep, *, by: User, fields: Mapping[str, Any]) -> PlanStep:
    """Writes a step, new or old; a stage has one title, the one that was written last. Raises NotAllowed, BadInput."""
    _check(by)
    write_step(step, step.plan.steps.all(), fields)
    return step


def leads_somewhere(link: str) -> bool:
    """Whether a step may lead to this address: a page of the portal, or one elsewhere with its whole address."""
    return link.startswith(("https://", "http://")) or (link[:1] == "/" and link[1:2] not in ("/", "\\"))


def write_step(step: WrittenStep, beside: QuerySet[Any], fields: Mapping[str, Any]) -> None:
    """Writes a step into those of its list, `beside`: the caller has asked who may. Raises BadInput."""
    for name in STEP_FIELDS:
        if name in fields:
            setattr(step, name, fields[name])
    if step.link and not leads_somewhere(step.link):
        raise BadInput(LINK_WORDS, field="link")
    with transaction.atomic():
        if step.pk is None and not fields.get("place"):
            last = beside.filter(stage=step.stage).aggregate(last=Max("place"))["last"]
            step.place = (last or 0) + 10
        step.save()
        beside.filter(stage=step.stage).update(stage_title=step.stage_title)


def remove_step(step: PlanStep, *, by: User) -> None:
    """Takes a step out of its plan; firms that have it keep it. Raises NotAllowed."""
    _check(by)
    step.delete()


def save_item(item: ChecklistItem, *, by: User, fields: Mapping[str, Any]) -> ChecklistItem:
    """Writes an item of the checklist, new or old. Raises NotAllowed."""
    _check(by)
    for name in ITEM_FIELDS:
        if name in fields:
            setattr(item, name, fields[name])
    item.save()
    return item


def remove_item(item: ChecklistItem, *, by: User) -> None:
    """Takes an item off the checklist; applications that came in keep it. Raises NotAllowed."""
    _check(by)
    item.delete()


def _check(by: User) -> None:
    if not by.may("partners.edit"):
        raise NotAllowed("Your role does not include changing how partners are taken in.")
