"""What a new process can begin with: every template is admitted, and is what it says it is."""

from datetime import date

import pytest

from adapters.beginnings import TEMPLATES, named, short_id, statements, structure_of
from domain.account import Account
from domain.when import When
from service import Times
from tests.faces import BOTTROP, House, bottrop

BEGUN = When(edtf="2024-22", wording="im Sommer 2024")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    house = bottrop(tmp_path_factory.mktemp("beginnings") / "data")
    yield house
    house.close()


def admin(house: House) -> Account:
    account = house.installation.accounts.account_of(house.tokens["admin"])
    assert account is not None
    return account


def begin(house, process, parts):
    service = house.installation.service
    given = statements(process, "Musterstadt 2030", "Musterstadt", "Europe/Berlin", BEGUN, parts)
    outcome = service.record(given, admin(house))
    assert service.record(given, admin(house)).new == (), "sending it twice records once"
    return outcome


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_admitted_and_public_after_publishing_with_the_structure_it_says(town, template):
    parts, service = TEMPLATES[template].parts, town.installation.service
    outcome = begin(town, template, parts)
    assert len(outcome.new) == len(parts) + 1
    assert set(structure_of(service.view(template, admin(town)).view)) == set(parts)
    town.record({"key": "oeffentlich", "step": {"type": "entry-published", "targets": outcome.new}}, process=template)
    town.wait(hours=1)
    assert set(structure_of(service.view(template, None).view)) == set(parts)


def test_a_process_can_begin_with_the_structure_of_another_one_on_a_day(town):
    service = town.installation.service
    parts = structure_of(service.view(BOTTROP, admin(town), Times(date(2018, 12, 31))).view)
    assert {part.kind for part in parts} >= {"level", "allianz"}
    begin(town, "wie-bottrop", parts)
    again = structure_of(service.view("wie-bottrop", admin(town)).view)
    assert {(p.id, p.kind, p.name, p.parent, p.level) for p in again} == {
        (p.id, p.kind, p.name, p.parent, p.level) for p in parts
    }


def test_names_are_the_offices_own():
    parts = named(TEMPLATES["two-levels"].parts, {"reallabor-1": "  Hafen ", "geschaeftsstelle": " "})
    assert {part.id: part.name for part in parts}["reallabor-1"] == "Hafen"
    assert {part.id: part.name for part in parts}["geschaeftsstelle"] is None


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Bottrop 2018+", "bottrop-2018"),
        ("Grüne Straße – Köln/Süd", "gruene-strasse-koeln-sued"),
        ("Élan Łódź", "elan-lodz"),
        ("…", ""),
        ("a" * 62 + " b", "a" * 62),
    ],
)
def test_a_short_id_is_proposed_from_the_name(name, id_):
    assert short_id(name) == id_
