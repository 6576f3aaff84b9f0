"""What the tests of the command line share: a place to work in, the command, and how to read what it prints."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.cli import run

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "bottrop-2018.jsonl"
LAST = len(EXAMPLE.read_text(encoding="utf-8").splitlines())
"""The number of the example's last entry; what a test records itself follows."""

FOUNDING: dict[str, Any] = {
    "process": "bottrop-2018",
    "key": "entwurf",
    "step": {"type": "group-formed", "body": "ag-neu", "kind": "arbeitsgruppe", "name": "AG Geheim"},
    "occurred": {"edtf": "2020"},
    "grounds": "Nur ein Entwurf.",
}
MEMBER: dict[str, Any] = {
    "process": "bottrop-2018",
    "key": "entwurf-2",
    "step": {"type": "role-assigned", "role": "leitung-neu", "actor": "amt", "kind": "lead", "body": "ag-neu"},
    "occurred": {"edtf": "2020"},
}


class Done(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty place for an installation, in a German terminal."""
    monkeypatch.chdir(tmp_path)
    return in_a_german_terminal(monkeypatch, tmp_path / "data")


def in_a_german_terminal(monkeypatch, folder):
    for name in [name for name in os.environ if name.startswith("WERDEGANG_")]:
        monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("WERDEGANG_HOME", str(folder))
    return folder


@pytest.fixture
def werdegang(home, capfd):
    """Runs a command in this process; what it prints is what a program that called it would read."""

    def call(*arguments):
        code = run(arguments)
        return Done(code, *capfd.readouterr())

    return call


@pytest.fixture
def bottrop(werdegang, home, demonstrated):
    """The same, with the example recorded."""
    shutil.copytree(demonstrated, home)
    return werdegang


@pytest.fixture
def clerk(bottrop):
    """The account of the example."""
    accounts = json.loads(bottrop("accounts", "list", "--json").out)["accounts"]
    return next(account["id"] for account in accounts if account["name"] == "Demo")


def written(content, name="angaben.jsonl"):
    lines = content if isinstance(content, str) else "".join(f"{json.dumps(item)}\n" for item in content)
    Path(name).write_text(lines, encoding="utf-8")
    return name


def plain(text):
    """A text on one line, without the branches of a tree."""
    return " ".join(re.sub(r"[│├└─]", " ", text).split())


def section(text, title):
    """What stands under a title, up to the next empty line."""
    return plain(text.partition(f"\n{title}\n")[2].partition("\n\n")[0])


def program(*arguments, module="adapters.cli", **options):
    """The command as a process of its own."""
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.Popen(command, env=environment, **options)


def kept_port():
    """A socket that keeps its port of 127.0.0.1 free for a server of ours: nobody else is given it until it is closed.

    A port that is only looked up may be taken by another test before the server gets to it. Two sockets that both
    reuse addresses may share a port as long as one of them at most listens; the server's does (`create_server`).
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    return kept
