"""A notebook that reckons the main figures again, from the files that lie beside it and nothing else.

It needs Python 3.9 or newer and no package: whoever has it in twenty years can run it.
"""

import json
from typing import Any, Final

INTRODUCTION: Final = """\
# {process}

Reckons the main figures of this package again, from the tables that lie beside this notebook, and compares them with
those of the program (`figures.json`). It uses Python alone, without any package.

The same works without a notebook: the cells, one after the other, are a program."""

CELLS: Final = (
    (
        "The files are those that were handed out: each has its checksum in `SHA256SUMS`.",
        """\
import csv, hashlib, json
from collections import Counter
from datetime import date
from pathlib import Path

for line in Path("SHA256SUMS").read_text(encoding="utf-8").splitlines():
    digest, name = line.split("  ", 1)
    assert hashlib.sha256(Path(name).read_bytes()).hexdigest() == digest, f"{name} was changed"

csv.field_size_limit(2**31 - 1)

def table(name):
    with open(f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

about = json.loads(Path("about.json").read_text(encoding="utf-8"))
about""",
    ),
    (
        "Entries: how many, what about, how surely they had happened by the day, and where their dates come from.",
        """\
entries = table("entries")
amending = set(row["entry"] for row in table("amendments"))
told = [row for row in entries if row["state"] != "withdrawn" and row["occurred_basis"]]
certain = [row for row in told if row["state"] == "certain"]
with_source = set(row["entry"] for row in table("sources"))

figures = {
    "entries": len(entries),
    "entries_by_state": dict(sorted(Counter(row["state"] for row in entries).items())),
    "entries_in_force_by_subject": dict(sorted(Counter(row["subject"] for row in told).items())),
    "corrections_in_force": sum(row["type"] == "entry-corrected" and row["in_force"] == "true" for row in entries),
    "withdrawals_in_force": sum(row["type"] == "entry-withdrawn" and row["in_force"] == "true" for row in entries),
    "certain_entries": len(certain),
    "certain_entries_by_date_basis": dict(sorted(Counter(row["occurred_basis"] for row in certain).items())),
    "certain_entries_without_source": sum(row["number"] not in with_source for row in certain),
}
figures""",
    ),
    (
        "Decisions by method, feedback and its answers, commitments and what came of them, who took part.",
        """\
is_certain = set(row["number"] for row in certain)
feedback = table("feedback_responses")
commitments = table("commitments")
attending = [row for row in table("attendance") if row["entry"] in is_certain and row["actor"]]

figures.update({
    "certain_decisions_by_method": dict(sorted(
        Counter(row["method"] for row in table("decisions") if row["entry"] in is_certain).items())),
    "feedback": len(set(row["feedback"] for row in feedback)),
    "feedback_answered": len(set(row["feedback"] for row in feedback if row["answer"])),
    "commitments_by_standing": dict(sorted(
        Counter(row["standing"] for row in commitments if row["perhaps"] == "false").items())),
})
if about["audience"] == "internal":  # how many actors took part is no public figure: see docs/analytics.md
    figures["actors_in_attendance"] = len(set(row["actor"] for row in attending))
figures""",
    ),
    (
        "The structure: what was there on the day of the view, and how many bodies there were whenever it changed.",
        """\
places = table("structure")
now = [row for row in places if not row["last_day"]]

def bodies_on(day):
    return sum(row["kind"] == "body" and row["first_day"] <= day and (not row["last_day"] or day <= row["last_day"])
               for row in places)

figures.update({
    "counted_levels": sum(row["kind"] == "level" for row in now),
    "counted_bodies": sum(row["kind"] == "body" for row in now),
    "counted_bodies_by_day": {day: bodies_on(day) for day in sorted(set(row["first_day"] for row in places))},
})
figures["counted_bodies_by_day"]""",
    ),
    (
        "How late things were recorded: days from when they happened to when that was recorded, at least and at most.",
        """\
def days_between(earlier, later):
    return (date.fromisoformat(later[:10]) - date.fromisoformat(earlier)).days

at_least = sorted(max(0, days_between(row["occurred_latest"], row["recorded_at"])) for row in certain)
with_first = [row for row in certain if row["occurred_earliest"]]
at_most = sorted(days_between(row["occurred_earliest"], row["recorded_at"]) for row in with_first)
print("median, at least:", at_least[len(at_least) // 2] if at_least else None)
print("median, at most:", at_most[len(at_most) // 2] if at_most else None, "of", len(at_most), "with a first day")""",
    ),
    (
        (
            "From here on one way is taken in which the open dates can have turned out: everything as late as it can"
            " have been, and nobody there of whom it is not certain. Load: how unevenly meetings of the last 18 months"
            " are spread (Gini 1912, by all differences of two)."
        ),
        """\
from calendar import monthrange
from itertools import combinations

day = min(about[name] for name in ("happened_by", "known_by", "published_by") if about[name])
on = {row["number"]: row["occurred_latest"] for row in told if row["occurred_latest"] <= day}
there = [row for row in table("attendance") if row["fact"] == "attended" and row["actor"] and row["entry"] in on]

def months_before(day, months):
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 - months, 12)
    return f"{year:04}-{month + 1:02}-{min(int(day[8:]), monthrange(year, month + 1)[1]):02}"

def gini(loads):
    differences = sum(abs(a - b) for a in loads for b in loads)
    return differences / (2 * len(loads) * sum(loads)) if loads else None

begins = months_before(day, 18)
load = Counter(actor for actor, entry in set((row["actor"], row["entry"]) for row in there) if on[entry] > begins)
again = {"load-gini": gini(list(load.values()))}""",
    ),
    (
        (
            "Overlap: the share of those on two levels who are on both (Jaccard 1901). On which level a body stood at a"
            " meeting is what was told of it by then, or else of what it belonged to."
        ),
        """\
kinds = {row["id"]: row["kind"] for row in table("objects")}
changes = {}
for row in table("object_changes"):
    changes.setdefault((row["object"], row["attribute"]), []).append(row)

def told_of(object_, attribute, then):
    rows = changes.get((object_, attribute), [])
    by_then = [row for row in rows if row["occurred_latest"] <= then]
    return (by_then or rows[:1] or [{"value": ""}])[-1]["value"]

def level_of(object_, then, below=()):
    if object_ not in kinds or object_ in below:
        return None
    if kinds[object_] == "level":
        return object_
    return told_of(object_, "level", then) or level_of(told_of(object_, "parent", then), then, (*below, object_))

bodies = [(row["entry"], row["object"]) for row in table("entry_objects") if row["field"] == "bodies"]
levels = {row["id"]: set() for row in table("objects") if row["kind"] == "level" and row["since_latest"] <= day}
for entry, body in bodies:
    level = level_of(body, on[entry]) if entry in on else None
    if level in levels:
        levels[level] |= set(row["actor"] for row in there if row["entry"] == entry)
for a, b in combinations(levels, 2):
    both, either = levels[a] & levels[b], levels[a] | levels[b]
    again[f"overlap-jaccard-{a}-{b}"] = len(both) / len(either) if levels[a] and levels[b] else None""",
    ),
    (
        (
            "Response: the share of feedback that still waits for an answer after so many days (Kaplan, Meier 1958)."
            " What has none by the day waits until then at least."
        ),
        """\
def days(earlier, later):
    return max(0, (date.fromisoformat(later) - date.fromisoformat(earlier)).days)

answers = {}
for row in feedback:
    if row["feedback"] in on:
        came = answers.setdefault(row["feedback"], [])
        came += [days(on[row["feedback"]], on[row["answer"]])] if row["answer"] in on else []
waited = [(min(came), True) if came else (days(on[number], day), False) for number, came in answers.items()]

def waiting(after):
    left = 1.0
    for end in sorted(set(length for length, ended in waited if ended and length <= after)):
        at_risk = sum(length >= end for length, _ in waited)
        left *= 1 - sum(ended and length == end for length, ended in waited) / at_risk
    return left

ends = sorted(set(length for length, ended in waited if ended))
again["response-answer-median"] = next((end for end in ends if waiting(end) <= 0.5 + 1e-9), None)""",
    ),
    (
        (
            "They are the figures of the program. The counts are the same. Of what can have been otherwise the program"
            " tells the bounds (the public: in tenths, and nothing of fewer than five actors): the way taken here lies"
            " within them."
        ),
        """\
expected = json.loads(Path("figures.json").read_text(encoding="utf-8"))
report, curves = expected.pop("report"), expected.pop("curves")
different = {name: (figures.get(name), value) for name, value in expected.items() if figures.get(name) != value}
assert not different, different

def within(value, least, most):
    return least - 1e-6 <= value and (most is None or value <= most + 1e-6)

compared, hidden, outside = 0, 0, {}
for name, value in again.items():
    said = report.get(name, {"at_least": None, "at_most": None, "reason": "missing"})
    if said["reason"] == "small-cell":
        hidden += 1
    elif value is not None and (said["at_least"] is None or not within(value, said["at_least"], said["at_most"])):
        outside[name] = (value, said)
    elif value is None and said["at_least"] is not None and said["at_least"] == said["at_most"]:
        outside[name] = (value, said)
    else:
        compared += 1
for after, least, most in curves.get("response.answer", []):
    if within(waiting(after), least, most):
        compared += 1
    else:
        outside[f"response.answer after {after} days"] = (waiting(after), least, most)
assert not outside, outside
print(f"All {len(expected)} figures agree, at position {about['position']}.")
print(f"Load, overlap and response: {compared} lie where the report has them, {hidden} are not told.")""",
    ),
)
"""What each cell is for, and what it does."""


def notebook(process: str) -> bytes:
    """The notebook, without any output, in the format of Jupyter (4.5)."""
    cells: list[dict[str, Any]] = [_text("introduction", INTRODUCTION.format(process=process))]
    for number, (about, code) in enumerate(CELLS, start=1):
        cells += [_text(f"about-{number}", about), _code(f"code-{number}", code)]
    made = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return f"{json.dumps(made, ensure_ascii=False, indent=1)}\n".encode()


def _text(id_: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id_, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(id_: str, code: str) -> dict[str, Any]:
    lines = code.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "id": id_, "metadata": {}, "outputs": [], "source": lines}
