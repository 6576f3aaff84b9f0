"""What the page of an entry says of its place: before and after, dissent, and why on one page to print."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.testclient import TestClient

from adapters import verify
from adapters.web.public import MOST_CONSEQUENCES
from projections.why import why
from tests.faces import BOTTROP, House
from tests.story import corrected, published, told, withdrawn
from tests.test_pages import Document

PAGE = f"/prozesse/{BOTTROP}"


def page(house, path):
    answer = house.get(f"{PAGE}{path}")
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def test_an_entry_leads_to_what_stands_before_and_after_it_in_the_timeline(town):
    order = town.installation.service.view(BOTTROP, None).view.order
    at = order.index(47)
    shown = page(town, "/eintrag/47")
    assert {f"{PAGE}/eintrag/{order[at - 1]}", f"{PAGE}/eintrag/{order[at + 1]}"} <= shown.links
    beside = shown.words.partition("Davor und danach im Verlauf")[2]
    assert beside.index("Davor") < beside.index("Danach")
    assert "nichts: der erste Eintrag" in page(town, f"/eintrag/{order[0]}").words
    assert "nichts: der letzte Eintrag" in page(town, f"/eintrag/{order[-1]}").words


def test_a_decision_of_which_nobody_wrote_down_who_disagreed_says_so(town):
    assert "Abweichende Meinungen nicht dokumentiert" in page(town, "/eintrag/46").words


def test_why_is_told_in_the_order_in_which_it_came_about_with_what_it_led_to(town):
    document = page(town, "/eintrag/47/warum")
    led, followed = document.words.split("Wie es dazu kam")[1].split("Was daraus folgte")
    said = ("Auf allen Ebenen treffen sich dieselben Leute", "Drei Ebenen und ein stark theoretischer Ansatz")
    assert led.index(said[0]) < led.index(said[1])
    assert "Von wem: Projektverbund Bottrop 2018+; Verfahren: nicht dokumentiert; Nr. 46) Das führte zu: Nr. 47." in led
    assert "Die Reallabore stimmen sich unmittelbar mit der Wirtschaftsallianz ab." in followed
    assert f"{PAGE}/eintrag/47/warum" in page(town, "/eintrag/47").links


def test_a_long_chain_is_told_whole_what_is_farther_away_to_be_unfolded(town):
    path = why(town.installation.service.view(BOTTROP, None).view, 47)
    assert len(path.consequences) > 20
    found = Document(town.get(f"{PAGE}/eintrag/47/warum").text)
    assert {f"{PAGE}/eintrag/{each.number}" for each in (*path.causes, *path.consequences)} <= found.links
    assert f"Alle weiteren der Kette ({len(path.consequences) - MOST_CONSEQUENCES})" in found.words


@pytest.mark.parametrize("address", ["/eintrag/999/warum", "/eintrag/x/warum", "/eintrag/0/warum"])
def test_there_is_no_why_where_there_is_no_entry(town, address):
    assert town.get(f"{PAGE}{address}").status_code == 404


def test_why_keeps_to_the_day_that_is_asked_for(town):
    known = page(town, "/eintrag/47/warum?happened_by=2018-12-31")
    assert f"{PAGE}/eintrag/46?happened_by=2018-12-31" in known.links


def test_why_names_what_was_withdrawn_as_withdrawn_from_wherever_it_is_reached(tmp_path):
    """What is withdrawn has no date that is in force, and stays a cause and a consequence that can be read."""
    house = House(tmp_path / "data")
    noted = {key: told({"type": "context-noted", "what": key}, "2018") for key in ("eins", "zwei", "drei")}
    noted["zwei"]["because"], noted["drei"]["because"] = ["eins"], ["zwei"]
    house.record({"key": "o", **told({"type": "process-opened", "name": "Lindenau"}, "2016")})
    house.record(*({"key": key, **content} for key, content in noted.items()))
    house.record({"key": "weg", **withdrawn("zwei")})
    house.record(published("o", *noted, "weg"))
    for key in noted:
        shown = page(house, f"/eintrag/{house.numbers[key]}/warum").words
        assert ("Dieser Eintrag ist zurückgenommen" if key == "zwei" else "Zurückgenommen: zwei") in shown
    house.close()


def line_of(house, path):
    """What an entry says of itself beneath its heading."""
    words = page(house, path).words
    return words[words.index("Erfasst am") :].partition(" Prüfen")[0]


def test_an_entry_says_when_it_was_recorded_and_made_public_its_place_and_what_became_of_it(tmp_path):
    house = House(tmp_path / "data")
    house.record({"key": "a", **told({"type": "process-opened", "name": "Lindenau"}, "2020")})
    house.record({"key": "b", **told({"type": "context-noted", "what": "Etwas"}, "2020")})
    house.wait(days=1)
    house.record({"key": "c", **published("a", "b")})
    address = "/eintrag/2"
    said = "Erfasst am 22. November 2026, 10:00 Uhr · öffentlich seit 23. November 2026, 10:00 Uhr"
    said += " · Platz 1 im Protokoll"
    assert line_of(house, address) == f"{said} ·"
    assert f"/prozesse/{BOTTROP}/pruefen#nr-2" in page(house, address).links
    house.record({"key": "d", **corrected("b", told({"type": "context-noted", "what": "Etwas anderes"}, "2020"))})
    unchanged = house.get(PAGE + address).headers["etag"]
    house.record({"key": "e", **withdrawn("b")})
    house.ask_anew()
    assert house.get(PAGE + address).headers["etag"] == unchanged, "what is internal changes nothing"
    assert line_of(house, address) == f"{said} ·"
    house.record({"key": "f", **published("d", "e")})
    assert line_of(house, address) == f"{said} · berichtigt durch Nr. 4 · zurückgenommen durch Nr. 5 ·"
    house.close()


def test_an_entry_says_who_witnessed_it_once_they_did_and_stays_as_it_is(tmp_path):
    house = House(tmp_path / "data")
    house.record({"key": "a", **told({"type": "process-opened", "name": "Lindenau"}, "2020")})
    house.record({"key": "b", **published("a")})
    address = "/eintrag/1"
    assert "bezeugt" not in line_of(house, address), "without witnesses nothing is claimed"
    private = Ed25519PrivateKey.generate()
    witness = verify.Witness("Stadtarchiv", verify.witness_key("archiv.example", private))
    office = house.installation
    (office.settings.home / "witnesses.policy").write_text(f"witness Stadtarchiv {witness.key}\nquorum Stadtarchiv\n")
    house.ask_anew()
    assert line_of(house, address).endswith("· Platz 0 im Protokoll · noch nicht bezeugt ·")

    def cosign():
        note = office.signer.checkpoint()
        size = verify.open_checkpoint(note, [office.signer.key()]).size
        text = note.partition("\n\n")[0] + "\n"
        line = verify.cosignature_line(text, "archiv.example", private, int(house.now.timestamp()))
        office.cosignatures.keep(witness, size, house.now, line)

    cosign()
    house.client = TestClient(house.app)  # what was kept is not given again
    said = line_of(house, address)
    assert said.endswith("· bezeugt seit 22. November 2026, 10:00 Uhr von Stadtarchiv ·")
    before = house.get(PAGE + address).headers["etag"]
    house.wait(hours=1)
    house.record({"key": "c", **told({"type": "context-noted", "what": "Nur intern"}, "2020")})
    cosign()
    house.ask_anew()
    assert house.get(PAGE + address).headers["etag"] == before
    house.close()
