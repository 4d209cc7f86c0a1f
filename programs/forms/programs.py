"""Forms of programs: the program itself, a stage with its conditions, and joining."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

from django import forms

from core.fields import DayField, LineField, TextField
from partners.models import Group, Partner
from programs.conditions import RULES
from programs.enums import Joining
from programs.models import Condition, Path, Program, ProgramPath, Stage
from programs.services.keeping import FIELDS, ConditionGiven

ROWS = 6


class ProgramForm(forms.Form):
    """What a program is, for whom, and which training belongs to it."""

    name = LineField(label="Name", max_length=120, error_messages={"required": "Give the program a name."})
    summary = TextField(
        label="What it is about",
        max_length=2000,
        help_text="Partners read this: what they get, and what you expect.",
        error_messages={"required": "Say in a sentence or two what the program is about."},
    )
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day (optional)", required=False)
    joining = forms.ChoiceField(
        label="How firms join",
        choices=[
            (Joining.APPLICATION, "By application: firms apply, you approve"),
            (Joining.INVITATION, "By invitation: you choose the firms"),
            (Joining.AUTOMATIC, "By itself: every firm of the audience takes part"),
        ],
        widget=forms.RadioSelect,
        initial=Joining.APPLICATION,
    )
    audience = forms.ModelMultipleChoiceField(
        label="For which groups",
        queryset=Group.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None chosen: for all active partners.",
    )
    paths = forms.ModelMultipleChoiceField(
        label="Training",
        queryset=Path.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Open from the start; a stage can open it later instead.",
    )

    def __init__(self, *args: Any, program: Program | None = None, **options: Any) -> None:
        if program is not None:
            options["initial"] = {name: getattr(program, name) for name in FIELDS} | {
                "audience": program.audience.all(),
                "paths": Path.objects.filter(program_paths__program=program),
            }
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day lies before the first.")
        return data

    @property
    def values(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class StageForm(forms.Form):
    """A stage: its name, what firms read, what opens with it, and up to ROWS conditions. A row's `what` is the kind and the
    target in one choice; `step` is the words of a step of ours."""

    name = LineField(label="Name", max_length=80, error_messages={"required": "Give the stage a name."})
    text = TextField(label="What firms read once it is open (optional)", max_length=1000, required=False)
    paths = forms.ModelMultipleChoiceField(
        label="Training that opens with this stage",
        queryset=ProgramPath.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="What opens with no stage is open from the start.",
    )

    def __init__(self, *args: Any, program: Program, stage: Stage | None = None, **options: Any) -> None:
        known = list(stage.conditions.all()) if stage else []
        mine = program.program_paths.select_related("path")
        options["initial"] = _initial(stage, known) | {"paths": mine.filter(stage=stage) if stage else []}
        super().__init__(*args, **options)
        choices = what_choices({(one.kind, one.target) for one in known})
        paths: Any = self.fields["paths"]
        paths.queryset, paths.label_from_instance = mine, lambda row: row.path.name
        for number in range(ROWS):
            self.fields[f"what_{number}"] = forms.ChoiceField(
                label=f"Condition {number + 1}", choices=choices, required=False
            )
            self.fields[f"number_{number}"] = forms.DecimalField(
                label="At least",
                min_value=Decimal("0.01"),
                max_digits=14,
                decimal_places=2,
                required=False,
                error_messages={"min_value": "Enter a number above 0.", "invalid": "Enter a number."},
            )
            self.fields[f"step_{number}"] = LineField(label="Which step", max_length=120, required=False)
            self.fields[f"id_{number}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The fields of each condition, for the template: those that ask for something, and two empty ones."""
        used = [number for number in range(ROWS) if self[f"what_{number}"].value()]
        for number in range(min(ROWS, max(used, default=-1) + 3)):
            yield {name: self[f"{name}_{number}"] for name in ("what", "number", "step", "id")} | {
                "number_of": number + 1
            }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for number in range(ROWS):
            if data.get(f"what_{number}") == "vendor:" and not data.get(f"step_{number}"):
                self.add_error(f"step_{number}", "Say which step you do or confirm.")
        return data

    @property
    def conditions(self) -> list[ConditionGiven]:
        """The rows that ask for something."""
        found = []
        for number in range(ROWS):
            kind, _, target = self.cleaned_data[f"what_{number}"].partition(":")
            if kind:
                found.append(
                    ConditionGiven(
                        kind,
                        target or self.cleaned_data[f"step_{number}"],
                        self.cleaned_data[f"number_{number}"] if RULES[kind].counts else None,
                        self.cleaned_data[f"id_{number}"],
                    )
                )
        return found


def what_choices(known: Collection[tuple[str, str]] = ()) -> list[tuple[str, Any]]:
    """All that a condition can ask for, grouped by kind, what was taken out of use only where it is asked for already
    (`known`); kinds with nothing to choose from are left out."""
    groups: list[tuple[str, Any]] = [("", "Nothing")]
    for rule in RULES.values():
        targets = rule.choices() if rule.choices else [("", "A step that we do or confirm")]
        gone = rule.closed([target for target, _ in targets])
        targets = [one for one in targets if one[0] not in gone or (rule.kind, one[0]) in known]
        if targets:
            groups.append((rule.label, [(f"{rule.kind}:{target}", name) for target, name in targets]))
    return groups


def _initial(stage: Stage | None, known: list[Condition]) -> dict[str, Any]:
    found: dict[str, Any] = {"name": stage.name, "text": stage.text} if stage else {}
    for number, one in enumerate(known[:ROWS]):
        own = one.kind == "vendor"
        found[f"what_{number}"] = "vendor:" if own else f"{one.kind}:{one.target}"
        found[f"step_{number}"] = one.target if own else ""
        found[f"number_{number}"] = one.threshold.normalize() if one.threshold else None
        found[f"id_{number}"] = one.pk
    return found


class InviteForm(forms.Form):
    """Which firms of the audience are invited, with a word to them."""

    partners = forms.ModelMultipleChoiceField(
        label="Firms",
        queryset=Partner.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one firm.",
            "invalid_choice": "One of these firms can't be invited any more. Look at the list again.",
        },
    )
    text = TextField(label="A word to them (optional)", max_length=1000, required=False)

    def __init__(self, *args: Any, firms: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["partners"].queryset = firms  # type: ignore[attr-defined]


class ApplyForm(forms.Form):
    text = TextField(
        label="Why your firm would fit (optional)",
        max_length=1000,
        required=False,
        help_text="The people who decide read this.",
    )


class ReasonForm(forms.Form):
    """A reason that the firm reads."""

    reason = TextField(
        label="Why", max_length=1000, error_messages={"required": "Say why: the firm reads it."}
    )
