"""The public site as files, for the archive: the same pages, every link works, and nothing that is not public."""

import functools
import threading
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest

from adapters.cosignatures import POLICY
from adapters.exports.site import site
from adapters.exports.site_folder import write_site
from adapters.key_rotation import rotate_key
from adapters.verify import check_log, parse_key, parse_policy, reader
from domain.errors import Refused
from tests.faces import BOTTROP, House
from tests.story import alliance, corrected, told
from tests.test_pages import Document

SECRET = "Quittenmarmelade"
LATER = "Holunderweg"
PROTOCOL = b"Protokoll"
FILE = sha256(PROTOCOL).hexdigest()


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A small process, so that its site is small, with a draft beside what is public."""
    house = House(tmp_path_factory.mktemp("site") / "data")
    opened = told({"type": "process-opened", "name": "Lindenau & mehr"}, "2026-01-01")
    heard = told({"type": "feedback-received", "kind": "concern", "what": 'Zu "laut" <a href="/x">'}, "2026-02")
    house.record({"key": "o", **opened}, {"key": "a", **alliance("a", "2026-02", name="Rat")}, {"key": "f", **heard})
    better = {**heard, "step": {**heard["step"], "what": "Zu laut"}}
    house.record({"key": "c", **corrected("f", better)})
    house.record({"step": {"type": "entry-published", "targets": ["o", "a", "f", "c"]}})
    house.record({"key": "i", **told({"type": "context-noted", "what": SECRET}, "2026-03")})
    other = {"key": "x", **told({"type": "process-opened", "name": "Nebenan"}, "2026-01-01")}
    other["sources"] = [{"title": "Protokoll", "sha256": FILE}]
    house.record(other, {"step": {"type": "entry-published", "targets": ["x"]}}, process="nebenan")
    house.installation.documents.keep("nebenan", "protokoll.txt", BytesIO(PROTOCOL), "k")
    house.installation.documents.hand_out("nebenan", FILE, public=True, by="k")
    yield house
    house.close()


@pytest.fixture(scope="module")
def folder(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "archive"
    count = write_site(town.installation, None, folder)
    assert count == sum(path.is_file() for path in folder.rglob("*"))
    return folder


def test_every_page_of_the_list_of_processes_is_in_the_archive(town, tmp_path, monkeypatch):
    """Seen to fail where the further pages of the list were left out, and their processes with them."""
    monkeypatch.setattr("adapters.web.public.PROCESSES", 1)
    write_site(town.installation, None, folder := tmp_path / "archive")
    second = [path.read_text() for path in folder.rglob("*.html") if "Seite 2 von 2" in path.read_text()]
    assert any("Nebenan" in page and "Beteiligungsprozesse" in page for page in second)
    assert (folder / "prozesse" / "nebenan").is_dir()


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def links_of(html):
    document = Document(html)
    named = [(tag, a.get("href") or a.get("src")) for tag, a in document.elements if a.get("href") or a.get("src")]
    return [(tag, link) for tag, link in named if not link.startswith(("http", "mailto:", "tel:", "#"))]


def test_every_link_leads_to_a_file_of_the_folder(folder):
    pages = list(folder.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        for tag, link in links_of(page.read_text()):
            path, _, place = link.partition("#")
            target = (page.parent / unquote(path)).resolve() if path else page
            assert target.is_file(), (page, tag, link)
            if place and target.suffix == ".html" and target.parent.name != "pruefen":  # there a script reads it
                assert f'id="{place}"' in target.read_text(), (page, link)
    for sheet in folder.rglob("*.css"):
        for link in [part.split('"')[0] for part in sheet.read_text().split('url("')[1:]]:
            assert link.startswith("data:") or (sheet.parent / link).resolve().is_file(), (sheet, link)


def test_a_web_server_shows_the_pages_at_the_same_addresses(town, folder):
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        for path in ("/", f"/prozesse/{BOTTROP}/verlauf", f"/en/prozesse/{BOTTROP}/eintrag/1", "/impressum"):
            with urlopen(base + path) as answer:  # the server leads to the address with a slash
                html = answer.read().decode()
            assert Document(html).all("h1") == Document(town.get(path).text).all("h1")
            for _, link in links_of(html)[:8]:
                urlopen(urljoin(f"{base}{path.rstrip('/')}/", link)).close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_needs_the_program_is_said_not_to_be_in_the_archive(folder):
    page = (folder / "prozesse" / BOTTROP / "verlauf" / "index.html").read_text()
    assert "<form" not in page
    assert "Barriere melden<span" in page
    assert "nicht im Archiv" in page
    assert "not in the archive" in (folder / "en" / "prozesse" / BOTTROP / "verlauf" / "index.html").read_text()
    names = files(folder)
    assert not [name for name in names if name.startswith(("suche", "geschaeftsstelle", "en/suche"))]


def test_nothing_that_is_not_public_is_in_it(town, folder):
    assert not [name for name, content in files(folder).items() if SECRET.encode() in content]
    assert f"prozesse/{BOTTROP}/eintrag/{town.numbers['i']}/index.html" not in files(folder)
    assert f"prozesse/{BOTTROP}/eintrag/{town.numbers['c']}/index.html" in files(folder)


def test_the_log_lies_beside_the_pages_and_the_folder_says_what_it_is(town, folder):
    for name in ("checkpoint", "vkey", "about.json", "verify.py", "tile/0/000.p/8", "tile/entries/000.p/8"):
        assert (folder / "log" / name).read_bytes() == town.get(f"/log/{name}").content, name
    readme = (folder / "README.txt").read_text()
    assert "2026-11-22" in readme
    assert "had 8 entries" in readme


def test_whoever_has_an_old_key_or_the_policy_can_check_the_log_in_the_folder(tmp_path):
    house = House(tmp_path / "data")
    opened = told({"type": "process-opened", "name": "Lindenau"}, "2026-01-01")
    house.record({"key": "o", **opened}, {"key": "p", "step": {"type": "entry-published", "targets": ["o"]}})
    (house.installation.settings.home / POLICY).write_text(f"log {house.installation.signer.key()}\nquorum none\n")
    changed = rotate_key(house.installation, "planned")
    house.wait(days=31)
    house.installation.signer.retire()
    write_site(house.installation, None, tmp_path / "archive")
    log = tmp_path / "archive" / "log"
    for report in (
        check_log(reader(str(log)), [parse_key(changed.old)], contents=False),
        check_log(reader(str(log)), policy=parse_policy((log / "policy").read_text()), contents=False),
    ):
        assert report.findings == []
    house.close()


def test_made_twice_it_is_the_same_to_the_byte(town, folder, tmp_path):
    write_site(town.installation, None, tmp_path / "again")
    assert files(tmp_path / "again") == files(folder)


def test_of_one_process_the_pages_of_others_are_left_out(town, tmp_path):
    write_site(town.installation, "nebenan", tmp_path / "one")
    names = files(tmp_path / "one")
    assert "prozesse/nebenan/index.html" in names
    assert not [name for name in names if BOTTROP in name]
    with pytest.raises(Refused, match="unknown-process"):
        write_site(town.installation, "gibt-es-nicht", tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_the_links_of_a_feed_lead_to_files(folder):
    feeds = [folder / f"{root}prozesse/{BOTTROP}/feed.atom" for root in ("", "en/")]
    for feed in (*feeds, folder / "log/feed.atom"):
        links = [each.get("href") for each in ET.parse(feed).iter("{http://www.w3.org/2005/Atom}link")]
        assert links
        assert all((feed.parent / unquote(link)).is_file() for link in links), links


def test_a_document_lies_in_it_once_with_the_ending_of_its_kind(folder):
    there = [name for name, content in files(folder).items() if content == PROTOCOL]
    assert there == [f"prozesse/nebenan/dokumente/{FILE}.txt"]
    for root in ("", "en/"):
        page = (folder / f"{root}prozesse/nebenan/dokumente/index.html").read_text()
        assert f"{FILE}.txt" in page


def test_the_ways_in_which_the_structure_is_shown_are_in_it(folder):
    for view in ("bild", "liste", "tabelle"):
        assert (folder / f"prozesse/{BOTTROP}/struktur/index.ansicht-{view}.html").is_file()


def test_the_further_pages_of_every_list_are_in_it():
    lists = [f"/prozesse/x/{name}" for name in ("beschluesse", "dokumente", "gremien", "berichtigungen", "verlauf")]
    pages = {
        "/": "".join(f'<a href="{address}">' for address in lists),
        "/log/about.json": '{"keys": [], "processes": {}}',
    }
    for address in lists:
        pages[address] = f'<a href="{address}?page=2">2</a><a href="{address}?known_by=2020-01-01">2020</a>'
        pages[f"{address}?page=2"] = f'<a href="{address}">1</a>'
    written = dict(site(lambda address: (200, "text/html", pages.get(address, "").encode()), ["/"], 0))
    for address in lists:
        assert f"{address[1:]}/index.page-2.html" in written
        first = written[f"{address[1:]}/index.html"].decode()
        assert '<a href="index.page-2.html">2</a>' in first
        assert "known_by" not in first


def test_what_others_record_meanwhile_is_on_none_of_its_pages(town, tmp_path):
    def note():
        noted = {"key": "spaet", **told({"type": "context-noted", "what": LATER}, "2026-03")}
        town.record(noted, {"step": {"type": "entry-published", "targets": ["spaet"]}}, process="nebenan")

    def meanwhile(count: int, _: str) -> None:
        if count == 2:
            other = threading.Thread(target=note)
            other.start()
            other.join()

    position = town.installation.log.tree()[0]
    write_site(town.installation, "nebenan", tmp_path / "then", meanwhile)
    assert LATER in town.get("/prozesse/nebenan/verlauf").text
    there = files(tmp_path / "then")
    assert not [name for name, content in there.items() if LATER.encode() in content]
    assert there["log/checkpoint"].split(b"\n")[1] == str(position).encode()
    assert f"had {position} entries" in there["README.txt"].decode()


def test_a_page_that_fails_is_named_and_no_folder_is_left(town, tmp_path):
    kept = town.installation.documents.folder / FILE
    kept.rename(tmp_path / "elsewhere")
    try:
        with pytest.raises(Refused, match="site-page-missing") as found:
            write_site(town.installation, "nebenan", tmp_path / "broken")
        assert found.value.refusals[0].params["address"] == f"/prozesse/nebenan/dokumente/{FILE}"
    finally:
        (tmp_path / "elsewhere").rename(kept)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_stays_as_it_is(town, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(Refused, match="site-folder-taken"):
        write_site(town.installation, None, tmp_path)
    assert [path.name for path in Path(tmp_path).iterdir()] == ["mine.txt"]


# Last: while a browser is there, its loop keeps the export from having one of its own.


def test_the_archive_is_checked_in_the_browser_wherever_its_folder_stands(folder, page):
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(folder.parent)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        page.goto(f"http://127.0.0.1:{server.server_port}/archive/en/prozesse/{BOTTROP}/pruefen/")
        page.locator("#start").click()
        page.locator("#verdict:visible").wait_for()
        assert page.locator("#verdict").get_attribute("data-verdict") == "right", page.locator(
            "#details"
        ).text_content()
    finally:
        page.goto("about:blank")  # so that no connection is held
        server.shutdown()
        thread.join()
        server.server_close()
