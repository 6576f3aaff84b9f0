"""Bad input, made up: whatever is sent, it is answered or refused, in time, and nothing is half recorded.

`make test` tries few inputs at each place, `make soak` 2,000; `tests/fuzz_targets.py` says which places these are.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz_targets import dates
from tests.fuzzing import by_chance

ROOT = Path(__file__).parents[1]
RUNS = int(os.environ.get("WERDEGANG_SOAK", "60"))
SEED = int(os.environ.get("WERDEGANG_SEED", "1"))


def fuzzing(*arguments, begin=("-m", "tests.fuzzing"), **environment):
    """What the program that makes inputs up came to, and all that it said."""
    return subprocess.run(
        [sys.executable, *begin, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_whatever_is_sent_is_answered_or_refused_and_nothing_is_half_recorded():
    done = fuzzing("--runs", RUNS, "--seed", SEED)
    assert done.returncode == 0, done.stdout


PLANTED = """
import os, sys, time
from types import SimpleNamespace
from tests import fuzzing

def planted(folder):
    def case(data):
        if b"Fault" in data:
            raise RuntimeError("planted")
        if b"Hang" in data:
            time.sleep(600)
    return SimpleNamespace(case=case, examples=[b"harmless", os.environ["PLANTED"].encode()], changed=None, times=1)

sys.modules["tests.fuzz_targets"] = SimpleNamespace(TARGETS={"planted": planted}, template=lambda: None)
fuzzing.GUIDED, fuzzing.HANGS = False, 1
sys.exit(fuzzing.main())
"""


@pytest.mark.parametrize(("fault", "told"), [("Fault", "RuntimeError: planted"), ("Hang", "Timeout (0:00:01)!")])
def test_a_fault_is_told_with_the_input_and_how_to_repeat_it(tmp_path, fault, told):
    begin = ("-c", PLANTED)
    done = fuzzing("--runs", 5, begin=begin, PLANTED=fault, TMPDIR=str(tmp_path))
    assert (done.returncode, told in done.stdout) == (1, True), done.stdout
    *_, again, kept = done.stdout.split()
    assert (again, Path(kept).read_text(encoding="utf-8")) == ("--again", fault)
    repeated = fuzzing("--again", kept, begin=begin, PLANTED="harmless", TMPDIR=str(tmp_path))
    assert (repeated.returncode, told in repeated.stdout) == (1, True), repeated.stdout


def test_where_there_is_no_atheris_examples_are_changed_by_chance(tmp_path):
    target, tried = dates(tmp_path), []
    by_chance(tried.append, target, runs=10, seed=SEED)
    assert tried[: len(target.examples)] == list(target.examples)
    assert len(set(tried)) > 150
    for data in tried:
        target.case(data)
