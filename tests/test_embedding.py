"""Pages to embed: only they are framed, and only by the sites that the city names."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from adapters.web.app import create_app
from tests.browser import accessible, narrow
from tests.faces import BOTTROP

SITE = "https://www.stadt.example"
PROCESS = f"/prozesse/{BOTTROP}"


def framed_by(client, path):
    """Who may frame what lies at an address."""
    policy = client.get(path).headers["content-security-policy"]
    (found,) = [rule.removeprefix("frame-ancestors ") for rule in policy.split("; ") if rule.startswith("frame-")]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    return found


def app_of(town, *sites):
    """The installation, with an address, as it may be framed by some sites."""
    settings = replace(town.installation.settings, frame_ancestors=sites, address="https://beteiligung.example")
    return create_app(replace(town.installation, settings=settings))


@pytest.fixture(scope="module")
def embedded(town):
    """A reader of an installation whose city may embed pages."""
    return TestClient(app_of(town, SITE, "https://*.stadt.example"), follow_redirects=False)


def test_pages_to_embed_may_be_framed_by_whom_the_city_names_and_all_others_by_nobody(town, embedded):
    for path in (f"{PROCESS}/einbetten/struktur", f"/en{PROCESS}/einbetten/verlauf"):
        assert framed_by(embedded, path) == f"{SITE} https://*.stadt.example"
        assert framed_by(town.client, path) == "'none'"
    for path in (PROCESS, f"{PROCESS}/struktur", "/geschaeftsstelle", f"{PROCESS}/einbetten", "/static/einbetten/x"):
        assert framed_by(embedded, path) == "'none'"
    desk = f"/geschaeftsstelle/{BOTTROP}/stand/einbetten/struktur"
    assert framed_by(embedded, desk) == "'none'"


def test_the_structure_page_says_how_it_is_embedded_where_that_is_allowed(town, embedded):
    page = embedded.get(f"{PROCESS}/struktur?happened_by=2018-12-31").text
    address = f"https://beteiligung.example{PROCESS}/einbetten/struktur?happened_by=2018-12-31"
    assert f'&lt;iframe src="{address}"' in page
    assert "iframe" not in town.client.get(f"{PROCESS}/struktur").text


def test_a_page_to_embed_is_accessible_and_fits_a_narrow_frame(page, server):
    page.goto(f"{server}{PROCESS}/einbetten/struktur?happened_by=2018-12-31")
    accessible(page)
    narrow(page)
    targets = page.locator("svg a").evaluate_all("links => links.map(link => link.target.baseVal)")
    assert set(targets) == {"_top"}
    assert page.locator("base").get_attribute("target") == "_top"
