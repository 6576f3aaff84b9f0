"""What somebody without an account has typed is not lost when the database is away: the page sends it once more."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from adapters.registrations import Opening
from tests.browser_forms import Page
from tests.faces import House
from tests.postgres import Server, installed
from tests.story import told
from tests.test_desk_meetings import FORM, PLANNED, TOWN

BARRIER = "/barriere-melden"
FROM_HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
SAID = {
    FORM: {"name": "Mia Muster", "email": "mia@example.org", "needs": "Eine Rampe\r\n& Licht", "consent": "yes"},
    BARRIER: {"what": "Das Bild\r\nist <zu> klein", "contact": "0204 112"},
}


@pytest.fixture(scope="module")
def server():
    with installed() as place:
        server = Server(place, "away")
        server.create()
        with server:
            yield server


@pytest.fixture(scope="module")
def house(server, tmp_path_factory):
    """A town with a meeting that anybody can register for."""
    house = House(tmp_path_factory.mktemp("town") / "data", url=server.url)
    house.record(
        {"key": "o", **told({"type": "process-opened", "name": "Lindenau"}, "2026-11-01")},
        {"key": "t", **told(PLANNED, "2026-11-20")},
        {"step": {"type": "entry-published", "targets": ["o", "t"]}},
        process=TOWN,
    )
    house.installation.registrations.set_opening(TOWN, "treffen-1", Opening(open=True, closes_on=None))
    yield house
    house.close()


@pytest.fixture
def public(house):
    return TestClient(house.app, follow_redirects=False, raise_server_exceptions=False, headers=FROM_HERE)


def kept(house):
    """What the office holds of both forms."""
    registered = [one.person for one in house.installation.registrations.of(TOWN, "treffen-1")]
    reported = [one.report for one in house.installation.barrier_reports.waiting()]
    return [(p.name, p.needs) for p in registered], [(r.what, r.contact) for r in reported]


def while_away(server, ask):
    server.stop()
    try:
        return ask()
    finally:
        server.start()


@pytest.mark.parametrize("path", [FORM, f"/en{BARRIER}"])
def test_what_the_public_typed_while_the_database_is_away_is_shown_and_sent_once_more(house, server, public, path):
    said = SAID[path.removeprefix("/en")]
    form = dict(Page(public.get(path).text).sent) | said
    house.wait(seconds=5)
    before = kept(house)
    lost = while_away(server, lambda: public.post(path, data=form))
    assert (lost.status_code, lost.headers["cache-control"]) == (503, "no-store")
    assert ("The database did not answer" if "/en" in path else "Die Datenbank hat nicht geantwortet") in lost.text
    assert str(server.folder) not in lost.text
    assert "WERDEGANG_" not in lost.text  # what is to be done is not for those who only wanted to write to the city
    shown = unescape(lost.text.split("<ul", 1)[1].split("</ul>")[0]).replace("\r", "")
    assert all(value.replace("\r", "") in shown for name, value in said.items() if name != "consent")
    assert form["token"] not in shown
    again = dict(Page(lost.text).sent)
    assert again == form
    assert kept(house) == before
    assert [public.post(path, data=again).status_code for _ in range(2)] == [303, 303]
    one_more = [len(now) - len(then) for now, then in zip(kept(house), before, strict=True)]
    assert sorted(one_more) == [0, 1]
    assert ("Mia Muster", "Eine Rampe\n& Licht") in kept(house)[0] or path != FORM


def test_the_link_in_a_message_is_followed_once_more(house, server, public):
    form = dict(Page(public.get(FORM).text).sent) | SAID[FORM] | {"email": "jo@example.org"}
    house.wait(seconds=5)
    public.post(FORM, data=form)
    (message,) = [one for one in house.installation.registrations.unsent(TOWN, "treffen-1") if one.email[:2] == "jo"]
    path = re.search(r"http://testserver(/\S+/absagen/\S+)", message.body)[1]
    form = dict(Page(public.get(path).text).sent)
    lost = while_away(server, lambda: public.post(path, data=form))
    assert (lost.status_code, '<ul class="plain">' in lost.text) == (503, False)
    assert f'action="{path}"' in lost.text
    assert "Sie sind abgemeldet" in public.post(path, data=dict(Page(lost.text).sent)).text


def test_of_a_form_of_another_site_nothing_is_shown(server, public):
    form = SAID[BARRIER] | {"token": ""}
    answer = while_away(
        server, lambda: public.post(BARRIER, data=form, headers={"origin": "https://elsewhere.example"})
    )
    assert answer.status_code == 403
    assert "0204 112" not in answer.text
