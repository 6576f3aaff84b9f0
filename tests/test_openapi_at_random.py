"""What the description of the API promises, tried at random: no fault of ours, and no answer that it does not tell of.

`make test` tries 60 cases of every operation that reads and 200 of one that records, `make soak` 2,000 of each.
"""

import os
from collections import Counter
from string import ascii_letters, ascii_lowercase, digits

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from adapters.web import api
from tests.faces import BOTTROP, EXAMPLE, recorded

READING, RECORDING = (int(os.environ.get("WERDEGANG_SOAK", cases)) for cases in (60, 200))
"""How many cases of every operation. What a reader can ask for is a few words; what can be recorded is a long story."""

SEED = int(os.environ.get("WERDEGANG_SEED", "1"))
"""What is drawn follows from it: `make soak` has another one each time, and prints it."""

PATIENCE = 3_600
"""Seconds; without it a machine that is busy with something else for ten of them would count as a fault."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Left out are checks that want whatever fits the schema to be taken: what the rules of a process say is no schema."""

LAST = 40
"""How many entries there are."""

KNOWN = {"process": st.just(BOTTROP), "number": st.integers(1, LAST + 1)}
"""Values that lead somewhere; drawn by themselves, one in a thousand would."""


DRAWN_AT_ONCE = {
    "^[a-z0-9-]{1,63}$": st.text(f"{ascii_lowercase}{digits}-", min_size=1, max_size=63),
    "^[A-Za-z0-9-]{1,40}$": st.text(f"{ascii_letters}{digits}-", min_size=1, max_size=40),
    "^-?[0-9]{1,15}(\\.[0-9]{1,9})?$": st.one_of(
        st.integers(1 - 10**15, 10**15 - 1).map(str), st.decimals(-(10**6), 10**6, places=9).map("{:f}".format)
    ),
    "^([01][0-9]|2[0-3]):[0-5][0-9]$": st.times().map("{:%H:%M}".format),
}
"""What fits a pattern. Drawn letter by letter, as patterns are, ids alone took half of the time."""

for place, values in enumerate(DRAWN_AT_ONCE.values()):
    schemathesis.openapi.format(f"drawn-{place}", values)


@schemathesis.hook
def before_load_schema(_, raw_schema):
    """Says of each pattern how it is drawn. It stays: what is drawn and what is answered is held against it."""
    for schema in with_pattern(raw_schema):
        if schema["pattern"] in DRAWN_AT_ONCE:
            schema["format"] = f"drawn-{list(DRAWN_AT_ONCE).index(schema['pattern'])}"


def with_pattern(described):
    """All schemas in a description that have a pattern."""
    inner = described.values() if isinstance(described, dict) else described if isinstance(described, list) else ()
    if isinstance(described, dict) and isinstance(described.get("pattern"), str):
        yield described
    for each in inner:
        yield from with_pattern(each)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Its beginning alone: what is not asked for often need not be long."""
    folder = tmp_path_factory.mktemp("random")
    beginning = folder / "beginning.jsonl"
    beginning.write_text("".join(EXAMPLE.read_text(encoding="utf-8").splitlines(True)[:LAST]), encoding="utf-8")
    house = recorded(folder / "data", beginning)
    house.app.state.waiting.end()  # as a server that stops: nobody is kept waiting for what does not come
    yield house
    house.close()


@pytest.fixture(scope="module")
def described(house):
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", house.app)
    return {(o.method.upper(), o.path): o for o in (found.ok() for found in schema.get_all_operations())}


MODES = [GenerationMode.NEGATIVE, *[GenerationMode.POSITIVE] * 3]
"""A quarter of the requests does not fit the description; making these up takes longest."""

TRIED = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ROLES = st.sampled_from([None, "admin", "recorder", "publisher", "evaluator", "stranger"])
ROUTES = [route for route in api.router.routes if isinstance(route, Route)]
OPERATIONS = sorted((method, route.path) for route in ROUTES for method in route.methods or ())


def test_every_operation_of_the_api_is_described(described):
    assert sorted(described) == OPERATIONS


def test_what_is_drawn_at_once_stands_in_the_description(house):
    assert {schema["pattern"] for schema in with_pattern(house.app.openapi())} >= set(DRAWN_AT_ONCE)


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_whatever_is_asked_is_answered_as_described(house, described, operation):
    found = described[operation]
    known = {name: values for name, values in KNOWN.items() if f"{{{name}}}" in found.path}
    statuses = Counter()

    @seed(SEED)
    @settings(TRIED, max_examples=READING if operation[0] == "GET" else RECORDING)
    @given(
        st.one_of(found.as_strategy(generation_mode=mode) for mode in MODES),
        st.fixed_dictionaries({}, optional=known),
        ROLES,
    )
    def tried(case, led, role):
        case.path_parameters.update(led)
        answer = case.call(headers=house.headers(role), timeout=PATIENCE)
        case.validate_response(answer, checks=CHECKS)
        statuses[answer.status_code] += 1

    tried()
    assert statuses[200] + statuses[422], statuses
