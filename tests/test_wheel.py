"""The wheel holds all that the program needs: it runs the demo outside the clone, from an installed copy."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECONDS = 180


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built by the locked build backend, without a network and without a build environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder], cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder with the programs of a fresh environment: the wheel is its own, the dependencies are borrowed."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", programs / "python"]
    _run([*pip, "install", "--quiet", "--no-index", "--no-deps", wheel], cwd=folder)
    site = _run([programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], cwd=folder)
    # Path files inside a borrowed folder are not read, so the editable installation of the clone stays out of sight.
    Path(site.strip(), "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An empty folder to work in, far from the clone, with the installation's data in it."""
    for name in [name for name in os.environ if name.startswith(("WERDEGANG_", "PYTHON"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WERDEGANG_HOME", str(tmp_path / "data"))
    return tmp_path


def test_the_wheel_holds_the_program_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"domain", "projections", "service.py", "adapters", "migrations", "examples"}
    assert "examples/bottrop-2018.jsonl" in names
    assert "adapters/web/static/vendor/kern/kern.min.css" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_installed_program_does_not_use_the_clone(installed, elsewhere):
    where = "import domain, projections, adapters, service; print(domain.__file__, service.__file__, adapters.__file__)"
    answer = _run([installed / "python", "-c", where], cwd=elsewhere)
    assert str(ROOT) not in answer
    assert answer.count(str(installed.parent)) == 3


def test_the_demo_runs_from_the_wheel(installed, elsewhere):
    _run([installed / "werdegang", "demo"], cwd=elsewhere)
    assert "Wirtschaftsallianz" in _run([installed / "werdegang", "show", "bottrop-2018", "structure"], cwd=elsewhere)
    assert (elsewhere / "data").is_dir()


def test_the_demo_may_be_asked_for_twice(installed, elsewhere):
    _run([installed / "werdegang", "demo"], cwd=elsewhere)
    before = _run([installed / "werdegang", "show", "bottrop-2018", "timeline", "--json"], cwd=elsewhere)
    _run([installed / "werdegang", "demo"], cwd=elsewhere)
    assert _run([installed / "werdegang", "show", "bottrop-2018", "timeline", "--json"], cwd=elsewhere) == before


def _run(command, cwd):
    """What the command printed; if it failed, all it said."""
    finished = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout
