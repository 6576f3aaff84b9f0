"""What every step type means for the state, written down by hand after the table of SEMANTICS §3."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.entry import split
from domain.publication import STEPS, AnyStep, Statement, Telling

BODY, LEVEL, PLACE = {"body"}, {"level"}, {"body", "level"}
ACTOR, DECIDER = {"actor"}, {"actor", "body"}
GOAL, INDICATOR, DECISION = {"goal"}, {"indicator"}, {"decision"}
TOPIC = {
    *("process", "body", "level", "theme", "phase", "instrument", "decision", "document", "meeting", "assessment"),
    *("actor", "criteria-set", "criterion", "scenario", "goal", "measure", "plan", "commitment", "indicator"),
}
THIS_ENTRY = None
"""The value that a name is assigned: the entry itself."""


@dataclass
class Row:
    """A step with what it founds, ends, uses and names (subject → kinds), what it assigns and what it must agree with.

    `refers` holds the earlier entries that it speaks of, by place.
    """

    step: dict[str, Any]
    founds: dict[str, str] = field(default_factory=dict)
    ends: dict[str, set[str]] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    assigns: dict[tuple[str, str], str | None] = field(default_factory=dict)
    agrees: dict[tuple[str, str], str] = field(default_factory=dict)
    refers: dict[str, int] = field(default_factory=dict)


def founding(body: str, kind: str, parent: str | None = None, level: str | None = None) -> dict:
    return {
        (body, "name"): THIS_ENTRY,
        (body, "kind"): kind,
        (body, "status"): "active",
        (body, "parent"): parent,
        (body, "level"): level,
    }


def step(type_: str, **fields: Any) -> dict[str, Any]:
    return {"type": type_, **fields}


def to(subject: str, where: str, **place: str) -> dict[str, str]:
    return {"subject": subject, "to": where, **place}


EVERY_WAY = [
    to("b", "placed", parent="w", level="z"),
    to("c", "placed", parent="process"),
    to("d", "dissolved"),
    to("e", "left"),
    to("f", "unrecorded"),
]
EVERY_WAY_ENDS = {"d": PLACE, "e": PLACE}
EVERY_WAY_USES = {"b": PLACE, "c": PLACE, "w": PLACE, "z": LEVEL}
EVERY_WAY_NAMES = {"f": PLACE}
EVERY_WAY_ASSIGNS = {("b", "parent"): "w", ("b", "level"): "z", ("c", "parent"): None}

VKEY = "stadt.example/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TABLE = [
    # the installation
    Row(step("log-key-changed", old=VKEY, new=VKEY, why="planned")),
    # the process
    Row(step("process-opened", name="P"), {"process": "process"}, assigns={("process", "name"): THIS_ENTRY}),
    Row(step("process-closed"), ends={"process": {"process"}}),
    Row(step("phase-begun", phase="p", name="P"), {"p": "phase"}, assigns={("p", "name"): THIS_ENTRY}),
    Row(step("phase-ended", phase="p"), ends={"p": {"phase"}}),
    Row(step("funding-granted", funder="x", recipients=["y"]), names={"x": ACTOR, "y": DECIDER}),
    Row(step("context-noted", what="w")),
    Row(
        step("instrument-introduced", instrument="i", name="I", bodies=["a"], actors=["x"]),
        {"i": "instrument"},
        names={"a": BODY, "x": ACTOR},
        assigns={("i", "name"): THIS_ENTRY},
    ),
    Row(step("instrument-ended", instrument="i"), ends={"i": {"instrument"}}),
    Row(
        step("document-added", document="d", title="D", authors=["x"]),
        {"d": "document"},
        names={"x": DECIDER},
        assigns={("d", "name"): THIS_ENTRY},
    ),
    # actors
    Row(
        step("actor-registered", actor="x", kind="company", name="X"),
        {"x": "actor"},
        assigns={("x", "name"): THIS_ENTRY, ("x", "kind"): "company"},
    ),
    Row(
        step("actor-redescribed", actor="x", name="Y", kind="group"),
        uses={"x": ACTOR},
        assigns={("x", "name"): THIS_ENTRY, ("x", "kind"): "group"},
    ),
    Row(step("actor-redescribed", actor="x", kind="group"), uses={"x": ACTOR}, assigns={("x", "kind"): "group"}),
    Row(
        step("actor-registered", actor="x", kind="company", name="X", branch={"scheme": "wz-2008", "term": "D"}),
        {"x": "actor"},
        assigns={("x", "name"): THIS_ENTRY, ("x", "kind"): "company", ("x", "branch"): "wz-2008:D"},
    ),
    Row(
        step("actor-redescribed", actor="x", branch={"scheme": "wz-2025", "term": "P"}),
        uses={"x": ACTOR},
        assigns={("x", "branch"): "wz-2025:P"},
    ),
    Row(
        step("role-assigned", role="r", actor="x", kind="lead", body="a"),
        {"r": "role"},
        uses={"a": BODY},
        names={"x": ACTOR},
        assigns={("r", "name"): THIS_ENTRY, ("r", "kind"): "lead", ("r", "actor"): "x", ("r", "body"): "a"},
    ),
    Row(
        step("role-assigned", role="r", actor="x", kind="member"),
        {"r": "role"},
        names={"x": ACTOR},
        assigns={("r", "name"): THIS_ENTRY, ("r", "kind"): "member", ("r", "actor"): "x", ("r", "body"): None},
    ),
    Row(step("role-ended", role="r"), ends={"r": {"role"}}),
    # structure
    Row(step("structure-planned", what="w", levels=[{"level": "z"}])),
    Row(
        step("level-established", level="z", name="Z", above="y"),
        {"z": "level"},
        uses={"y": LEVEL},
        assigns={("z", "name"): THIS_ENTRY, ("z", "parent"): "y"},
    ),
    Row(
        step("level-established", level="z", name="Z"),
        {"z": "level"},
        assigns={("z", "name"): THIS_ENTRY, ("z", "parent"): None},
    ),
    Row(
        step("level-dropped", level="y", destinations=EVERY_WAY),
        ends={"y": LEVEL} | EVERY_WAY_ENDS,
        uses=EVERY_WAY_USES,
        names=EVERY_WAY_NAMES,
        assigns=EVERY_WAY_ASSIGNS,
    ),
    Row(
        step("alliance-founded", body="a", parent="w", level="z", continues="o"),
        {"a": "body"},
        uses={"w": PLACE, "z": LEVEL},
        names={"o": BODY},
        assigns=founding("a", "allianz", "w", "z"),
    ),
    Row(step("alliance-founded", body="a"), {"a": "body"}, assigns=founding("a", "allianz")),
    Row(
        step("group-formed", body="a", kind="geschaeftsstelle", parent="z"),
        {"a": "body"},
        uses={"z": PLACE},
        assigns=founding("a", "geschaeftsstelle", "z"),
    ),
    Row(
        step("reallabor-initiated", body="a", parent="process", theme="t"),
        {"a": "body"},
        names={"t": {"theme"}},
        assigns=founding("a", "reallabor"),
    ),
    Row(
        step("reallabor-spun-off", body="a", successor_name="Verein", successor="x", destinations=EVERY_WAY),
        ends={"a": BODY} | EVERY_WAY_ENDS,
        uses=EVERY_WAY_USES,
        names=EVERY_WAY_NAMES | {"x": ACTOR},
        assigns=EVERY_WAY_ASSIGNS,
    ),
    Row(
        step("body-ended", body="a", how="closed", destinations=EVERY_WAY),
        ends={"a": BODY} | EVERY_WAY_ENDS,
        uses=EVERY_WAY_USES,
        names=EVERY_WAY_NAMES,
        assigns=EVERY_WAY_ASSIGNS,
    ),
    Row(
        step("body-reattached", body="a", parent="w", level="process"),
        uses={"a": BODY, "w": PLACE},
        assigns={("a", "parent"): "w", ("a", "level"): None},
    ),
    Row(step("body-reattached", body="a", level="z"), uses={"a": BODY, "z": LEVEL}, assigns={("a", "level"): "z"}),
    Row(step("body-changed", body="a", name="N"), uses={"a": BODY}, assigns={("a", "name"): THIS_ENTRY}),
    Row(step("body-changed", body="a", status="paused"), uses={"a": BODY}, assigns={("a", "status"): "paused"}),
    Row(
        step("body-changed", body="a", kind="beirat", project_of="x"),
        uses={"a": BODY},
        names={"x": ACTOR},
        assigns={("a", "kind"): "beirat", ("a", "project_of"): "x"},
    ),
    Row(step("body-changed", body="a", project_of="process"), uses={"a": BODY}, assigns={("a", "project_of"): None}),
    Row(
        step("bodies-merged", bodies=["a", "b"], into="c", kind="allianz", parent="w", level="z"),
        {"c": "body"},
        ends={"a": BODY, "b": BODY},
        uses={"w": PLACE, "z": LEVEL},
        assigns=founding("c", "allianz", "w", "z") | {("a", "heir"): "c", ("b", "heir"): "c"},
    ),
    Row(
        step("bodies-merged", bodies=["a"], absorbed_by="b"),
        ends={"a": BODY},
        uses={"b": BODY},
        assigns={("a", "heir"): "b"},
    ),
    Row(
        step(
            "body-split",
            body="a",
            into=[
                {"body": "m", "kind": "arbeitsgruppe", "parent": "v", "level": "y"},
                {"body": "n", "kind": "allianz"},
            ],
            destinations=EVERY_WAY,
        ),
        {"m": "body", "n": "body"},
        ends={"a": BODY} | EVERY_WAY_ENDS,
        uses={"v": PLACE, "y": LEVEL} | EVERY_WAY_USES,
        names=EVERY_WAY_NAMES,
        assigns=founding("m", "arbeitsgruppe", "v", "y") | founding("n", "allianz") | EVERY_WAY_ASSIGNS,
    ),
    Row(step("theme-identified", theme="t", name="T"), {"t": "theme"}, assigns={("t", "name"): THIS_ENTRY}),
    Row(step("theme-retired", theme="t"), ends={"t": {"theme"}}),
    # feedback and decisions
    Row(
        step("feedback-received", kind="wish", what="w", speakers=["x"], about=["a"]),
        names={"x": DECIDER, "a": TOPIC},
    ),
    Row(
        step("feedback-answered", feedback=3, outcome="noted", answer="n", by=["x"]),
        names={"x": DECIDER},
        refers={"/feedback": 3},
    ),
    Row(
        step(
            "decision-taken",
            decision="d",
            text="t",
            by=["x"],
            about=["a"],
            replaces="c",
            confirms="b",
            meeting="m",
            settles=[4, 2],
            method="consultative",
            heard=["y"],
            objections=[{"by": ["z"], "what": "w", "serious": False}],
        ),
        {"d": "decision"},
        uses={"c": DECISION, "b": DECISION},
        names={"x": DECIDER, "y": DECIDER, "z": DECIDER, "a": TOPIC, "m": {"meeting"}},
        assigns={("d", "name"): THIS_ENTRY, ("d", "outcome"): "adopted"},
        refers={"/settles/0": 4, "/settles/1": 2},
    ),
    Row(
        step("decision-taken", decision="d", text="t", outcome="rejected"),
        {"d": "decision"},
        assigns={("d", "name"): THIS_ENTRY, ("d", "outcome"): "rejected"},
    ),
    Row(step("decision-deferred", question="q", by=["x"], about=["a"]), names={"x": DECIDER, "a": TOPIC}),
    Row(step("preference-stated", preference="p", by=["x"], about=["a"]), names={"x": DECIDER, "a": TOPIC}),
    Row(step("question-left-open", question="q", by=["x"], about=["a"]), names={"x": DECIDER, "a": TOPIC}),
    # meetings: what is held ends what was announced, and founds what was not
    Row(
        step("meeting-planned", meeting="m", title="M", begins="2021-06-30", bodies=["a"], hosts=["x"]),
        {"m": "meeting"},
        names={"a": BODY, "x": DECIDER},
        assigns={("m", "name"): THIS_ENTRY, ("m", "status"): "planned"},
    ),
    Row(
        step("meeting-changed", meeting="m", how="rescheduled", begins="2021-07-14"),
        uses={"m": {"meeting"}},
        assigns={("m", "status"): "planned"},
    ),
    Row(
        step("meeting-changed", meeting="m", how="postponed"),
        uses={"m": {"meeting"}},
        assigns={("m", "status"): "postponed"},
    ),
    Row(step("meeting-changed", meeting="m", how="amended", places=80), uses={"m": {"meeting"}}),
    Row(
        step("meeting-changed", meeting="m", how="cancelled"),
        ends={"m": {"meeting"}},
        assigns={("m", "status"): "cancelled"},
    ),
    Row(
        step(
            "meeting-held",
            meeting="m",
            title="M",
            bodies=["a"],
            hosts=["h"],
            invited={"actors": ["v"]},
            registered={"actors": ["w"]},
            attended={"actors": ["x"]},
            excused={"actors": ["y"]},
            invited_or_attended={"actors": ["z"]},
        ),
        {"m": "meeting"},
        names={"a": BODY, "h": DECIDER} | dict.fromkeys("vwxyz", ACTOR),
        assigns={("m", "name"): THIS_ENTRY, ("m", "status"): "held"},
    ),
    Row(
        step("meeting-held", meeting="m", planned=True),
        ends={"m": {"meeting"}},
        assigns={("m", "status"): "held"},
    ),
    # findings
    Row(
        step(
            "assessment-conducted",
            assessment="s",
            title="S",
            methods=["survey"],
            by=["x"],
            asked={"actors": ["y"]},
            about=["a"],
        ),
        {"s": "assessment"},
        names={"x": DECIDER, "y": ACTOR, "a": TOPIC},
        assigns={("s", "name"): THIS_ENTRY},
    ),
    Row(
        step("finding-recorded", kind="lesson", what="w", assessment="s", by=["x"], about=["a"]),
        names={"s": {"assessment"}, "x": DECIDER, "a": TOPIC},
    ),
    Row(
        step("participation-rated", about=["a"], group=["x"], observed="o", by=["y"]),
        names={"a": TOPIC, "x": ACTOR, "y": DECIDER},
    ),
    Row(
        step("claim-disputed", claim=3, against=4, topic="t", how="unclear"),
        refers={"/claim": 3, "/against": 4},
    ),
    Row(
        step(
            "claim-disputed",
            claim=3,
            topic="t",
            how="contradicts",
            account={
                "step": step("alliance-founded", body="a", parent="w", level="z", continues="o"),
                "sources": [{"document": "d"}],
                "asserted_by": "x",
            },
        ),
        names={"w": PLACE, "z": LEVEL, "o": BODY, "d": {"document"}, "x": ACTOR},
        refers={"/claim": 3},
    ),
    Row(
        step(
            "claim-disputed",
            claim=3,
            topic="t",
            how="other-time",
            account={"step": step("body-ended", body="a", how="closed", destinations=EVERY_WAY)},
        ),
        names={"a": BODY} | EVERY_WAY_ENDS | EVERY_WAY_USES | EVERY_WAY_NAMES,
        refers={"/claim": 3},
    ),
    # scenarios
    Row(
        step(
            "criteria-set",
            criteria_set="s",
            name="S",
            criteria=[{"criterion": "k", "name": "K"}, {"criterion": "l", "name": "L"}],
            by=["x"],
            about=["a"],
        ),
        {"s": "criteria-set", "k": "criterion", "l": "criterion"},
        names={"x": DECIDER, "a": TOPIC},
        assigns={(id_, "name"): THIS_ENTRY for id_ in "skl"} | {("k", "set"): "s", ("l", "set"): "s"},
    ),
    Row(
        step("scenario-drafted", scenario="z", criteria_set="s", name="Z", by=["x"]),
        {"z": "scenario"},
        uses={"s": {"criteria-set"}},
        names={"x": DECIDER},
        assigns={("z", "name"): THIS_ENTRY, ("z", "set"): "s"},
    ),
    Row(
        step(
            "scenario-assessed",
            scenario="z",
            criteria_set="s",
            cells=[{"criterion": "k", "state": "stated", "like": "y"}, {"criterion": "l", "state": "not-stated"}],
            by=["x"],
        ),
        names={"s": {"criteria-set"}, "x": DECIDER}
        | {"z": {"scenario"}, "y": {"scenario"}, "k": {"criterion"}, "l": {"criterion"}},
        agrees={(id_, "set"): "s" for id_ in "zykl"},
    ),
    Row(
        step("scenario-chosen", choice="c", scenario="z", criteria_set="s", decision="d", replaces="b"),
        {"c": "choice"},
        ends={"b": {"choice"}},
        uses={"z": {"scenario"}, "d": DECISION},
        names={"s": {"criteria-set"}},
        assigns={("c", "set"): "s"},
        agrees={("z", "set"): "s", ("b", "set"): "s", ("d", "outcome"): "adopted"},
    ),
    Row(
        step("scenario-chosen", choice="c", scenario="z", criteria_set="s", decision="d"),
        {"c": "choice"},
        uses={"z": {"scenario"}, "d": DECISION},
        names={"s": {"criteria-set"}},
        assigns={("c", "set"): "s"},
        agrees={("z", "set"): "s", ("d", "outcome"): "adopted"},
    ),
    Row(
        step("scenario-rejected", scenario="z", decision="d", by=["x"]),
        ends={"z": {"scenario"}},
        uses={"d": DECISION},
        names={"x": DECIDER},
    ),
    # the plan
    Row(
        step(
            "goal-adopted",
            goal="g",
            kind="strategic",
            text="G",
            under="f",
            level="z",
            theme="t",
            by=["x"],
            decision="d",
            perspective={"scheme": "bsc", "term": "financial"},
        ),
        {"g": "goal"},
        uses={"f": GOAL},
        names={"z": LEVEL, "t": {"theme"}, "d": DECISION, "x": DECIDER},
        assigns={("g", "name"): THIS_ENTRY, ("g", "kind"): "strategic", ("g", "under"): "f"},
        agrees={("d", "outcome"): "adopted"},
    ),
    Row(
        step("goal-adopted", goal="g", kind="leitbild", text="G"),
        {"g": "goal"},
        assigns={("g", "name"): THIS_ENTRY, ("g", "kind"): "leitbild"},
    ),
    Row(
        step("goal-revised", goal="g", text="G", kind="leitziel", under="f", by=["x"], decision="d"),
        uses={"g": GOAL, "f": GOAL},
        names={"d": DECISION, "x": DECIDER},
        assigns={("g", "name"): THIS_ENTRY, ("g", "kind"): "leitziel", ("g", "under"): "f"},
        agrees={("d", "outcome"): "adopted"},
    ),
    Row(step("goal-revised", goal="g", how="achieved"), ends={"g": GOAL}),
    Row(
        step("goal-revised", goal="g", how="given-up", under="f", decision="d"),
        ends={"g": GOAL},
        uses={"f": GOAL},
        names={"d": DECISION},
        assigns={("g", "under"): "f"},
    ),
    Row(
        step(
            "measure-planned",
            measure="m",
            name="M",
            goals=["g"],
            responsible=["x"],
            carried_by="a",
            theme="t",
            indicators=["i"],
            decision="d",
        ),
        {"m": "measure"},
        names={"g": GOAL, "x": DECIDER, "a": BODY, "t": {"theme"}, "i": INDICATOR, "d": DECISION},
        assigns={("m", "name"): THIS_ENTRY, ("m", "status"): "planned"},
        agrees={("d", "outcome"): "adopted"},
    ),
    Row(
        step("measure-reported", measure="m", status="in-progress"),
        uses={"m": {"measure"}},
        assigns={("m", "status"): "in-progress"},
    ),
    Row(
        step("measure-reported", measure="m", status="abandoned"),
        ends={"m": {"measure"}},
        assigns={("m", "status"): "abandoned"},
    ),
    Row(
        step(
            "plan-adopted",
            plan="p",
            name="P",
            replaces="o",
            goals=["g"],
            measures=["m"],
            indicators=["i"],
            by=["x"],
            decision="d",
            document="q",
        ),
        {"p": "plan"},
        ends={"o": {"plan"}},
        names={"g": GOAL, "m": {"measure"}, "i": INDICATOR, "x": DECIDER, "d": DECISION, "q": {"document"}},
        assigns={("p", "name"): THIS_ENTRY},
        agrees={("d", "outcome"): "adopted"},
    ),
    # commitments
    Row(
        step("commitment-made", commitment="c", kind="promise", text="T", by=["x"], to=["y"], about=["a"]),
        {"c": "commitment"},
        names={"x": DECIDER, "y": DECIDER, "a": TOPIC},
        assigns={("c", "name"): THIS_ENTRY},
    ),
    Row(
        step("commitment-settled", commitment="c", outcome="changed", becomes="d"),
        ends={"c": {"commitment"}},
        names={"d": {"commitment"}},
    ),
    # monitoring
    Row(
        step(
            "indicator-defined",
            indicator="i",
            name="I",
            definition="D",
            unit="t/a",
            data_source="Q",
            goal="g",
            theme="t",
            responsible="x",
            continues="h",
        ),
        {"i": "indicator"},
        names={"g": GOAL, "t": {"theme"}, "x": DECIDER, "h": INDICATOR},
        assigns={("i", "name"): THIS_ENTRY, ("i", "unit"): "t/a"},
    ),
    Row(
        step("indicator-selected", indicators=["i", "j"], instrument="k", by=["x"]),
        uses={"i": INDICATOR, "j": INDICATOR},
        names={"k": {"instrument"}, "x": DECIDER},
        assigns={("i", "status"): "selected", ("j", "status"): "selected"},
    ),
    Row(step("indicator-dropped", indicator="i"), ends={"i": INDICATOR}),
    Row(
        step("indicator-measured", indicator="i", value="3", unit="t/a", period="2018", by=["x"]),
        names={"i": INDICATOR, "x": DECIDER},
        agrees={("i", "unit"): "t/a"},
    ),
    # entries about entries mean nothing for the structure
    Row(step("entry-published", targets=[3, 4]), refers={"/targets/0": 3, "/targets/1": 4}),
    Row(step("entry-withdrawn", target=3, reason="r"), refers={"/target": 3}),
    Row(step("plain-language-added", target=3, text="t"), refers={"/target": 3}),
    Row(step("texts-erased", target=3, legal_ground="objection", approved_by="court"), refers={"/target": 3}),
    Row(
        step("entry-corrected", target=3, seen=5, corrected={"step": step("context-noted", what="w")}, reason="r"),
        refers={"/target": 3, "/seen": 5},
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.step["type"])
def test_a_step_founds_ends_uses_names_and_assigns_what_the_table_says(row):
    meaning = TypeAdapter(AnyStep).validate_python(row.step).meaning()
    assert dict(meaning.founds) == row.founds
    assert len(meaning.founds) == len(row.founds)
    assert {use.subject: set(use.kinds) for use in meaning.ends} == row.ends
    assert {use.subject: set(use.kinds) for use in meaning.uses} == row.uses
    assert {use.subject: set(use.kinds) for use in meaning.names} == row.names
    assert {(a.subject, a.attribute): a.value for a in meaning.assigns} == row.assigns
    assert len(meaning.assigns) == len(row.assigns)
    assert {(a.subject, a.attribute): a.value for a in meaning.agrees} == row.agrees
    assert len(meaning.agrees) == len(row.agrees)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.step["type"])
def test_a_step_refers_to_the_earlier_entries_that_it_names_by_number(row):
    assert dict(TypeAdapter(AnyStep).validate_python(row.step).references()) == row.refers


def test_every_entry_that_a_type_can_name_is_named_in_the_table():
    rows = {(row.step["type"], place.split("/")[1]) for row in TABLE for place in row.refers}
    assert rows == {(name, field) for name, cls in STEPS.items() for field in cls.refers}


def test_every_step_type_stands_in_the_table():
    assert {row.step["type"] for row in TABLE} == STEPS.keys()


def test_a_telling_also_names_its_documents_and_whose_account_it_is():
    step_of_it = {"type": "role-ended", "role": "r"}
    telling = Telling.model_validate({"step": step_of_it, "sources": [{"document": "d"}], "asserted_by": "x"})
    assert {use.subject: set(use.kinds) for use in telling.meaning().names} == {"d": {"document"}, "x": ACTOR}
    assert telling.meaning().ends == telling.step.meaning().ends


STORED = sorted((Path(__file__).parent / "golden").glob("*.2.json"))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_step_that_names_a_subject_can_tell_the_name(path):
    statement = Statement.model_validate(json.loads(path.read_text(encoding="utf-8"))["statement"])
    _, texts = split(statement.step)
    named = [a.subject for a in statement.step.meaning().assigns if a.attribute == "name"]
    names = [statement.step.name_of(subject) for subject in named]
    assert set(names) <= set(texts.values())
    assert len(set(names)) == len(names), "each has a name of its own"
