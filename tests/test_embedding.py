"""Pages to embed: only they are framed, and only by the sites that the city names."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from adapters.web.app import create_app
from tests.faces import BOTTROP

SITE = "https://www.stadt.example"
PROCESS = f"/prozesse/{BOTTROP}"


def framed_by(client, path):
    """Who may frame what lies at an address."""
    policy = client.get(path).headers["content-security-policy"]
    (found,) = [rule.removeprefix("frame-ancestors ") for rule in policy.split("; ") if rule.startswith("frame-")]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    return found


@pytest.fixture(scope="module")
def embedded(town):
    """A reader of an installation whose city may embed pages."""
    settings = replace(town.installation.settings, frame_ancestors=(SITE, "https://*.stadt.example"))
    return TestClient(create_app(replace(town.installation, settings=settings)), follow_redirects=False)


def test_pages_to_embed_may_be_framed_by_whom_the_city_names_and_all_others_by_nobody(town, embedded):
    for path in (f"{PROCESS}/einbetten/struktur", f"/en{PROCESS}/einbetten/verlauf"):
        assert framed_by(embedded, path) == f"{SITE} https://*.stadt.example"
        assert framed_by(town.client, path) == "'none'"
    for path in (PROCESS, f"{PROCESS}/struktur", "/geschaeftsstelle", f"{PROCESS}/einbetten", "/static/einbetten/x"):
        assert framed_by(embedded, path) == "'none'"
    desk = f"/geschaeftsstelle/{BOTTROP}/stand/einbetten/struktur"
    assert framed_by(embedded, desk) == "'none'"
