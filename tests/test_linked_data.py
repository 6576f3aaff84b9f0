"""What machines read of the public pages, and what a print says about where it comes from."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from adapters.web.app import create_app
from adapters.web.linked_data import LONGEST, linked
from tests.faces import BOTTROP, bottrop
from tests.story import told
from tests.test_pages import Document

PAGE = f"/prozesse/{BOTTROP}"
SITE = "https://beteiligung.example"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("linked") / "data")
    hostile = "</script><script>alert(1)</script>\u2028&"
    meeting = {"type": "meeting-planned", "meeting": "treffen", "title": hostile, "begins": "2026-12-10T18:00"}
    house.record({"key": "t", **told({**meeting, "place": "Rathaus"}, "2026-11-20")})
    house.record({"step": {"type": "entry-published", "targets": ["t"]}})
    house.record({"key": "intern", **told({"type": "context-noted", "what": "Nur intern"}, "2017")})
    yield house
    house.close()


@pytest.fixture(scope="module")
def known(town):
    """The same installation, which says under which address it is reached."""
    settings = replace(town.installation.settings, address=SITE)
    return TestClient(create_app(replace(town.installation, settings=settings)))


def told_by(answer):
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    return {thing["@type"]: thing for thing in reversed(json.loads(script)["@graph"])}  # the first one of each type


def test_a_process_is_data_that_anybody_may_use(town):
    things = told_by(town.get(PAGE))
    assert things["Dataset"]["name"] == "Bottrop 2018+"
    assert town.get(things["Dataset"]["distribution"]["contentUrl"]).status_code == 200
    assert [step["item"] for step in things["BreadcrumbList"]["itemListElement"]] == ["/", PAGE]


def test_names_are_whole_and_the_content_is_german_on_english_pages_too(town, known):
    german, english = told_by(known.get(PAGE)), told_by(known.get(f"/en{PAGE}"))
    assert german["Dataset"]["@id"] == english["Dataset"]["@id"] == f"{SITE}{PAGE}"
    assert (english["Dataset"]["url"], english["Dataset"]["inLanguage"]) == (f"{SITE}/en{PAGE}", "de")
    assert (english["WebPage"]["@id"], english["WebPage"]["inLanguage"]) == (f"{SITE}/en{PAGE}", "en")
    assert english["WebPage"]["about"] == {"@id": f"{SITE}{PAGE}"}
    event = told_by(known.get(f"/en{PAGE}/termine"))["Event"]
    assert (event["@id"], event["inLanguage"]) == (f"{SITE}{PAGE}/termine#treffen", "de")
    assert told_by(town.get(PAGE, host="evil.example"))["Dataset"]["@id"] == PAGE  # as the page's own address has it


def test_a_meeting_is_an_event_and_what_its_title_holds_cannot_end_the_data(town):
    answer = town.get(f"{PAGE}/termine")
    event = told_by(answer)["Event"]
    assert event["startDate"] == "2026-12-10T17:00:00+00:00"
    assert event["name"].startswith("</script><script>alert(1)")
    assert event["location"] == {"@type": "Place", "name": "Rathaus"}
    assert "<script>alert" not in answer.text
    assert "\u2028" not in linked({"name": "\u2028\u2029"})


def test_a_past_view_is_no_data_of_its_own(town):
    assert "ld+json" not in town.get(f"{PAGE}?happened_by=2018-01-01").text


def test_a_shared_link_shows_what_it_is_about(town, known):
    def card(answer):
        return {meta["property"]: meta["content"] for meta in Document(answer.text).all("meta") if "property" in meta}

    bare, full = card(town.get(f"{PAGE}/verlauf")), card(known.get(f"/en{PAGE}/verlauf"))
    assert "Bottrop 2018+" in bare["og:title"]
    assert 0 < len(bare["og:description"]) <= LONGEST + 2
    assert "og:image" not in bare  # it needs a whole address, and a request may have made one up
    assert full["og:url"] == f"{SITE}/en{PAGE}/verlauf"
    picture = known.get(full["og:image"].removeprefix(SITE))
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")


def test_every_address_of_the_sitemap_is_a_public_page_and_none_is_missing(town, known):
    root = ET.fromstring(known.get("/sitemap.xml").content)
    found = [element.text.removeprefix(SITE) for element in root.iter() if element.tag.endswith("loc")]
    assert len(found) == len(set(found))
    assert {"/", "/en/", PAGE, f"/en{PAGE}/verlauf", f"{PAGE}/termine", f"{PAGE}/eintrag/{town.numbers['t']}"} <= {
        *found
    }
    assert {f"{PAGE}/gremien/sta-gruendungen", f"/en{PAGE}/akteure/bmbf"} <= {*found}
    assert {address.split("/")[3] for address in found if address.startswith(PAGE) and address.count("/") > 3} == {
        *("eintrag", "gremien", "akteure", "handlungsfelder")
    }
    assert not [address for address in found if "/einbetten/" in address or "." in address]
    assert f"{PAGE}/eintrag/{town.numbers['intern']}" not in found
    assert {known.get(address).status_code for address in found if "/eintrag/" not in address} == {200}
    assert f"Sitemap: {SITE}/sitemap.xml" in known.get("/robots.txt").text


def test_more_pages_than_one_list_may_name_stand_in_several(town, monkeypatch):
    def listed(path):
        root = ET.fromstring(town.get(path).content)
        told = [element.text for element in root.iter() if element.tag.endswith("loc")]
        return root.tag.partition("}")[2], [address.removeprefix("http://testserver") for address in told]

    whole = listed("/sitemap.xml")[1]
    assert town.get("/sitemap-1.xml").status_code == 404
    monkeypatch.setattr("adapters.web.linked_data.MOST_PAGES", len(whole) // 2)
    town.record({"key": "mehr", **told({"type": "context-noted", "what": "Mehr"}, "2017")})
    town.record({"step": {"type": "entry-published", "targets": ["mehr"]}})
    kind, parts = listed("/sitemap.xml")
    assert (kind, parts) == ("sitemapindex", ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"])
    pages = [address for part in parts for address in listed(part)[1]]
    assert set(whole) < set(pages)
    assert len(pages) == len(set(pages))
    for none in ("4", "0", "x"):
        assert town.get(f"/sitemap-{none}.xml").status_code == 404


def test_a_host_that_somebody_made_up_is_kept_for_nobody_else(town):
    assert "evil" not in town.get("/robots.txt", host="evil.example").text
    assert town.get("/sitemap.xml", host="evil.example").headers["cache-control"] == "private, no-store"


def test_a_print_names_its_source_and_a_checkpoint_that_no_internal_entry_changes(town, known):
    before = known.get(PAGE)
    page, log = Document(before.text).words, town.installation.log
    size, root = re.search(r"hat (\d+) Einträge und die Wurzel (\S+)\.", page).groups()
    assert b64encode(log.root_at(int(size))).decode() == root
    assert f"Quelle: {SITE}{PAGE}" in page
    proof = known.get(f"/log/proof/{int(size) - 1}.tlog-proof")
    assert proof.status_code == 200
    town.record({"key": f"i{size}", **told({"type": "context-noted", "what": "Nur intern"}, "2017")})
    after = known.get(PAGE)
    assert (after.headers["etag"], after.content) == (before.headers["etag"], before.content)
    assert log.tree()[0] > int(size)


def test_what_is_of_no_process_is_printed_without_the_checkpoint_of_a_last_entry(town):
    assert "Prüfpunkt:" in town.get(PAGE).text
    assert "Prüfpunkt:" not in town.get("/").text
