"""What the page of a draft shows beside each field: the sentence it makes, what is wrong with it, what it was."""

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from core.clock import database_clock
from policies.contradictions import contradictions, remarks
from policies.examples import Example, examples
from policies.forms.drafts import DraftForm, unfinished_words
from policies.forms.groups import GROUPS, Group
from policies.models import RegistrationPolicy
from policies.settings import settings_of
from policies.words import LABELS, Change, changes, sentence_of


@dataclass(frozen=True)
class Beside:
    """What stands beside one setting's field. `was` is its value in the version in force, '' where it is the same."""

    setting: str
    field: BoundField
    label: str
    sentence: str
    has_effect: bool
    problem: str
    remark: str
    was: str


@dataclass(frozen=True)
class Preview:
    """A draft as it would be with what was entered."""

    groups: list[tuple[Group, list[Beside]]]
    changes: list[Change]
    examples: list[Example]
    problems: list[Beside]

    @property
    def besides(self) -> list[Beside]:
        """What stands beside all fields."""
        return [beside for _, found in self.groups for beside in found]


def problems_of(draft: RegistrationPolicy, base: str) -> dict[str, str]:
    """Why a draft can't be published as it was saved: setting → words."""
    return {**contradictions(settings_of(draft)), **unfinished_words(draft, base)}


def preview(
    form: DraftForm, draft: RegistrationPolicy, current: RegistrationPolicy, base: str, told: dict[str, str]
) -> Preview:
    """`told` are the problems of the entered texts, by setting; contradictions are found here."""
    values = settings_of(draft)
    wrong = {**contradictions(values), **told}
    noted = remarks(values)
    found = changes(current, draft, base)
    was = {change.setting: change.before for change in found}

    def beside(setting: str) -> Beside:
        said = sentence_of(setting, draft, base)
        return Beside(
            setting=setting,
            field=form[setting],
            label=LABELS[setting],
            sentence=said.text,
            has_effect=said.has_effect,
            problem=wrong.get(setting, ""),
            remark=noted.get(setting, ""),
            was=was.get(setting, ""),
        )

    groups = [(group, [beside(setting) for setting in group.settings]) for group in GROUPS]
    problems = [one for _, rows in groups for one in rows if one.problem]
    # Examples of a policy that contradicts itself would tell nothing.
    shown = [] if problems else examples(draft, base, database_clock())
    return Preview(groups, found, shown, problems)


def context_of(preview: Preview, **more: Any) -> dict[str, Any]:
    """For the templates."""
    return {
        "groups": preview.groups,
        "besides": preview.besides,
        "changes": preview.changes,
        "examples": preview.examples,
        "problems": preview.problems,
        **more,
    }
