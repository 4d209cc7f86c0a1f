"""The file of named accounts."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from companies.services.csv_reading import LARGEST_BYTES


class ImportForm(forms.Form):
    """One CSV file; its size is checked before it is read."""

    file = forms.FileField(
        label="CSV file",
        help_text=f"At most {LARGEST_BYTES // 1_000_000} MB. Nothing is written until you confirm.",
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty.",
            "missing": "Choose a file.",
            "invalid": "The file did not arrive. Choose it again.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_BYTES:
            raise forms.ValidationError(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB. Split it.")
        return file
