"""Odd addresses and hostile texts: every answer stays polite, and whatever somebody wrote is shown as text."""

import random
import re
from collections import defaultdict
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest

from adapters.web.citing import READ
from adapters.web.limits import MOST_OF_QUERY
from domain.publication import Statement
from tests.faces import BOTTROP, EXAMPLE, House
from tests.test_desk import served
from tests.test_pages import crawled
from tests.test_unpublished import NOT_FOLLOWED, filled, worded

HOSTILE = (
    "</script></title><script>alert(1)</script><b id=hostile onclick=x>&amp;\u200f\"'`]]>--> \u2028 {{ 7*7 }} =cmd|x"
)
"""Markup, the ends of everything a text can stand in, a mark that turns the direction of writing, a formula."""

KINDS = (
    ("", " ", "0", "-1", "1", "01", "1.5", "1e9", "9" * 400, "٣", "null", "[]", "alles", "x" * 1_500),
    (
        "9999-12-31",
        "31.12.9999",
        "10000-01-01",
        "0001-01-01",
        "0000-00-00",
        "2018-02-30",
        "30.2.2018",
        "2018",
        "heute",
    ),
    ("\x00", "\u202e", "\ud83d", "🏛️", "<script>", "'; DROP TABLE entries; --", "../../etc/passwd", "%s", "{process}"),
    ("javascript:alert(1)", "//example.org", "a\r\nSet-Cookie: x=1", "bild", "newest", "decisions"),
)
"""Odd numbers and words, odd days, odd texts, and what would be good elsewhere."""


TIMES = ("happened_by", "known_by", "published_by")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Bottrop with a hostile text in every place where anybody can write one."""
    house = House(tmp_path_factory.mktemp("hostile") / "data")
    statements = [Statement.model_validate_json(line) for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
    account = house.installation.accounts.account_of(house.tokens["admin"])
    house.installation.service.record([worded(statement, lambda _: HOSTILE) for statement in statements], account)
    house.wait(hours=1)
    yield house
    house.close()


@pytest.fixture(scope="module")
def shown(hostile):
    """Every entry, and two pages and files of each other kind that the public gets by following links.

    No two choices of an address at once: there are many such pairs, and each shows again what its pages show alone.
    """
    return crawled(hostile, of_a_kind=2, at_once=1)


def test_what_anybody_wrote_is_text_on_every_page_and_in_every_file(shown):
    answers, documents = shown
    kinds = set()
    for path, answer in answers.items():
        kind = answer.headers.get("content-type", "").partition(";")[0]
        kinds.add(kind)
        assert answer.status_code in {200, 303, 308, 404, 422}, path
        if kind == "text/html":
            document = documents[path]
            assert document.faults == [], path
            assert not any(
                attributes.get("id") == "hostile" or "onclick" in attributes for _, attributes in document.elements
            )
            scripts = [attributes.get("type") for attributes in document.all("script")]
            assert set(scripts) <= {"application/ld+json", "application/json", None}, (
                path
            )  # data alone, and our own files
            assert len(re.findall(r"<script", answer.text)) == len(scripts), path
        elif kind.endswith("xml"):
            names = {element.tag.rpartition("}")[2] for element in ET.fromstring(answer.content).iter()}
            assert not names & {"script", "b"}, path
    assert kinds >= {"text/html", "text/css"}


def test_the_words_are_there_to_be_read(shown):
    _, documents = shown
    entries = [document.words for path, document in documents.items() if re.search(r"^/prozesse/.*/eintrag/\d+$", path)]
    assert entries
    assert all("<script>alert(1)</script><b id=hostile onclick=x>&amp;" in words for words in entries)


def read_by(documents):
    """Every parameter that a form or a link of a page has, with the addresses that it is sent to."""
    read = defaultdict(set)
    for asked, document in documents.items():
        target = asked
        for tag, attributes in document.elements:
            if tag == "form":
                target = attributes["action"].partition("?")[0]
            elif tag in {"input", "select", "textarea", "button"} and attributes.get("name"):
                read[attributes["name"]].add(target)
            elif tag == "a":
                address = urlsplit(urljoin(asked, attributes["href"]))
                for name in parse_qs(address.query) if not address.netloc else ():
                    read[name].add(address.path)
    return read


def test_a_citation_keeps_every_parameter_that_a_page_of_a_process_reads(shown):
    """But for what only leads on (`stop`) or is typed to search (`q`), and a page that is cited itself (`seite`)."""
    read = {
        name
        for name, addresses in read_by(shown[1]).items()
        if any(re.match(r"(/en)?/(prozesse|auswertung)/", address) for address in addresses)
    }
    assert read - READ == {"q", "stop", "seite"}
    assert READ - read == {"reference", "with_version", "page"} - read


def test_an_odd_address_is_answered_politely(hostile, shown):
    """Each parameter with each odd value once, at one of the addresses that read it; and at each route values of two
    kinds: as one of the three times or in place of what the route names; and one in place of its process.

    Not each value at each route: the same few functions read a parameter for all of them.
    """
    routes = sorted(
        {path for method, path in served(hostile.app.routes) if method == "GET" and not NOT_FOLLOWED.match(path)}
    )
    drawn = random.Random(2018)  # which address gets which value is no secret
    read = read_by(shown[1])
    asked = [
        (drawn.choice(sorted(addresses)), {name: value})
        for name, addresses in sorted(read.items())
        for kind in KINDS
        for value in kind
    ]
    for path in routes:
        names = set(re.findall(r"\{(\w+)", path)) - {"process"}
        for value in map(drawn.choice, drawn.sample(KINDS, 2)):
            there = filled(path, {"process": BOTTROP, **dict.fromkeys(names, in_a_path(value))})
            asked.append((there, {} if names else {drawn.choice(TIMES): value, "nonsens": value}))
        if "{process}" in path:
            asked.append((filled(path, dict.fromkeys({"process", *names}, in_a_path(value))), {}))
    assert read.keys() >= {*TIMES, "q", "order", "kind", "page", "seite"}
    assert len(asked) > 1_000
    for path, query in asked:
        answer = hostile.get(f"{path}?{urlencode(query, errors='surrogatepass')}")
        closed = {403} if path == "/metrics" else set()  # but to this machine and to whoever has its token
        assert answer.status_code in {200, 303, 308, 400, 404, 406, 422, *closed}, (path, query)
        assert "set-cookie" not in answer.headers
        assert not answer.headers.get("location", "/").startswith("//")


LONGEST_ADDRESS = 60_000
"""Servers and browsers take no longer ones than about 64 kB."""


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/suche?q=", 422),
        (f"/prozesse/{BOTTROP}/verlauf?from=", 422),
        (f"/prozesse/{BOTTROP}/verlauf?body=", 404),
        (f"/prozesse/{BOTTROP}/struktur?happened_by=", 422),
        (f"/prozesse/{BOTTROP}/vergleich?from=", 422),
        (f"/prozesse/{BOTTROP}/offen?page=", 404),
        ("/barriere-melden?seite=", 200),
    ],
)
def test_an_address_as_long_as_is_read_or_as_servers_take_is_answered_politely(hostile, address, status):
    parameter = address.partition("?")[2]
    assert hostile.get(address + "x" * (MOST_OF_QUERY - len(parameter))).status_code == status
    assert hostile.get(address + "x" * LONGEST_ADDRESS).status_code == 414


def test_a_form_of_a_megabyte_is_refused_politely(hostile):
    answer = hostile.client.post("/barriere-melden", data={"what": "<b>ä" * 250_000, "page": "/", "token": "x"})
    assert answer.status_code == 413
    assert "<b>ä" not in answer.text


def in_a_path(value):
    return quote(value, safe="", errors="surrogatepass") or "_"
