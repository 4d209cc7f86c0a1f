"""What can't be a company's name is told in one sentence, wherever it is typed."""

import pytest
from django.core.exceptions import ValidationError

from companies.matching import CompanyQuery
from companies.models import Company
from companies.naming import why_no_name
from companies.services import add_alias, create_company
from core.errors import BadInput
from registrations.forms.fields import CompanyNameField
from registrations.models import PrecheckLog, Registration
from registrations.services.drafts import start_draft
from registrations.services.precheck import precheck

FORMS = ["GmbH", "Ltd.", "Limited", "Pty Ltd", "GmbH & Co. KG", "S.à r.l.", "INC", "L.L.C.", "Sdn Bhd"]
# Two or three letters, and words that firms go by, may be a name.
NAMES = [
    "SAS",
    "AG",
    "SE",
    "SCA",
    "ABB",
    "KG",
    "The Limited",
    "Private Limited",
    "Inc Research",
    "GmbH-Portal",
    "GmbH dba Nordwind",
]


@pytest.mark.parametrize("typed", FORMS)
def test_a_legal_form_alone_is_no_name(typed):
    assert why_no_name(typed) == f"“{typed}” is a legal form. Add the company's name."


@pytest.mark.parametrize("typed", NAMES)
def test_what_may_be_a_name_is_one(typed):
    assert why_no_name(typed) == ""


@pytest.mark.parametrize(
    ("typed", "said"), [("GmbH", "is a legal form"), ("…", "at least one letter or digit")]
)
def test_all_who_take_a_name_ask(db, alice, mara, typed, said):
    known = create_company(CompanyQuery("Nordwind"), by=None)

    with pytest.raises(ValidationError, match=said):
        CompanyNameField().clean(typed)
    with pytest.raises(BadInput, match=said):
        precheck(CompanyQuery(typed), by=alice)
    with pytest.raises(BadInput, match=said):
        start_draft(by=alice, fields={"company_name": typed})
    with pytest.raises(BadInput, match=said):
        create_company(CompanyQuery(typed), by=None)
    with pytest.raises(BadInput, match=said):
        add_alias(known, typed, by=mara)
    assert (Company.objects.get(), PrecheckLog.objects.count(), Registration.objects.count()) == (known, 0, 0)
