"""Documents at the desk: kept by their hash, given to the public only when both doors are open, erased for good."""

import io
import stat
import zlib
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from adapters.audit import noted
from adapters.backup import backup, restore
from adapters.database import Database
from adapters.documents import FOLDER, Documents
from adapters.erasures import FILE as LIST
from domain.errors import Refused
from tests.browser_forms import Page
from tests.faces import BOTTROP, House, bottrop
from tests.story import published, told
from tests.test_desk import DESK, PASSWORD, Browser

HERE = f"{DESK}/{BOTTROP}/dokumente"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
HASH = sha256(PDF).hexdigest()
PUBLIC = f"/prozesse/{BOTTROP}/dokumente/{HASH}"


@pytest.fixture
def house(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


def signed_in(house, *roles):
    account = house.installation.accounts.create("Erika", {(role, BOTTROP) for role in roles}).id
    house.installation.passwords.set(account, PASSWORD)
    house.clerk = account
    browser = Browser(house)
    assert browser.sign_in(account).status_code == 303
    return browser


@pytest.fixture
def office(house):
    return signed_in(house, "recorder", "publisher", "admin")


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    """An office where many files are handed in, one after the other."""
    house = bottrop(tmp_path_factory.mktemp("documents") / "data")
    yield signed_in(house, "recorder")
    house.close()


def send(office, name, content, path=HERE, field="file", **fields):
    given = {"token": office.token(DESK), "act": "upload", **fields}
    return office.client.post(path, data=given, files={field: (name, content, "application/octet-stream")})


def act(office, act_, **fields):
    return office.post(HERE, {"token": office.token(HERE), "act": act_, "sha256": HASH, **fields})


def kept(house):
    folder = house.installation.settings.home / FOLDER
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_a_document_is_kept_once_by_its_hash_and_read_by_nobody_else_on_the_machine(house, office):
    assert send(office, "Protokoll.pdf", PDF).status_code == 303
    assert send(office, "Dasselbe.pdf", PDF).status_code == 303
    assert kept(house) == [HASH]
    file = house.installation.settings.home / FOLDER / HASH
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    words = office.get(HERE).text
    assert "Protokoll.pdf" in words
    assert "Dasselbe.pdf" not in words
    assert "so groß wie beim Hochladen" in words
    assert "in keinem" in words


def test_a_document_is_downloaded_and_shut_in(office):
    send(office, "Böse;.pdf", PDF)
    answer = office.get(f"{HERE}/{HASH}")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''B%C3%B6se%3B.pdf"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def zipped(**parts):
    content = io.BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def xlsx(macros=False):
    content = io.BytesIO()
    Workbook().save(content)
    if macros:
        with ZipFile(content, "a") as archive:
            archive.writestr("xl/vbaProject.bin", b"x")
    return content.getvalue()


def in_pdf(content, kind):
    """A PDF with a compressed stream of a kind."""
    packed = zlib.compress(content)
    return PDF + b"1 0 obj << " + kind + b" /Filter /FlateDecode >> stream\r\n" + packed + b"\nendstream endobj"


ODT = zipped(mimetype="application/vnd.oasis.opendocument.text", content="<x/>")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("Ohne Endung", PDF),
        ("a.pdf", in_pdf(b"/JS /Launch are but words of a page", b"/Length 9")),
        ("a.png", b"\x89PNG\r\n\x1a\n123"),
        ("a.JPG", b"\xff\xd8\xff\xe0123"),
        ("a.xlsx", xlsx()),
        ("a.odt", ODT),
        ("a.txt", "Grüße".encode("cp1252")),
        ("a.csv", b"a;b\n1;2\n"),
    ],
)
def test_what_an_office_has_is_taken(counter, name, content):
    assert send(counter, name, content).status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("leer.pdf", b"", "ist leer"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n123", "heißt aber anders"),
        ("a.exe", b"Text", "heißt aber anders"),
        ("a.exe", b"MZ\x00\x01", "gehört zu keiner Art"),
        ("../../a.pdf", PDF, "Dateiname"),
        ("..\\a.pdf", PDF, "Dateiname"),
        (".htaccess", b"x", "Dateiname"),
        ("a" * 201 + ".pdf", PDF, "Dateiname"),
        ("a.html", b"<!DOCTYPE html><script>alert(1)</script>", "enthält ein Programm"),
        ("a.txt", b"\xef\xbb\xbf <svg onload=alert(1)>", "enthält ein Programm"),
        ("a.xlsx", xlsx(macros=True), "enthält ein Programm"),
        ("a.docm", xlsx(), "enthält ein Programm"),
        ("a.odt", zipped(mimetype="application/vnd.oasis.opendocument.text", Basic__x="x"), "enthält ein Programm"),
        ("a.pdf", PDF + b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>", "enthält ein Programm"),
        ("a.pdf", PDF + b"<< /S /Java#53cript >>", "enthält ein Programm"),
        ("a.pdf", in_pdf(b"<< /S /Launch /F (cmd.exe) >>", b"/Type /ObjStm"), "enthält ein Programm"),
        ("a.pdf", in_pdf(bytes(60_000_000), b"/Type /ObjStm"), "enthält ein Programm"),
        ("a.zip", zipped(x="x"), "gehört zu keiner Art"),
        ("a.docx", ODT[:-30], "gehört zu keiner Art"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(counter, name, content, says):
    before = kept(counter.house)
    answer = send(counter, name, content)
    assert answer.status_code == 422
    assert says in answer.text
    assert kept(counter.house) == before


def test_a_body_that_is_too_large_is_refused_by_what_it_says_of_itself_and_while_it_is_counted(house, office):
    head = {"content-type": "multipart/form-data; boundary=x", "origin": "http://testserver"}
    drawn = []

    def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        for _ in range(100):
            drawn.append(1)
            yield bytes(1_000_000)

    answer = office.client.post(HERE, content=b"", headers={**head, "content-length": "1000000000"})
    assert answer.status_code == 413
    assert "höchstens 25 MB" in answer.text
    assert office.client.post(HERE, content=endless(), headers=head).status_code == 413
    assert kept(house) == []


@pytest.mark.parametrize("path", [f"{DESK}/abmelden", f"{DESK}/{BOTTROP}/veroeffentlichen"])
def test_only_pages_that_take_files_read_them(office, path):
    assert send(office, "a.pdf", PDF, path=path).status_code == 400


def test_an_upload_needs_the_token_of_the_form_and_the_right_to_record(house, office):
    assert send(office, "a.pdf", PDF, token="0" * 64).status_code == 403
    assert send(signed_in(house, "evaluator"), "a.pdf", PDF).status_code == 403
    recorder = signed_in(house, "recorder")
    assert send(recorder, "a.pdf", PDF).status_code == 303
    assert act(recorder, "public").status_code == 403
    assert act(recorder, "erase", reason="x").status_code == 403
    assert kept(house) == [HASH]


def cite(house, key="quelle"):
    note = told({"type": "context-noted", "what": "Mit Beleg"}, "2018", sources=[{"title": "P", "sha256": HASH}])
    return house.record({"key": key, **note})[0]


def test_the_public_gets_a_document_only_when_it_is_handed_out_and_a_public_entry_cites_it(house, office):
    """It would fail when the page of the entry was given again from before the document was handed out."""
    send(office, "a.pdf", PDF)
    number = cite(house)
    assert house.get(PUBLIC).status_code == 404
    act(office, "public")
    assert house.get(PUBLIC).status_code == 404
    house.record({"key": "pub", **published("quelle")})
    entry = f"/prozesse/{BOTTROP}/eintrag/{number}"
    page = house.get(entry)
    assert f'href="{PUBLIC}"' in page.text
    answer = house.get(PUBLIC)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''dokument-{HASH[:12]}.pdf"
    act(office, "internal")
    assert house.get(PUBLIC).status_code == 404
    again = house.get(entry, if_none_match=page.headers["etag"])
    assert again.status_code == 200
    assert PUBLIC not in again.text


def test_an_erased_document_says_when_and_why_and_is_gone(house, office):
    send(office, "a.pdf", PDF)
    number = cite(house)
    house.record({"key": "pub", **published("quelle")})
    act(office, "public")
    assert "Es fehlt der Grund" in act(office, "erase", reason=" ").text
    assert act(office, "erase", reason="Enthielt Adressen").status_code == 303
    assert kept(house) == []
    assert house.get(PUBLIC).status_code == 404
    assert "Grund: Enthielt Adressen" in office.get(HERE).text
    assert "Enthielt Adressen" in house.get(f"/prozesse/{BOTTROP}/eintrag/{number}").text
    assert "wird nicht wieder angenommen" in send(office, "a.pdf", PDF).text


def test_a_document_comes_with_a_source_of_the_form_and_its_hash_stays_when_something_else_is_wrong(house, office):
    path = f"{DESK}/{BOTTROP}/erfassen/context-noted"
    typed = {"/step/what": "", "/occurred/edtf": "2018", "act": "record"}
    refused = send(office, "Protokoll.pdf", PDF, path=path, field="/sources/0/sha256", **typed)
    assert refused.status_code == 422
    assert ("/sources/0/sha256", HASH) in Page(refused.text).sent
    wrong = send(office, "a.pdf", b"", path=path, field="/sources/0/sha256", **typed)
    assert "ist leer (0 Bytes)" in wrong.text
    assert 'href="#/sources/0/sha256"' in wrong.text
    done = {**typed, "/step/what": "Mit Beleg", "/sources/0/title": "Protokoll"}
    assert send(office, "P.pdf", PDF, path=path, field="/sources/0/sha256", **done).status_code == 303
    assert "in keinem" not in office.get(HERE).text


def test_files_are_read_only_when_somebody_asks_whether_they_are_unchanged(house, office):
    """A glance at the folder notices a file that is missing or has another size, and says no more than that."""
    send(office, "a.pdf", PDF)
    file = house.installation.settings.home / FOLDER / HASH
    checked = act(office, "check").text
    assert ("eben geprüft: Die Datei ist unverändert" in checked, "fehlt oder ist verändert" in checked) == (
        True,
        False,
    )
    file.write_bytes(bytes(len(PDF)))
    assert "so groß wie beim Hochladen" in office.get(HERE).text
    assert "fehlt oder ist verändert" in act(office, "check").text
    file.write_bytes(b"kurz")
    assert "fehlt oder ist verändert" in office.get(HERE).text


def test_who_uploaded_handed_out_and_erased_a_document_stands_in_the_audit_list_without_its_name(house, office):
    send(office, "Quendolin Zwirnhelm.pdf", PDF)
    act(office, "public")
    act(office, "erase", reason="Enthielt Quendolin")
    lines = noted(house.installation.database)[-3:]
    assert [line.act for line in lines] == ["document-added", "document-changed", "document-erased"]
    assert {line.account for line in lines} == {house.clerk}
    assert {line.about for line in lines} == {f"{BOTTROP} {HASH[:12]}"}
    shown = office_of_administration(house).get(f"{DESK}/protokoll").text
    assert ("Dokument gelöscht" in shown, "Quendolin" in shown) == (True, False)


def office_of_administration(house):
    account = house.installation.accounts.create("Verwaltung", {("admin", "*")}).id
    house.installation.passwords.set(account, PASSWORD)
    browser = Browser(house)
    browser.sign_in(account)
    return browser


def test_a_document_that_was_erased_does_not_come_back_with_an_older_backup(house, office, tmp_path):
    send(office, "Quendolin.pdf", PDF)
    file, home = tmp_path / "b.zip", house.installation.settings.home
    backup(house.installation.database, file, home)
    act(office, "erase", reason="Enthielt Adressen")
    again = House(tmp_path / "neu", tokens={})
    again.installation.erasing.home.joinpath(LIST).write_text((home / LIST).read_text())
    erasing = again.installation.erasing
    restore(again.installation.database, file, lambda: erasing.reapply() and None, tmp_path / "neu")
    (found,) = again.installation.documents.of(BOTTROP)
    assert (found.name, found.erased_at is None) == (None, False)
    assert kept(again) == []
    again.close()


def test_a_file_that_cannot_be_removed_is_told_and_removed_later(house, office, monkeypatch):
    send(office, "a.pdf", PDF)
    erasing, removing = house.installation.erasing, Path.unlink

    def stuck(path, **given):
        if path.name == HASH:
            raise PermissionError(1, "Operation not permitted", str(path))
        removing(path, **given)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", stuck)
        assert act(office, "erase", reason="x").status_code == 303
    assert erasing.unfinished() == ["documents"]
    assert "Etwas davon steht noch in Dateien" in office.get(f"{HERE}?getan=erase").text
    assert (house.installation.settings.home / FOLDER / HASH).read_bytes() == bytes(len(PDF))
    assert erasing.finish() == []
    assert (kept(house), erasing.unfinished()) == ([], [])


def test_what_belongs_to_nothing_is_cleared_away(house, office):
    folder = house.installation.settings.home / FOLDER
    folder.mkdir()
    (folder / ("0" * 64)).write_bytes(b"x")
    send(office, "a.pdf", PDF)
    assert kept(house) == [HASH]


def test_a_failing_transaction_leaves_no_row_and_the_next_upload_no_orphan(house, office):
    documents = house.installation.documents

    def fail():
        with house.installation.database.writing():
            documents.keep(BOTTROP, "a.pdf", io.BytesIO(PDF), "x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert documents.of(BOTTROP) == []
    documents.keep(BOTTROP, "a.txt", io.BytesIO(b"x"), "x")
    assert HASH not in kept(house)


def test_a_document_is_in_the_backup_and_comes_back_only_as_it_was_cited(house, office, tmp_path):
    send(office, "a.pdf", PDF)
    file, home = tmp_path / "b.zip", house.installation.settings.home
    backup(house.installation.database, file, home)
    target = Database(f"sqlite:///{tmp_path / 'neu' / 'x.sqlite'}")
    restore(target, file, home=tmp_path / "neu")
    there = Documents(target, tmp_path / "neu")
    assert there.content(*there.of(BOTTROP)) == PDF
    target.close()

    damaged = tmp_path / "damaged.zip"
    with ZipFile(file) as good, ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"%PDF-falsch" if name.endswith(HASH) else good.read(name))
    empty = Database(f"sqlite:///{tmp_path / 'leer' / 'x.sqlite'}")
    with pytest.raises(Refused, match="backup-damaged"):
        restore(empty, damaged, home=tmp_path / "leer")
    assert list((tmp_path / "leer" / FOLDER).iterdir()) == []
    empty.close()
    (home / FOLDER / HASH).write_bytes(b"anders".ljust(len(PDF)))
    with pytest.raises(Refused, match="document-damaged"):
        backup(house.installation.database, file, home)
    assert "fehlt oder ist verändert" not in office.get(HERE).text
    assert "fehlt oder ist verändert" in act(office, "check").text
    assert [found.sha256 for found in house.installation.documents.damaged()] == [HASH]
    assert office.get(f"{HERE}/{HASH}").status_code == 503
