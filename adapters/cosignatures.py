"""What witnesses signed of the log: kept, given out, and held against the policy in the home folder.

`witnesses.policy` names whom to ask and how many are enough, as c2sp.org/tlog-policy has it; the address of a witness
stands at the end of its line. Without that file nothing is asked, and nothing is claimed. Witnesses are asked by
`adapters/witnessing.py`; here is what they said, the same for all programs on one database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import BigInteger, Column, Integer, Table, Text, func, select

from adapters.database import Database, Instant, metadata, now
from adapters.transparency_log import TransparencyLog, log_checkpoints, log_cosignatures, log_state
from adapters.verify import NO_QUORUM, Policy, Rejected, Witness, parse_policy
from domain.errors import Refused, refused

POLICY: Final = "witnesses.policy"

OVERDUE: Final = timedelta(hours=24)
"""For so long a checkpoint may be without its witnesses; then somebody has to look."""

State = Literal[
    "never-asked",
    "no-address",
    "signed",
    "unreachable",
    "too-slow",
    "busy",
    "unknown-log",
    "unknown-key",
    "not-understood",
    "unsettled",
    "nonsense",
    "time-differs",
    "contradicts",
    "knows-more",
    "false-signature",
]
"""How a witness answered last. The last three say that the log was changed, or that the witness is none."""

GRAVE: Final[frozenset[State]] = frozenset({"contradicts", "knows-more", "false-signature"})

LEASE: Final = timedelta(minutes=1)
"""So long nobody else asks a witness whom one program has begun to ask."""

SOONEST: Final = timedelta(seconds=10)
LATEST: Final = timedelta(hours=1)
"""When a witness who did not sign is asked again: sooner at first, then ever later."""

MOST_LINES: Final = 30
"""So many cosignatures are given out with a checkpoint; readers take at least sixteen."""

log_witnesses = Table(
    "log_witnesses",
    metadata,
    Column("witness", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("asked_at", Instant),
    Column("size", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
)
"""How each witness, by its vkey, answered last. `size` is that of the largest checkpoint that it is known to have
signed, `tries` how often it was asked in vain since.
"""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """That a place of the log is witnessed: by whom, since when, and in the checkpoint of which size."""

    since: datetime
    by: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a witness stands: since when it answers as it does, when it was asked last, how far it has signed."""

    witness: Witness
    state: State
    since: datetime | None
    asked_at: datetime | None
    size: int

    @property
    def grave(self) -> bool:
        """Whether it says that something is wrong with the log, or signs what it should not."""
        return self.state in GRAVE


@dataclass(frozen=True, slots=True)
class Overdue:
    """A checkpoint that should have been witnessed long ago."""

    size: int
    signed_at: datetime


class Cosignatures:
    """What witnesses said of this log."""

    def __init__(
        self, home: Path, database: Database, log: TransparencyLog, clock: Callable[[], datetime] = now
    ) -> None:
        self.file = home / POLICY
        self._database = database
        self._log = log
        self._clock = clock
        self._read: tuple[bytes, Policy] | None = None  # a policy is parsed once

    # ---- the policy ----------------------------------------------------------------------------------------------

    def policy_text(self) -> bytes | None:
        """The policy as it stands in its file; `None` where there is none."""
        try:
            return self.file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise refused("policy-unreadable", file=str(self.file), reason=error.strerror) from error

    def policy(self) -> Policy | None:
        """Whom to ask, and how many are enough; refused where the file says something else, or is about another log."""
        text = self.policy_text()
        if text is None:
            return None
        if self._read is None or self._read[0] != text:
            try:
                self._read = text, parse_policy(text.decode(errors="surrogateescape"))
            except Rejected as error:
                line = int(str(error.parameters["line"]))
                said = text.decode(errors="replace").split("\n")[line - 1].strip()
                raise refused("policy-broken", file=str(self.file), line=line, text=said, reason=error.code) from error
        policy = self._read[1]
        signing = self._log.signing()
        if policy.logs and signing and not {str(key) for key in policy.logs} & {*signing}:
            raise refused("policy-other-log", file=str(self.file), vkey=signing[-1])
        return policy

    def _quorum(self) -> Policy | None:
        """The policy, if there is one to claim anything by: who cannot read it claims nothing."""
        try:
            policy = self.policy()
        except Refused:
            return None
        return None if policy is None or policy.quorum == NO_QUORUM else policy

    # ---- what is claimed -----------------------------------------------------------------------------------------

    def claims(self) -> bool:
        """Whether this installation has witnesses, so that what none of them signed is said not to be witnessed."""
        return self._quorum() is not None

    def witnessed(self, position: int) -> Witnessed | None:
        """Since when a position of the log is witnessed by the quorum, and by whom: once said, it stays so.

        `None` if it is not yet witnessed, and where no policy asks for witnesses. Those named made the first quorum, in
        one checkpoint that covers the position; others may have signed since.
        """
        policy = self._quorum()
        if policy is None:
            return None
        names = {str(each.key): each.name for each in policy.witnesses.values()}
        columns = log_cosignatures.c
        covering = (
            select(columns.size, columns.witness, columns.at)
            .where(columns.size >= position, columns.witness.in_(names))
            .order_by(columns.size, columns.number)
            .execution_options(yield_per=100)
        )
        with self._database.reading() as connection, connection.execute(covering) as rows:
            for size, of_one in groupby(rows, key=lambda row: row.size):
                signed: dict[str, datetime] = {}
                for row in of_one:
                    signed[names[row.witness]] = row.at
                    if policy.met(signed):
                        return Witnessed(max(signed.values()), tuple(signed), size)
        return None

    def newest(self) -> tuple[int, datetime] | None:
        """The size of the newest checkpoint that the quorum signed, and when it was signed here; `None` before that."""
        policy = self._quorum()
        if policy is None:
            return None
        names = {str(each.key): each.name for each in policy.witnesses.values()}
        columns = log_cosignatures.c
        signed = (
            select(columns.size, columns.witness, log_checkpoints.c.signed_at)
            .join(log_checkpoints, log_checkpoints.c.size == columns.size)
            .where(columns.witness.in_(names))
            .order_by(columns.size.desc())
            .execution_options(yield_per=100)
        )
        with self._database.reading() as connection, connection.execute(signed) as rows:
            for size, of_one in groupby(rows, key=lambda row: row.size):
                found = list(of_one)
                if policy.met([names[row.witness] for row in found]):
                    return size, found[0].signed_at
        return None

    def note(self, index: int) -> str | None:
        """The first checkpoint with a quorum that covers the entry at an index, with all that signed it."""
        found = self.witnessed(index + 1)
        if found is None:
            return None
        with self._database.reading() as connection:
            note = connection.execute(
                select(log_checkpoints.c.note).where(log_checkpoints.c.size == found.size)
            ).scalar()
        return None if note is None else self.along(note)

    def along(self, note: str) -> str:
        """A checkpoint of this log, with what witnesses signed of it: the quorum, if there is one, before others."""
        size = int(note.split("\n", 2)[1])
        columns = log_cosignatures.c
        signed = select(columns.witness, columns.line).where(columns.size == size).order_by(columns.number)
        with self._database.reading() as connection:
            lines = {row.witness: row.line for row in connection.execute(signed)}
        if len(lines) > MOST_LINES:
            needed = self._needed(lines)
            first = sorted(lines, key=lambda witness: witness not in needed)[:MOST_LINES]
            lines = {witness: line for witness, line in lines.items() if witness in first}
        return note + "".join(lines.values())

    def _needed(self, signed: Iterable[str]) -> set[str]:
        """Of the witnesses who signed, by their vkeys, so many that the policy is met and none of them may go."""
        policy = self._quorum()
        if policy is None:
            return set()
        names = {str(each.key): each.name for each in policy.witnesses.values()}
        needed = [names[witness] for witness in signed if witness in names]
        for name in reversed(needed.copy()):
            fewer = [each for each in needed if each != name]
            needed = fewer if policy.met(fewer) else needed
        return {vkey for vkey, name in names.items() if name in needed}

    def version(self) -> tuple[object, ...]:
        """What rests on cosignatures is the same as long as this is: which log they are of, how many there are, and
        what the policy says.
        """
        last = select(log_state.c.vkey, select(func.max(log_cosignatures.c.number)).scalar_subquery())
        with self._database.reading() as connection:
            return (*connection.execute(last).one(), self.policy_as_read())

    def policy_as_read(self) -> object:
        """What the policy says; the same as none where it cannot be read."""
        try:
            return self.policy_text()
        except Refused:
            return None

    # ---- how they stand ------------------------------------------------------------------------------------------

    def standings(self) -> list[Standing]:
        """How each witness of the policy answered last, in the order of the file."""
        policy = self.policy()
        if policy is None:
            return []
        with self._database.reading() as connection:
            rows = {row.witness: row for row in connection.execute(select(log_witnesses))}
        found = []
        for witness in policy.witnesses.values():
            row = rows.get(str(witness.key))
            if not asked(witness):
                found.append(Standing(witness, "no-address", None, None, 0 if row is None else row.size))
            elif row is None:
                found.append(Standing(witness, "never-asked", None, None, 0))
            else:
                found.append(Standing(witness, row.state, row.since, row.asked_at, row.size))
        return found

    def overdue(self) -> Overdue | None:
        """The newest checkpoint that had a day to be witnessed, if neither it nor any after it is."""
        if self._quorum() is None:
            return None
        columns = log_checkpoints.c
        newest = (
            select(columns.size, columns.signed_at)
            .where(columns.signed_at <= self._clock() - OVERDUE, columns.size > 0)
            .order_by(columns.size.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(newest).one_or_none()
        return None if row is None or self.witnessed(row.size) else Overdue(row.size, row.signed_at)

    # ---- asking --------------------------------------------------------------------------------------------------

    def begin(self, size: int, *, at_once: bool = False) -> list[tuple[Witness, int]]:
        """Whom to ask now for a checkpoint of `size` entries, each with the size that it signed last.

        Whoever is answered with here is left to the caller for a while: no other program asks them meanwhile.
        """
        policy, moment = self.policy(), self._clock()
        those = [] if policy is None else [each for each in policy.witnesses.values() if asked(each)]

        def due() -> list[tuple[Witness, int]]:
            rows = {row.witness: row for row in connection.execute(select(log_witnesses))}
            columns = log_cosignatures.c
            signed = {*connection.execute(select(columns.witness).where(columns.size == size)).scalars()}
            found = []
            for each in those:
                row = rows.get(str(each.key))
                if str(each.key) not in signed and (row is None or at_once or row.next_at <= moment):
                    found.append((each, 0 if row is None else row.size))
            return found

        with self._database.reading() as connection:
            if not due():
                return []
        with self._database.writing() as connection:
            found = due()
            for each, _ in found:
                key = log_witnesses.c.witness == str(each.key)
                taken = {"next_at": moment + LEASE}
                if not connection.execute(log_witnesses.update().where(key).values(taken)).rowcount:
                    new = {"state": "never-asked", "since": moment, "size": 0, "tries": 0}
                    connection.execute(log_witnesses.insert().values(witness=str(each.key), **new, **taken))
            return found

    def tell(self, witness: Witness, state: State, size: int) -> bool:
        """Keeps how a witness answered, and how far it is known to have signed; answers whether it answered otherwise
        before.
        """
        moment, key = self._clock(), log_witnesses.c.witness == str(witness.key)
        with self._database.writing() as connection:
            row = connection.execute(select(log_witnesses).where(key)).one()
            tries = 0 if state == "signed" else row.tries + 1
            later = min(LATEST, SOONEST * 2 ** min(tries, 20)) if tries else timedelta()
            told = {"state": state, "size": size, "tries": tries, "asked_at": moment, "next_at": moment + later}
            changed = bool(row.state != state)
            connection.execute(log_witnesses.update().where(key).values(**told, since=moment if changed else row.since))
        return changed

    def keep(self, witness: Witness, size: int, at: datetime, line: str) -> None:
        """Keeps a cosignature that was checked; of a witness the first one of each checkpoint."""
        columns, vkey = log_cosignatures.c, str(witness.key)
        with self._database.writing() as connection:
            if connection.execute(select(columns.number).where(columns.size == size, columns.witness == vkey)).first():
                return
            number = (connection.execute(select(func.max(columns.number))).scalar() or 0) + 1
            connection.execute(
                log_cosignatures.insert().values(number=number, size=size, witness=vkey, at=at, line=line)
            )


def asked(witness: Witness) -> bool:
    """Whether a policy says where to ask a witness."""
    return witness.url is not None and witness.url.startswith(("http://", "https://"))
