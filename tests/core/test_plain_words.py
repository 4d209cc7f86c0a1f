"""What a form says where nobody wrote words for it: sentences that a person would say."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import ProductLine


class Everything(forms.Form):
    number = forms.IntegerField(min_value=1, max_value=9, required=False)
    text = forms.CharField(max_length=3, required=False)
    email = forms.EmailField(required=False)
    own = forms.IntegerField(min_value=1, required=False, error_messages={"min_value": "One at least."})
    file = forms.FileField(required=False)
    one = forms.ChoiceField(choices=[("a", "A")], required=False)
    some = forms.MultipleChoiceField(choices=[("a", "A")], required=False)
    row = forms.ModelChoiceField(ProductLine.objects.all(), required=False)
    rows = forms.ModelMultipleChoiceField(ProductLine.objects.all(), required=False)


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("number", "0", "Enter 1 or more."),
        ("number", "1000000000", "Enter 9 or less."),
        ("text", "abcd", "Use at most 3 characters. This has 4."),
        ("email", "asa@", "Enter an e-mail address such as name@example.com."),
        ("own", "0", "One at least."),
    ],
)
def test_bad_input_is_told_plainly(field, given, words):
    assert Everything({field: given}).errors[field] == [words]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "given"),
    [("one", "b"), ("some", ["b"]), ("row", "7"), ("row", "x"), ("rows", ["7"]), ("rows", ["x"])],
)
def test_what_left_the_list_while_the_form_was_open_is_told_without_its_code(field, given):
    assert Everything({field: given}).errors[field] == [
        "What was chosen is not in the list any more. Choose again."
    ]


def test_an_empty_file_is_told_plainly():
    form = Everything({}, {"file": SimpleUploadedFile("a.pdf", b"")})
    assert form.errors["file"] == ["The file is empty."]
