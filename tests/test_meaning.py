"""What every step type means for the state, written down by hand after the table of SEMANTICS §3."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.publication import STEPS, AnyStep, Telling

BODY, LEVEL, PLACE = {"body"}, {"level"}, {"body", "level"}
ACTOR, DECIDER = {"actor"}, {"actor", "body"}
TOPIC = {"process", "body", "level", "theme", "phase", "instrument", "decision", "document"}
THIS_ENTRY = None
"""The value that a name is assigned: the entry itself."""


@dataclass
class Row:
    """A step with what it founds, ends, uses and names (subject → kinds) and what it assigns."""

    step: dict[str, Any]
    founds: dict[str, str] = field(default_factory=dict)
    ends: dict[str, set[str]] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    assigns: dict[tuple[str, str], str | None] = field(default_factory=dict)


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

TABLE = [
    # the process
    Row(step("process-opened", name="P"), {"process": "process"}, assigns={("process", "name"): THIS_ENTRY}),
    Row(step("process-closed"), ends={"process": {"process"}}),
    Row(step("phase-begun", phase="p", name="P"), {"p": "phase"}, assigns={("p", "name"): THIS_ENTRY}),
    Row(step("phase-ended", phase="p"), ends={"p": {"phase"}}),
    Row(step("funding-granted", funder="x", recipients=["y"]), names={"x": ACTOR, "y": ACTOR}),
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
        names={"x": ACTOR},
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
        names={"x": ACTOR, "a": TOPIC},
    ),
    Row(step("feedback-answered", feedback=3, outcome="noted", answer="n", by=["x"]), names={"x": ACTOR}),
    Row(
        step("decision-taken", decision="d", text="t", by=["x"], about=["a"], replaces="c"),
        {"d": "decision"},
        names={"x": DECIDER, "a": TOPIC, "c": {"decision"}},
        assigns={("d", "name"): THIS_ENTRY},
    ),
    Row(step("decision-deferred", question="q", by=["x"], about=["a"]), names={"x": DECIDER, "a": TOPIC}),
    Row(step("preference-stated", preference="p", by=["x"], about=["a"]), names={"x": DECIDER, "a": TOPIC}),
    Row(step("question-left-open", question="q", by=["x"], about=["a"]), names={"x": DECIDER, "a": TOPIC}),
    # entries about entries mean nothing for the structure
    Row(step("entry-published", targets=[3])),
    Row(step("entry-withdrawn", target=3, reason="r")),
    Row(step("entry-corrected", target=3, corrected={"step": step("context-noted", what="w")}, reason="r")),
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


def test_every_step_type_stands_in_the_table():
    assert {row.step["type"] for row in TABLE} == STEPS.keys()


def test_a_telling_also_names_its_documents_and_whose_account_it_is():
    step_of_it = {"type": "role-ended", "role": "r"}
    telling = Telling.model_validate({"step": step_of_it, "sources": [{"document": "d"}], "asserted_by": "x"})
    assert {use.subject: set(use.kinds) for use in telling.meaning().names} == {"d": {"document"}, "x": ACTOR}
    assert telling.meaning().ends == telling.step.meaning().ends
