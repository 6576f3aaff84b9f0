"""The pictures in README and docs, made from the running program: `make pictures`.

Bottrop 2018+ is served and looked at with Chromium: on a desktop, on a telephone, in the dark and on paper. What a
shared link shows is made here, too.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium, served
from tests.faces import BOTTROP, bottrop

ROOT: Final = Path(__file__).parents[1]
IMAGES: Final = ROOT / "docs" / "images"
STATIC: Final = ROOT / "adapters" / "web" / "static"
PAGE: Final = f"/prozesse/{BOTTROP}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as somebody sees it."""

    name: str
    address: str
    width: int = 1280
    height: int = 900
    scheme: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"
    part: str = ""
    """What of the page is shown, by a selector; without one, what is seen first."""
    pressed: str = ""
    """A button that is pressed before, by a selector; what it does shows in `#verdict`."""


PICTURES: Final = (
    Picture("start", PAGE),
    Picture("timeline", f"{PAGE}/verlauf"),
    Picture("structure", f"{PAGE}/struktur?happened_by=2017-12-31", part=".picture-scroll"),
    Picture("scenarios", f"{PAGE}/szenarien"),
    Picture("replay", f"/auswertung/{BOTTROP}?day=2018-12-31", height=1250),
    Picture("telephone", f"{PAGE}/verlauf", 390, 844),
    Picture("dark", f"{PAGE}/struktur?happened_by=2018-12-31", scheme="dark", part=".picture-scroll"),
    Picture("check", f"{PAGE}/pruefen#nr-47", pressed="#start"),
    Picture("print", f"{PAGE}/verlauf", 794, 1123, media="print"),  # A4 at 96 pixels to the inch
)

CARD: Final = """<!doctype html><html lang="de"><link rel="stylesheet" href="{css}"><style>
body{{margin:0;width:1200px;height:630px;background:#1a3da5;color:#fff;font-family:"Fira Sans";display:grid;
grid-template-columns:360px 1fr;align-items:center}} svg{{width:240px;margin-left:90px}}
h1{{font-size:104px;font-weight:600;margin:0;line-height:1.1}} p{{font-size:44px;margin:16px 60px 0 0;line-height:1.3}}
</style>{icon}<div><h1>Werdegang</h1><p>Was wann warum entschieden wurde – und was daraus wurde</p></div></html>"""
"""What is shown with a link that somebody shares; networks want 1200 × 630 pixels."""


def main() -> int:
    """Makes all pictures anew."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, chromium(playwright) as browser:
        house = bottrop(Path(folder) / "data")
        with served(house.app) as server:
            for picture in PICTURES:
                file = IMAGES / f"{picture.name}.png"
                take(browser, server, picture, file)
                print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")
            card(browser, server)
        house.close()
    return 0


def take(browser: Browser, server: str, picture: Picture, file: Path) -> None:
    """One page, or a part of it."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        locale="de-DE",
        timezone_id="Europe/Berlin",
        color_scheme=picture.scheme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.emulate_media(media=picture.media, color_scheme=picture.scheme)
    page.goto(f"{server}{picture.address}")
    page.evaluate("document.fonts.ready")
    if picture.pressed:
        page.locator(picture.pressed).click()
        page.locator("#verdict").wait_for()
    if picture.part:
        page.locator(picture.part).first.screenshot(path=file)
    else:
        page.screenshot(path=file)
    context.close()


def card(browser: Browser, server: str) -> None:
    """The picture of a shared link. It belongs to the program: no city has to make one."""
    icon = (STATIC / "icon.svg").read_text(encoding="utf-8").replace('fill="#1a3da5"', 'fill="none"')
    context = browser.new_context(viewport={"width": 1200, "height": 630}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{server}/")
    css = page.locator("link[rel=stylesheet]").last.get_attribute("href")
    page.set_content(CARD.format(css=f"{server}{css}", icon=icon))
    page.evaluate("document.fonts.ready")
    page.screenshot(path=STATIC / "preview.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
