"""What the details page and the autosave share: the forms of a draft, and storing what is in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from accounts.models import User
from catalog.models import ProductLine
from core.clock import database_clock
from policies.models import RegistrationPolicy
from registrations.forms.actions import AttachForm
from registrations.forms.details import MOST_LINES, DetailsForm, LinesFormSet
from registrations.models import Registration
from registrations.services import drafts, submission

_MISSING = {
    "country": "Choose the company's country.",
    "value": "Enter the value of the deal; an estimate will do.",
    "expected_close": "Choose the day you expect it to close.",
    "lines": "Choose at least one product line.",
}


@dataclass
class DraftForms:
    """The forms of one draft. As a whole it is what components/error_summary.html takes."""

    details: DetailsForm
    lines: Any
    attach: AttachForm

    @property
    def errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(
            self.details.errors
            or any(self.lines.errors)
            or self.lines.non_form_errors()
            or self.attach.errors
        )

    @property
    def non_field_errors(self) -> list[str]:
        """What concerns no single field."""
        return [*self.details.non_field_errors(), *self.lines.non_form_errors()]

    def __iter__(self) -> Iterator[forms.BoundField]:
        yield from self.details
        for form in self.lines.forms:
            yield from form
        yield from self.attach

    @property
    def problems(self) -> list[str]:
        """The labels of the fields that could not be stored."""
        wrong = [str(field.label).removesuffix(" (optional)") for field in self if field.errors]
        return wrong + (["Product lines"] if self.lines.non_form_errors() else [])


def forms_of(draft: Registration, data: QueryDict | None = None, files: Any = None) -> DraftForms:
    """The draft's forms, empty of data for showing what is stored, or with what was sent."""
    existing = list(draft.lines.select_related("product_line"))
    used = [line.product_line_id for line in existing]
    choices = list(ProductLine.objects.filter(Q(is_active=True) | Q(pk__in=used)))
    initial = [
        {"product_line": line.product_line_id, "quantity": line.quantity, "value": line.value}
        for line in existing
    ]
    lines = LinesFormSet(
        data, prefix="lines", initial=None if data else initial, form_kwargs={"lines": choices}
    )
    if data is None and not initial:
        lines.extra = 1
    now = database_clock()
    asked = RegistrationPolicy.objects.in_force(now).required_fields
    attach = AttachForm(data, files) if files else AttachForm()
    details = DetailsForm(data, draft=draft, today=timezone.localdate(now), asked=asked)
    return DraftForms(details, lines, attach)


def store(draft: Registration, sent: DraftForms, *, by: User, version: int) -> Registration:
    """Saves the part that is in order; the rest stays in the forms with its errors. Raises what save_draft raises."""
    sent.details.is_valid()
    lines = sent.lines.lines if sent.lines.is_valid() else None
    return drafts.save_draft(draft, by=by, fields=sent.details.valid_part, lines=lines, version=version)


def demand_all(draft: Registration, sent: DraftForms) -> None:
    """Marks what a submission still needs. Call after `store`."""
    for name, words in submission.missing(draft).items():
        message = _MISSING.get(name, f"Enter {words}.")
        if name in sent.details.fields:
            if name not in sent.details.errors:
                sent.details.add_error(name, message)
        elif name == "lines" and not any(sent.lines.errors):
            place = sent.lines.forms[0] if sent.lines.forms else None
            if place is not None:
                place.add_error("product_line", message)
            else:
                sent.details.add_error(None, message)


def with_rows(request: HttpRequest) -> QueryDict:
    """The POST with a product line more, or one fewer, as the pressed button says; for readers without scripts."""
    data = request.POST.copy()
    total = _count(data.get("lines-TOTAL_FORMS"))
    removed = data.get("remove_line", "")
    if "add_line" in data and total < MOST_LINES:
        data["lines-TOTAL_FORMS"] = str(total + 1)
    elif removed.isdecimal() and int(removed) < total:
        for row in range(int(removed), total):
            for name in ("product_line", "quantity", "value"):
                data[f"lines-{row}-{name}"] = data.get(f"lines-{row + 1}-{name}", "")
        data["lines-TOTAL_FORMS"] = str(total - 1)
    return data


def _count(sent: str | None) -> int:
    return min(int(sent), MOST_LINES) if sent and sent.isascii() and sent.isdigit() and len(sent) < 5 else 0


def differences(fresh: Registration, sent: DraftForms) -> list[str]:
    """Where what was sent differs from what is stored now: the labels of the fields."""
    return [
        str(sent.details.fields[name].label).removesuffix(" (optional)")
        for name, value in sent.details.valid_part.items()
        if getattr(fresh, name) != value
    ]
