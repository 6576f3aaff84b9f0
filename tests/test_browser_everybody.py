"""Every kind of page for everybody: in large letters on a narrow window, dark, in few colours, by keyboard, no script.

What a page is like in the light and at a usual size is seen in `test_browser.py`.
"""

import os

import pytest

from adapters.registers import REGISTERS
from adapters.registrations import Meet, Opening, Person
from adapters.web import barriers, documents, duties, linked_data, registering
from adapters.web.app import PAGES
from tests.browser import accessible, faults
from tests.faces import BOTTROP, LAST, bottrop
from tests.story import alliance, corrected, published, told, withdrawn

PROCESS = "/prozesse/{process}"
EVALUATION = "/auswertung/{process}"
FORM = f"{PROCESS}/termine/{{meeting}}/anmeldung"
LONG = "x" * 63
PAST = "happened_by=2018-06-30"

# What is laid out and drawn by hand is seen in every way: as it is, chosen from, and in the past.
SEEN = {
    PROCESS: {"dark": "", "forced": f"?{PAST}", "large": ""},
    f"{PROCESS}/verlauf": {
        "dark": "?kind=structure&order=newest",
        "forced": "?body=wirtschaftsallianz&from=2017-01-01&seit=2026-11-01",
        "large": f"?body={LONG}&{PAST}",
    },
    f"{PROCESS}/struktur": {
        "dark": f"?ansicht=tabelle&{PAST}",
        "forced": "?ansicht=bild",
        "large": f"?ansicht=bild&{PAST}",
    },
    f"{PROCESS}/vergleich": {
        "dark": "?from=2017-10-01&to=2018-12-31",
        "forced": "",
        "large": "?from=2017-10-01&to=2018-12-31",
    },
    f"{PROCESS}/eintrag/{{number}}": {"dark": "", "forced": f"?{PAST}", "large": ""},
    f"{PROCESS}/gremien/{{body}}": {"dark": f"?{PAST}", "forced": "", "large": ""},
    f"{PROCESS}/szenarien": {"dark": "", "forced": "?happened_by=2020-12-31", "large": ""},
    f"{PROCESS}/termine": {"dark": "?happened_by=2020-12-31", "forced": "", "large": ""},
    "/auswertung/{process}/zahlen": {"dark": "", "forced": f"?{PAST}", "large": ""},
    "/auswertung/{process}/zitat": {"dark": "", "forced": f"?{PAST}", "large": ""},
    EVALUATION: {
        "dark": "?day=2018-12-31",
        "forced": "?order=known&per=entry&entry=26",
        "large": "?day=2018-12-31&kind=structure",
    },
    f"{EVALUATION}/was-waere-wenn": {"dark": "?without=47", "forced": "?without=28", "large": "?without=47"},
    "/suche": {"dark": "?q=allianz", "forced": "?q=allianz&process={process}", "large": "?q=wirtschaftsf"},
}
# Pages of lists, tables and words alone differ from those in how wide they are, and in nothing else.
ONCE = {
    "/": "",
    **{f"{PROCESS}/{register.page}": f"?{PAST}" for register in REGISTERS},  # shorter than today, and as wide
    f"{PROCESS}/eintrag/{{number}}/warum": "",
    f"{PROCESS}/gremien": f"?{PAST}",
    f"{PROCESS}/akteure": "",
    f"{PROCESS}/akteure/{{actor}}": "",
    f"{PROCESS}/handlungsfelder": "",
    f"{PROCESS}/handlungsfelder/{{theme}}": "",
    f"{PROCESS}/dokumente": f"?{PAST}",
    "/auswertung/{process}/daten": f"?{PAST}",
    f"{PROCESS}/berichtigungen": f"?{PAST}",
    f"{PROCESS}/pruefen": "",
    f"{EVALUATION}/vergleich": "",
    f"{PROCESS}/einbetten/verlauf": "",
    f"{PROCESS}/einbetten/struktur": "",
    FORM: "?angekommen=warteliste",
    f"{FORM}/bestaetigen/{{secret}}": "",
    f"{FORM}/absagen/{{secret}}": "",
    "/problems/{code}": "",
    "/impressum": "",
    "/datenschutz": "",
    "/barrierefreiheit": "",
    "/barriere-melden": "?seite=/",
    "/leichte-sprache": "",
    "/gebaerdensprache": "",
}
USUALLY = {path: {"large": query} for path, query in ONCE.items()} | SEEN
ON_ONE_DAY = {f"{PROCESS}/vergleich", FORM, f"{FORM}/bestaetigen/{{secret}}", f"{FORM}/absagen/{{secret}}"}
"""Pages of a process that cannot be asked for a past day."""


def in_every_way(path, query):
    """A page in every way, today and in the past: for `make soak`, since it takes ten minutes."""
    today = query.replace(f"&{PAST}", "").replace(f"?{PAST}", "")
    times = {"": today}
    if path.startswith(PROCESS) and path not in ON_ONE_DAY:
        times["-past"] = f"{today}&{PAST}" if today else f"?{PAST}"
    return {way + time: asked for way in ("light", "dark", "forced", "large") for time, asked in times.items()}


SOAK = "WERDEGANG_SOAK" in os.environ
WAYS = {path: in_every_way(path, ways["large"]) if SOAK else ways for path, ways in USUALLY.items()}
NO_PAGES = {
    f"{PROCESS}/dokumente/{{sha256}}",
    "/auswertung/{process}/daten/{format}",
    "/gebaerdensprache/video",
    "/prozesse",
}
"""Files, and what only leads on; so do addresses whose last part has a dot."""

WITHDRAWN = LAST + 2
"""An entry whose heading is one long word, with its withdrawal and its reason."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Bottrop with words too long for any line, a theme, and a meeting for which somebody has registered."""
    house = bottrop(tmp_path_factory.mktemp("everybody") / "data")
    long = "Wirtschaftsförderungsstandortmanagement" * 5
    note = told({"type": "context-noted", "what": f"Eine Angabe {long}"}, "2018", grounds=f"Ein Grund {long}")
    planned = {"type": "meeting-planned", "meeting": "treffen", "title": long, "begins": "2026-12-10T18:00"}
    house.record({"key": "a", **note}, {"key": "b", **note})
    house.record({"key": "c", **corrected("a", {**note, "grounds": "Ein anderer Grund"})})
    house.record({"key": "d", **withdrawn("b")})
    house.record({"key": "e", **alliance(LONG, "2018", name=long)})
    house.record({"key": "f", **told({**planned, "places": 20, "registration": "required"}, "2026-11-20")})
    house.record({"key": "g", **published(*"abcdef")})
    house.opened = house.installation.registrations
    house.opened.set_opening(BOTTROP, "treffen", Opening(open=True, closes_on=None))
    yield house
    house.close()


@pytest.fixture(scope="module")
def address(town, server):
    """Turns the address of a kind of page into that of one page."""
    secrets = []

    def letter(kind, _language, cancel, _confirm):
        secrets.append(cancel)
        return kind, "-"

    town.opened.register(Meet(BOTTROP, "treffen", 20), Person("Erika", "erika@example.org"), letter)
    one = {
        "process": BOTTROP,
        "number": WITHDRAWN,
        "body": LONG,
        "actor": "amt",
        "theme": "handel",
        "meeting": "treffen",
        "secret": secrets[0],
        "code": "unknown-entry",
    }
    return lambda path, query: server + (path + query).format(**one)


@pytest.fixture(scope="module")
def tab(browser):
    """One page that is taken from one address to the next."""
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_every_kind_of_page_is_seen_here():
    routers = [module.pages.public for module in PAGES]
    routers += [module.public_router for module in (documents, barriers)]
    routers += [module.router for module in (registering, duties, linked_data)]
    paths = {route.path for router in routers for route in router.routes if "GET" in route.methods}
    pages = {path for path in paths if "." not in path.rpartition("/")[2] and path.partition("/en")[0]}
    assert pages - NO_PAGES == WAYS.keys()


OPENED = "document.querySelectorAll('details').forEach(folded => folded.open = true)"
ENLARGED = "document.documentElement.style.fontSize = '200%'"

INVISIBLE = """() => {
    const system = ['CanvasText', 'LinkText', 'ButtonText'].map(name => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = name;
        return getComputedStyle(probe).color;
    });
    const signs = [['.kern-icon', ''], ['.kern-accordion__header, .kern-form-input__select-wrapper', '::after']];
    const found = signs.flatMap(([where, part]) => [...document.querySelectorAll(where)]
        .filter(sign => !system.includes(getComputedStyle(sign, part || null).backgroundColor)));
    const drawn = [...document.querySelectorAll('.sign, .years-bars')]
        .filter(sign => !system.includes(getComputedStyle(sign).fill));
    return [...found, ...drawn].map(sign => sign.outerHTML.slice(0, 200));
}"""
"""The signs that have no colour which the reader chose for words: nothing says that they stand out from the ground."""


@pytest.mark.parametrize(
    ("path", "way"), [(path, way) for path, ways in WAYS.items() for way in ways], ids=lambda part: part or "/"
)
def test_a_page_is_accessible_however_it_is_looked_at(tab, address, path, way):
    tab.set_viewport_size({"width": 320, "height": 640} if way.startswith("large") else {"width": 1280, "height": 720})
    tab.emulate_media(
        color_scheme="dark" if way.startswith("dark") else "light",
        forced_colors="active" if way.startswith("forced") else "none",
    )
    assert tab.goto(address(path, WAYS[path][way])).status == 200
    tab.evaluate(OPENED)
    if way.startswith("large"):
        tab.evaluate(ENLARGED)
        accessible(tab)
        return
    assert faults(tab) == []
    if way.startswith("forced"):
        assert tab.evaluate(INVISIBLE) == []


# ---- by keyboard, and without script ------------------------------------------------------------------------------

BY_SCRIPT = "document.querySelectorAll('[data-by-script]').forEach(part => part.hidden = true)"
"""Takes away what a script alone can do; without one it is not there."""

LISTENED = """() => {
    const all = 'a[href], button, input, select, textarea, summary, video, [tabindex]';
    window.stops = [...document.querySelectorAll(all)].filter(each => each.tabIndex >= 0 && each.checkVisibility());
    window.reached = [];
    document.addEventListener('focusin', ({target}) => {
        const {outlineStyle, outlineWidth} = getComputedStyle(target);
        const box = target.querySelector('.picture-box');
        const outlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        reached.push([stops.indexOf(target), outlined || (box && getComputedStyle(box).strokeWidth === '5px')]);
    });
    return stops.length;
}"""
"""From now on it is noted what gets the focus, and whether that can be seen."""

REACHED = """() => {
    const told = at => (stops[at]?.outerHTML ?? 'something else').slice(0, 200);
    const place = at => stops[at].getBoundingClientRect();
    const apart = at => at > 0 && !stops[at].closest('svg') && place(at).bottom < place(at - 1).top;
    const once = reached.slice(0, stops.length);
    return {
        first: stops[0]?.className,
        astray: once.filter(([at], n) => at !== n).map(([at]) => told(at)).slice(0, 1),
        missed: stops.length - once.length,
        unseen: once.filter(([, seen]) => !seen).map(([at]) => told(at)),
        backwards: stops.map((_, at) => at).filter(at => at > 1 && apart(at)).map(told),
        held: reached.length > stops.length && reached.at(-1)[0] === stops.length - 1,
    };
}"""
"""What is wrong with the way of the focus, and where it begins."""


@pytest.fixture(scope="module")
def scriptless(browser):
    """A page of a reader whose browser runs no script."""
    context = browser.new_context(locale="de-DE", java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", WAYS)
def test_a_page_is_gone_through_by_keyboard_in_the_order_of_reading_and_says_the_same_without_script(
    tab, scriptless, address, path
):
    """On a narrow window, where whatever is read later stands further down."""
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.emulate_media(color_scheme="light", forced_colors="none")
    here = address(path, WAYS[path]["large"])
    tab.goto(here)
    tab.evaluate(BY_SCRIPT)
    said = tab.locator("main").inner_text()
    assert len(said) > 40
    tab.evaluate(OPENED)
    for _ in range(tab.evaluate(LISTENED) + 1):
        tab.keyboard.press("Tab")
    way = tab.evaluate(REACHED)
    assert way.pop("first") == "skip" or "/einbetten/" in path  # an embedded page has no navigation to skip
    assert way == {"astray": [], "missed": 0, "unseen": [], "backwards": [], "held": False}
    assert scriptless.goto(here).status == 200
    if path.endswith("/pruefen"):  # what needs the one script is not offered without it; what else can be done is said
        assert not scriptless.locator("#checking").is_visible()
        assert scriptless.locator("#without-script").is_visible()
        return
    assert scriptless.locator("main").inner_text() == said
