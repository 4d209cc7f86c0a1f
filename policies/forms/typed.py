"""A right or a requirement that is being written, as a change that can be tried before it is saved."""

from dataclasses import replace
from datetime import datetime

from django.http import QueryDict

from catalog.models import ProductLine
from core.errors import BadInput
from policies.forms.requirements import RequirementForm
from policies.forms.rights import RightForm
from policies.loading import right_of
from policies.models import ProductAuthorisation
from policies.planned import Change, Kind
from policies.services.requirements import drafted
from policies.services.rights import earliest_begin, planned

_NOT_TYPED = ("csrfmiddlewaretoken", "step", "seen", "based_on", "since", "until", "under")


def typed_right(data: QueryDict, now: datetime) -> tuple[RightForm, Change | None]:
    """The form, and the right that it asks for; None with the errors at the form. A note is needed to give it alone."""
    form = RightForm(data, earliest=earliest_begin(now), saving=False)
    if not form.is_valid():
        return form, None
    try:
        row = planned(form.wanted(), now)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return form, None
    right = replace(right_of(row), code="right:")
    return form, Change(Kind.RIGHT, right=right, holder=str(row.partner), typed=query_of(data))


def typed_requirement(
    line: ProductLine, data: QueryDict, now: datetime
) -> tuple[RequirementForm, Change | None]:
    """The same for what a product line requires."""
    current = ProductAuthorisation.objects.in_force(now).filter(product_line=line).first()
    typed = data.copy()
    typed.setdefault("based_on", "0")  # it is for saving
    form = RequirementForm(typed, held=current.certificates if current else (), saving=False)
    if not form.is_valid():
        return form, None
    try:
        asked = drafted(line, form.asked(), begins_on=form.cleaned_data["begins_on"], now=now)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return form, None
    return form, Change(Kind.REQUIREMENT, asked=asked, line=line.code, typed=query_of(data))


def query_of(data: QueryDict) -> str:
    """What was typed as a query, without what is the form's own."""
    kept = data.copy()
    for name in _NOT_TYPED:
        kept.pop(name, None)
    for name in [name for name, values in kept.lists() if not any(values)]:
        del kept[name]
    return kept.urlencode()
