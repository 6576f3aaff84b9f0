"""What the other tests stand on: both databases answer, the browser answers, the vendored files are the true ones."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.postgres import running_server

ROOT = Path(__file__).parents[1]
VENDORED = ROOT / "adapters" / "web" / "static" / "vendor"


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_gets_an_empty_database_that_keeps_what_is_written(database_url, turn):
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE guests (name TEXT)"))
        connection.execute(text("INSERT INTO guests VALUES ('Geschäftsstelle')"))
    engine.dispose()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT name FROM guests")).scalars().all() == ["Geschäftsstelle"]
    engine.dispose()


def test_both_kinds_of_database_are_asked(database_url, request):
    engine = create_engine(database_url)
    assert engine.dialect.name in request.node.name


def test_the_postgresql_that_is_measured_writes_durably():
    with running_server(durable=True) as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            shown = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("fsync", "synchronous_commit")]
        engine.dispose()
    assert shown == ["on", "on"]


def test_the_browser_runs_the_vendored_accessibility_check(page):
    page.set_content("<title>Ohne Sprache</title><main><h1>Werdegang</h1></main>")
    page.evaluate((ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document)")
    assert [violation["id"] for violation in found["violations"]] == ["html-has-lang"]


def test_the_browser_reads_the_vendored_fonts(page):
    fonts = sorted((VENDORED / "fira-sans").glob("*.woff2"))
    assert len(fonts) == 3
    for font in fonts:
        encoded = base64.b64encode(font.read_bytes()).decode("ascii")
        loaded = "async data => (await new FontFace('x', `url(data:font/woff2;base64,${data})`).load()).status"
        assert page.evaluate(loaded, encoded) == "loaded"


def test_vendored_files_are_the_ones_the_manifest_names():
    stated = {name: digest for part in _manifest() for name, digest in part["files"].items()}
    found = {
        path.relative_to(VENDORED).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDORED.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert found == stated


def test_every_vendored_part_states_its_origin_and_carries_its_licence():
    for part in _manifest():
        assert all(part[field] for field in ("name", "package", "version", "licence"))
        assert any("LICENSE" in name for name in part["files"])


def _manifest():
    return json.loads((VENDORED / "manifest.json").read_text(encoding="utf-8"))
