"""The figures as a part of docs/matching.md, between two marks; what stands around them is written by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.matching.plots import plot, powers, tenths
from bench.matching.runs import Run
from companies.measuring.figures import calibration_error, merit, precision_and_recall, reliability

# Classes of queries (by the beginning of their names) whose answer a name does not hold.
UNSETTLED = ("rename", "ietf", "s_acronym")
DOCUMENT = Path("docs/matching.md")
IMAGES = Path("docs/images")
_BEGIN, _END = "<!-- figures: begin -->", "<!-- figures: end -->"
_COLUMNS = {
    "queries": "queries",
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "recall_at_95_precision": "recall at 95 % precision",
    "recall_at_98_precision": "at 98 %",
    "top_1": "top 1",
    "top_10": "top 10",
    "p50_ms": "p50 ms",
    "p95_ms": "p95 ms",
    "p99_ms": "p99 ms",
    "build_seconds": "index s",
    "bytes_per_company": "bytes a company",
}


def write(runs: Sequence[Run], words: str, machine: str) -> None:
    """Put the tables into the document and the plots beside it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, picture in _plots(runs).items():
        (IMAGES / name).write_text(picture, encoding="utf-8")
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else f"# Matching\n\n{_BEGIN}\n{_END}\n"
    if _BEGIN not in text:
        text += f"\n## Measured\n\n{_BEGIN}\n{_END}\n"
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    body = "\n\n".join(_sections(runs, words, machine))
    DOCUMENT.write_text(f"{before}{_BEGIN}\n\n{body}\n\n{_END}{after}", encoding="utf-8")


def _sections(runs: Sequence[Run], words: str, machine: str) -> list[str]:
    sizes = sorted({run.size for run in runs})
    own = {run.size: run for run in runs if run.way == "Concord"}
    largest = own[sizes[-1]]
    sections = [f"Made by `make bench-matching`. {words} {machine}"]
    for size in sizes:
        rows = [
            [run.way, *(_cell(run.told.get(key)) for key in _COLUMNS)] for run in runs if run.size == size
        ]
        sections.append(f"**{size:,} names**\n\n" + _table(["", *_COLUMNS.values()], rows))
        sections.append(f"**{size:,} names, what a name can tell**\n\n" + _settled(runs, size))
    sections.append(_verdicts(own))
    sections.append(
        f"![Precision and recall](images/matching-precision-recall.svg)\n\n"
        f"![Milliseconds by size](images/matching-latency.svg)\n\n"
        f"![Reliability](images/matching-reliability.svg)\n\n"
        f"Expected calibration error of the best candidates, {sizes[-1]:,} names: {largest.told['calibration_error']}."
    )
    sections.append(_classes(largest))
    return sections


def _settled(runs: Sequence[Run], size: int) -> str:
    """The figures without renames, brands and initials: no peer's score of a name can settle those either."""
    keys = ("f1", "recall_at_95_precision", "recall_at_98_precision", "top_1", "top_10", "calibration_error")
    rows = []
    for run in runs:
        if run.size == size:
            kept = [one for one in run.outcomes if not (one.kind or "").startswith(UNSETTLED)]
            told = {**merit(kept), "calibration_error": calibration_error(kept)}
            rows.append([run.way, str(len(kept)), *(_cell(told.get(key)) for key in keys)])
    heads = ["F1", "recall at 95 % precision", "at 98 %", "top 1", "top 10", "calibration error"]
    return _table(["", "queries", *heads], rows)


def _verdicts(own: Mapping[int, Run]) -> str:
    keys = {
        "precision_at_same": "precision at ‘same’",
        "recall_at_same": "recall",
        "false_alarms_at_same": "false alarms",
        "precision_at_review": "precision at ‘review’ or better",
        "recall_at_review": "recall",
        "false_alarms_at_review": "false alarms",
        "insert_p95_ms": "insert a name, p95 ms",
        "new_company_p95_ms": "a new company, p95 ms",
        "peak_megabytes": "peak MB while loading",
    }
    rows = [[f"{size:,}", *(_cell(run.told.get(key)) for key in keys)] for size, run in sorted(own.items())]
    sizes = sorted(own)
    grown = own[sizes[-1]].told["p95_ms"] / own[sizes[0]].told["p95_ms"]
    return (
        "At the verdicts; false alarms are counted among names that are not in the list.\n\n"
        + _table(["names", *keys.values()], rows)
        + f"\n\nThe 95th percentile of a look-up grows {grown:.1f} times from {sizes[0]:,} to {sizes[-1]:,} names."
    )


def _classes(run: Run) -> str:
    keys = {
        "queries": "queries",
        "top_1": "top 1",
        "top_10": "top 10",
        "recall": "found",
        "false_alarms": "false alarms",
    }
    rows = [[kind, *(_cell(told[key]) for key in keys)] for kind, told in run.told["by_class"].items()]
    return (
        f"By class, {run.size:,} names; ‘found’ and ‘false alarms’ at the threshold with the best F1,"
        f" {run.told['threshold']}.\n\n" + _table(["class", *keys.values()], rows)
    )


def _plots(runs: Sequence[Run]) -> dict[str, str]:
    sizes = sorted({run.size for run in runs})
    at_most = [run for run in runs if run.size == sizes[-1]]
    ways = list(dict.fromkeys(run.way for run in runs))
    curves = {run.way: precision_and_recall(run.outcomes) for run in at_most}
    speeds = {way: [(float(run.size), run.told["p95_ms"]) for run in runs if run.way == way] for way in ways}
    slowest = max(ms for points in speeds.values() for _, ms in points)
    steps = reliability(at_most[0].outcomes)
    return {
        "matching-precision-recall.svg": plot(
            f"Precision and recall at {sizes[-1]:,} names", tenths("recall"), tenths("precision"), curves
        ),
        "matching-latency.svg": plot(
            "95th percentile of a look-up by size",
            powers("names", sizes[0], sizes[-1]),
            powers("ms, 95th percentile", 1.0, max(10.0, slowest * 1.2)),
            speeds,
            dots=True,
        ),
        "matching-reliability.svg": plot(
            "Share of right answers by score",
            tenths("score"),
            tenths("share that is right"),
            {"best candidates by tenths of their score": [(step["score"], step["right"]) for step in steps]},
            dots=True,
            diagonal=True,
        ),
    }


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] + ["--:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.1f}" if value >= 10 else f"{value:.3f}"
    return f"{value:,}"
