"""A ZIP that is the same bytes whenever it is made from the same: no clock, a fixed order, the same rights."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, Any, BinaryIO, Final, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

WHEN: Final = (1980, 1, 1, 0, 0, 0)
"""When all files of an archive were changed last: the earliest that a ZIP can say."""


def undated(name: str) -> ZipInfo:
    """How a file stands in an archive, whatever machine makes it."""
    info = ZipInfo(name, WHEN)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


class Digest(io.RawIOBase):
    """Writes on, and knows how much it was and its checksum."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self._digest = sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._digest.update(data)
        self.size += len(data)
        self._to.write(data)
        return len(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Archive:
    """Files one after the other, each written as it comes, and the checksums of those that are done."""

    def __init__(self, to: BinaryIO, progress: Callable[[str], None] = lambda _: None) -> None:
        self._zip = ZipFile(to, "w", ZIP_DEFLATED, compresslevel=6)
        self._progress = progress
        self.files: dict[str, Digest] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @contextmanager
    def file(self, name: str) -> Iterator[Digest]:
        """One more file, to be written to."""
        self._progress(name)
        with self._zip.open(undated(name), "w", force_zip64=True) as member:
            self.files[name] = Digest(member)
            yield self.files[name]

    def add(self, name: str, content: bytes) -> None:
        """One more file, as a whole."""
        with self.file(name) as member:
            member.write(content)
