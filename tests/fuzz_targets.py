"""Where bad input comes in, each place as a function that takes any bytes and fails only where the program is at fault.

What cannot be understood is refused, in time, and leaves nothing half recorded. `tests/fuzzing.py` makes the bytes up.
"""

import asyncio
import atexit
import csv
import io
import json
import os
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from pydantic import ValidationError
from sqlalchemy import func, select

from adapters.cli import run
from adapters.cli_session import REFUSED
from adapters.documents import FOLDER, documents
from adapters.event_store import entries, erased_texts, texts
from adapters.sessions import form_token
from adapters.transparency_log import log_leaves
from adapters.web.guard import FIELD
from adapters.web.parameters import OF_EVALUATION, OF_PAGES
from adapters.web.table_columns import template_csv
from domain.errors import Refused
from domain.german_dates import from_words
from domain.when import When, in_words
from tests.faces import BOTTROP, EXAMPLE, House, recorded

LINES = EXAMPLE.read_bytes().splitlines(True)
BEGINNING = 40
"""How many entries there are: what is not asked for often need not be long."""

Case = Callable[[bytes], None]


class Target(NamedTuple):
    """A place where input comes in, set up in a folder: what takes it, and real examples of it to begin with."""

    case: Case
    examples: Sequence[bytes]
    changed: Callable[[bytes, random.Random], bytes] | None = None
    """Changes what an input says and keeps its form; without it the bytes alone are changed."""
    times: int = 1
    """How many times as many inputs are tried here, since they cost next to nothing."""


@cache
def template() -> Path:
    """The first entries of the example, recorded once and then copied for each place."""
    folder = Path(tempfile.mkdtemp(prefix="werdegang-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "beginning.jsonl"
    file.write_bytes(b"".join(LINES[:BEGINNING]))
    recorded(folder / "data", file).close()
    return file


# ---- what is looked at --------------------------------------------------------------------------------------------


def beginning(folder: Path) -> House:
    """An installation with the first entries of the example."""
    house = recorded(folder / "data", template())
    house.app.state.waiting.end()  # as a server that stops: nobody is kept waiting for what does not come
    return house


def held(house: House) -> tuple[int, ...]:
    """How many entries there are, the position of the last, how many have or had texts, and the leaves of the log."""
    last = select(func.max(entries.c.position))
    counted = {table: select(func.count()).select_from(table) for table in (entries, texts, erased_texts, log_leaves)}
    with house.installation.database.reading() as connection:
        number = {table: connection.execute(count).scalar_one() for table, count in counted.items()}
        at = connection.execute(last).scalar_one()
    return (number[entries], at, number[texts] + number[erased_texts], number[log_leaves])


def whole(house: House, before: tuple[int, ...], new: int) -> None:
    """Exactly so many more entries are there, each in every place; of a list that was refused, nothing."""
    after = held(house)
    assert len(set(after)) == 1, f"half recorded: {after}"
    assert after == tuple(number + new for number in before), f"{new} told, {before} became {after}"


def asking(house: House):
    """What asks the app, as a server does: bytes that no server lets through are written as %xx before."""
    loop = asyncio.new_event_loop()

    def ask(method: str, address: bytes, body: bytes = b"", **headers: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
        path, _, query = quote(address, safe="!$&'()*+,/:;=?@[]~%\"<>\\^`{|}").encode().partition(b"?")
        given = {name.replace("_", "-").encode(): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path.decode()),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [*({b"host": b"localhost", b"content-length": b"%d" % len(body)} | given).items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8_000),
            "state": {},
        }
        half = len(body) // 2
        coming = iter([(body[:half], True), (body[half:], False)])
        sent = []

        async def receive():
            part, more = next(coming, (None, False))
            if part is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": part, "more_body": more}

        async def send(message):
            sent.append(message)

        loop.run_until_complete(house.app(scope, receive, send))
        start, *parts = sent
        assert start["status"] < 500, start
        return start["status"], dict(start["headers"]), b"".join(part.get("body", b"") for part in parts)

    return ask


# ---- dates --------------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 22).toordinal()


def dates(_: Path) -> Target:
    def case(data: bytes) -> None:
        text = data.decode(errors="surrogateescape")
        for read in (lambda: When(edtf=text), lambda: from_words(text), lambda: When.model_validate_json(data)):
            try:
                when = read()
            except (Refused, ValidationError):
                continue
            assert When.model_validate_json(when.model_dump_json()) == when
            assert when.read(DAY).begin.first <= when.read(DAY).begin.last or when.in_future(DAY)
            in_words(when, "en")
            if when.edtf is not None:
                again = from_words(in_words(when.edtf, "de"))
                assert again.edtf is not None
                assert again.edtf == when.edtf, again

    return Target(case, _some_dates(), rephrased, times=20)


def _some_dates() -> list[bytes]:
    told = [json.loads(line).get("occurred") or {} for line in LINES]
    written = [when["edtf"] for when in told if "edtf" in when]
    worded = [in_words(edtf, "de") for edtf in written] + [when["wording"] for when in told if when.get("wording")]
    more = (
        *("2018-02-28", "[2018-02-27..2018-03-31]", "2018-11-30/2019-01-31", "2019/", "/2019", "2019/..", "9999-24"),
        *("KW 12 2019", "2017/2018", "Ende Mai 2018", "1. Quartal 2018", "Mo, 14.3.2018", "14. bis 16. März 2018"),
        *("ca. 1999 (?)", "Winter 2018/19", "vom 1. Juni bis 31. August 2019", "Zeitpunkt nicht bekannt"),
    )
    as_json = [json.dumps(when) for when in told]
    return [text.encode() for text in dict.fromkeys((*written, *worded, *more, *as_json))]


def rephrased(data: bytes, drawn: random.Random) -> bytes:
    """Puts another number or word of a date in the place of one."""
    said = re.split(rb"([0-9]+|[^\W0-9]+)", data)
    if len(said) > 1:
        at = drawn.randrange(1, len(said), 2)
        said[at] = drawn.choice([word for word in _words() if word.isdigit() == said[at].isdigit()])
    return b"".join(said)


@cache
def _words() -> list[bytes]:
    """What dates are made of."""
    found = {word for text in _some_dates() for word in re.findall(rb"[0-9]+|[^\W0-9]+", text)}
    numbers = (b"0", b"00", b"02", b"13", b"24", b"29", b"30", b"31", b"32", b"53", b"1900", b"9999", b"0001", b"10000")
    return sorted({*found, *numbers, b"anfang", b"Ende", b"Winter", b"Montag", b"Hj", b"ab", b"vor", b"seit", b""})


# ---- recording through the API ------------------------------------------------------------------------------------

HOW = [
    (f"/api/v1/processes/{process}/entries{query}".encode(), media_type)
    for process, query, media_type in (
        (BOTTROP, "", b"application/json"),
        (BOTTROP, "?dry_run=true", b"application/json; charset=latin-1"),
        (BOTTROP, "", b"application/JSON;\xff"),
        ("another-process", "", b"application/json"),
    )
]


def api(folder: Path) -> Target:
    house = beginning(folder)
    ask, token = asking(house), f"Bearer {house.tokens['admin']}".encode()

    def case(data: bytes) -> None:
        (address, media_type), before = HOW[data[0] % len(HOW) if data else 0], held(house)
        status, _, answer = ask("POST", address, data[1:], authorization=token, content_type=media_type)
        whole(house, before, len(json.loads(answer)["new"]) if status == 201 else 0)

    return Target(case, [b"\x00" + each for each in _lists()], reshaped)


BROKEN = (
    b"",
    b"[]",
    b"null",
    b"\xff\xfe{\x00}\x00",
    b'{"key": NaN}',
    b'{"key": 1e999, "step": {"type": 1e-999}}',
    b'{"key": %s}' % (b"9" * 5_000),
    b"[" * 5_000,
    b'{"a":' * 5_000,
    b'{"key": "a", "key": "b"}',
    b'{"key": "\\ud800", "grounds": "\\u0000"}',
    b"\xef\xbb\xbf" + LINES[BEGINNING],
    LINES[BEGINNING].decode().encode("utf-16"),
    LINES[BEGINNING].decode().encode("latin-1", "replace"),
    LINES[BEGINNING][:-30],
    b"[" + b",".join(LINES[BEGINNING : BEGINNING + 3]),
)


def _lists() -> list[bytes]:
    """Real statements, one by one and as lists; after some of them, one that must be refused."""
    apart = LINES[BEGINNING : BEGINNING + 60 : 4]
    together = [b"[" + b",".join(LINES[at : at + 3]) + b"]" for at in range(BEGINNING, BEGINNING + 60, 20)]
    refused = [b"[" + b",".join([*LINES[BEGINNING : BEGINNING + 2], b'{"key": "x", "step": {}}']) + b"]"]
    return [*apart, *together, *refused, *BROKEN]


ODD_VALUES: tuple[object, ...] = (
    *(None, True, 0, -1, 1, 26, 2**63, 10**30, 1.5, "", " ", "x", "x" * 5_000, "\0", "\ud800", "\u202e", [], {}, [[]]),
    *("2018-02-30", "9999-12-31", {"edtf": "2018"}, {"edtf": "[..2018]"}, "2017/2018", BOTTROP, [1, 1], ["b1"], "b1"),
)


def reshaped(data: bytes, drawn: random.Random) -> bytes:
    """Puts another value into one place of one statement of a list, or leaves it out, or puts it in twice."""
    lines = data.splitlines(True)
    at = drawn.randrange(len(lines)) if lines else 0
    begin = min((place for mark in b"[{" if lines and (place := lines[at].find(mark)) >= 0), default=-1)
    try:
        told = json.loads(lines[at][begin:]) if begin >= 0 else None
        places = list(_places(told))
    except (ValueError, RecursionError):
        places = []
    if not places:
        return data
    inside, name = drawn.choice(places)
    match drawn.randrange(4):
        case 0:
            del inside[name]
        case 1 if isinstance(inside, list):
            inside.insert(name, inside[name])
        case 1 | 2:
            other, there = drawn.choice(places)
            inside[name] = json.loads(json.dumps(other[there]))
        case _:
            inside[name] = drawn.choice(ODD_VALUES)
    return b"".join([*lines[:at], lines[at][:begin], json.dumps(told).encode(), b"\n", *lines[at + 1 :]])


def _places(value):
    """Every place inside a JSON value: what it is in, and its name or number there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in list(inner):
        yield value, name
        yield from _places(each)


# ---- files on the command line ------------------------------------------------------------------------------------


def _importing(folder: Path, house: House, *arguments: str) -> None:
    """Imports a file as `werdegang import` does."""
    before, out = held(house), io.StringIO()
    os.environ["WERDEGANG_HOME"] = str(folder / "data")
    account = house.installation.accounts.account_of(house.tokens["admin"])
    assert account is not None
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = run(["import", *arguments, "--json", "--as", account.id])
    assert code in {0, REFUSED}, code
    told = json.loads(out.getvalue()) if code == 0 else {}
    rows = [row for row in told.get("rows", ()) if row["state"] in {"new", "corrected"}]
    whole(house, before, len(told.get("new", ())) + len(rows) + len(told.get("actors", ())))


def lists(folder: Path) -> Target:
    house, file = beginning(folder), folder / "angaben.jsonl"

    def case(data: bytes) -> None:
        file.write_bytes(data)
        _importing(folder, house, str(file))

    return Target(case, _files(), reshaped)


def _files() -> list[bytes]:
    apart = [b"".join(LINES[at : at + 3]) for at in range(BEGINNING, BEGINNING + 60, 15)]
    return [*apart, apart[0] + LINES[BEGINNING], *_lists()[::3], *BROKEN]


TYPES = ("context-noted", "feedback-received", "actor-registered", "meeting-held", "commitment-made")
PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/sharedStrings.xml")
"""The parts of a workbook that are read from it."""


def tables(folder: Path) -> Target:
    """The first letter says which rows they are, the second what follows: a CSV, a workbook, one part of one, or what
    is changed in one, by three letters each (how far from its end, and to what).
    """
    house, whole_books = beginning(folder), {type_: as_workbook(filled(type_)) for type_ in TYPES}

    def case(data: bytes) -> None:
        rows, form = TYPES[data[0] % len(TYPES) if data else 0], data[1] % (3 + len(PARTS)) if data[1:] else 0
        file, content = folder / f"tabelle.{'csv' if form == 0 else 'xlsx'}", data[2:]
        if form == 2:
            content = dented(whole_books[rows], content)
        elif form > 2:
            content = with_part(whole_books[rows], PARTS[form - 3], content)
        file.write_bytes(content)
        _importing(folder, house, str(file), "--process", BOTTROP, "--rows", rows)

    return Target(case, _some_tables())


def dented(book: bytes, changes: bytes) -> bytes:
    """A workbook with some of its bytes changed: most near its end, where a ZIP lists what it holds."""
    made = bytearray(book)
    for high, low, value in zip(changes[::3], changes[1::3], changes[2::3], strict=False):
        made[-1 - (256 * high + low) % len(made)] = value
    return bytes(made)


def listed(book: bytes, part: str, at: int, value: int) -> bytes:
    """A change of one byte in what the end of a ZIP says of a part: how it is packed, its sizes, where it begins."""
    return (len(book) - 1 - (book.rindex(part.encode()) - 46 + at)).to_bytes(2, "big") + bytes([value])


def filled(type_: str) -> bytes:
    """A table with two rows that can be recorded, as CSV."""
    head, row = template_csv(type_, "de").decode("utf-8-sig").splitlines()
    row = row.replace("Beispiel: Quellen: Adresse im Netz", "https://example.org/").replace("Beispiel: ", "")
    return f"\ufeff{head}\r\n{row}\r\n{row.replace('im Frühjahr 2018', '14.3.2019')}\r\n".encode()


def as_workbook(text: bytes) -> bytes:
    """The same as a workbook."""
    made, content = Workbook(write_only=True), io.BytesIO()
    sheet = made.create_sheet()
    for row in csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"):
        sheet.append(row)
    made.save(content)
    return content.getvalue()


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one of its parts replaced."""
    made = io.BytesIO()
    with ZipFile(io.BytesIO(book)) as archive, ZipFile(made, "w", ZIP_DEFLATED) as changed:
        for each in dict.fromkeys((*archive.namelist(), name)):
            changed.writestr(each, content if each == name else archive.read(each))
    return made.getvalue()


def bomb() -> bytes:
    """200 megabytes in 200 kilobytes."""
    return with_part(as_workbook(filled(TYPES[0])), PARTS[0], b" " * 200_000_000)


def laughing() -> bytes:
    """A part whose entities unfold to gigabytes."""
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{names}]><worksheet>&l9;</worksheet>'.encode()


def _some_tables() -> list[bytes]:
    made = [b"\x00\x03" + laughing(), b"\x00\x01" + bomb()]
    made += [
        b"\x00\x02" + listed(as_workbook(filled(TYPES[0])), "xl/workbook.xml", at, 1) for at in (8, 10, 20, 24, 42)
    ]
    for place, type_ in enumerate(TYPES):
        text = filled(type_)
        book = as_workbook(text)
        made += [bytes([place, 0]) + text, bytes([place, 1]) + book]
        made.append(bytes([place, 0]) + text.decode("utf-8-sig").encode(("utf-16", "cp1252")[place % 2], "replace"))
        with ZipFile(io.BytesIO(book)) as archive:
            made += [
                bytes([place, 3 + at]) + archive.read(part)
                for at, part in enumerate(PARTS)
                if part in archive.namelist() and (place == 0 or at == 0)
            ]
    return made


# ---- what an address asks for -------------------------------------------------------------------------------------

KNOWN = {"process": BOTTROP, "number": "26", "body": "wirtschaftsallianz", "format": "csv", "index": "3"}


def _routes(house: House) -> list[str]:
    """Every address that the public, an evaluator or a program can ask."""
    from tests.test_desk import served

    found = {path for method, path in served(house.app.routes) if method == "GET"}
    return sorted(path for path in found if not path.startswith(("/en", "/geschaeftsstelle", "/static", "/metrics")))


def addresses(folder: Path) -> Target:
    """The first letter says which route, and who asks; then come words for what it names, and after a "?" the query."""
    house = beginning(folder)
    ask, routes = asking(house), _routes(house)
    token = f"Bearer {house.tokens['admin']}".encode()

    def case(data: bytes) -> None:
        route = routes[data[0] % 128 % len(routes)] if data else "/"
        signed_in = {"authorization": token} if data[:1] >= b"\x80" else {}
        given, _, query = data[1:].partition(b"?")
        words = iter(given.split(b"/"))
        path = b"".join(
            piece.encode() if at % 2 == 0 else next(words, b"") or KNOWN.get(piece.partition(":")[0], "x").encode()
            for at, piece in enumerate(route.replace("}", "{").split("{"))
        )
        ask("GET", path.replace(b"?", b"%3F") + b"?" + query, **signed_in)

    return Target(case, _some_addresses(house, routes))


ODD = (
    *("", "0", "-1", "9" * 400, "1e9", "null", "[]", "x" * 500, "%", "%zz", "%00", "%ff", "%ed%a0%bd", "+"),
    *("2018", "2018-12-31", "0001-01-01", "9999-12-31", "2018-02-30", "10000-01-01", "heute", "1", "26", "3", "2"),
    *("wirtschaftsallianz", "ended", "date", "moved", "happened", "public", "entry", "wz-2008:C=120", "Reallabor"),
)


def _some_addresses(house: House, routes: Sequence[str]) -> list[bytes]:
    """Each route as it is, and with two of the parameters that it, or its kind of page, declares."""
    described, of_pages = house.app.openapi()["paths"], sorted({"q", *OF_PAGES, *OF_EVALUATION["was-waere-wenn"]})
    drawn, made = random.Random(2018), []  # which of them get which value is no secret
    for at, route in enumerate(routes):
        declared = [
            each["name"]
            for each in described.get(route, {}).get("get", {}).get("parameters", ())
            if each["in"] == "query"
        ]
        pair = "&".join(f"{drawn.choice(declared or of_pages)}={drawn.choice(ODD)}" for _ in range(2))
        made += [bytes([at]), bytes([128 + at]) + f"?{pair}".encode()]
    return made


# ---- forms with files ---------------------------------------------------------------------------------------------

DESK = f"/geschaeftsstelle/{BOTTROP}"
FORMS = (
    *(f"{DESK}/tabelle/{type_}" for type_ in TYPES[:3]),
    f"{DESK}/dokumente",
    f"{DESK}/erfassen/document-added",
    "/geschaeftsstelle/neu",
)
BOUNDARIES = (b"grenze", b'"gre nze"', b"", b"a" * 300, b"gr\xffnze")
NAMES = ("a.csv", "a.xlsx", "a.pdf", "a.odt", "a.txt", "a.jsonl", "\u202ea.png", "")
TOKEN = b"TOKEN-OF-THE-FORM"
"""Stands in an example for what only the session knows."""


def uploads(folder: Path) -> Target:
    """The first letter says which form, the second how its parts are told apart; then comes what is sent. Or the second
    says how a file is called, and then comes what is in it.

    A table that can be read is looked at, and then recorded: every row or none.
    """
    house = beginning(folder)
    ask, installed = asking(house), house.installation
    clerk = installed.accounts.create("Erika", {("admin", "*")}).id
    secret = installed.sessions.begin(clerk)
    token = form_token(secret).encode()
    cookie = {
        "cookie": b"werdegang=" + secret.encode(),
        "origin": b"http://localhost",
        "sec_fetch_site": b"same-origin",
    }

    def kept() -> int:
        with installed.database.reading() as connection:
            found = connection.execute(select(func.count(documents.c.sha256.distinct()))).scalar_one()
        files = list((folder / "data" / FOLDER).iterdir()) if found else []
        assert len(files) == found, f"{found} documents, {files}"
        return found

    def case(data: bytes) -> None:
        form = FORMS[data[0] % len(FORMS) if data else 0].encode()
        how = data[1] % (len(BOUNDARIES) + len(NAMES)) if data[1:] else 0
        file = NAMES[how - len(BOUNDARIES)]
        boundary, body = (
            (BOUNDARIES[how], data[2:]) if how < len(BOUNDARIES) else (BOUNDARIES[0], of_a_file(file, data[2:]))
        )
        before, body = held(house), body.replace(TOKEN, token)
        status, headers, _ = ask(
            "POST", form, body, **cookie, content_type=b"multipart/form-data; boundary=" + boundary
        )
        there = headers.get(b"location", b"")
        kept()
        if status == 303 and b"/tabelle/" in there:
            whole(house, before, 0)
            ask("GET", there, **cookie)
            typed = b"act=record&token=" + token
            status, _, _ = ask("POST", there, typed, **cookie, content_type=b"application/x-www-form-urlencoded")
            assert status == 303 or held(house) == before
            whole(house, before, held(house)[0] - before[0])
        else:
            recorded_there = b"erfasst=" in there or (form.endswith(b"/neu") and status == 303)
            assert recorded_there or held(house) == before
            whole(house, before, held(house)[0] - before[0])

    return Target(case, _some_uploads())


def sent(*parts: tuple[str, str | None, bytes]) -> bytes:
    """A form as a browser sends it: for each control its name, that of its file if it has one, and what it holds."""
    made = b""
    for name, file, content in ((FIELD, None, TOKEN), *parts):
        of_file = "" if file is None else f'; filename="{file}"\r\nContent-Type: application/octet-stream'
        made += (
            f'--grenze\r\nContent-Disposition: form-data; name="{name}"{of_file}\r\n\r\n'.encode() + content + b"\r\n"
        )
    return made + b"--grenze--\r\n"


def of_a_file(name: str, content: bytes) -> bytes:
    """What any of the forms takes with one file."""
    return sent(("act", None, b"upload"), ("begin", None, b"file"), ("file", name, content))


def _some_uploads() -> list[bytes]:
    pdf, png = b"%PDF-1.7\n1 0 obj\n<<>>\nstream\n\xff\nendstream\nendobj\n%%EOF\n", b"\x89PNG\r\n\x1a\n\x00"
    book, act = as_workbook(filled(TYPES[0])), ("act", None, b"upload")
    files = [("a.pdf", pdf), ("a.png", png), ("a.xlsx", book), ("a.txt", b"Text"), ("a.csv", b"A;B\n1;2\n")]
    made = [bytes([place, 0]) + sent(("file", "t.csv", filled(type_))) for place, type_ in enumerate(TYPES[:3])]
    made += [bytes([0, 0]) + sent(("file", "t.xlsx", book))]
    made += [bytes([3, 0]) + sent(act, ("file", *file)) for file in files]
    made += [bytes([3, 0]) + sent(("act", None, b"public"), ("sha256", None, b"0" * 64))]
    source = ("/sources/0/sha256", "a.pdf", pdf)
    made += [bytes([4, 0]) + sent(("act", None, b"record"), ("/step/title", None, b"Bericht"), source)]
    begun = b"".join(LINES[:3]).replace(BOTTROP.encode(), b"neue-stadt")
    made += [bytes([5, 0]) + sent(("begin", None, b"file"), ("act", None, b"record"), ("file", "a.jsonl", begun))]
    made += [bytes([3, boundary]) + sent(act, ("file", *files[0])) for boundary in range(1, len(BOUNDARIES))]
    made += [bytes([3, len(BOUNDARIES) + NAMES.index(name)]) + content for name, content in files if name in NAMES]
    made += [bytes([0, len(BOUNDARIES)]) + filled(TYPES[0]), bytes([0, len(BOUNDARIES) + 1]) + book]
    made += [bytes([5, len(BOUNDARIES) + NAMES.index("a.jsonl")]) + begun]
    made += [made[0][:200], made[0].replace(b"\r\n", b"\n"), made[0].replace(b"grenze--", b"grenze")]
    return made


TARGETS: dict[str, Callable[[Path], Target]] = {
    each.__name__: each for each in (dates, api, lists, tables, addresses, uploads)
}
