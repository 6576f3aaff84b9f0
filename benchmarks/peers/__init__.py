"""Whether other programs agree with us: on commitments, receipts, the log, who signs in, pages and event logs.

Writes `docs/peers.md`. Each program must be there: what cannot be asked is not passed over.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters import verify
from benchmarks.peers.event_logs import event_logs
from benchmarks.peers.signing_in import sign_in_by
from benchmarks.peers.validity import validity
from benchmarks.peers.witnesses import witnesses

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
GO_PATH: Final = Path("/usr/share/gocode")
"""Where Debian keeps the sources of Go libraries; with it Go needs no network."""

ORIGIN: Final = "peers.example/log"
SIZES: Final = (1, 2, 3, 7, 8, 64, 255, 256, 257, 1000, 65_536, 70_000)
"""Of the trees that proofs are made for; the last has tiles on three levels and is written as a whole log."""

NEEDED: Final = {
    "node": "https://nodejs.org (20.17 or newer), or `apt-get install nodejs`",
    "npm": "it comes with Node, or `apt-get install npm`",
    "chromium": "`apt-get install chromium`",
    "go": "`apt-get install golang-go`",
    "sigsum-witness": "`apt-get install sigsum-go` (Debian 13 or newer)",
}

REPORT: Final = """# Agreement with other programs

`make peers` writes this page. It needs Node with npm (which fetches Sigstore's verifier, `oidc-provider` and
`html-validate`), Chromium, Go, Debian's `golang-golang-x-mod-dev` and `sigsum-go`, and what
`benchmarks/peers/pm4py.txt` names, which it fetches with pip; nothing of Werdegang does.
Whatever is missing is named, and then nothing is written; nor is it when one of them disagrees with us.

| what | by whom | agree |
|---|---|---|
| canonical JSON and commitment of the golden entries of every step type | Node {golden[version]}, \
`JSON.stringify` over sorted keys and its own SHA-256 | {golden[agreed]} |
| receipts: inclusion proofs in trees of {sizes} entries, with the signed checkpoints they end in; \
with one bit flipped in the entry, in a hash or in the signature they must be refused | \
npm `@sigstore/verify` {receipts[version]} | {receipts[agreed]} |
| the same checkpoints as signed notes; changed, they must be refused | {tree[Version]}, \
`golang.org/x/mod/sumdb/note` | {tree[Notes]} |
| the same inclusion proofs; with a bit flipped in the entry's hash they must be refused | its `sumdb/tlog`, \
`CheckRecord` | {tree[Inclusion]} |
| as many consistency proofs; with a bit flipped in the old root they must be refused | the same, `CheckTree` | \
{tree[Consistency]} |
| a whole log: the root recomputed from the entry bundles | the same, `TreeHash` | {tree[Entries]:,} entries |
| all its tiles | the same, `ReadTileData` | {tree[Tiles]} |
| a checkpoint that Go signed | our `open_checkpoint` | 1 |
| signing in at the desk with Chromium, by authorization code and PKCE, with a secret (`RS256`, `EdDSA`) and without \
(`ES256`): who is tied to an account comes to the page they asked for, and out again | npm `oidc-provider` \
{desk[version]} | {desk[entered]} |
| who is tied to no account, or gives up at the provider, does not come in | the same | {desk[kept_out]} |
| the code of such a sign-in, sent with another verifier, is refused by the provider | the same | {desk[bound]} |
| every type of page, of the public and of the desk, in both languages, is well written HTML | npm `html-validate` \
{pages[version]}, its standard rules | {pages[pages]} |
| {event_logs[logs]} processes as OCEL 2.0, JSON and SQLite: {event_logs[events]} events, {event_logs[objects]} \
objects, {event_logs[event_object]:,} relations of events to objects, {event_logs[object_object]} of objects to \
objects are read back as many | `pm4py` {event_logs[version]} | {event_logs[logs]} |
| what it asks of the SQLite form | its `ocel20_rel_validation` | {event_logs[met]} of 24 |
| requests to sign a checkpoint along, right and wrong ones, to our witness and to another: where one signs, the other \
does, with a cosignature that verifies; where one refuses, the other does | Debian's \
`sigsum-witness` (sigsum-go) | {witnesses[asked]} |
| among them, those that are answered with the very same code | the same | {witnesses[alike]} |
| checkpoints of a log of ours that it signed along, asked by our client as the log grew | the same | \
{witnesses[signed]} |

Where the codes differ, ours are those that c2sp.org/tlog-witness prescribes: {witnesses[otherwise]}.
That text has 422 for every proof of consistency that does not verify, thus also for none and for one where none may
be; 403 where no signature verifies against a key of the log; 409 where a checkpoint of the size that was signed has
another root; and 400 only for an old size above that of the checkpoint. The `litewitness` of Debian 13 is not asked: it
ends at the first checkpoint that it is to keep.

Where an event names one object twice, each time with another qualifier, pm4py keeps one of both when it reads JSON and
both when it reads SQLite; {event_logs[lost]} of the relations above are such.

`TileHashReader` of the Go library is not asked: that of 0.7.0, which Debian 12 has, takes forged entries for true if
the tiles are forged too. Who checks a log recomputes the root from the entries, as our checker does.
"""


def main() -> int:
    """Asks the others and writes down what they say."""
    missing = [f"{name}: {way}" for name, way in NEEDED.items() if shutil.which(name) is None]
    if not (GO_PATH / "src/golang.org/x/mod/sumdb").is_dir():
        missing.append("golang.org/x/mod: `apt-get install golang-golang-x-mod-dev` (Debian, Ubuntu)")
    if missing:
        print("make peers lacks", *missing, sep="\n  ", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        try:
            said = ask(Path(folder))
        except subprocess.CalledProcessError as error:
            print(error.stderr or error.stdout, error, sep="\n", file=sys.stderr)
            return 1
    (ROOT / "docs" / "peers.md").write_text(REPORT.format(sizes=_sizes(), **said), encoding="utf-8")
    print(json.dumps(said))
    return 0


def ask(folder: Path) -> dict[str, Any]:
    """What each of the others says of our entries, proofs and log. A program that disagrees ends in an error."""
    proofs = folder / "proofs.json"
    proofs.write_text(json.dumps(write_log(folder / "log")), encoding="utf-8")
    golden = sorted(map(str, (ROOT / "tests" / "golden").glob("*.json")))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
    go = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_PATH), "GOFLAGS": "", "GOCACHE": str(folder / "go")}
    said = {
        "golden": json.loads(run("node", HERE / "golden.js", *golden)),
        "receipts": json.loads(run("node", HERE / "receipts.js", proofs, cwd=folder)),
        "desk": sign_in_by(folder),
        "pages": validity(folder),
        "witnesses": witnesses(folder / "witnesses"),
        "event_logs": event_logs(folder / "event-logs"),
        "tree": json.loads(run("go", "run", HERE / "tree.go", proofs, folder / "log", env=go)),
    }
    vkey, note = said["tree"].pop("Vkey"), said["tree"].pop("Note")
    checkpoint = verify.open_checkpoint(note, [verify.parse_key(vkey)])
    ours = verify.root_of(entry(n) for n in range(SIZES[-1]))
    assert checkpoint == verify.Checkpoint("go.example/log", SIZES[-1], ours), "the checkpoint of Go reads otherwise"
    return said


def run(program: str, *arguments: object, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """What a program says; it must end well."""
    command = [shutil.which(program) or program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=cwd, env=env).stdout


def entry(n: int) -> bytes:
    """The n-th leaf of an invented log."""
    at = datetime(2026, 11, 22, 10, tzinfo=UTC) + timedelta(seconds=n)
    return verify.encode_leaf(verify.Leaf(at, sha256(b"%d" % n).digest(), n + 1, bytes(16)))


def write_log(folder: Path) -> dict[str, Any]:
    """Writes the log with all its files, and answers with its key and with proofs in trees of all sizes."""
    private = Ed25519PrivateKey.generate()
    entries = [entry(n) for n in range(SIZES[-1])]
    levels = [[verify.leaf_hash(each) for each in entries]]
    while len(row := levels[-1]) > 1:
        levels.append([verify.node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)])

    def hash_at(level: int, index: int) -> bytes:
        return levels[level][index]

    def checkpoint(size: int) -> str:
        root = verify.range_root(0, size, hash_at)
        return verify.sign(str(verify.Checkpoint(ORIGIN, size, root)), ORIGIN, private)

    for level, n, width in verify.tiles_of(SIZES[-1]):
        _write(
            folder / verify.tile_path(level, n, width),
            b"".join(hash_at(8 * level, 256 * n + at) for at in range(width)),
        )
        if level == 0:
            bundle = verify.bundle_of(entries[256 * n : 256 * n + width])
            _write(folder / verify.tile_path("entries", n, width), bundle)
    _write(folder / "checkpoint", checkpoint(SIZES[-1]).encode())
    trees = [{"checkpoint": checkpoint(size), **_proofs(size, entries, hash_at)} for size in SIZES]
    return {"vkey": str(verify.public_key(ORIGIN, private)), "trees": trees}


def _proofs(size: int, entries: list[bytes], hash_at: verify.HashAt) -> dict[str, Any]:
    places = sorted({*range(min(size, 8)), size // 3, size // 2, size - 1, *(n for n in (255, 256, 257) if n < size)})
    inclusion = [
        {
            "index": index,
            "entry": _base64(entries[index]),
            "hashes": [_base64(each) for each in verify.inclusion_proof(index, size, hash_at)],
        }
        for index in places
    ]
    consistency = [
        {
            "old": index + 1,
            "root": _base64(verify.range_root(0, index + 1, hash_at)),
            "hashes": [_base64(each) for each in verify.consistency_proof(index + 1, size, hash_at)],
        }
        for index in places
    ]
    return {"inclusion": inclusion, "consistency": consistency}


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _base64(data: bytes) -> str:
    return b64encode(data).decode()


def _sizes() -> str:
    return ", ".join(f"{size:,}" for size in SIZES)
