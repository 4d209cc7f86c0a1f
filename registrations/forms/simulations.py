"""Which period to simulate, and filters of what a simulation found."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from registrations.forms.fields import LineField
from registrations.models import SimulatedCase, Simulation
from registrations.simulation.tally import by_rule, cells_from_json, matrix
from registrations.simulation.telling import LANDINGS, change_words, rule_words

_LAST_DAYS = 365
_NO_DAY = "Enter a day such as 2027-03-31."
UNSETTLED = "unsettled"


class PeriodForm(forms.Form):
    """The first and the last day, in the reader's time zone; both belong to it."""

    since = forms.DateField(
        label="From",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Choose the first day.", "invalid": _NO_DAY},
    )
    until = forms.DateField(
        label="To",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Choose the last day.", "invalid": _NO_DAY},
        help_text="Included. Registrations count by the moment at which the policy was asked.",
    )

    @classmethod
    def starting_today(cls, today: date, *, chosen: dict[str, Any] | None = None, **options: Any) -> Self:
        """Filled with the year before `today`, and with what is `chosen` besides."""
        period = {"since": today - timedelta(days=_LAST_DAYS), "until": today}
        return cls(initial={**period, **(chosen or {})}, **options)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        today = timezone.localdate()
        if since and since > today:
            self.add_error(
                "since", "Choose a day that has come: only what has been submitted can be simulated."
            )
        if since and until and until < since:
            self.add_error("until", "The period ends before it begins. Choose a day after the first one.")
        if until and until.year > today.year + 1:
            self.add_error("until", "Choose a day that has come.")
        if since and since.year < 2000:
            self.add_error("since", "Choose a year from 2000 on.")
        return values

    def period(self) -> tuple[datetime, datetime]:
        """The first moment, and the one after the last."""
        zone = timezone.get_current_timezone()
        first, last = self.cleaned_data["since"], self.cleaned_data["until"] + timedelta(days=1)
        return datetime.combine(first, time(), tzinfo=zone), datetime.combine(last, time(), tzinfo=zone)


class VersionForm(PeriodForm):
    """The period, and what is announced that shall count as if it bound already."""

    beside = forms.MultipleChoiceField(
        label="Together with",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What is announced and does not bind yet. What you tick counts as if it had bound through the whole period.",
        error_messages={"invalid_choice": "One of these is not announced any more. Look at the list again."},
    )

    def __init__(self, *args: Any, ahead: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["beside"].choices = ahead  # type: ignore[attr-defined]
        if not ahead:
            del self.fields["beside"]


class TrialForm(PeriodForm):
    """The period, and the version beside which a change is tried: that of each day, a draft or one that is scheduled."""

    under = forms.ChoiceField(
        label="Registration policy",
        required=False,
        error_messages={"invalid_choice": "This is no draft any more. Look at the list again."},
    )

    def __init__(self, *args: Any, versions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["under"].choices = [("", "The version of each day"), *versions]  # type: ignore[attr-defined]
        if not versions:
            del self.fields["under"]


class CaseFilters(forms.Form):
    """From where to where, by which finding, whose. What cannot be read filters nothing."""

    change = forms.ChoiceField(label="Change", required=False)
    finding = forms.ChoiceField(label="Finding", required=False)
    partner = LineField(label="Partner", max_length=200, required=False)
    tier = forms.ChoiceField(label="Tier", required=False)

    def __init__(
        self, *args: Any, simulation: Simulation, tiers: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        cells = cells_from_json(simulation.cells)
        found = matrix(cells)
        changes = [
            (f"{before}-{after}", change_words(before, after))
            for before in LANDINGS
            for after in LANDINGS
            if before != after and found[before, after].number
        ]
        if simulation.unsettled:
            changes.append((UNSETTLED, "Can't be compared"))
        self._choices("change", "Every change", changes)
        self._choices("finding", "Any finding", [(rule, rule_words(rule)) for rule in by_rule(cells)])
        self._choices("tier", "All tiers", tiers)
        self.fields["partner"].widget.attrs["type"] = "search"

    def _choices(self, name: str, every: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """Filter → value, those in force only."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def apply(self, rows: QuerySet[SimulatedCase]) -> QuerySet[SimulatedCase]:
        """The cases that all filters let through. Those that can't be compared are listed only when asked for."""
        chosen = self.chosen
        change = chosen.get("change", "")
        rows = rows.filter(unsettled=change == UNSETTLED)
        if change and change != UNSETTLED:
            before, after = change.split("-")
            rows = rows.filter(before=before, after=after)
        if rule := chosen.get("finding"):
            rows = rows.filter(rule=rule)
        if partner := chosen.get("partner"):
            rows = rows.filter(registration__partner__name__icontains=partner)
        if tier := chosen.get("tier"):
            rows = rows.filter(tier=tier)
        return rows

    def words_of(self, name: str) -> str:
        """The filter in force as a chip says it."""
        value = self.chosen[name]
        if name == "partner":
            return f"Partner “{value}”"
        return str(dict(self.fields[name].choices)[value])  # type: ignore[attr-defined]
