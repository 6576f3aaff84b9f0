"""The feed: every entry once, in an order that never changes behind whoever reads along.

There are two. To an account it gives all entries of the processes that it may read, by position. Positions have no
gaps and are taken under the lock of all writers, so a reader who has one has all before it.

To the public it gives public entries in the order in which they became public: by (public_from, position). That a
reader who has one has all before it takes more care, since an embargo ends by itself: had somebody been told at 12:00
what became public at 12:00, then a writer whose clock is behind could still record and publish at 11:59, and that
reader would never see it. So the feed goes only as far as time is settled (`EventStore.settled_until`): up to the last
recording, or the moment that readers were told before, whichever is later. That is enough, because

1. every recording is later than both, whatever its clock says (`EntryRecorder.next_place`); it reads them under the
   lock, after whoever recorded or told before has committed;
2. a recording changes only what becomes public no earlier than itself: a publication works from its own recording on
   or later, the erasure of a public entry too, and one that has taken effect is never taken back (SEMANTICS 8.1).

What a reader saw in one state of the database, up to where time was settled there, is thus what is there for ever. It
holds on a replica, too, which is an older state. Where an embargo ends after that, the moment at which it ends is
noted under the lock before anybody is told (`EventStore.tell`): that settles time up to it. A moment is noted only
when there is an entry to give for it, so that no reader can push time on with a wrong clock further than an embargo
reaches. Where nothing can be noted (others write, or it is a replica), the feed waits with that entry; all pages show
it already.
"""

import re
from dataclasses import dataclass
from typing import Final

PATTERN: Final = r"^(?:[0-9]{18}-[0-9]{16}|[0-9]{16}-[0-9]{18})$"
"""What a place looks like, in the feed of the public and in that of an account; as long as a place can be, so that
they are sorted as words like as numbers.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in a feed: in that of the public behind the microsecond since which it is public.

    In that of an account the position alone would do to go on from, but after an older backup was put back another
    entry may stand there. The microsecond at which it was recorded tells them apart.
    """

    position: int
    at: int
    public: bool

    def __str__(self) -> str:
        position, at = f"{self.position:016d}", f"{self.at:018d}"
        return f"{at}-{position}" if self.public else f"{position}-{at}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place that a text is, which fits `PATTERN`."""
        assert re.match(PATTERN, text)
        one, _, other = text.partition("-")
        public = len(one) > len(other)
        at, position = (one, other) if public else (other, one)
        return cls(int(position), int(at), public)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry that is the next in a feed; in that of the public with the microsecond since which it is public."""

    process: str
    number: int
    position: int
    since: int | None = None
