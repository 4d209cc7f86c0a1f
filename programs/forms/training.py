"""Forms of operations' training desk: a module, a path."""

from typing import Any

from django import forms

from core.fields import LineField, TextField
from core.uploads import kinds_in_words
from partners.certificates.enums import HeldBy
from partners.models import CertificateType
from programs.models import Module, Path
from programs.services.training.keeping import MODULE_FIELDS, PATH_FIELDS

_NUMBER = {"invalid": "Enter a whole number.", "required": "Enter a whole number."}
PLACES = 20


class ModuleForm(forms.Form):
    """What a module teaches. Everything but the name may be left out; the quiz has a page of its own."""

    name = LineField(label="Name", max_length=120, error_messages={"required": "Give the module a name."})
    text = TextField(
        label="Text (optional)",
        max_length=20_000,
        required=False,
        help_text="Empty lines make paragraphs; lines that begin with '- ' make a list, with '# ' a heading.",
    )
    video_url = forms.URLField(
        label="Link to a video (optional)",
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Enter a whole address such as https://video.example.com/intro."},
        help_text="It opens in a tab of its own: nothing from elsewhere is shown inside this portal.",
    )
    file = forms.FileField(label="File (optional)", required=False, help_text=f"{kinds_in_words()}.")
    drop_file = forms.BooleanField(label="Take the present file away", required=False)
    minutes = forms.IntegerField(label="Minutes it takes", min_value=1, max_value=600, error_messages=_NUMBER)
    attempts = forms.IntegerField(
        label="Attempts at the quiz before a pause",
        min_value=0,
        max_value=20,
        help_text="0: no limit.",
        error_messages=_NUMBER,
    )
    pause_hours = forms.IntegerField(
        label="Hours of pause", min_value=0, max_value=720, error_messages=_NUMBER
    )

    def __init__(self, *args: Any, module: Module | None = None, **options: Any) -> None:
        source = module or Module()
        options["initial"] = {name: getattr(source, name) for name in MODULE_FIELDS}
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["rows"] = 14
        if module is None or not module.file:
            del self.fields["drop_file"]
        else:
            self.fields["file"].label = f"Another file instead of {module.file_name} (optional)"

    @property
    def values(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return {name: self.cleaned_data[name] for name in MODULE_FIELDS}


class PathForm(forms.Form):
    """A path: its words, what it grants, and its modules in their order."""

    name = LineField(label="Name", max_length=120, error_messages={"required": "Give the path a name."})
    summary = TextField(label="What people learn (optional)", max_length=1000, required=False)
    grants = forms.ModelChoiceField(
        label="Certification that it grants",
        queryset=CertificateType.objects.none(),
        required=False,
        empty_label="None",
        help_text="Made out to the person who passes, valid as long as its type says.",
    )
    for_everybody = forms.BooleanField(label="For every partner, not only through programs", required=False)
    in_order = forms.BooleanField(
        label="Modules open one after another",
        required=False,
        initial=True,
        help_text="Each opens when the one before it is done. Without it they can be taken in any order.",
    )

    def __init__(self, *args: Any, path: Path | None = None, **options: Any) -> None:
        mine = list(path.path_modules.values_list("module__code", flat=True)) if path else []
        options["initial"] = {name: getattr(path, name) for name in PATH_FIELDS if path is not None} | {
            f"module_{number}": code for number, code in enumerate(mine)
        }
        super().__init__(*args, **options)
        personal = CertificateType.objects.filter(held_by=HeldBy.PERSON).order_by("name")
        self.fields["grants"].queryset = personal  # type: ignore[attr-defined]
        self.modules = {module.code: module for module in Module.objects.order_by("name")}
        choices = [("", "–"), *((code, _label(module)) for code, module in self.modules.items())]
        for number in range(max(8, min(len(mine) + 3, PLACES))):
            self.fields[f"module_{number}"] = forms.ChoiceField(
                label=f"Module {number + 1}", choices=choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        seen: set[str] = set()
        for name in self.fields:
            code = data.get(name) if name.startswith("module_") else ""
            if code and code in seen:
                self.add_error(
                    name, f"“{self.modules[code].name}” stands in this path already. Choose another one."
                )
            seen.add(code or "")
        return data

    def places(self) -> list[Any]:
        """The fields of the modules, for the template."""
        return [self[name] for name in self.fields if name.startswith("module_")]

    @property
    def chosen(self) -> list[Module]:
        """The modules in their order."""
        codes = [self.cleaned_data[name] for name in self.fields if name.startswith("module_")]
        return [self.modules[code] for code in codes if code]

    @property
    def values(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return {name: self.cleaned_data[name] for name in PATH_FIELDS}


def _label(module: Module) -> str:
    return (
        module.name
        if module.status == "published"
        else f"{module.name} ({module.get_status_display().lower()})"
    )
