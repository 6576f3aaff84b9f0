"""Persons at the desk: only who may record sees them, no address names them, and a report leads to erasing."""

import json

from tests.faces import BOTTROP
from tests.test_desk import DESK, PASSWORD, Browser, browser, house, inside, town  # noqa: F401
from tests.test_pages import Document

PEOPLE = f"{DESK}/personen"
ABOUT = f"{PEOPLE}/auskunft"
NEW = f"{PEOPLE}/neu/{BOTTROP}"
TYPED = {"name": "Quendolin Zwirnhelm", "kind": "representative", "contact": "x@quark.example", "note": "Tintenherz"}


def noted(inside, **changed):  # noqa: F811
    return inside.post(NEW, {"token": inside.token(NEW), **TYPED, **changed})


def report(inside, **more):  # noqa: F811
    return inside.post(ABOUT, {"token": inside.token(ABOUT), "name": "quendolin", "act": "ask", **more})


def test_4_1_12_who_is_named_where_and_what_erasing_does_is_told_in_three_steps_from_the_start_page(inside):  # noqa: F811
    person = noted(inside).headers["location"]
    inside.post(person, {"token": inside.token(person), "act": "tie", "number": "3", "role": "mentioned"})
    assert PEOPLE in Document(inside.get(DESK).text).links
    assert ABOUT in Document(inside.get(PEOPLE).text).links
    page = Document(report(inside).text)
    assert "Personen: Quendolin Zwirnhelm" in page.words
    assert "Einträge und Zahlen bleiben beim Löschen, wie sie sind." in page.words
    told = json.loads(report(inside, act="file").text)
    assert [one["content"]["entries"] for one in told["held"]][-1] == [{"number": 3, "role": "mentioned"}]
    chosen = person.rpartition("/")[2]
    version = inside.house.api("/entries", "recorder").text
    done = report(inside, act="erase", held=f"people {chosen}", reason="request", sure="yes")
    assert done.headers["location"] == f"{PEOPLE}?geloescht=1"
    assert inside.get(person).status_code == 404
    assert inside.house.api("/entries", "recorder").text == version


def test_nothing_is_erased_that_is_not_chosen_and_confirmed(inside):  # noqa: F811
    chosen = noted(inside).headers["location"].rpartition("/")[2]
    for given in ({"sure": "yes"}, {"held": f"people {chosen}"}):
        answer = report(inside, act="erase", reason="request", **given)
        assert (answer.status_code, "Gelöscht ist gelöscht" in answer.text) == (422, True)
    answer = report(inside, act="erase", held=f"people {chosen}", reason="", sure="yes")
    assert answer.status_code == 422
    assert inside.get(f"{PEOPLE}/person/{chosen}").status_code == 200


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_still_there(inside):  # noqa: F811
    answer = noted(inside, until="bald")
    assert answer.status_code == 422
    assert 'id="until-error"' in answer.text
    assert {'value="bald"' in answer.text, 'value="Tintenherz"' in answer.text} == {True}


def test_accounts_are_for_administrators_and_persons_for_who_may_record_there(inside, house):  # noqa: F811
    person = noted(inside).headers["location"]
    assert "Konten" not in Document(report(inside, name="Erika").text).words.partition("Daten neben")[2].partition(
        "sieht nur"
    )[0].replace("Konten und andere", "")
    for role in ("evaluator", "publisher"):
        account = house.installation.accounts.create("Nur Lesen", [(role, "*")]).id
        house.installation.passwords.set(account, PASSWORD)
        reader = Browser(house)
        reader.sign_in(account)
        assert {reader.get(path).status_code for path in (PEOPLE, ABOUT, NEW, person)} == {404}
        assert PEOPLE not in reader.get(DESK).text
    admin = house.installation.accounts.create("Verwaltung", [("admin", "*")]).id
    house.installation.passwords.set(admin, PASSWORD)
    head = Browser(house)
    head.sign_in(admin)
    assert "Konten: Erika Mustermann" in Document(report(head, name="Erika").text).words
