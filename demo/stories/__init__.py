"""All registrations of the demo: those with a tale of their own, and the everyday ones around them."""

from demo.stories import conflicts, everyday, lines_of_waiting, moments
from demo.story import Story


def all_stories() -> list[Story]:
    """Every story, each key once."""
    return [*conflicts.STORIES, *lines_of_waiting.STORIES, *moments.STORIES, *everyday.stories()]
