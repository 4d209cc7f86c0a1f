"""Lessons and quizzes of the demo's training, in words."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LessonText:
    """A module: its name, minutes, text, and questions as (question, right answers, wrong answers)."""

    name: str
    minutes: int
    text: str
    quiz: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    video: str = ""

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The quiz as it is kept; right and wrong answers take turns in standing first."""
        found = []
        for number, (text, right, wrong) in enumerate(self.quiz):
            answers = [{"text": words, "right": True} for words in right]
            others = [{"text": words, "right": False} for words in wrong]
            found.append(
                {"text": text, "answers": [*others, *answers] if number % 2 == 0 else [*answers, *others]}
            )
        return found


LESSONS = {
    "registering": LessonText(
        "Registering a deal well",
        8,
        "A registration protects the work you put into a company. It is quick to write and it pays to write it early.\n\n"
        "# What to have at hand\n\n- The company's legal name and website.\n- The product lines and a rough value.\n"
        "- What contact took place: who, when, what about.\n\n"
        "# What happens then\n\nYou learn at once whether it is clear. A channel manager looks at what is not, within two "
        "business days. Protection lasts as long as you keep it alive: one click in the reminder is enough.\n\n"
        "Write down the next step in the customer's own words. It is what the person who decides reads first.",
        (
            (
                "A customer called you today. When do you register?",
                ("Now, with what you know; details can follow",),
                ("Once the offer is signed", "When the budget is approved"),
            ),
            (
                "What keeps protection alive?",
                ("An update before it ends", "A click in the reminder's mail"),
                ("Opening the page now and then", "Nothing, it never ends"),
            ),
            (
                "Somebody else holds the company already. What do you learn?",
                ("Your place in line and the rule, not the other's name",),
                ("The other firm's name", "Nothing at all"),
            ),
        ),
    ),
    "needs": LessonText(
        "Finding the need behind the wish",
        12,
        "Plants rarely ask for software. They ask for fewer stops, for a line that can be watched from elsewhere, for proof "
        "that a batch was cold enough.\n\n# Three questions that open a conversation\n\n- What stood still last month, and "
        "what did it cost?\n- Who gets up at night when it does?\n- What would you look at first, if you could see it?\n\n"
        "Listen for numbers. A stop that has a price has a budget.",
        (
            (
                "Which question opens a conversation best?",
                ("What stood still last month, and what did it cost?",),
                ("Would you like to see our catalogue?", "How many licences do you need?"),
            ),
            (
                "What do you listen for?",
                ("A stop that has a price",),
                ("The name of a competitor", "The size of the building"),
            ),
        ),
    ),
    "portfolio": LessonText(
        "Our product lines in ten minutes",
        10,
        "Edge Runtime collects at the machine. Fleet Manager rolls out and watches a thousand of them. Signal Historian keeps "
        "what was measured; Energy Insight says what it cost. Vision Inspect looks, Safe Remote Access lets an expert in.\n\n"
        "Watch the tour, then say in one sentence which of them your last customer would have begun with.",
        video="https://video.korrel.example/tour",
    ),
    "edge": LessonText(
        "Edge Runtime in a plant",
        20,
        "# Before you go\n\n- Ask for the network plan, and who may change it.\n- Agree on a window in which the line may "
        "stop.\n\n# On the day\n\nInstall beside the present controller, never instead of it. Read for a day before you "
        "write anything back. Every device carries a certificate of its own; none is shared.\n\n# Before you leave\n\nShow "
        "the shift leader how to take it off the network. Trust comes from the off switch.",
        (
            (
                "When is anything written back to a controller?",
                ("After a day of reading only",),
                ("At once", "Never on a Monday"),
            ),
            (
                "What do you show the shift leader before you leave?",
                ("How to take the device off the network",),
                ("The licence key", "The source code"),
            ),
            (
                "Which are true of certificates of devices?",
                ("Every device has its own", "None is shared"),
                ("One per plant is enough",),
            ),
        ),
    ),
    "rollout": LessonText(
        "Rolling out a fleet",
        15,
        "Ten devices are a pilot, a hundred are a project, a thousand are an operation. Fleet Manager groups them by what "
        "they do, not by where they hang.\n\n- Update one of each group first.\n- Wait a night.\n- Then the rest, group by "
        "group.\n\nA rollout that can't be stopped is not a rollout.",
        (
            (
                "What do you update first?",
                ("One device of each group",),
                ("The whole plant, on a Friday", "The oldest device everywhere"),
            ),
            (
                "By what does Fleet Manager group devices?",
                ("By what they do",),
                ("By where they hang", "By their age"),
            ),
        ),
    ),
    "energy": LessonText(
        "Reading an energy bill with a customer",
        15,
        "A bill has two prices: one for what was used, one for how fast. Most savings lie in the second.",
    ),
}
