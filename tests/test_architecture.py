"""The dependency rule of the design, and what may lie in the repository: adapters → service → projections → domain."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = ("domain", "projections", "service", "adapters")
"""From the inside out: a module imports its own layer and those before it."""

# fmt: off
IMPURE = {
    "asyncio", "concurrent", "http", "importlib", "logging", "multiprocessing", "os", "random", "secrets", "shutil",
    "signal", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib", "uuid",
}
# fmt: on
"""What a pure layer must be handed instead: the clock, chance, files, other processes, the network."""

THIRD_PARTY = {
    "domain": {"pydantic", "pydantic_core"},
    "projections": {"pydantic", "pydantic_core"},
    "service": {"pydantic", "pydantic_core", "structlog"},
}
"""All a layer may import from outside; the adapters may import what pyproject.toml declares."""

ONLY_IN = {
    "eventsourcing": r"adapters/event_store\.py",
    "sqlalchemy": r"adapters/.+|projections/(tables|table_rows|table_set|filling)\.py|migrations/.+",
    "alembic": r"adapters/.+|migrations/.+",
    "fastapi": r"adapters/web/.+",
    "starlette": r"adapters/web/.+",
    "jinja2": r"adapters/web/.+",
    "typer": r"adapters/cli.*",
}
"""Libraries that have one home."""

CLOCKS = {"now", "today", "utcnow"}

# fmt: off
AT_THE_TOP = {
    "domain", "projections", "service.py", "adapters", "migrations", "tests", "examples", "benchmarks", "docs",
    "README.md", "CHANGELOG.md", "LICENSE", "publiccode.yml", "pyproject.toml", "requirements.txt",
    "requirements-dev.txt", "Makefile", ".ci", ".gitignore",
}
LEFT_BY_TOOLS = {
    ".git", ".venv", "data", "build", "dist", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache",
    ".ruff_cache",
}
# fmt: on

A_MACHINES_OWN = re.compile(
    r"(?<![\w.])/(work|root|home|Users|opt)/\w|\bpypi\.\w|pythonhosted|npmjs|deb\.debian|docker\.io"
)
"""A folder of the machine something was written on, or the host it fetched packages from."""


def sources(*roots: str) -> Iterator[Path]:
    for root in roots:
        yield from sorted((ROOT / root).rglob("*.py") if (ROOT / root).is_dir() else [ROOT / root])


def imports(path: str, source: str) -> Iterator[tuple[int, str]]:
    """Every imported module with its line, also those inside functions and under TYPE_CHECKING."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = Path(path).parts[: -node.level] if node.level else ()
            yield node.lineno, ".".join(filter(None, [*package, node.module]))


def wrong_imports(path: str, source: str) -> list[str]:
    layer = Path(path).parts[0].removesuffix(".py")
    allowed = THIRD_PARTY.get(layer)
    wrong = []
    for line, module in imports(path, source):
        name = module.split(".")[0]
        if name in LAYERS:
            inward = layer in LAYERS and LAYERS.index(name) <= LAYERS.index(layer)
            fine = inward or path == "migrations/env.py"  # a migration itself stays true when our code has moved on
        elif name in ONLY_IN:
            fine = re.fullmatch(ONLY_IN[name], path) is not None
        elif name in sys.stdlib_module_names:
            fine = layer not in {"domain", "projections"} or name not in IMPURE
        else:
            fine = allowed is None or name in allowed
        if not fine:
            wrong.append(f"{path}:{line} imports {module}")
    return wrong


def clocks_and_files(path: str, source: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [(call.lineno, getattr(call.func, "attr", None) or getattr(call.func, "id", None)) for call in calls]
    return [f"{path}:{line} calls {name}()" for line, name in named if name in CLOCKS | {"open", "print", "input"}]


def test_imports_point_from_the_outside_to_the_inside():
    files = sources("domain", "projections", "service.py", "adapters", "migrations")
    assert [wrong for path in files for wrong in wrong_imports(_name(path), _text(path))] == []


def test_the_domain_and_its_projections_ask_neither_the_clock_nor_the_disk():
    files = sources("domain", "projections")
    assert [wrong for path in files for wrong in clocks_and_files(_name(path), _text(path))] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("domain/when.py", "from projections import timeline"),
        ("domain/when.py", "def f():\n    import time"),
        ("domain/when.py", "from os.path import join"),
        ("domain/when.py", "import structlog"),
        ("domain/when.py", "from ..adapters import database"),
        ("projections/timeline.py", "import sqlalchemy as sa"),
        ("projections/timeline.py", "import service"),
        ("service.py", "from fastapi import FastAPI"),
        ("service.py", "from adapters.wiring import build"),
        ("service.py", "from eventsourcing.application import Application"),
        ("adapters/wiring.py", "from eventsourcing.application import Application"),
        ("adapters/exports/csv.py", "import fastapi"),
        ("migrations/versions/0001_entries.py", "from adapters.database import entries"),
    ],
)
def test_an_import_against_the_rule_is_found(path, source):
    assert len(wrong_imports(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "domain/when.py",
            "from datetime import date\nfrom zoneinfo import ZoneInfo\nimport pydantic\nimport domain.entry",
        ),
        (
            "projections/tables.py",
            "import sqlalchemy\nfrom domain import entry\nfrom projections.timeline import points",
        ),
        ("service.py", "import time\nfrom projections import timeline\nfrom domain import replay"),
        ("adapters/event_store.py", "import eventsourcing.persistence, sqlalchemy, service\nfrom . import database"),
        ("adapters/web/app.py", "import fastapi, adapters.wiring, domain.words, os, socket"),
        ("migrations/env.py", "from adapters.database import metadata\nimport alembic"),
    ],
)
def test_an_import_by_the_rule_is_not_minded(path, source):
    assert wrong_imports(path, source) == []


def test_asking_the_clock_or_the_disk_is_found():
    source = "from datetime import datetime\ndatetime.now()\nopen('x')\ndate.today()\n"
    assert len(clocks_and_files("domain/when.py", source)) == 3


def test_no_class_or_module_is_named_for_nothing_in_particular():
    empty = re.compile(r"Manager|Helper|Util|Base(?=[A-Z]|$)|(^|_)(manager|helper|util|base|common|misc)s?(_|$)")
    found = []
    for path in sources("domain", "projections", "service.py", "adapters", "migrations", "tests"):
        classes = [node.name for node in ast.walk(ast.parse(_text(path))) if isinstance(node, ast.ClassDef)]
        found += [f"{_name(path)}: {name}" for name in [path.stem, *classes] if empty.search(name)]
    assert found == []


def test_the_top_of_the_repository_holds_what_the_design_names():
    assert {path.name for path in ROOT.iterdir()} - LEFT_BY_TOOLS - AT_THE_TOP == set()


def test_no_file_names_the_machine_it_was_written_on():
    found = []
    for path in _repository():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{_name(path)}:{n}" for n, line in enumerate(lines, start=1) if A_MACHINES_OWN.search(line)]
    assert found == []


def _repository() -> Iterator[Path]:
    for name in sorted(AT_THE_TOP):
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not LEFT_BY_TOOLS & set(path.parts) and path != Path(__file__):
                yield path


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
