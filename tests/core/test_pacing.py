"""Padding asks for the right pause; nothing here sleeps or measures."""

import pytest
from django.http import HttpResponse

from core import pacing
from core.pacing import Pacer, paced


class Watch:
    """A clock that stands still unless told or slept on."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def sleep(self, seconds):
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.mark.parametrize(
    ("work", "floor", "total"),
    [
        (0.0, 0.25, 0.25),
        (0.03, 0.25, 0.25),
        (0.2499, 0.25, 0.25),
        (0.25, 0.25, 0.25),  # exactly full: no second floor
        (0.26, 0.25, 0.5),
        (0.8, 0.25, 1.0),
        (0.07, 0, 0.07),
    ],
)
def test_an_answer_leaves_after_a_whole_number_of_floors(work, floor, total, monkeypatch):
    watch = Watch()
    monkeypatch.setattr(pacing, "pacer", Pacer(lambda: watch.now, watch.sleep))

    @paced(lambda: floor)
    def view(request):
        watch.now += work
        return HttpResponse("done")

    assert view(None).content == b"done"
    assert watch.now == pytest.approx(100 + total)
    assert len(watch.slept) <= 1


def test_an_answer_that_is_raised_waits_as_long(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(pacing, "pacer", Pacer(lambda: watch.now, watch.sleep))

    @paced(lambda: 0.25)
    def view(request):
        raise LookupError

    with pytest.raises(LookupError):
        view(None)
    assert watch.slept == [0.25]
