"""'May I register this product for this customer in this country?', answered by the engine with its reasons."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from core.http import render_page_or_partial
from partners.models import Partner
from policies.forms.asking import AskForm
from policies.may import may_register
from policies.outcome import Landing

_ANSWERS = {
    Landing.APPROVED: ("ok", "Yes, as far as the rules go"),
    Landing.IN_REVIEW: ("wait", "Yes, and a channel manager looks at it first"),
    Landing.REFUSED: ("stop", "No, it would be refused"),
}


@require_safe
@requires("registrations.register")
def ask(request: HttpRequest) -> HttpResponse:
    """The question and its answer; to htmx the answer alone."""
    assert isinstance(request.user, User)
    form = AskForm(request.GET or None, base=base_currency())
    asked = form.is_bound and form.is_valid()
    context = {
        "page_title": "May I register this?",
        "breadcrumbs": [
            {"label": "Registration policy", "url": reverse("policies:registration_policy")},
            {"label": "May I register this?"},
        ],
        "form": form,
        "answer": _answer(request.user, form) if asked else None,
        "refused": form.is_bound and not asked,
    }
    status = 422 if context["refused"] else 200
    return render_page_or_partial(
        request, "policies/ask.html", "policies/_answer.html", context, status=status
    )


def _answer(user: User, form: AskForm) -> dict[str, Any]:
    given = form.cleaned_data
    firm = Partner.objects.filter(members__user=user).get()
    currency, value = given["currency"], given["value"]
    rate = currency.rate_to_base if currency else 1
    may = may_register(
        firm,
        product_lines=[line.pk for line in given["product_lines"]],
        country=given["country"],
        industry=given["industry"].pk if given["industry"] else None,
        value=value * rate if value is not None else None,
        tender=given["tender"],
        now=database_clock(),
    )
    outcome = may.outcome
    tone, title = _ANSWERS[outcome.landing]
    refused = outcome.landing == Landing.REFUSED
    return {
        "tone": tone,
        "title": title,
        "reasons": [finding.words for finding in outcome.findings],
        "depends_on": [] if refused else may.depends_on,
        "refused": refused,
        "register_url": f"{reverse('registrations:new')}?{_carried(form)}",
    }


def _carried(form: AskForm) -> str:
    """What was answered here and is asked again when the deal is registered."""
    return urlencode({name: form.data.get(name, "") for name in ("country", "value", "currency")})
