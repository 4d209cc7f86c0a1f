"""What the page of a draft shows beside each field: the sentence it makes, what is wrong with it, what it was."""

from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from core.clock import database_clock
from policies.contradictions import Told, contradictions, ground_now, remarks
from policies.examples import Example, examples
from policies.forms.drafts import DraftForm, unfinished_words
from policies.forms.groups import GROUPS, Group
from policies.models import RegistrationPolicy
from policies.settings import settings_of
from policies.words import LABELS, Change, changes, sentence_of


@dataclass(frozen=True)
class Beside:
    """What stands beside one setting's field. `problem` and `remark` come with the other settings that they are about, as
    codes with labels. `was` is its value in the version in force, '' where it is the same."""

    setting: str
    field: BoundField
    label: str
    sentence: str
    has_effect: bool
    problem: str
    remark: str
    was: str
    problem_with: tuple[tuple[str, str], ...] = ()
    remark_with: tuple[tuple[str, str], ...] = ()


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
    found = contradictions(settings_of(draft), ground_now())
    return {**{name: told.words for name, told in found.items()}, **unfinished_words(draft, base)}


def preview(
    form: DraftForm, draft: RegistrationPolicy, current: RegistrationPolicy, base: str, told: dict[str, str]
) -> Preview:
    """`told` are the problems of the entered texts, by setting; contradictions are found here."""
    values, ground = settings_of(draft), ground_now()
    clashes, noted = contradictions(values, ground), remarks(values, ground)
    wrong = {**clashes, **{name: Told(name, (), words) for name, words in told.items()}}
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
            problem=wrong[setting].words if setting in wrong else "",
            remark=noted[setting].words if setting in noted else "",
            was=was.get(setting, ""),
            problem_with=_with(wrong.get(setting)),
            remark_with=_with(noted.get(setting)),
        )

    groups = [(group, [beside(setting) for setting in group.settings]) for group in GROUPS]
    problems = [one for _, rows in groups for one in rows if one.problem]
    # Examples of a policy that contradicts itself would tell nothing.
    shown = [] if problems else examples(draft, base, database_clock())
    return Preview(groups, found, shown, problems)


def _with(told: Told | None) -> tuple[tuple[str, str], ...]:
    return tuple((setting, LABELS[setting]) for setting in told.beside) if told else ()


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
