"""Virtual environments for what cannot stand beside us: `eventsourcing-sqlalchemy` needs SQLAlchemy 2.0."""

import shutil
import subprocess
import sys
from pathlib import Path


def python(pinned: Path) -> Path:
    """The Python of an environment with exactly the pinned packages.

    It is made once, beside the list of them, and again when that changes.
    """
    folder = pinned.with_name(".venv")
    stamp, found = folder / "made-from.txt", folder / "bin" / "python"
    if stamp.is_file() and stamp.read_bytes() == pinned.read_bytes():
        return found
    print(f"Setting up {folder.name} (once; half a minute or so) ...", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
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
    subprocess.run([*pip, "--requirement", str(pinned)], check=True)
    stamp.write_bytes(pinned.read_bytes())
    return found
