"""What a first page costs a reader: at most 120 kB and 8 requests, and nothing that holds up its drawing but styles."""

import re

import pytest

from tests.faces import BOTTROP
from tests.test_pages import Document

MOST_BYTES, MOST_REQUESTS = 120_000, 8
PAGE = f"/prozesse/{BOTTROP}"


def loaded(house, path):
    """Everything that a browser asks for to draw a page, as it is sent, each once: the page, styles, icon and fonts."""
    page = house.get(path, accept_encoding="gzip")
    document = Document(page.text)
    needed = [link["href"] for link in document.all("link") if link["rel"] in {"stylesheet", "icon", "preload"}]
    seen = (
        one for one in document.all("img", "video", "script") if one.get("loading") != "lazy"
    )  # else on paper alone
    needed += [one["src"] for one in seen if "src" in one]
    for sheet in [address for address in needed if address.endswith(".css")]:
        needed += re.findall(r'url\("(/[^"]+)"\)', house.get(sheet).text)
    sizes = {path: int(page.headers["content-length"])}
    for address in needed:
        sizes[address] = int(house.get(address, accept_encoding="gzip").headers["content-length"])
    return document, sizes


@pytest.mark.parametrize("path", ["/", PAGE, f"{PAGE}/verlauf", f"{PAGE}/struktur", f"{PAGE}/eintrag/47", "/impressum"])
def test_a_first_page_is_light(town, path):
    document, sizes = loaded(town, path)
    assert any(address.endswith(".woff2") for address in sizes)
    assert len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    assert [script for script in document.all("script") if script.get("type") != "application/ld+json"] == []
