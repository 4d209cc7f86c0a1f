"""Writing groups and picking firms by hand. Who may: 'groups.edit'."""

from django.db import IntegrityError, transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from partners.enums import GroupEntryKind, PickKind
from partners.groups.checking import check_rule
from partners.groups.history import keep_version, keep_word
from partners.groups.rules import Rule, rule_as_data
from partners.groups.uses import objections_to, uses_of
from partners.models import Group, GroupEntry, GroupPick, Partner

_NAME_TAKEN = "There is a group with this name already."


def create_group(*, by: User, name: str, rule: Rule, note: str = "", clock: Clock = database_clock) -> Group:
    """A new group. Raises NotAllowed without 'groups.edit', BadInput for a rule that can't be asked or a name that is
    taken."""
    _check(by)
    check_rule(rule)
    now = clock()
    group = Group(
        name=_clean_name(name),
        note=note.strip(),
        rule=rule_as_data(rule),
        created_at=now,
        changed_at=now,
        changed_by=by,
    )
    try:
        with transaction.atomic():
            group.save()
            keep_version(group, GroupEntryKind.CREATED, by=by, at=now)
    except IntegrityError as error:
        raise BadInput(_NAME_TAKEN, field="name") from error
    return group


def change_group(
    group: Group,
    *,
    by: User,
    version: int,
    name: str,
    rule: Rule,
    note: str = "",
    clock: Clock = database_clock,
) -> Group:
    """Name, note and rule anew; what was picked by hand stays. Raises like `create_group`, BadInput for a rule that something
    which uses the group forbids, and StaleVersion when somebody changed the group since `version`."""
    _check(by)
    check_rule(rule)
    now = clock()
    changes = {
        "name": _clean_name(name),
        "note": note.strip(),
        "rule": rule_as_data(rule),
        "version": version + 1,
        "changed_at": now,
        "changed_by": by,
    }
    try:
        with transaction.atomic():
            before = Group.objects.select_for_update().filter(pk=group.pk, version=version).first()
            if before is not None:
                if before.rule != changes["rule"]:
                    _check_uses(before, rule)
                Group.objects.filter(pk=group.pk).update(**changes)
                group.refresh_from_db()
                if _said(before) != _said(group):
                    keep_version(group, GroupEntryKind.CHANGED, by=by, at=now)
    except IntegrityError as error:
        raise BadInput(_NAME_TAKEN, field="name") from error
    if before is None:
        raise StaleVersion(
            "Somebody changed this group while you were writing. Look at it, then change it again."
        )
    return group


def delete_group(group: Group, *, by: User) -> None:
    """Takes a group away that nothing uses. Raises NotAllowed without 'groups.edit', WrongStatus naming what uses it."""
    _check(by)
    with transaction.atomic():
        locked = Group.objects.select_for_update().get(pk=group.pk)
        uses = uses_of([locked.pk])[locked.pk]
        if uses:
            named = ", ".join(f"{use.kind} ‘{use.name}’" for use in uses[:5])
            more = f" and {len(uses) - 5} more" if len(uses) > 5 else ""
            advice = (
                "The history of that is kept, and the group with it."
                if any(use.kept for use in uses)
                else "Take it out there first."
            )
            raise WrongStatus(f"The group is used by {named}{more}. {advice}")
        if _is_pointed_at(locked):
            raise WrongStatus("Something uses this group. Take it out there first.")
        locked.delete()


def pick_firm(
    group: Group, partner: Partner, *, by: User, kind: str, reason: str, clock: Clock = database_clock
) -> GroupPick:
    """Puts a firm in or keeps it out by hand, with a reason; a second word replaces the first. Raises NotAllowed without
    'groups.edit', BadInput without a reason."""
    _check(by)
    if kind not in PickKind.values:
        raise BadInput("Choose whether the firm is added or excluded.", field="kind")
    reason = " ".join(reason.split())
    if not reason:
        raise BadInput("Say why: who looks at the group next year wants to know.", field="reason")
    now = clock()
    said = {"kind": kind, "reason": reason[:300], "by": by, "at": now}
    with transaction.atomic():
        pick, _ = GroupPick.objects.update_or_create(group=group, partner=partner, defaults=said)
        keep_word(group, GroupEntryKind(kind), partner, by=by, at=now, reason=pick.reason)
    return pick


def drop_pick(group: Group, partner: Partner, *, by: User, clock: Clock = database_clock) -> bool:
    """Leaves a firm to the rule again; False if nothing was said of it by hand. Raises NotAllowed without
    'groups.edit'."""
    _check(by)
    with transaction.atomic():
        deleted, _ = GroupPick.objects.filter(group=group, partner=partner).delete()
        if deleted:
            keep_word(group, GroupEntryKind.DROPPED, partner, by=by, at=clock())
    return deleted > 0


def _said(group: Group) -> tuple[str, str, object]:
    return group.name, group.note, group.rule


def _check_uses(group: Group, rule: Rule) -> None:
    for sentence in objections_to(rule, group):
        raise BadInput(sentence, field="rule")


def _is_pointed_at(group: Group) -> bool:
    """Whether any row points at the group, known to uses.py or not. Its row is locked: no new one can come."""
    others = [one for one in Group._meta.related_objects if one.related_model not in (GroupPick, GroupEntry)]
    return any(
        one.related_model._default_manager.filter(**{one.field.name: group}).exists() for one in others
    )


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise BadInput("Enter a name for the group.", field="name")
    return cleaned


def _check(by: User) -> None:
    if not by.may("groups.edit"):
        raise NotAllowed("Your role does not include changing groups.")
