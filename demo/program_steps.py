"""What a firm that becomes an edge specialist gets to do, and who of the demo did which of it."""

from datetime import datetime, timedelta

from accounts.models import User
from demo.history import Past
from partners.enums import StepSide
from partners.models import OnboardingStep
from partners.services.steps import complete_step
from programs.models import Program
from programs.services.steps import save_step, source_of

PROGRAM = "Edge Specialists"
# stage, its title, step, whose, due after so many days
_STEPS = (
    (1, "The first week", "Name two engineers", StepSide.PARTNER, 7),
    (1, "The first week", "Send the test kit", StepSide.VENDOR, 5),
    (2, "Your own plant", "Run the test kit for a week", StepSide.PARTNER, 21),
    (2, "Your own plant", "Tell us what you would do otherwise", StepSide.PARTNER, None),
)
_HELP = {
    "Name two engineers": "They get a seat in the training each, and our development's direct line.",
    "Run the test kit for a week": "On a machine of your own: nothing is at stake there.",
}
# Who did a step, so many days after the firm joined. Giulia's firm has not written yet.
_DONE = (
    ("bob", 138, ((2, "Name two engineers"), (20, "Run the test kit for a week"))),
    ("sigrid", 118, ((4, "Name two engineers"), (19, "Run the test kit for a week"))),
    ("giulia", 98, ((6, "Name two engineers"), (21, "Run the test kit for a week"))),
)
_SAID = "Tell us what you would do otherwise"


def write_program_steps(olga: User) -> None:
    """Two stages with an owner on either side."""
    program = Program.objects.get(name=PROGRAM)
    for stage, title, words, side, days in _STEPS:
        fields = {
            "stage": stage,
            "stage_title": title,
            "title": words,
            "side": side,
            "due_days": days,
            "help": _HELP.get(words, ""),
            "required": True,
        }
        save_step(program, by=olga, version=program.version, fields=fields)
        program.refresh_from_db()


def do_program_steps(past: Past, today: datetime, people: dict[str, User]) -> None:
    """The test kit leaves on the day after a firm joined; two firms went the whole way."""
    source = source_of(Program.objects.get(name=PROGRAM))
    for key, joined, done in _DONE:
        firm = people[key].member.partner
        last = [] if key == "giulia" else [(30, _SAID)]
        for after, title in [(1, "Send the test kit"), *done, *last]:
            step = OnboardingStep.objects.get(partner=firm, source=source, title=title)
            by = people["olga"] if step.side == StepSide.VENDOR else people[key]
            with past.at(today - timedelta(days=joined - after) + timedelta(hours=10)) as clock:
                complete_step(step, by=by, clock=clock)
