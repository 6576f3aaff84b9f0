"""A virtual environment of its own for what cannot stand beside us: `eventsourcing-sqlalchemy` needs SQLAlchemy 2.0."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / ".venv"
PINNED: Final = Path(__file__).parent / "bare_append.txt"


def python() -> Path:
    """Its Python; the environment is made once, and again when the pinned versions change."""
    stamp = FOLDER / "made-from.txt"
    found = FOLDER / "bin" / "python"
    if stamp.is_file() and stamp.read_bytes() == PINNED.read_bytes():
        return found
    print(f"Setting up {FOLDER.name} for eventsourcing-sqlalchemy (once; half a minute or so) ...", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    pip = [
        str(found),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--only-binary=:all:",
    ]
    subprocess.run([*pip, "--requirement", str(PINNED)], check=True)
    stamp.write_bytes(PINNED.read_bytes())
    return found
