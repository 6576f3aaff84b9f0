"""Acts that concern an installation as a whole. They are entries of the reserved process `installation`.

Nobody records them but the engine itself, when whoever runs the installation does what they tell.
"""

from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from domain.step import Step

INSTALLATION: Final = "installation"
"""The process that these entries belong to."""

ENGINE: Final = "installation"
"""In whose name they are recorded: no account has this id."""

Vkey = Annotated[str, StringConstraints(pattern=r"^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$")]
"""A public key as `/log/vkey` writes it: the name of the log, a checksum, and the key."""


class LogKeyChanged(Step):
    """The transparency log is signed with another key; for a month at least the old one signs along.

    Whoever knows the old key learns the new one from here: the entry stands in the log that the old key signed.
    """

    type: Literal["log-key-changed"] = "log-key-changed"
    old: Vkey
    new: Vkey
    why: Literal["planned", "staff-change", "lost-device", "suspected-leak"]
