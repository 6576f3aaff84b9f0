"""The documents tell the truth: every command they show is run, and the output they show appears.

A fenced `console` block holds a session: lines with `$ ` are run in order in one shell, with an empty installation
per document; the lines below a command must appear in its output in that order, where `…` stands for anything.

In README the command is the one that is installed. In the others it has been started already (`started_program.py`).
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from urllib.request import urlopen

import pytest

from adapters.exports.code_book import code_book
from domain.publication import STEPS
from tests.command_line import kept_port

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(path for path in (ROOT / "README.md", *(ROOT / "docs").glob("**/*.md")))
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
END = "end-of-command"
SERVER = "127.0.0.1:8000"
WITNESS = "8010"
"""The port of a witness that a document starts."""
SECONDS_TO_START = 60
PROGRAM = ROOT / "tests" / "started_program.py"


def commands(document):
    """(command, expected lines) in the order of the document."""
    found = []
    for block in BLOCK.findall(document.read_text()):
        lines = iter(block.splitlines())
        for line in lines:
            if line.startswith("$ "):
                typed = [line[2:]]
                if here := re.search(r"<<'(\w+)'", line):
                    typed += [*itertools.takewhile(lambda typed, end=here[1]: typed != end, lines), here[1]]
                found.append(("\n".join(typed), []))
            elif line.strip():
                found[-1][1].append(line)
    return found


def wait_for(happened, complaint):
    give_up = time.monotonic() + SECONDS_TO_START
    while not happened():
        assert time.monotonic() < give_up, complaint
        time.sleep(0.05)


def is_answered(port):
    try:
        urlopen(f"http://127.0.0.1:{port}/").close()
    except OSError:
        return False
    return True


class Shell:
    """One shell with an installation of its own; a server is started when the first command asks one."""

    def __init__(self, home):
        self.home = home
        self.kept = kept_port()
        self.port = self.kept.getsockname()[1]
        self.kept_for_witness = kept_port()
        self.witness_port = str(self.kept_for_witness.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WERDEGANG_")}
        folders = os.pathsep.join([str(home / "bin"), str(Path(sys.executable).parent), kept["PATH"]])
        self.environment = {
            **kept,
            "PATH": folders,
            "WERDEGANG_HOME": str(home / "data"),
            "WERDEGANG_PORT": str(self.port),
            "LANG": "de_DE.UTF-8",
            "COLUMNS": "100",
        }
        self.server = None
        bash = shutil.which("bash")
        assert bash is not None
        self.bash = subprocess.Popen(
            [bash, "--noprofile", "--norc"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=home,
            env=self.environment,
        )

    def run(self, command):
        if SERVER in command and self.server is None:
            self.serve()
        local = command.replace(SERVER, f"127.0.0.1:{self.port}").replace(WITNESS, self.witness_port)
        self.bash.stdin.write(f"{local}\necho; echo {END} $?\n")
        self.bash.stdin.flush()
        lines = []
        for line in self.bash.stdout:
            if line.startswith(END):
                if command.endswith("&"):
                    wait_for(partial(is_answered, self.witness_port), "the witness does not answer")
                return "".join(lines).replace(f"127.0.0.1:{self.port}", SERVER), int(line.split()[1])
            lines.append(line)
        raise AssertionError(f"the shell ended at: {command}")

    def serve(self):
        program = Path(sys.executable).parent / "werdegang"
        self.server = subprocess.Popen(
            [program, "serve"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(partial(is_answered, self.port), "the server does not answer")

    def close(self):
        self.bash.communicate("kill $(jobs -p) 2> /dev/null\nexit\n")  # also where a document failed before its end
        if self.server is not None:
            self.server.terminate()
            self.server.wait()
        self.kept.close()
        self.kept_for_witness.close()


@pytest.fixture(scope="module")
def program():
    """The command, started: the path of its socket."""
    with tempfile.TemporaryDirectory(prefix="werdegang-") as folder:  # the path of a socket has to be short
        address = Path(folder) / "socket"
        running = subprocess.Popen([sys.executable, PROGRAM, address], stdin=subprocess.PIPE)
        wait_for(address.is_socket, "the command does not start")
        yield address
        running.stdin.close()
        assert running.wait() == 0


@pytest.fixture
def shell(tmp_path, request, document):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "bin").mkdir()
    if document.name != "README.md":
        called = f"{sys.executable} -IS {PROGRAM} {request.getfixturevalue('program')}"
        stand_in(tmp_path / "bin" / "werdegang", called)
    if shutil.which("curl") is None:
        stand_in(tmp_path / "bin" / "curl", f"{sys.executable} {ROOT}/tests/plain_curl.py")
    shell = Shell(tmp_path)
    yield shell
    shell.close()


def stand_in(file, command):
    file.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    file.chmod(0o700)


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if commands(d)], ids=lambda path: path.name)
def test_every_command_shown_runs_and_says_what_is_shown(document, shell):
    for command, expected in commands(document):
        if command.startswith("make "):
            assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE), command
            continue
        output, code = shell.run(command)
        refused = bool(re.search(r"\[[a-z-]+\]", "".join(expected)))  # what shows a refusal may fail
        assert code == 0 or refused, f"{command}\n{output}"
        at = 0
        for line in expected:
            pattern = r".*?".join(re.escape(part) for part in line.rstrip().split("…"))
            match = re.compile(pattern, re.DOTALL).search(output, at)
            assert match, f"{command}\nnot in the output: {line}\n{output}"
            at = match.end()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(document):
    for target, place in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)#?([^)\s]*)\)", document.read_text()):
        file = document.parent / target if target else document
        assert file.exists(), target
        headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE) if place else []
        assert not place or place in {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings}, place


def test_every_file_that_the_documents_name_exists():
    for document in DOCUMENTS:
        for name in re.findall(
            r"`((?:tests|domain|projections|adapters|examples|benchmarks|docs)/[\w./-]+)`", document.read_text()
        ):
            assert (ROOT / name).exists(), f"{document.name}: {name}"


def test_every_setting_stands_in_the_table_of_settings_and_no_other_does():
    from adapters.settings import DEFAULTS

    rows = re.findall(r"^\| (`WERDEGANG_[^|]*) \|", (ROOT / "docs" / "command-line.md").read_text(), re.MULTILINE)
    assert sorted(re.findall(r"`(WERDEGANG_\w+)`", " ".join(rows))) == sorted(DEFAULTS)


def test_every_step_and_every_field_of_it_is_documented():
    told = (ROOT / "docs" / "code-book.md").read_text()
    sections = dict(re.findall(r"^### ([a-z-]+)\n(.*?)(?=^#|\Z)", told, re.MULTILINE | re.DOTALL))
    for name, step in STEPS.items():
        rows = re.findall(r"^\| `(\w+)` \|", sections[name], re.MULTILINE)
        assert sorted(set(step.model_fields) - {"type"}) == sorted(rows), name


def test_every_step_is_named_where_an_office_looks_for_it():
    guide = (ROOT / "docs" / "recording.md").read_text()
    assert sorted(re.findall(r"\[`([a-z-]+)`\]\(code-book\.md#\1\)", guide)) == sorted(STEPS)


def test_the_code_book_is_that_of_this_program():
    fresh = (ROOT / "docs" / "code-book.md").read_text() == code_book()
    assert fresh, "docs/code-book.md is no longer what the types say. Please run: make code-book"


@pytest.mark.parametrize("document", ["threats.md", "faults.md"])
def test_every_test_that_the_threats_and_faults_name_is_there(document):
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / document).read_text(encoding="utf-8")))
    assert len(named) > 10
    assert {name for name in named if not (ROOT / "tests" / f"{name}.py").is_file()} == set()
