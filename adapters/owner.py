"""Whose files the home folder holds: those of one user, as whom the server runs and every command is run.

What another one writes there (root, say) the server could not read: it would sign nothing any more, and erase nothing.
"""

import errno
import os
import pwd
from pathlib import Path
from typing import Final

from domain.errors import Refused, refused

WRITTEN_FIRST: Final = "log.key"
"""Only its owner may read it, so whoever runs the server owns it. Before there is one it is the owner of the folder."""

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says where there is no room: on the disk, for this user, or for a file of that size."""


def refuse_others(home: Path) -> None:
    """Refuses whoever would leave files there that the server cannot read, or cannot read those of the server.

    That is root, in a folder of somebody else; and, once there is a key, whoever may not read it. Before that the file
    system decides: a new folder is anybody's, and a volume may belong to root and be open to a group.
    """
    for file in (home / WRITTEN_FIRST, home):
        try:
            owner = file.stat().st_uid
        except (FileNotFoundError, NotADirectoryError):  # then nothing can be kept there, which is told by itself
            continue
        except OSError as error:
            raise unreadable(file, error) from error
        if owner != os.geteuid() and (os.geteuid() == 0 or (file != home and not _readable(file))):
            raise refused("home-of-another", folder=str(home), owner=_name(owner), user=_name(os.geteuid()))
        return


def _readable(file: Path) -> bool:
    try:
        file.open("rb").close()
    except PermissionError:
        return False
    return True


def unreadable(file: Path, error: OSError) -> Refused:
    """A file that is there and cannot be used, or has no room."""
    if error.errno in FULL:
        return refused("home-full", file=str(file), reason=error.strerror)
    return refused("home-file-unreadable", file=str(file), reason=error.strerror, user=_name(os.geteuid()))


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"
