"""Whether html-validate finds every type of page well written, as the public and at the desk."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

from adapters.web.app import AT_THE_DESK, PAGES
from tests.faces import BOTTROP, bottrop
from tests.test_desk import PASSWORD, Browser

PLACES: Final = {"process": BOTTROP, "number": "47"}
"""What stands in an address, as far as every process has it."""

MORE: Final = (
    *("/impressum", "/datenschutz", "/barrierefreiheit", "/barriere-melden", "/leichte-sprache", "/gebaerdensprache"),
    f"/prozesse/{BOTTROP}/verlauf?kind=structure&order=newest&happened_by=2018-06-30",
    f"/prozesse/{BOTTROP}/struktur?happened_by=2018-06-30",
    f"/prozesse/{BOTTROP}/struktur?happened_by=31.2.2018",
    "/suche?q=ebene",
    "/nichts-hier",
    "/problems/unknown-entry",
)

RULES: Final = {
    "extends": ["html-validate:standard"],
    "rules": {
        "void-style": "off",  # a matter of taste: both are HTML
        "no-trailing-whitespace": "off",  # templates leave some, readers see none
        "long-title": "off",  # the name of a process belongs to the title of its pages
        "no-inline-style": "error",
        "wcag/h37": "error",
    },
}


def validity(folder: Path) -> dict[str, Any]:
    """How many pages html-validate found nothing wrong with; if it finds anything this raises."""
    house = bottrop(folder / "town")
    clerk = house.installation.accounts.create("Erika Mustermann", {("admin", "*")}).id
    house.installation.passwords.set(clerk, PASSWORD)
    desk = Browser(house)
    desk.sign_in(clerk)
    written = folder / "pages"
    written.mkdir()
    for at, address in enumerate(sorted(_addresses())):
        answer = desk.get(address)
        if answer.headers.get("content-type", "").startswith("text/html"):
            (written / f"{at:03}.html").write_text(f"{answer.text}<!-- {address} -->\n", encoding="utf-8")
    house.close()
    (folder / ".htmlvalidate.json").write_text(json.dumps({"root": True, **RULES}))
    program = folder / "node_modules" / ".bin" / "html-validate"
    command = [str(program), "--formatter", "json", *sorted(map(str, written.iterdir()))]
    told = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    wrong = [
        f"{_address(Path(page['filePath']))}:{fault['line']} {fault['ruleId']}: {fault['message']}"
        for page in json.loads(told.stdout)
        for fault in page["messages"]
    ]
    if wrong or told.returncode:
        raise AssertionError("\n".join([told.stderr, *wrong]))
    version = json.loads((folder / "node_modules" / "html-validate" / "package.json").read_text())["version"]
    return {"version": version, "pages": len(list(written.iterdir()))}


def _addresses() -> set[str]:
    """Every address of which there is one in each process, in both languages; of public pages and of the desk."""
    routers = [*(module.pages.public for module in PAGES), *AT_THE_DESK]
    routes = [route for router in routers for route in router.routes if "GET" in getattr(route, "methods", ())]
    paths = {str(getattr(route, "path", "")) for route in routes}
    known = {path.format(**PLACES) for path in paths if _known(path)}
    return known | {f"{language}{each}" for each in MORE for language in ("", "/en")}


def _known(path: str) -> bool:
    return set(re.findall(r"{([^}]+)}", path)) <= set(PLACES)


def _address(file: Path) -> str:
    return file.read_text(encoding="utf-8").rpartition("<!-- ")[2].partition(" ")[0]
