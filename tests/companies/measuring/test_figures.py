"""The figures, computed by hand for a few outcomes."""

from companies.measuring.figures import calibration_error, figures, merit, reliability, times
from companies.measuring.outcomes import Outcome
from companies.measuring.thresholds import Thresholds


def outcome(score: float, place: int, *, absent: bool = False, kind: str = "k") -> Outcome:
    """One with a best candidate of that score, right where `place` is 1."""
    verdict = Thresholds(same=0.8, review=0.4).verdict(score)
    scores = (score,) if score else ()
    return Outcome(kind, absent, place, verdict, 1.0, scores, (place == 1,) if score else ())


OUTCOMES = [
    outcome(0.95, 1),
    outcome(0.9, 1),
    outcome(0.85, 0, absent=True, kind="absent"),
    outcome(0.6, 1),
    outcome(0.5, 3),  # the right one stands third
    outcome(0.0, 0),  # nothing found
    outcome(0.1, 0, absent=True, kind="absent"),
]


def test_merit() -> None:
    told = merit(OUTCOMES)

    # At .6: three of four answers are right, three of five are found.
    assert (told["threshold"], told["precision"], told["recall"], told["f1"]) == (0.6, 0.75, 0.6, 0.6667)
    assert (told["recall_at_95_precision"], told["top_1"], told["top_10"]) == (0.4, 0.6, 0.8)


def test_at_verdicts_and_by_class() -> None:
    told = figures(OUTCOMES, Thresholds(same=0.8, review=0.4))

    assert (told["precision_at_same"], told["recall_at_same"], told["false_alarms_at_same"]) == (
        0.6667,
        0.4,
        0.5,
    )
    assert (told["precision_at_review"], told["recall_at_review"]) == (0.6, 0.6)
    assert told["by_class"]["absent"] == {
        "queries": 2,
        "top_1": None,
        "top_10": None,
        "recall": None,
        "false_alarms": 0.5,
    }


def test_a_threshold_that_is_rounded_up_leaves_nobody_out() -> None:
    told = figures([outcome(0.95257, 1)], Thresholds())
    assert (told["threshold"], told["by_class"]["k"]["recall"]) == (0.9526, 1.0)


def test_reliability() -> None:
    assert reliability(OUTCOMES)[-1] == {"count": 2, "score": 0.925, "right": 1.0}
    assert calibration_error([outcome(0.9, 1)] * 9 + [outcome(0.9, 0)]) == 0.0
    assert calibration_error([outcome(0.5, 0)]) == 0.5
    assert calibration_error([]) is None


def test_times_and_nothing() -> None:
    assert times([float(ms) for ms in range(1, 101)]) == {"p50_ms": 51.0, "p95_ms": 96.0, "p99_ms": 100.0}
    assert figures([], Thresholds()) == {"queries": 0}
