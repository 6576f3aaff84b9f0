"""The event log as OCEL 2.0: by the standard, by the rules that keep readers from losing anything, and by a reader."""

import copy
import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest
import r4pm
from hypothesis import given
from hypothesis import strategies as st
from r4pm import bindings

from adapters.exports import ocel_sqlite
from adapters.exports.ocel import ATTRIBUTES, own_attributes
from domain.publication import STEPS
from tests.exporting import file_of, lindenau, material_of
from tests.histories import FIRST, LAST, heaps, histories
from tests.ocel_standard import broken, constraints, faults
from tests.test_laws import rounds


def log(as_=None, **times):
    return json.loads(lindenau().file("ocel-json", as_, **times))


def event(logged, number):
    return next(each for each in logged["events"] if each["id"] == f"e{number}")


def said(each):
    return {attribute["name"]: attribute["value"] for attribute in each["attributes"]}


def number(key):
    return lindenau().house.numbers[key]


@pytest.fixture
def database(tmp_path):
    file = tmp_path / "log.sqlite"
    file.write_bytes(lindenau().file("ocel-sqlite"))
    with closing(sqlite3.connect(file)) as opened:
        yield opened


# ---- the schema of the standard -----------------------------------------------------------------------------------


def test_the_log_is_as_the_schema_has_it():
    assert faults(log()) == faults(log("evaluator")) == faults(log(happened_by=None)) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda logged: logged["events"][0].update(time="2018-02"),
        lambda logged: logged["events"][0].update(time="2018-02-30T00:00:00Z"),
        lambda logged: logged["objects"][0]["attributes"][0].update(time="gestern"),
        lambda logged: logged["events"][0]["relationships"][0].pop("qualifier"),
        lambda logged: logged["events"][0]["attributes"][0].update(value=1),
        lambda logged: logged.pop("eventTypes"),
    ],
)
def test_the_schema_finds_what_is_wrong(spoil):
    spoiled = copy.deepcopy(log())
    spoil(spoiled)
    assert len(faults(spoiled)) == 1


# ---- rules for whoever writes (each keeps a reader from losing something) ------------------------------------------


def integrity(logged):
    """What the schema does not look at, and what readers then silently drop."""
    events, objects = [e["id"] for e in logged["events"]], [o["id"] for o in logged["objects"]]
    assert len(events) == len(set(events))
    assert len(objects) == len(set(objects))
    for each in (*logged["events"], *logged["objects"]):
        pairs = [(related["objectId"], related["qualifier"]) for related in each["relationships"]]
        assert len(pairs) == len(set(pairs))
        assert all(object_ in set(objects) and qualifier for object_, qualifier in pairs)
    assert all("process" in {r["objectId"] for r in each["relationships"]} for each in logged["events"])
    for types, items in (("eventTypes", "events"), ("objectTypes", "objects")):
        declared = {t["name"]: {a["name"] for a in t["attributes"]} for t in logged[types]}
        for each in logged[items]:
            assert {a["name"] for a in each["attributes"]} <= declared[each["type"]]
        assert not [name for names in declared.values() for name in names if name.lower().startswith("ocel")]


def ordered(logged):
    days = [(each["time"], said(each)["occurred_latest"], int(said(each)["number"])) for each in logged["events"]]
    assert days == sorted(days)


@rounds(40)
@given(st.one_of(histories(), heaps()), st.integers(FIRST, LAST))
def test_nothing_dangles_and_nothing_is_there_twice_whatever_was_recorded_and_on_whatever_day(office, day):
    logged = json.loads(file_of("ocel-json", material_of(office, day)))
    assert faults(logged) == []
    integrity(logged)
    ordered(logged)


def test_rule_1_all_values_are_strings_and_their_types_are_declared():
    logged = log()
    types = {a["name"]: a["type"] for t in logged["eventTypes"] for a in t["attributes"]}
    assert (types["number"], types["texts_erased"], types["recorded_at"]) == ("integer", "boolean", "time")
    assert {type(a["value"]) for each in (*logged["events"], *logged["objects"]) for a in each["attributes"]} == {str}


def test_rule_2_an_event_that_is_about_nothing_is_related_to_the_process():
    related = event(log(), number("geloescht"))["relationships"]
    assert related == [{"objectId": "process", "qualifier": "process"}]


def test_rule_3_the_time_is_the_first_instant_of_the_earliest_day_and_no_midpoint():
    labor = event(log(), number("labor"))
    assert labor["time"] == "2017-05-01T00:00:00Z"
    assert {name: said(labor)[name] for name in said(labor) if name.startswith(("occurred", "time"))} == {
        "occurred": "[2017-05-01..2017-07-31]",
        "occurred_basis": "stated",
        "occurred_earliest": "2017-05-01",
        "occurred_latest": "2017-07-31",
        "occurred_precision": "92 days",
        "time_is": "earliest",
    }
    for name in ("recorded_at", "published_at", "position"):
        assert said(labor)[name]


def test_rule_3_without_an_earliest_day_the_latest_orders_and_it_is_said():
    verein = event(log(), number("verein"))
    assert (said(verein)["time_is"], said(verein)["occurred_precision"]) == ("latest", "open")
    assert verein["time"] == f"{said(verein)['occurred_latest']}T00:00:00Z"
    assert "occurred_earliest" not in said(verein)


def test_rule_4_events_come_by_earliest_day_latest_day_and_number():
    ordered(log())
    assert [e["id"] for e in log()["events"]][:2] == [f"e{number('start')}", f"e{number('oben')}"]


def test_rule_5_days_are_given_in_utc_so_that_no_reader_shifts_them():
    assert event(log(), number("bund"))["time"] == "2017-03-01T00:00:00Z"  # in Berlin it began an hour earlier
    assert {each["time"][10:] for each in log()["events"]} == {"T00:00:00Z"}


def test_rule_6_the_corrected_view_is_told_and_with_known_by_what_was_known():
    kritik = event(log(), number("kritik"))
    assert (said(kritik)["what"], kritik["time"]) == ("Zu viele Ebenen!", "2018-02-10T00:00:00Z")
    assert not [each for each in log()["events"] if each["id"] == f"e{number('falsch')}"]
    before = log("evaluator", known_by=date(2026, 11, 22))
    assert said(event(before, number("kritik")))["occurred"] == "2018-01"
    assert said(event(before, number("falsch")))["state"] == "certain"
    assert [each["x-werdegang"]["known_by"] for each in (log(), before)] == [None, "2026-11-22"]


def test_rule_7_no_attribute_of_any_step_is_named_like_a_column_of_a_reader():
    names = {name for step in STEPS.values() for name in own_attributes(step)} | ATTRIBUTES.keys()
    assert not [name for name in names if name.lower().startswith("ocel")]
    for step in STEPS.values():
        assert not ATTRIBUTES.keys() & own_attributes(step).keys()


def test_an_object_has_its_first_values_from_the_first_and_changes_when_they_were_made():
    labor = next(each for each in log()["objects"] if each["id"] == "labor")
    parents = [(a["value"], a["time"]) for a in labor["attributes"] if a["name"] == "parent"]
    assert parents == [("bund", "1970-01-01T00:00:00Z"), ("", "2019-02-01T00:00:00Z")]
    assert {"objectId": "bund", "qualifier": "parent"} in labor["relationships"]


def test_erased_words_are_empty_and_it_is_said():
    erased = said(event(log("evaluator"), number("geloescht")))
    assert erased["texts_erased"] == "true"
    assert not {"what", "grounds", "headline"} & erased.keys()
    assert log()["x-werdegang"]["texts_erased"] == 1
    assert log()["x-werdegang"]["texts_last_erased_at"].startswith("2026-11-23")


def test_on_a_past_day_the_log_ends_there_and_what_may_have_happened_says_so():
    then = log(happened_by=date(2017, 6, 1))
    assert {said(each)["state"] for each in then["events"]} == {"certain", "possible"}
    assert said(event(then, number("labor")))["state"] == "possible"
    assert max(said(each).get("occurred_earliest", "") for each in then["events"]) <= "2017-06-01"


# ---- the relational form ------------------------------------------------------------------------------------------


def test_all_constraints_of_the_relational_form_are_met(database):
    assert broken(database) == []
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("CREATE TABLE event_meta (x)", "a table for each type of event, and no more"),
        ("CREATE TABLE object_meta (x)", "a table for each type of object, and no more"),
        ("ALTER TABLE event ADD COLUMN more", "columns of event"),
        ("DROP TABLE event_object", "all tables"),
        (
            "ALTER TABLE event_map_type RENAME TO gone; CREATE TABLE event_map_type AS SELECT * FROM gone;",
            "key of event_map_type",
        ),
        ("ALTER TABLE object_object RENAME TO x; CREATE TABLE object_object AS SELECT * FROM x", "references of"),
    ],
)
def test_a_database_that_does_not_meet_them_is_found(database, change, found):
    database.executescript(f"PRAGMA legacy_alter_table = ON; {change}")
    assert [name for name in broken(database) if name.startswith(found)]


def test_there_are_24_constraints_and_a_database_without_keys_fails_most(database):
    bare = sqlite3.connect(":memory:")
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        columns = [f'"{row[1]}"' for row in database.execute(f'PRAGMA table_info("{table}")')]
        bare.execute(f'CREATE TABLE "{table}" ({", ".join(columns)})')
        for row in database.execute(f'SELECT * FROM "{table}"'):
            bare.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(row))})', row)
    assert len(list(constraints(database))) == 24
    assert len(broken(bare)) == 13
    bare.close()


def test_what_it_was_made_from_stands_in_a_table_of_its_own(database):
    about = dict(database.execute("SELECT name, value FROM x_werdegang"))
    assert (about["audience"], about["program"]) == ("public", "Werdegang 0.1.0")


def test_an_sql_question_is_answered(database):
    asked = """SELECT o.ocel_object_id FROM event_object o JOIN "event_MeetingHeld" e ON e.ocel_id = o.ocel_event_id
               WHERE o.ocel_qualifier = 'invited.actors' ORDER BY 1"""
    assert database.execute(asked).fetchall() == [("amt",), ("verein",)]


def test_the_names_of_tables_are_those_of_types_without_hyphens():
    assert ocel_sqlite.mapped("level-dropped") == "LevelDropped"


# ---- a reader of others ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["ocel-json", "ocel-sqlite"])
@pytest.mark.parametrize("as_", [None, "evaluator"])
def test_r4pm_reads_every_event_object_and_relation(tmp_path, format_, as_):
    file = tmp_path / f"log.{format_.removeprefix('ocel-')}"
    file.write_bytes(lindenau().file(format_, as_))
    back = tmp_path / "back.json"
    item = r4pm.import_item("OCEL", str(file))
    r4pm.export_item(item, str(back))
    ours, theirs = log(as_), json.loads(back.read_text())
    assert counts(theirs) == counts(ours)
    assert {e["id"]: e["time"] for e in theirs["events"]} == {e["id"]: e["time"] for e in ours["events"]}
    stats = bindings.ocel_type_stats(item)
    assert sum(stats["event_type_counts"].values()) == len(ours["events"])
    r4pm.remove_item(item)


def counts(logged):
    events, objects = logged["events"], logged["objects"]
    related = [sum(len(each.get("relationships", ())) for each in items) for items in (events, objects)]
    values = sum(len(each["attributes"]) for each in objects)
    return len(events), len(objects), *related, values, len(logged["eventTypes"]), len(logged["objectTypes"])
