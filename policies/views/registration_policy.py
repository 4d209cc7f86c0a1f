"""The registration policy in words: what applies, what will, what did."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from policies.enums import NewsKind
from policies.models import RegistrationPolicy
from policies.views.partner_page import firm_context, for_reader, own_words
from policies.views.sections import sections
from policies.views.version_rows import announced_rows, day, draft_rows, version_row
from policies.words import Kind, Sentence, sentences, standing_sentences


@require_safe
@requires("policies.view")
def registration_policy(request: HttpRequest) -> HttpResponse:
    """The version in force, those announced, and for the vendor's people all versions."""
    user, now, base = request.user, database_clock(), base_currency()
    assert isinstance(user, User)
    # What is scheduled and what it follows on; all the others are on a page of their own.
    standing, may_edit = RegistrationPolicy.objects.from_now(now), user.may("policies.edit")
    current = standing[0]
    drafts = RegistrationPolicy.objects.drafts().prefetch_related("authors") if may_edit else []
    context = {
        "page_title": "Registration policy",
        "policy": current,
        "in_force_since": day(current.effective_from),
        **_by_kind(
            [
                *for_reader(sentences(current, base), user),
                *standing_sentences(current, base),
                *own_words(now),
            ],
            vendor=user.is_vendor,
        ),
        **firm_context(user, now),
        "sections": sections(user, "registration"),
        "announced": [
            replace(row, changes=for_reader(row.changes, user)) for row in announced_rows(standing, base)
        ],
        "drafts": draft_rows(list(drafts), current, base),
        "may_edit": may_edit,
    }
    return render(request, "policies/registration_policy.html", context)


@require_safe
@requires("policies.view")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version in full: the one that a receipt names."""
    user, now, base = request.user, database_clock(), base_currency()
    assert isinstance(user, User)
    policy = RegistrationPolicy.objects.visible_to(user).filter(version=number).first()
    if policy is None:
        return _not_after_all(request, number)
    current = RegistrationPolicy.objects.in_force(now)
    # What it is compared with: the one before it, or for a draft the one in force.
    earlier = RegistrationPolicy.objects.before(policy.effective_from) if policy.effective_from else None
    before = earlier.first() if earlier is not None else current
    address = reverse("policies:registration_policy")
    context = {
        "page_title": f"Registration policy, version {policy.version}",
        "breadcrumbs": [
            {"label": "Registration policy", "url": address},
            {"label": f"Version {policy.version}"},
        ],
        "row": version_row(policy, before, current, now, base),
        "policy": policy,
        "before": before,
        "authors": ", ".join(str(author) for author in policy.authors.all()) if user.is_vendor else "",
        "may_edit": user.may("policies.edit"),
        **_by_kind(
            [*for_reader(sentences(policy, base), user), *standing_sentences(policy, base)],
            vendor=user.is_vendor,
        ),
    }
    return render(request, "policies/version.html", context)


def _not_after_all(request: HttpRequest, number: int) -> HttpResponse:
    """Where a mail about a version leads that was taken back since: what applies instead. 404 for others."""
    told = RegistrationPolicy.objects.filter(withdrawn_at__isnull=False, news__kind=NewsKind.ANNOUNCED)
    policy = get_object_or_404(told, version=number)
    words = f"Version {policy.version} was taken back before it began: it will not apply. This does."
    messages.info(request, words)
    return redirect("policies:registration_policy")


def _by_kind(found: list[Sentence], *, vendor: bool) -> dict[str, list[Sentence]]:
    """Sentences for the three columns. Partners are spared those that have no effect at present."""
    told = [sentence for sentence in found if vendor or sentence.has_effect]
    return {
        "dos": [sentence for sentence in told if sentence.kind == Kind.DO],
        "donts": [sentence for sentence in told if sentence.kind == Kind.DONT],
        "ours": [sentence for sentence in told if sentence.kind == Kind.WE],
    }
