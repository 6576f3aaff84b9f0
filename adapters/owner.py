"""Whose files the home folder holds: those of one user, as whom the server runs and every command is run.

What another one writes there (root, say) the server could not read: it would sign nothing any more, and erase nothing.
"""

import os
import pwd
from pathlib import Path
from typing import Final

from domain.errors import Refused, refused

WRITTEN_FIRST: Final = "log.key"
"""Only its owner may read it, so whoever runs the server owns it. Before there is one it is the owner of the folder."""


def refuse_others(home: Path) -> None:
    """Refuses whoever is not the user that the files of this folder belong to; a new folder is anybody's."""
    for file in (home / WRITTEN_FIRST, home):
        try:
            owner = file.stat().st_uid
        except FileNotFoundError:
            continue
        except OSError as error:
            raise unreadable(file, error) from error
        if owner != os.geteuid():
            raise refused("home-of-another", folder=str(home), owner=_name(owner), user=_name(os.geteuid()))
        return


def unreadable(file: Path, error: OSError) -> Refused:
    """A file that is there and cannot be used."""
    return refused("home-file-unreadable", file=str(file), reason=error.strerror, user=_name(os.geteuid()))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"
