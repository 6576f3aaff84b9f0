"""Every screen of the desk in a real browser: accessible in both languages, also after an error, and narrow enough."""

import re
from io import BytesIO

import pytest

from adapters.barrier_reports import Report
from adapters.drafts import Part
from adapters.imports.tables import read_table
from adapters.people import Person
from adapters.registrations import Opening
from adapters.web.app import AT_THE_DESK
from tests.browser import ALL, BUT_COLOURS, clerk_of, faults, has_focus_on_what_is_wrong, narrow, sign_in
from tests.faces import BOTTROP
from tests.story import told
from tests.test_desk_documents import PDF

DESK = "/geschaeftsstelle"
HERE = f"{DESK}/{BOTTROP}"


def routes(method):
    """The desk's addresses, as the application knows them; the English ones differ by `/en` alone."""
    found = [r.path for router in AT_THE_DESK for r in router.routes if method in r.methods]
    assert {path.removeprefix("/en") for path in found} <= set(found)
    return [path for path in found if not path.startswith("/en")]


PUBLIC_TOO = f"{DESK}/{{process}}/stand"
"""Below it stand the public pages as the office sees them; those are looked at in both languages elsewhere."""

DOWNLOADED = re.compile(
    r".*(\.xlsx|\.ics|\.svg|\.png|\.atom|\.{ending}|\.json|\.bib|/daten/{format}|/dokumente/{sha256}|/beleg)|.*/entwuerfe/{draft}/neu"
)
"""What is no screen: files, and an address that only leads on."""

SCREENS = [path for path in routes("GET") if not DOWNLOADED.fullmatch(path)]

MORE = [f"{HERE}/zu-tun?tage=bald", f"{HERE}/erfasst?wer=alle&seit=2026-11-01", f"{HERE}/erfasst?seit=neulich"]
"""Screens that look otherwise with another question."""

WRONG = {
    f"{DESK}/passwort": ("form:has(#again) button", {"current": "falsch", "new": "a", "again": "b"}),
    f"{DESK}/konten": ("button[value=create]", {}),
    f"{DESK}/konten/{{account}}": ("button[value=token]", {}),
    f"{DESK}/personen/neu/{{process}}": ("button[value=save]", {}),
    f"{DESK}/personen/person/{{id_}}": ("button[value=tie]", {"number": "so viele"}),
    f"{DESK}/neu": ("button[value=check]", {}),
    f"{DESK}/{{process}}/erfassen/{{step_type}}": ("button[value=check]", {}),
    f"{DESK}/{{process}}/veroeffentlichen": ("button[value=check]", {"day": "bald"}),
    f"{DESK}/{{process}}/eintrag/{{number}}/berichtigen": ("button[value=check]", {}),
    f"{DESK}/{{process}}/eintrag/{{number}}/zuruecknehmen": ("button[value=check]", {}),
    f"{DESK}/{{process}}/eintrag/{{number}}/einfache-sprache": ("button[value=check]", {}),
    f"{DESK}/{{process}}/eintrag/{{number}}/texte-loeschen": ("main form button", {"approval": "Az 30"}),
    f"{DESK}/{{process}}/entwuerfe/{{draft}}": (None, {}),
    f"{DESK}/{{process}}/dokumente": ("button[value=upload]", {}),
    f"{DESK}/{{process}}/tabelle/{{step_type}}": ("form[enctype] button", {}),
    f"{DESK}/{{process}}/tabelle/{{step_type}}/{{table}}": (None, {}),
    f"{DESK}/{{process}}/termine/{{meeting}}": ("button[value=open]", {"closes-on": "bald"}),
    f"{DESK}/{{process}}/termine/{{meeting}}/anmeldungen": ("button[value=register]", {}),
    f"{DESK}/personen/auskunft": ("button[value=erase]", {}),
}
"""For each form, what is pressed and typed wrongly; where nothing is pressed, the screen itself tells what is wrong."""

NOTHING_TYPED = {
    f"{DESK}/abmelden",
    f"{DESK}/barrieren",
    f"{DESK}/personen",
    f"{DESK}/entwurf-verwerfen/{{draft}}",
    f"{DESK}/{{rest:path}}",
}
"""Where a form is sent in which nothing can be wrong."""


@pytest.fixture(scope="module")
def clerk(town):
    """The account of somebody who may do everything."""
    return clerk_of(town, "admin", process="*")


@pytest.fixture(scope="module")
def signed_in(browser, server, clerk):
    """A tab in which somebody who may do everything is signed in."""
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{server}{DESK}")
    sign_in(tab, clerk)
    yield tab
    context.close()


@pytest.fixture(scope="module")
def named(town, clerk):
    """What stands in an address in each place, with something to see there."""
    found = town.installation
    meeting = {"type": "meeting-planned", "meeting": "rathaus", "title": "Treffen im Rathaus", "places": 20}
    planned = told({**meeting, "begins": "2026-12-10T18:00"}, "2026-11-20")
    (number,) = town.record({"key": "rathaus", **planned})
    town.record({"step": {"type": "entry-published", "targets": [number]}})
    found.registrations.set_opening(BOTTROP, "rathaus", Opening(open=False, closes_on=None))
    town.record({"key": "intern", **told({"type": "context-noted", "what": "Das Rahtaus ist offen"}, "2017")})
    said = {"/step/what": ["Das Rathaus ist offen"], "/occurred/edtf": ["2018"]}
    found.drafts.put(clerk, BOTTROP, "entwurf-1", Part("entwurf-1", "context-noted", said))
    found.drafts.put(
        clerk, BOTTROP, "entwurf-1", Part("entwurf-2", "context-noted", {**said, "/occurred/edtf": ["bald"]})
    )
    found.drafts.interrupt(clerk, BOTTROP, "unterbrochen-1", f"{HERE}/eintrag/47/berichtigen", [("reason", "Irrtum")])
    sheet = read_table(BytesIO(b"Art;Inhalt;Datum\r\nUnmut;Zu laut;31.2.2018\r\n"), "a.csv")
    table = found.waiting_tables.put(clerk, BOTTROP, "feedback-received", sheet.packed())
    document = found.documents.keep(BOTTROP, "Protokoll.pdf", BytesIO(PDF), clerk)
    found.barrier_reports.add(Report(f"/prozesse/{BOTTROP}", "Zu klein", "", "0204 112", "de", BOTTROP))
    person = found.people.add(Person(BOTTROP, "representative", "Jan Beispiel"), clerk)
    return {
        "process": BOTTROP,
        "step_type": "feedback-received",
        "number": "47",
        "draft": "entwurf-1",
        "key": "entwurf-2",
        "account": clerk,
        "id_": person,
        "sha256": document.sha256,
        "meeting": "rathaus",
        "table": table,
        "body": "wirtschaftsallianz",
        "actor": "faktor-10",
        "theme": "logistik",
        "rest:path": "hier-ist-nichts",
    }


def address(path, named):
    """The address of a screen, with something to see there. Whoever adds a place to an address names one above."""
    if path == f"{DESK}/unterbrochen/{{draft}}":
        named = {**named, "draft": "unterbrochen-1"}
    return re.sub(r"{([^}]+)}", lambda place: named[place[1]], path)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        *((path, "") for path in [*SCREENS, *MORE]),
        *((path, "/en") for path in SCREENS if not path.startswith(PUBLIC_TOO)),
    ],
)
def test_a_screen_is_accessible_and_fits_a_narrow_window(signed_in, server, named, path, language):
    answer = signed_in.goto(f"{server}{language}{address(path, named)}")
    assert answer.headers["content-type"].startswith("text/html")
    assert (answer.status == 404) == path.endswith("{rest:path}"), answer.status
    assert faults(signed_in, BUT_COLOURS if language else ALL) == []
    narrow(signed_in)


def test_every_form_of_the_desk_is_tried_with_something_wrong():
    assert set(routes("POST")) == {*WRONG, *NOTHING_TYPED}


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_is_told_first_and_has_the_focus(signed_in, server, named, path):
    signed_in.goto(f"{server}/en{address(path, named)}")
    if path.endswith("/auskunft"):  # one asks first, and then says what is to be erased
        signed_in.locator("#name").fill("Jan Beispiel")
        with signed_in.expect_navigation():
            signed_in.locator("button[value=ask]").click()
    button, typed = WRONG[path]
    if button is not None:
        signed_in.locator("main form").evaluate_all("forms => forms.forEach(form => { form.noValidate = true; })")
        for name, value in typed.items():
            signed_in.locator(f"input[name={name}]:not([type=hidden])").first.fill(value)
        with signed_in.expect_navigation():
            signed_in.locator(button).first.press("Enter")
    assert signed_in.title().startswith("Error: ")
    has_focus_on_what_is_wrong(signed_in)
    assert faults(signed_in) == []
    narrow(signed_in)


def test_a_process_is_begun_after_an_error_that_is_told_first(signed_in, server):
    signed_in.goto(f"{server}{DESK}/neu")
    signed_in.get_by_label("Zwei Ebenen").check()
    signed_in.get_by_label("Wann hat er begonnen?").fill("neulich")
    signed_in.get_by_role("button", name="Prüfen").click()
    has_focus_on_what_is_wrong(signed_in)
    assert faults(signed_in) == []
    narrow(signed_in)
    signed_in.get_by_label("Name des Prozesses").fill("Musterstadt 2030")
    signed_in.get_by_label("Wann hat er begonnen?").fill("im Herbst 2024")
    signed_in.get_by_role("button", name="Prüfen").click()
    assert signed_in.get_by_text("Geprüft – noch nichts gespeichert").is_visible()
    assert faults(signed_in) == []
    signed_in.get_by_role("button", name="Prozess anlegen").click()
    assert signed_in.url == f"{server}{DESK}/musterstadt-2030"
