"""The API: every answer fits its description, can be cited and cached, and is refused in one shape."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator

from adapters.registers import EVERY
from adapters.web.api import MOST_BYTES, MOST_STATEMENTS
from adapters.web.problems import STATUS, TITLES, status_of
from domain.errors import Refusal
from domain.words import REFUSALS
from tests.faces import BOTTROP, EXAMPLE, LAST, House, bottrop
from tests.story import OPENED, alliance, corrected, lab, moved, published, told, withdrawn
from tests.test_unpublished import skipped

LAB = {"key": "neues-reallabor", **lab("neues-reallabor", "2020", parent="wirtschaftsallianz")}
GREMIUM = {
    "key": "beirat",
    **told({"type": "group-formed", "kind": "beirat", "body": "beirat", "name": "Beirat"}, "2020"),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Bottrop, only to be read."""
    house = bottrop(tmp_path_factory.mktemp("town") / "data")
    yield house
    house.close()


@pytest.fixture
def house(tmp_path):
    """Bottrop, for a test that records."""
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


@pytest.fixture(scope="module")
def description(town):
    return town.get("/api/v1/openapi.json").json()


# ---- the description ----------------------------------------------------------------------------------------------


def operations(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(content):
    if isinstance(content, dict):
        yield from [content["$ref"]] if isinstance(content.get("$ref"), str) else []
        for value in content.values():
            yield from references(value)
    elif isinstance(content, list):
        for value in content:
            yield from references(value)


def fits(description, schema):
    return Draft202012Validator({**schema, "components": description["components"]})


def test_the_description_is_sound(description):
    assert description["openapi"].startswith("3.1")
    assert description["info"]["version"] == "0.1.0"
    for reference in references(description):
        at = description
        for part in reference.removeprefix("#/").split("/"):
            at = at[part]
    for name, schema in description["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        for example in schema.get("examples", []):
            fits(description, schema).validate(example), name
        for field in schema.get("properties", {}).values():
            for example in field.get("examples", []):
                fits(description, field).validate(example)


def test_every_operation_says_what_it_is_for(description):
    ids = [operation["operationId"] for _, _, operation in operations(description)]
    assert len(set(ids)) == len(ids)
    for path, _, operation in operations(description):
        assert operation["summary"], path
        assert operation["description"], path
        declared = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_the_description_takes_every_statement_of_the_example(description):
    statements = [json.loads(line) for line in EXAMPLE.read_text().splitlines()]
    described = fits(description, {"$ref": "#/components/schemas/Statements"})
    described.validate(statements)
    described.validate({name: value for name, value in statements[0].items() if name != "process"})
    assert not described.is_valid({"step": {"type": "no-such-step"}, "key": "k"})


ADDRESSES = {
    "/api/v1/entries": "/api/v1/entries?limit=200",
    "/api/v1/search": "/api/v1/search?q=allianz",
    "/api/v1/processes": "/api/v1/processes",
    "/api/v1/processes/{process}": f"/api/v1/processes/{BOTTROP}",
    "/api/v1/processes/{process}/entries": f"/api/v1/processes/{BOTTROP}/entries?after=3&limit=7",
    "/api/v1/processes/{process}/entries/{number}": f"/api/v1/processes/{BOTTROP}/entries/50",
    "/api/v1/processes/{process}/entries/{number}/why": f"/api/v1/processes/{BOTTROP}/entries/50/why",
    "/api/v1/processes/{process}/structure": f"/api/v1/processes/{BOTTROP}/structure?happened_by=2018-06-30",
    "/api/v1/processes/{process}/diff": f"/api/v1/processes/{BOTTROP}/diff?from=2017-01-01",
    "/api/v1/processes/{process}/timeline": f"/api/v1/processes/{BOTTROP}/timeline",
    "/api/v1/processes/{process}/analytics": f"/api/v1/processes/{BOTTROP}/analytics?reference=wz-2008:C=12,G=4",
    "/api/v1/processes/{process}/exports/{format}": f"/api/v1/processes/{BOTTROP}/exports/entries",
    **{
        f"/api/v1/processes/{{process}}/{register.name}": f"/api/v1/processes/{BOTTROP}/{register.name}"
        for register in EVERY
    },
}
"""An address for every route that is read."""


@pytest.mark.parametrize("as_", [None, "evaluator"])
def test_every_answer_fits_its_description(town, description, as_):
    read = {path: operation for path, method, operation in operations(description) if method == "get"}
    assert read.keys() == ADDRESSES.keys()
    for path, operation in read.items():
        answer = town.get(ADDRESSES[path], as_)
        assert answer.status_code == 200, answer.text
        media_type = answer.headers["content-type"].partition(";")[0]
        described = operation["responses"]["200"]["content"]
        assert len(described) == 1 or path.endswith("/exports/{format}")
        content = described[media_type]
        if media_type in {"application/json", "application/cloudevents-batch+json"}:
            fits(description, content["schema"]).validate(answer.json())


# ---- reading ------------------------------------------------------------------------------------------------------


def test_every_answer_can_be_cited(town):
    answer = town.api("/structure?happened_by=2018-06-30&known_by=2026-11-22").json()
    assert (answer["process"], answer["audience"], answer["position"], answer["version"]) == (
        BOTTROP,
        "public",
        LAST,
        LAST,
    )
    assert (answer["happened_by"], answer["known_by"], answer["published_by"]) == ("2018-06-30", "2026-11-22", None)


def test_the_three_times_are_asked_for_by_the_same_names_everywhere(town):
    def bodies(query):
        return {body["id"] for body in town.api(f"/structure?{query}").json()["structure"]["bodies"]}

    assert "reallabor-handel" in bodies("")
    assert "reallabor-handel" not in bodies("happened_by=2018-06-30")
    assert bodies("known_by=2026-11-21") == bodies("published_by=2026-11-21") == set()
    for path in ("", "/entries", "/entries/1", "/entries/1/why", "/timeline", "/exports/entries"):
        assert town.api(f"{path}?happened_by=2018-06-30&known_by=2026-11-22&published_by=2026-11-22").status_code == 200
        assert town.api(f"{path}?known_by=2026-11-21").status_code == (404 if "/1" in path else 200)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(town, day):
    for parameter in ("happened_by", "known_by", "published_by"):
        assert town.api(f"/timeline?{parameter}={day}").json()[parameter] == day
        assert town.get(f"/prozesse/{BOTTROP}/struktur?{parameter}={day}").status_code == 200


def test_an_export_holds_what_was_known_by_then(town):
    assert town.api("/exports/entries?known_by=2026-11-21").text == ""
    assert town.api("/exports/statements?known_by=2026-11-21", "evaluator").text == ""


def test_two_days_are_compared_by_from_and_to(town):
    answer = town.api("/diff?from=2017-12-31&to=2019-01-01").json()
    assert (answer["before"]["happened_by"], answer["after"]["happened_by"]) == ("2017-12-31", "2019-01-01")
    gone = next(item for item in answer["items"] if item["subject"] == "thematisch" and item["aspect"] == "counted")
    assert (gone["before"], gone["after"]) == (True, False)
    assert gone["causes"]


def test_the_pages_of_a_list_hold_every_entry_once(town):
    numbers: list[int] = []
    after: int | None = 0
    while after is not None:
        page = town.api(f"/entries?after={after}&limit=20").json()
        assert page["total"] == LAST
        numbers += [entry["number"] for entry in page["entries"]]
        after = page["next"]
    assert numbers == list(range(1, LAST + 1))


def test_the_why_path_runs_both_ways(town):
    path = town.api("/entries/50/why").json()["why"]
    assert path["entry"]["headline"] == "Zukunftsplan"
    assert path["causes"]
    assert path["consequences"]


def test_the_public_sees_no_key_and_no_account(town):
    public, internal = town.api("/entries/50").json()["entry"], town.api("/entries/50", "evaluator").json()["entry"]
    assert "key" not in public["statement"]
    assert "recorded_by" not in public
    assert internal["statement"]["key"] == "b30-2"
    assert internal["recorded_by"].startswith("konto-")


def test_what_is_exported_can_be_imported_elsewhere(town, tmp_path):
    exported = town.api("/exports/statements", "evaluator")
    assert exported.headers["content-disposition"] == f'attachment; filename="{BOTTROP}-statements.jsonl"'
    assert exported.headers["werdegang-position"] == str(LAST)
    elsewhere = House(tmp_path / "data")
    statements = [json.loads(line) for line in exported.text.splitlines()]
    assert elsewhere.post(statements, "admin").status_code == 201
    assert elsewhere.api("/exports/statements", "admin").content == exported.content
    elsewhere.close()


def test_statements_hold_keys_and_are_exported_to_accounts_only(town):
    refused = town.api("/exports/statements")
    assert (refused.status_code, refused.json()["code"]) == (401, "account-needed")
    assert town.api("/exports/statements", "stranger").json()["code"] == "not-permitted"
    assert [json.loads(line)["number"] for line in town.api("/exports/entries").text.splitlines()] == list(
        range(1, LAST + 1)
    )


def test_an_account_without_a_role_in_a_process_reads_as_the_public(town):
    assert town.api("/structure", "stranger").json() == town.api("/structure").json()


# ---- caching ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_who_has_the_answer_already_gets_304(town, address):
    first = town.get(address)
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert re.fullmatch(r'"[0-9a-f]{32}"', first.headers["etag"])
    assert "Accept-Encoding" in first.headers["vary"]
    again = town.get(address, if_none_match=f'"another", {first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert town.get(address, if_none_match='"another"').status_code == 200


def test_an_answer_for_an_account_is_kept_by_nobody(town):
    answer = town.api("/structure", "evaluator")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Authorization" in answer.headers["vary"]
    assert answer.headers["etag"] != town.api("/structure").headers["etag"]


def test_bytes_that_differ_have_different_tags(town):
    tags = [
        town.api("/structure").headers["etag"],
        town.api("/structure?happened_by=2018-06-30").headers["etag"],
        town.api("/structure?known_by=2026-11-22").headers["etag"],
        town.api("/structure?published_by=2026-11-22").headers["etag"],
        town.api("/structure", accept_encoding="identity").headers["etag"],
        town.api("/timeline").headers["etag"],
        town.api("/entries?limit=10").headers["etag"],
        town.api("/entries?limit=11").headers["etag"],
        town.get(f"/prozesse/{BOTTROP}").headers["etag"],
        town.get(f"/en/prozesse/{BOTTROP}").headers["etag"],
    ]
    assert len(set(tags)) == len(tags)


def test_an_answer_is_compressed_for_who_can_read_that(town):
    assert town.api("/timeline", accept_encoding="gzip").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in town.api("/timeline", accept_encoding="identity, gzip;q=0").headers


def test_the_tag_changes_when_the_public_answer_can(house):
    before = house.api("/structure").headers["etag"]
    (number,) = house.record(GREMIUM)
    assert house.api("/structure").headers["etag"] == before
    house.record({"step": {"type": "entry-published", "targets": [number]}})
    assert house.api("/structure").headers["etag"] != before


def test_the_tag_of_today_is_another_one_tomorrow(house):
    today, fixed = house.api("/structure"), house.api("/structure?happened_by=2018-06-30")
    house.wait(days=1)
    assert house.api("/structure").headers["etag"] != today.headers["etag"]
    assert house.api("/structure?happened_by=2018-06-30").headers["etag"] == fixed.headers["etag"]


def test_what_is_asked_for_twice_is_made_once_and_is_the_same(house):
    assert house.api("/timeline").content == house.api("/timeline").content
    house.record(GREMIUM, {"step": {"type": "entry-published", "targets": [LAST + 1]}})
    assert house.api("/timeline").json()["position"] == LAST + 2


@pytest.mark.parametrize("address", [*ADDRESSES.values(), "/", "/api/v1/openapi.json", "/nothing-here"])
def test_head_is_answered_like_get(town, address):
    get, head = town.get(address), town.client.head(address)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert dict(head.headers) == dict(get.headers)


def test_no_body_is_sent_in_answer_to_head(town):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "HEAD", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []}
    asyncio.run(town.app({**scope, "app": town.app}, receive, send))
    assert sent[0]["status"] == 200
    assert b"".join(message.get("body", b"") for message in sent[1:]) == b""


# ---- recording ----------------------------------------------------------------------------------------------------


def test_statements_are_recorded_and_numbered(house, description):
    answer = house.post([LAB, GREMIUM])
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/processes/{BOTTROP}/entries/{LAST + 1}"
    assert answer.headers["cache-control"] == "private, no-store"
    recorded = answer.json()
    fits(description, {"$ref": "#/components/schemas/Recorded"}).validate(recorded)
    assert (recorded["numbers"], recorded["new"], recorded["position"]) == (
        [LAST + 1, LAST + 2],
        [LAST + 1, LAST + 2],
        LAST + 2,
    )
    assert house.api(f"/entries/{LAST + 1}", "evaluator").json()["entry"]["statement"]["key"] == "neues-reallabor"


def test_one_statement_needs_no_list(house):
    assert house.post(LAB).json()["numbers"] == [LAST + 1]


def test_the_same_statements_again_are_nothing_new(house):
    house.post([LAB, GREMIUM])
    again = house.post([GREMIUM, LAB])
    assert again.status_code == 200
    assert (again.json()["numbers"], again.json()["new"], again.json()["position"]) == ([LAST + 2, LAST + 1], [], None)


def test_another_statement_under_a_known_key_is_refused(house):
    house.post(LAB)
    answer = house.post({**LAB, "grounds": "anders"})
    assert (answer.status_code, answer.json()["code"]) == (409, "key-taken")
    assert answer.json()["refusals"][0]["params"] == {"key": "neues-reallabor", "number": LAST + 1}


def test_a_list_is_recorded_whole_or_not_at_all(house):
    twice = {"key": "doppelt", **alliance("wirtschaftsallianz", "2019")}
    answer = house.post([LAB, GREMIUM, twice])
    assert (answer.status_code, answer.json()["code"]) == (409, "founded-twice")
    assert answer.json()["refusals"][0]["index"] == 2
    assert house.api("/entries", "evaluator").json()["total"] == LAST


def test_everything_that_is_wrong_is_said_at_once_with_its_place(house):
    broken = {"key": "Groß", "step": {"type": "level-established", "level": "x", "hoehe": 3}}
    answer = house.post([GREMIUM, broken, "kein Objekt"])
    assert answer.status_code == 422
    places = {(refusal["index"], refusal["pointer"]) for refusal in answer.json()["refusals"]}
    assert places == {(1, "/key"), (1, "/step/hoehe"), (2, "")}
    assert all(refusal["de"] and refusal["en"] for refusal in answer.json()["refusals"])


def test_a_statement_without_process_belongs_to_the_one_of_the_address(house):
    assert house.post({"process": BOTTROP, **LAB}).status_code == 201
    answer = house.post({"process": "another", **GREMIUM})
    assert (answer.status_code, answer.json()["code"]) == (422, "process-differs")


def test_a_dry_run_shows_the_effect_and_changes_nothing(house):
    before = (house.api("/exports/statements", "admin").content, house.api("/structure").headers["etag"])
    answer = house.post([LAB], query="?dry_run=true")
    assert answer.status_code == 200
    assert "location" not in answer.headers
    effect = {(item["subject"], item["aspect"], item["after"]) for item in answer.json()["effect"]}
    assert ("neues-reallabor", "counted", True) in effect
    assert answer.json()["dry_run"] is True
    assert (house.api("/exports/statements", "admin").content, house.api("/structure").headers["etag"]) == before
    assert house.post(LAB).json()["numbers"] == answer.json()["numbers"]


def test_what_is_doubtful_is_recorded_and_hinted_at(house):
    late = {"key": "spaet", **lab("spaet", "2017", level="thematisch")}
    answer = house.post(late)
    assert answer.status_code == 201
    assert [hint["code"] for hint in answer.json()["hints"]] == ["recorded-late-on-ended"]
    assert answer.json()["hints"][0]["de"]


def test_a_new_process_is_opened_by_its_first_statement(house):
    answer = house.post({"key": "los", **OPENED}, "admin", process="zweiter")
    assert answer.status_code == 201
    assert house.get("/api/v1/processes/zweiter").status_code == 404
    assert house.get("/api/v1/processes/zweiter", "admin").json()["summary"]["name"]["text"] == "Prozess"


def test_each_role_does_what_it_may(house):
    publication = {"key": "oeffentlich", "step": {"type": "entry-published", "targets": ["neues-reallabor"]}}
    assert house.post(LAB, None).json()["code"] == "account-needed"
    assert house.post(LAB, "evaluator").json()["code"] == "not-permitted"
    assert house.post(LAB, "publisher").json()["code"] == "not-permitted"
    assert house.post(LAB, "stranger").status_code == 403
    assert house.post(LAB, "recorder").status_code == 201
    assert house.post(publication, "recorder").json()["code"] == "not-permitted"
    assert house.api(f"/entries/{LAST + 1}").status_code == 404
    assert house.post(publication, "publisher").status_code == 201
    assert house.api(f"/entries/{LAST + 1}").status_code == 200


def test_who_may_not_record_learns_nothing_about_what_they_sent(house):
    for as_ in ("evaluator", "stranger"):
        answer = house.post([{"no": "statement"}], as_)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


# ---- refusing -----------------------------------------------------------------------------------------------------

PROBLEMS = [
    ("GET", "/api/v1/processes/no-such", {}, 404, "unknown-process"),
    ("GET", "/api/v1/processes/No%00Such", {}, 404, "unknown-process"),
    ("GET", f"/api/v1/processes/{'x' * 2000}", {}, 404, "unknown-process"),
    ("GET", f"/api/v1/processes/{BOTTROP}/entries/4711", {}, 404, "unknown-entry"),
    ("GET", f"/api/v1/processes/{BOTTROP}/entries/0", {}, 404, "unknown-entry"),
    ("GET", f"/api/v1/processes/{BOTTROP}/entries/{'9' * 5000}", {}, 422, "parameter-wrong"),
    ("GET", f"/api/v1/processes/{BOTTROP}/entries/one", {}, 422, "parameter-wrong"),
    ("GET", f"/api/v1/processes/{BOTTROP}/exports/word", {}, 404, "format-unknown"),
    ("GET", f"/api/v1/processes/{BOTTROP}/structure?happened_by=gestern", {}, 422, "day-not-written"),
    ("GET", f"/api/v1/processes/{BOTTROP}/structure?happened_by=", {}, 422, "day-not-written"),
    ("GET", f"/api/v1/processes/{BOTTROP}/structure?happened_by=2018-02-30", {}, 422, "day-not-written"),
    ("GET", f"/api/v1/processes/{BOTTROP}/structure?as_of=2018-02-03", {}, 422, "parameter-unknown"),
    ("GET", f"/api/v1/processes/{BOTTROP}/entries?limit=201", {}, 422, "parameter-too-large"),
    ("GET", f"/api/v1/processes/{BOTTROP}/entries?after=-1", {}, 422, "parameter-too-small"),
    ("GET", "/api/v1/search", {}, 422, "parameter-missing"),
    ("GET", f"/api/v1/search?q={'x' * 201}", {}, 422, "parameter-too-long"),
    ("GET", "/api/v1/search?q=a&limit=101", {}, 422, "parameter-too-large"),
    ("GET", f"/api/v1/processes/{BOTTROP}", {"accept": "text/html"}, 406, "not-acceptable"),
    ("GET", f"/api/v1/processes/{BOTTROP}", {"authorization": "Bearer wrong"}, 401, "token-invalid"),
    ("GET", f"/api/v1/processes/{BOTTROP}", {"authorization": "Basic d2c6d2c="}, 401, "token-invalid"),
    ("GET", f"/api/v1/processes/{BOTTROP}", {"authorization": ""}, 401, "token-invalid"),
    ("GET", "/api/v1/nothing", {}, 404, "page-not-found"),
    ("PUT", f"/api/v1/processes/{BOTTROP}", {}, 405, "method-not-allowed"),
    ("DELETE", f"/api/v1/processes/{BOTTROP}/entries/1", {}, 405, "method-not-allowed"),
    ("POST", f"/api/v1/processes/{BOTTROP}/entries", {}, 401, "account-needed"),
]


@pytest.mark.parametrize(("method", "address", "headers", "status", "code"), PROBLEMS)
def test_a_refusal_has_one_shape(town, description, method, address, headers, status, code):
    answer = town.client.request(method, address, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    fits(description, {"$ref": "#/components/schemas/Problem"}).validate(problem)
    assert problem["type"] == f"/problems/{code}"
    assert problem["detail"] == problem["refusals"][0]["de"]
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert ("allow" in answer.headers) == (status == 405)
    assert "set-cookie" not in answer.headers


SENT = [
    (b"{", "application/json", 400, "json-invalid"),
    (b'{"key": NaN}', "application/json", 400, "json-invalid"),
    (b"[" * 100_000, "application/json", 400, "json-invalid"),
    (b'{"key": "\xff"}', "application/json", 400, "json-invalid"),
    (b'{"key": 1, "key": 2}', "application/json", 400, "json-named-twice"),
    (b"key=1", "application/x-www-form-urlencoded", 415, "media-type-unsupported"),
    (b"[]", "application/json; charset=utf-8", 422, "nothing-stated"),
    (b"[" + b" " * MOST_BYTES + b"]", "application/json", 413, "body-too-large"),
    (b"[" + b"0," * MOST_STATEMENTS + b"0]", "application/json", 413, "list-too-long"),
    (b'{"key": "\\ud800", "step": {"type": "process-closed"}}', "application/json", 422, "text-unprintable"),
]


@pytest.mark.parametrize(("sent", "media_type", "status", "code"), SENT, ids=[code for *_, code in SENT])
def test_what_cannot_be_read_is_refused(town, sent, media_type, status, code):
    headers = {**town.headers("recorder"), "content-type": media_type}
    answer = town.client.post(f"/api/v1/processes/{BOTTROP}/entries", content=sent, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_reference_to_nothing_is_a_fault_in_the_statement(house):
    answer = house.post({**LAB, "because": ["nirgends"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-entry")
    assert answer.json()["refusals"][0]["pointer"] == "/because/0"


def test_a_token_that_is_no_longer_valid_is_never_taken_for_the_public(house):
    house.wait(days=31)
    for path in (
        "",
        "/entries",
        "/structure",
        "/timeline",
        "/diff",
        "/entries/1",
        "/entries/1/why",
        "/exports/entries",
    ):
        answer = house.api(path, "evaluator")
        assert (answer.status_code, answer.json()["code"]) == (401, "token-invalid"), path


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("", "de"),
        ("en", "en"),
        ("en-GB,en;q=0.9,de;q=0.5", "en"),
        ("fr", "de"),
        ("de,en;q=0.8", "de"),
        ("fr,en;q=.1", "en"),
    ],
)
def test_a_refusal_speaks_the_language_that_was_asked_for(town, wanted, language):
    answer = town.api("/entries/4711", accept_language=wanted)
    assert answer.json()["detail"] == answer.json()["refusals"][0][language]
    assert answer.headers["content-language"] == language
    assert "Accept-Language" in answer.headers["vary"]


def test_every_refusal_has_a_status_and_a_page_that_explains_it(town):
    assert STATUS.keys() <= REFUSALS.keys()
    for code in REFUSALS:
        assert status_of(Refusal(code)) in TITLES
        page = town.get(f"/problems/{code}")
        assert page.status_code == 200
        assert f"<code>{code}</code>" in page.text
    assert town.get("/problems/no-such-code").status_code == 404


def test_a_fault_of_the_program_tells_nothing_and_still_has_the_shape(house, description):
    house.close()
    house.app.state.installation = None
    for path in ("/api/v1/processes", "/"):
        answer = house.get(path)
        assert answer.status_code == 500
        assert "Traceback" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    fits(description, {"$ref": "#/components/schemas/Problem"}).validate(house.get("/api/v1/processes").json())


# ---- what is not public -------------------------------------------------------------------------------------------

LANGUAGES = ("", "/en")
QUERIES = ("", "?happened_by=2018-06-30", "?known_by=2026-11-22", "?published_by=2026-11-22", "?happened_by=2030-01-01")


def everything_public(house):
    """Every address there is, and everything it answers: for one entry in ten, those that are written about by what is
    not public, and a few more than are recorded; one in seven of the English pages, which the same functions make.
    """
    service, admin = house.installation.service, house.installation.accounts.account_of(house.tokens["admin"])
    touched = {service.number_of(BOTTROP, key, admin) for key in ("b04", "b51")}
    numbers = sorted({*touched, *range(1, LAST, 10), *range(LAST - 1, LAST + 9)})
    process = f"/api/v1/processes/{BOTTROP}"
    found = {"/", "/en/", "/api/v1/openapi.json", "/api/v1/processes", "/api/v1/processes/zweiter", "/prozesse/zweiter"}
    for path, methods in house.get("/api/v1/openapi.json").json()["paths"].items():
        if "get" in methods:
            for name in ("zweiter", BOTTROP):
                here = path.replace("{process}", name)
                found |= {
                    here.replace("{number}", str(number)).replace("{format}", form) + query
                    for number in (numbers if name == BOTTROP and "{number}" in here else [1])
                    for form in ("entries", "statements")
                    for query in ([""] if "{number}" in here or "/diff" in here else QUERIES)
                }
    found |= {f"{process}/diff?from=2018-01-01&to_known_by=2026-11-22", f"{process}/entries?after=70&limit=3"}
    for language in LANGUAGES:
        page = f"{language}/prozesse/{BOTTROP}"
        found |= {page + query for query in QUERIES}
        found |= {f"{page}/struktur{query}" for query in QUERIES}
        found |= {
            f"{page}/verlauf{query}" for query in (*QUERIES, "?kind=structure", "?order=newest", "?page=2", "?page=3")
        }
        found |= {f"{page}/eintrag/{number}" for number in numbers}
    answers = {path: house.get(path) for path in sorted(found) if not skipped(path)}
    posted = house.client.post(f"{process}/entries", json=[LAB])
    return {
        path: (answer.status_code, dict(answer.headers), answer.content)
        for path, answer in {**answers, "POST": posted}.items()
    }


def test_what_is_recorded_but_not_published_changes_nothing_for_the_public(house):
    before = everything_public(house)
    internal = house.api("/timeline", "evaluator").json()
    house.record({"key": "los", **OPENED}, process="zweiter")
    house.record(
        {"key": "x1", **lab("entwurf", "2020", parent="wirtschaftsallianz")},
        {"key": "x2", **told({"type": "context-noted", "what": "Entwurf"}, "2017", because=[1])},
        {"key": "x6", **moved("reallabor-handel", "2021", parent="geschaeftsstelle")},
    )
    house.record(
        {"key": "x3", **corrected("b04", told({"type": "theme-identified", "theme": "handel", "name": "X"}, "2017"))}
    )
    house.record({"key": "x4", **withdrawn("b51")})
    later = (house.now + timedelta(days=2)).isoformat()
    house.record({"key": "x5", "step": {"type": "entry-published", "targets": ["x1"], "not_before": later}})
    assert everything_public(house) == before
    assert house.api("/timeline", "evaluator").json() != internal

    house.wait(days=3)  # now the embargo is over, though nothing was recorded
    assert house.api(f"/entries/{LAST + 1}").status_code == 200
    assert house.api("/structure").content != before[f"/api/v1/processes/{BOTTROP}/structure"][2]


def test_unpublished_and_unknown_numbers_are_answered_alike(house):
    house.record({"key": "x1", **lab("entwurf", "2020", parent="wirtschaftsallianz")})
    for template in (
        f"/api/v1/processes/{BOTTROP}/entries/{{}}",
        f"/api/v1/processes/{BOTTROP}/entries/{{}}/why",
        f"/prozesse/{BOTTROP}/eintrag/{{}}",
        f"/en/prozesse/{BOTTROP}/eintrag/{{}}",
    ):
        unpublished, unknown = house.get(template.format(LAST + 1)), house.get(template.format(LAST + 9))
        assert unpublished.status_code == unknown.status_code == 404
        assert unpublished.text.replace(str(LAST + 1), str(LAST + 9)) == unknown.text
        assert dict(unpublished.headers) == dict(unknown.headers)


def test_an_unpublished_process_is_answered_like_one_that_does_not_exist(house):
    house.record({"key": "los", **OPENED}, process="zweiter")
    for template in ("/api/v1/processes/{}", "/prozesse/{}", "/api/v1/processes/{}/entries/1"):
        unpublished, unknown = house.get(template.format("zweiter")), house.get(template.format("anderer"))
        assert unpublished.content.replace(b"zweiter", b"anderer") == unknown.content
        assert dict(unpublished.headers) == dict(unknown.headers)
    assert "zweiter" not in house.get("/api/v1/processes").text
    assert "zweiter" in house.get("/api/v1/processes", "admin").text


def test_a_cause_that_is_not_public_is_not_named(house):
    house.record({"key": "x1", **told({"type": "context-noted", "what": "Internes"}, "2017")})
    house.record({"key": "x2", **told({"type": "context-noted", "what": "Folge"}, "2018", because=["x1", 1])})
    house.record(published("x2"))
    shown = house.api(f"/entries/{LAST + 2}").json()["entry"]
    assert (shown["statement"]["because"], shown["cause_not_shown"]) == ([1], True)
    assert "Internes" not in house.api(f"/entries/{LAST + 2}/why").text
    assert house.api(f"/entries/{LAST + 2}", "evaluator").json()["entry"]["statement"]["because"] == [LAST + 1, 1]


def test_times_are_days_of_the_process(house):
    house.now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # in Bottrop it is tomorrow already
    assert house.api("/structure").json()["happened_by"] == "2026-11-23"


def test_more_readers_than_connections_are_all_answered(town):
    """Seen to fail when a thread that waited for the database kept others from what it had read."""
    page, api = f"/prozesse/{BOTTROP}", f"/api/v1/processes/{BOTTROP}"
    months = [f"happened_by=2018-{month:02}-01" for month in range(1, 13)]
    addresses = (f"{page}/struktur", f"{page}/verlauf", f"{api}/structure")
    given = [f"{address}?{month}" for month in months for address in addresses] * 2
    before = town.installation.database._reader.pool
    with ThreadPoolExecutor(len(given)) as readers:
        statuses = list(readers.map(lambda address: town.get(address).status_code, given))
    assert set(statuses) == {200}
    assert before.checkedout() == 0


@pytest.mark.parametrize(
    ("role", "decoy", "withdrawn_step"),
    [
        ("recorder", {"type": "context-noted", "what": "Tarnung"}, "entry-published"),
        ("publisher", {"type": "entry-published", "targets": ["noted"]}, "context-noted"),
    ],
)
def test_a_key_that_looks_like_the_number_of_an_entry_gives_no_right_over_that_entry(
    house, role, decoy, withdrawn_step
):
    """Who may withdraw depends on what is withdrawn; a statement of the same list cannot stand in for it."""
    noted = {"key": "noted", **told({"type": "context-noted", "what": "Vorgemerkt"}, "2017")}
    later = (house.now + timedelta(days=30)).isoformat()
    published = {"key": "later", "step": {"type": "entry-published", "targets": ["noted"], "not_before": later}}
    numbers = dict(zip(("context-noted", "entry-published"), house.record(noted, published), strict=True))
    target = numbers[withdrawn_step]
    decoyed = {"key": str(target), **(told(decoy, "2017") if role == "recorder" else {"step": decoy})}
    withdrawal = {"key": "gone", "step": {"type": "entry-withdrawn", "target": target, "reason": "x"}}
    assert house.post([withdrawal], role).status_code == 403
    assert house.post([decoyed, withdrawal], role).status_code == 403
