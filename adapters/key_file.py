"""Private keys in their files, in the text form of Go's `note` package: the key of a log, or of a witness.

Such a file is readable for its owner alone, and written whole or not at all.
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path
from secrets import token_hex
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.owner import unreadable
from adapters.verify import ED25519, Key
from domain.errors import refused

_HEAD: Final = "PRIVATE+KEY+"


def write_key(file: Path, name: str, private: Ed25519PrivateKey, kind: bytes = ED25519) -> None:
    """Writes a private key with the name that it signs under; `kind` is what it signs as."""
    id_ = Key(name, private.public_key().public_bytes_raw(), kind).id.hex()
    write(file, f"{_HEAD}{name}+{id_}+{b64encode(kind + private.private_bytes_raw()).decode()}\n")


def read_key(file: Path, kind: bytes = ED25519) -> tuple[str, Ed25519PrivateKey]:
    """Name and private key of a file; `FileNotFoundError` or `ValueError` where it holds none of this kind.

    Refused where others may read it, too.
    """
    mode, text = file.stat().st_mode, file.read_text(encoding="utf-8")
    if mode & 0o077:
        raise refused("log-key-open", file=str(file))
    name, id_, encoded = text.strip().removeprefix(_HEAD).split("+", 2)
    seed = b64decode(encoded, validate=True)
    private = Ed25519PrivateKey.from_private_bytes(seed.removeprefix(kind))
    if Key(name, private.public_key().public_bytes_raw(), kind).id.hex() != id_:
        raise ValueError("another key")
    return name, private


def write(file: Path, text: str) -> None:
    """Whole or not at all, and on the disk before anybody sees it. Refused where that cannot be: `home-full`."""
    unfinished = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        with os.fdopen(
            os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600),
            "w",
            encoding="utf-8",
            errors="surrogateescape",
        ) as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise unreadable(file, error) from error
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def append_line(file: Path, line: str) -> None:
    """Adds a line to a file, whole or not at all."""
    write(file, f"{file.read_bytes().decode(errors='surrogateescape').rstrip()}\n{line}\n")
