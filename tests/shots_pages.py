"""Which pages there are: read from the URL configuration, with the examples of tests/shots_examples.py for addresses that
hold a code."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from tests.shots_camera import Place
from tests.shots_examples import EXAMPLES
from tests.shots_people import person

ROLES = (
    "partner_rep",
    "partner_admin",
    "newcomer",
    "channel_manager",
    "channel_operations",
    "auditor",
    "administrator",
    "anonymous",
)
IN_DARK_TOO = {"partner_rep", "channel_manager", "channel_operations", "anonymous"}

# Addresses that are no pages of their own: fragments, files, probes, and what other tools answer.
NO_PAGES = {
    "account_logout_all",
    "account_reset_password_from_key",
    "companies:import_example",
    "core:live",
    "leads:import_example",
    "core:ready",
    "core:theme",
    "partners:agreement_file",
    "partners:certificate_file",
    "partners:certificate_framed_file",
    "registrations:attachment",
    "registrations:export_simulation",
    "registrations:review_candidates",
    "reports:export_open_registrations",
}


def places_for(role: str) -> tuple[list[Place], list[str]]:
    """The pages that somebody of `role` reaches, and the URL names for which no example is known."""
    user, client = person(role), Client()
    if user is not None:
        client.force_login(user)
    places, untaken = [], []
    for name in sorted(set(_names(get_resolver().url_patterns))):
        if name in NO_PAGES or (name.startswith("account_") and role not in ("anonymous", "partner_rep")):
            continue
        found = list(_addresses(name, user))
        if not found and name not in EXAMPLES and _takes_get(name):
            untaken.append(name)
        for label, path in found:
            answer = client.get(path)
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            if is_page:
                places.append(Place("-".join(filter(None, (name.replace(":", "-"), label))), path))
    return places, untaken


def _addresses(name: str, user: User | None) -> Iterator[tuple[str, str]]:
    if name in EXAMPLES:
        for label, find in EXAMPLES[name].items():
            arguments = find(user)
            if arguments is not None:
                yield label, reverse(name, args=arguments)
        return
    try:
        yield "", reverse(name)
    except NoReverseMatch:
        return


def _names(patterns: list[Any], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"


# Addresses with a code in them that take a POST only: they have no page.
_POSTED = {
    *(
        "assign",
        "refuse",
        "ask_information",
        "waitlist",
        "same_company",
        "different_company",
        "revoke",
        "reopen",
        "undo",
    ),
    *("answer_double", "different", "undo_change"),
    *("group_rule", "group_preview", "drop_pick", "content_opened", "acknowledge_content", "content_file"),
    *("publish_content", "withdraw_content", "put_back_content", "discard_content"),
    *("attach", "autosave", "undo_verdict", "open", "resend", "confirm_import", "deactivate", "reactivate"),
    *("revoke_invitation", "withdraw_version"),
    *("look", "take", "hand_over", "snooze", "wake", "rename_view", "delete_view"),
    *("cancel_absence", "set_manager"),
    *("withdraw_certificate", "verify_certificate", "reject_certificate", "revoke_certificate"),
    *("accept_agreement", "ask_agreement", "end_agreement", "undo_merge"),
    *(
        "delete_incentive",
        "delete_step",
        "tick_step",
        "tick_check",
        "note_application",
        "new_plan",
        "plan_activation",
        "remove_step",
        "remove_item",
    ),
}


def _takes_get(name: str) -> bool:
    return name.rsplit(":", 1)[-1] not in _POSTED
