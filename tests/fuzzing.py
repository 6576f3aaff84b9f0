"""Makes up bad input: `python -m tests.fuzzing --runs 2000 --seed 7`, of some places alone if they are named.

Atheris changes real examples and goes on with whatever reaches new lines of ours. Where there is no atheris for the
system, they are changed by chance alone. A failing input is kept; `--again FILE` tries just that one.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import os
import random
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, redirect_stderr
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tests.fuzz_targets import Case, Target

ROOT = Path(__file__).parents[1]

HANGS = 120
"""Seconds for one input. Not a measure of speed: nothing that is answered at all takes that long."""

MOST = 300_000
"""Bytes of one input."""

OF_FORM = 0.7
"""Which part of the changes keeps the form, where a place knows it."""

GUIDED = find_spec("atheris") is not None

TOPS = ("adapters", "domain")
INSTRUMENTED = {
    "adapters.documents",
    "adapters.imports.statements",
    "adapters.imports.tables",
    "adapters.media_types",
    "adapters.web.asking",
    "adapters.web.beginning",
    "adapters.web.form_reading",
    "adapters.web.guard",
    "adapters.web.limits",
    "adapters.web.page",
    "adapters.web.parameters",
    "adapters.web.table_check",
    "adapters.web.table_columns",
    "adapters.web.what_if",
    "domain.admission",
    "domain.errors",
    "domain.german_dates",
    "domain.when",
}
"""The modules whose lines count as new: those that read what comes in. All of them would take a quarter of a minute."""

PIECES = (
    *(b"\x00", b"\xff", b"\xed\xa0\xbd", b"\xef\xbb\xbf", b"\r\n", b'"', b"{", b"[", b"null", b"1e999", b"NaN", b"-0"),
    *(
        b"9" * 20,
        b"\\ud800",
        b"\\u0000",
        b"%00",
        b"%ed%a0%bd",
        b"%zz",
        b"&happened_by=",
        b"&version=",
        b"&page=",
        b"=",
        b"?",
    ),
    *(b"2018-02-30", b"0001-01-01", b"9999-12-31", b"[..", b"/..", b"~", b"ca. ", b"bis ", b"zwischen ", b" und "),
    *(b"--grenze\r\n", b"--grenze--", b"filename=", b"PK\x03\x04", b"<!DOCTYPE", b"&#0;", b"=1+1", b"#REF!", b"\x85"),
)
"""What is put in here and there."""


def main() -> int:
    """How many places had a fault."""
    given = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    given.add_argument("places", nargs="*")
    given.add_argument("--runs", type=int, default=2_000, help="how many inputs for each place, real examples aside")
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--again", type=Path, metavar="FILE", help="tries one input that failed before")
    asked = given.parse_args()
    with redirect_stderr(io.StringIO()), instrumented():  # it names every module
        from adapters.logs import configure
        from tests.fuzz_targets import TARGETS, template
    configure("error")
    template()
    kept, faults = Path(tempfile.mkdtemp(prefix="werdegang-fuzzing-")), 0
    for name in asked.places or TARGETS:
        began, last = monotonic(), kept / name
        with tempfile.TemporaryDirectory() as folder:
            # In a process of its own: what fails must not end the others, and what is instrumented is loaded only once.
            if (child := os.fork()) == 0:
                tried(TARGETS[name], Path(folder), last, asked)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        told = f"--runs {asked.runs} --seed {asked.seed}: {monotonic() - began:.0f} s, status {status}"
        print(f"{name}: {told}", flush=True)
        if status == 0:
            last.unlink(missing_ok=True)
        else:
            faults += 1
            print(f"The input that failed: python -m tests.fuzzing {name} --again {last}", flush=True)
    if not faults:
        kept.rmdir()
    return faults


def tried(set_up: Callable[[Path], Target], folder: Path, last: Path, asked: argparse.Namespace) -> NoReturn:
    """Sets a place up and tries it. The process ends with it: with status 1 at the first fault."""
    faulthandler.dump_traceback_later(HANGS, exit=True)
    try:
        target = set_up(folder)

        def case(data: bytes) -> None:
            last.write_bytes(data)
            faulthandler.dump_traceback_later(HANGS, exit=True)
            try:
                target.case(data)
            except BaseException:  # noqa: BLE001  # whatever it is, it is a fault
                ended(1)

        if asked.again:
            case(asked.again.read_bytes())
        elif GUIDED:
            guided(case, target, folder / "corpus", asked)
        else:
            by_chance(case, target, asked.runs, asked.seed)
    except BaseException:  # noqa: BLE001  # a child must never go on as if it were its parent
        ended(1)
    ended(0)


def ended(status: int) -> NoReturn:
    """Ends a child without what its parent does in the end."""
    if status:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


# ---- how inputs are made up ---------------------------------------------------------------------------------------


def instrumented() -> AbstractContextManager[object]:
    """Whatever of ours is imported meanwhile tells which of its lines are reached."""
    if not GUIDED:
        return nullcontext()
    import atheris

    ours = [file.relative_to(ROOT).with_suffix("") for top in TOPS for file in (ROOT / top).rglob("*.py")]
    left_out = {".".join(module.parts) for module in ours} | set(TOPS)
    told: AbstractContextManager[object] = atheris.instrument_imports(TOPS, sorted(left_out - INSTRUMENTED))
    return told


def guided(case: Case, target: Target, corpus: Path, asked: argparse.Namespace) -> None:
    """Lets atheris change the examples, and whatever of it reached new lines. It ends the process itself."""
    import atheris

    corpus.mkdir()
    for at, example in enumerate(target.examples):
        (corpus / f"{at}").write_bytes(example)
    words = corpus.with_name("pieces")
    spelt = ("".join(map("\\x{:02x}".format, piece)) for piece in PIECES)
    words.write_text("".join(f'"{piece}"\n' for piece in spelt), encoding="ascii")
    runs = asked.runs * target.times + len(target.examples) + 1  # it begins with the examples, and with nothing at all
    options = (f"-runs={runs}", f"-seed={asked.seed}", f"-dict={words}", f"-max_len={MOST}")

    def changed(data: bytes, most: int, seed: int) -> bytes:
        drawn = random.Random(seed)
        said = target.changed(data, drawn) if target.changed and drawn.random() < OF_FORM else data
        return said if said != data and len(said) <= most else bytes(atheris.Mutate(data, most))

    # A hang is ended by ours; its own limit comes later, and 0 would end whatever takes a second.
    own = ("-len_control=0", f"-timeout={2 * HANGS}", "-verbosity=0", f"-artifact_prefix={corpus.parent}/")
    arguments = ["fuzzing", *options, *own, str(corpus)]
    atheris.Setup(arguments, case, custom_mutator=changed)
    atheris.Fuzz()


def by_chance(case: Case, target: Target, runs: int, seed: int) -> None:
    """Puts pieces, and parts of one example, into another; or takes something out."""
    drawn, examples = random.Random(seed), target.examples
    for example in examples:
        case(example)
    for _ in range(runs * target.times):
        data = drawn.choice(examples)
        if target.changed and drawn.random() < OF_FORM:
            case(target.changed(target.changed(data, drawn), drawn))
            continue
        for _ in range(drawn.randint(1, 4)):
            other = drawn.choice(examples)
            at, begin = drawn.randint(0, len(data)), drawn.randint(0, len(other))
            put = (b"", drawn.choice(PIECES), drawn.randbytes(2), other[begin : begin + drawn.randint(0, 200)])
            data = data[:at] + drawn.choice(put) + data[at + drawn.choice((0, 1, 8)) :]
        case(data[:MOST])


if __name__ == "__main__":
    sys.exit(main())
