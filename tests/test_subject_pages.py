"""The pages of bodies, actors, themes and documents: what a reader finds there, and what leads to them."""

import hashlib
from io import BytesIO

import pytest

from tests.faces import BOTTROP, bottrop
from tests.story import alliance, published, told
from tests.test_pages import HOSTILE, Document

PAGE = f"/prozesse/{BOTTROP}"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Bottrop with a body that has changed, one that is internal, and a source of which only the title is known."""
    house = bottrop(tmp_path_factory.mktemp("subjects") / "data")
    house.record(
        {"key": "runde", **alliance("runde", "2019-03-01", name=HOSTILE)},
        {"key": "umbenannt", **told({"type": "body-changed", "body": "runde", "name": "Runde"}, "2020-03-01")},
        {
            "key": "mitglied",
            **told(
                {"type": "role-assigned", "role": "r", "actor": "iat", "kind": "member", "body": "runde"},
                "2019-04/2020-04",
            ),
        },
        {
            "key": "titel",
            **told({"type": "context-noted", "what": "Laut Aushang"}, "2019"),
            "sources": [{"title": "Aushang"}],
        },
        {"key": "geheim", **alliance("geheim", "2019-03-01")},
    )
    house.record({"key": "heraus", **published("runde", "umbenannt", "mitglied", "titel")})
    house.wait(days=1)
    yield house
    house.close()


def page(house, path, as_=None):
    answer = house.get(f"{PAGE}{path}", as_)
    assert answer.status_code == 200, answer.text
    return Document(answer.text)


def test_every_fact_of_a_body_names_its_entry_and_what_held_before(town):
    document = page(town, "/gremien/runde")
    first, second = town.numbers["runde"], town.numbers["umbenannt"]
    now, before = document.words.partition("Was gilt, und seit wann")[2].split("davor:", 1)
    assert now.endswith(f"Runde seit: am 1. März 2020, durch Nr. {second}")
    assert before.startswith(f" {HOSTILE} seit: am 1. März 2019, durch Nr. {first}")
    assert {f"{PAGE}/eintrag/{first}", f"{PAGE}/eintrag/{second}"} <= document.links
    assert not document.all("b")
    assert {script.get("type") for script in document.all("script")} <= {"application/ld+json"}


def test_who_is_a_member_and_who_was_is_told_for_every_day_or_said_not_to_be_documented(town):
    assert (
        "Am 23. November 2026: nicht dokumentiert Früher: Mitglied: Institut Arbeit"
        in page(town, "/gremien/runde").words
    )
    there = page(town, "/gremien/runde?happened_by=2019-12-31").words
    assert "Am 31. Dezember 2019: Mitglied: Institut Arbeit" in there
    for query in ("", "?happened_by=2018-06-30"):
        words = page(town, f"/gremien/wirtschaftsallianz{query}").words
        assert words.partition("Mitglieder")[2].count("nicht dokumentiert") >= 2


def test_what_became_of_a_body_that_is_gone(town):
    words = page(town, "/gremien/reallabor-city-logistik").words
    assert "gibt es das nicht mehr: ausgegründet, zwischen Oktober 2016 und September 2019" in words
    assert "Nachfolge LOUISE" in words


def test_a_body_that_is_perhaps_there_says_so(town):
    words = page(town, "/gremien/reallabor-handwerk?happened_by=2018-06-30").words
    assert "Am 30. Juni 2018 kann es das schon geben, sicher ist es nicht." in words
    assert "vielleicht schon Digitale Koproduktion im Handwerk" in words


def test_what_was_not_known_yet_is_said_to_be_unknown_then(town):
    words = page(town, "/gremien/wirtschaftsallianz?known_by=2020-01-01").words
    assert "Davon war damals hier noch nichts erfasst oder veröffentlicht." in words


def test_what_does_not_exist_or_is_internal_has_no_page(town):
    for path in (
        "/gremien/geheim",
        "/gremien/amt",
        "/akteure/wirtschaftsallianz",
        "/gremien/Ä",
        "/handlungsfelder/nein",
    ):
        answer = town.get(f"{PAGE}{path}")
        assert answer.status_code == 404
        assert "keine Seite" in answer.text
    assert "geheim" not in town.get(f"{PAGE}/gremien").text


def test_lists_show_what_there_is_and_what_there_was(town):
    bodies = page(town, "/gremien")
    assert bodies.words.index("Wirtschaftsallianz Bottrop") < bodies.words.index("Nicht mehr da")
    assert bodies.words.index("Nicht mehr da") < bodies.words.index("City Logistik")
    assert f"{PAGE}/akteure/iat" in page(town, "/akteure").links
    assert (
        f"{PAGE}/gremien/wirtschaftsallianz?happened_by=2018-06-30"
        in page(town, "/gremien?happened_by=2018-06-30").links
    )


def test_names_lead_to_what_they_name(town):
    decision = next(n for n in town.installation.service.view(BOTTROP, None).view.order if _is_decision(town, n))
    body = f"{PAGE}/gremien/wirtschaftsallianz"
    for path in ("", "/struktur", "/beschluesse", "/termine", f"/eintrag/{decision}"):
        assert body in page(town, path).links, path
    assert f"{PAGE}/akteure/projektverbund" in page(town, "/verlauf?kind=decisions").links


def _is_decision(house, number):
    step = house.installation.service.view(BOTTROP, None).view.form(number).telling.step
    return step.type == "decision-taken" and "wirtschaftsallianz" in step.about


def test_documents_are_listed_with_checksum_and_the_passages_that_are_cited(town):
    document = page(town, "/dokumente")
    assert "c003b42846bbc403adc745b7004fbc13a1f2d15de0e9eac3f217578b64e7c7f9" in document.words
    assert "Nr. 47 (Zeilen 232, 266-292, 294-295, 335-338, 858-862)" in document.words
    assert "Aushang Prüfsumme der Datei (SHA-256) nicht angegeben" in document.words
    place = next(link for link in page(town, "/eintrag/47").links if "/dokumente#" in link)
    assert place.partition("#")[2] in {element.get("id") for _, element in document.elements}


def test_a_document_that_the_office_handed_out_can_be_downloaded_where_it_is_listed(town):
    content = b"Protokoll der Sitzung"
    sha256 = hashlib.sha256(content).hexdigest()
    town.record(
        {
            **told({"type": "context-noted", "what": "Mit Datei"}, "2019"),
            "key": "datei",
            "sources": [{"title": "Protokoll", "sha256": sha256}],
        }
    )
    town.record({"key": "datei-heraus", **published("datei")})
    town.installation.documents.keep(BOTTROP, "protokoll.txt", BytesIO(content), "k")
    address = f"{PAGE}/dokumente/{sha256}"
    assert address not in page(town, "/dokumente").links
    town.installation.documents.hand_out(BOTTROP, sha256, public=True, by="k")
    assert address in page(town, "/dokumente").links
    assert town.get(address).content == content


def test_what_is_done_with_documents_that_the_public_does_not_have_changes_no_answer_to_it(town):
    """Not even an ETag: it would tell when the office works on what, also in a process that nobody knows of."""
    pages = [f"{PAGE}{path}" for path in ("/dokumente", "/berichtigungen", "/eintrag/47")]
    before = {path: town.get(path) for path in pages}
    documents, sha256 = town.installation.documents, hashlib.sha256(b"Entwurf").hexdigest()
    for process in (BOTTROP, "verborgen"):
        documents.keep(process, "entwurf.txt", BytesIO(b"Entwurf"), "k")
    documents.take_away("verborgen", sha256, "Irrtum", "k")
    for path, answer in before.items():
        after = town.get(path)
        assert (after.content, after.headers["etag"]) == (answer.content, answer.headers["etag"]), path
    documents.hand_out(BOTTROP, sha256, public=True, by="k")
    assert town.get(pages[0]).headers["etag"] != before[pages[0]].headers["etag"]


# ---- the start page -----------------------------------------------------------------------------------------------


def test_the_start_page_tells_when_one_can_come_and_how_far_one_can_take_part(town):
    meeting = {
        "type": "meeting-planned",
        "meeting": "markt",
        "title": "Marktgespräch",
        "begins": "2027-02-03T18:00",
        "format": "in-person",
        "place": "Rathaus",
        "registration": "required",
        "degree": {"scheme": "iap2", "term": "consult"},
        "terms": "Offen für alle aus der Stadt",
    }
    town.record({"key": "markt", **told(meeting, "2026-11-01")}, {"key": "markt-heraus", **published("markt")})
    shown = page(town, "")
    assert "Marktgespräch 3. Februar 2027, 18:00 Uhr · vor Ort · Rathaus" in " ".join(shown.text.split())
    assert "Konsultieren (IAP2-Spektrum der Beteiligung)" in shown.words
    assert "Offen für alle aus der Stadt" in shown.words
    assert f"{PAGE}/termine/markt/anmeldung" in shown.links
    past = page(town, "?happened_by=2026-11-10")
    assert "Was als Nächstes ansteht, zeigt der heutige Stand." in past.words


def test_what_was_found_or_disputed_is_not_among_the_latest_events(town):
    latest = page(town, "").words.partition("Was zuletzt geschehen ist")[2].partition("Der ganze Verlauf")[0]
    assert "Darstellung bestritten" not in latest
    assert "Zusage gemacht" in latest
