"""What machines read of a page: schema.org as JSON-LD, the card of a shared link, and the list of all pages.

JSON-LD is data: a browser runs nothing of it, and whatever a text holds cannot end it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from adapters.answers import head
from adapters.invitation import title_of
from adapters.web.asking import installed
from adapters.web.guard import base_of
from adapters.web.replies import PRIVATE, reply
from adapters.web.wording import CONTENT, SUBJECT_PAGES
from domain.errors import refused
from domain.words import Language
from projections.meetings import Meeting
from projections.summary import Summary

LONGEST: Final = 200
"""So much of what a process is for is shown with a link to it."""

SHUT: Final = ("/geschaeftsstelle", "/suche", "/barriere-melden")
"""What programs that look for pages have no business with: the desk, and forms."""

MOST_PAGES: Final = 50_000
"""No sitemap may name more (sitemaps.org)."""

WITH_PAGE: Final = ("body", "actor", "theme")
"""The kinds of subjects of which each has a page; documents stand on one page together."""

EVENT: Final[Mapping[str, str]] = {"cancelled": "EventCancelled", "postponed": "EventPostponed"}
"""The standings that schema.org has a word for; everything else is as planned."""

_BREAKING_OUT: Final = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}

router = APIRouter(include_in_schema=False)


def linked(*things: Mapping[str, Any]) -> Markup:
    """Things as they stand in a page."""
    return data({"@context": "https://schema.org", "@graph": things}, "application/ld+json")


def data(content: object, media_type: str, id_: str = "") -> Markup:
    """Data as they stand in a page; with an id for what reads them there."""
    told = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    safe = told.translate(_BREAKING_OUT).encode(errors="backslashreplace").decode()
    named = Markup(' id="{}"').format(id_) if id_ else ""
    return Markup('<script type="{}"{}>{}</script>').format(media_type, named, Markup(safe))  # noqa: S704  # as above


def of_process(summary: Summary, site: str, address: str) -> dict[str, Any]:
    """A process as a collection of data that anybody may use: the same in whichever language a page tells of it.

    Names begin with the address of the installation (`site`). Where that is not known they are read from the address
    of the page, as everywhere in HTML: a host that a request has made up is no word to keep for others.
    """
    process = address.removeprefix("/en")
    return {
        "@type": "Dataset",
        "@id": f"{site}{process}",
        "url": f"{site}{address}",
        "name": summary.name.text or process,
        "inLanguage": CONTENT,
        "isAccessibleForFree": True,
        **({"description": summary.purpose} if summary.purpose else {}),
        **({"spatialCoverage": summary.city} if summary.city else {}),
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "application/json",
            "contentUrl": f"{site}/api/v1{process.replace('/prozesse/', '/processes/')}/entries",
        },
    }


def of_page(name: str, site: str, address: str, root: str, language: Language) -> dict[str, Any]:
    """A page, which is in the language of its own words, about a process, whose content is in another one."""
    about = f"{site}{root.removeprefix('/en')}"
    url = f"{site}{address}"
    return {"@type": "WebPage", "@id": url, "url": url, "name": name, "inLanguage": language, "about": {"@id": about}}


def breadcrumbs(site: str, ways: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page, by names and addresses."""
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": f"{site}{address}"}
        for place, (name, address) in enumerate(ways, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def events(meetings: Sequence[Meeting], site: str, address: str, language: Language) -> Iterator[dict[str, Any]]:
    """Meetings of which it is known when they begin; one without a title is named by the page."""
    for meeting in meetings:
        if meeting.timing is not None:
            standing = EVENT.get(str(meeting.standing), "EventScheduled")
            yield {
                "@type": "Event",
                "@id": f"{site}{address.removeprefix('/en')}#{meeting.id}",
                "name": title_of(meeting, language),
                "inLanguage": CONTENT if meeting.name.text else language,
                "startDate": begins.isoformat() if (begins := meeting.timing.begins_at) else meeting.timing.begins,
                "eventStatus": f"https://schema.org/{standing}",
                **({"endDate": meeting.timing.ends} if meeting.timing.ends else {}),
                **({"location": {"@type": "Place", "name": meeting.place}} if meeting.place else {}),
            }


def shortened(text: str | None) -> str | None:
    """The beginning of a text, for whoever sees no more than a link to it."""
    if text is None or len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rsplit(' ', 1)[0]} …"


# ---- for programs that look for pages -----------------------------------------------------------------------------


def addresses(request: Request) -> list[str]:
    """Every public page, in the order in which somebody would come to it; what is no page of its own is none."""
    service, roots = installed(request).service, ("", "/en")
    processes = [listed.cited.process for listed in service.processes(None)]
    ways = [way for way in request.app.state.ways if "/einbetten/" not in way and "." not in way]
    found = ["/", "/en/"]
    for process in processes:
        found += [way.format(process=process) for way in ways]
    for process in processes:
        view = service.view(process, None).view
        inside = [
            f"/{SUBJECT_PAGES[subject.kind]}/{id_}"
            for id_, subject in sorted(view.state.items())
            if subject.kind in WITH_PAGE
        ]
        inside += [f"/eintrag/{number}" for number in sorted(view.effective.by_number)]
        found += [f"{root}/prozesse/{process}{path}" for path in inside for root in roots]
    return found


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """What programs that look for pages have no business with."""
    shut = [f"Disallow: {root}{path}" for path in SHUT for root in ("", "/en")]
    site = installed(request).settings.address
    # Without a setting the address is what the request says, which is no word to keep for others.
    told = "\n".join(["User-agent: *", *shut, *([f"Sitemap: {site}/sitemap.xml"] if site else []), ""])
    return reply(request, None, told, told.encode, media_type="text/plain; charset=utf-8")


@router.get("/sitemap.xml")
def sitemap(request: Request) -> Response:
    """All public pages as they stand now; where they are too many for one list, the lists that hold them."""

    def make(base: str) -> str:
        found = addresses(request)
        if len(found) <= MOST_PAGES:
            return _listed("urlset", "url", [f"{base}{address}" for address in found])
        parts = range(1, -(-len(found) // MOST_PAGES) + 1)
        return _listed("sitemapindex", "sitemap", [f"{base}/sitemap-{part}.xml" for part in parts])

    return _sitemap(request, make)


@router.get("/sitemap-{part}.xml")
def part_of_sitemap(request: Request, part: str) -> Response:
    """One of several lists of public pages; none where all of them stand in one."""
    found = addresses(request)
    first = (int(part) - 1) * MOST_PAGES if re.fullmatch(r"[1-9][0-9]{0,5}", part) else len(found)
    if len(found) <= MOST_PAGES or first >= len(found):
        raise refused("page-not-found")
    shown = found[first : first + MOST_PAGES]
    return _sitemap(request, lambda base: _listed("urlset", "url", [f"{base}{address}" for address in shown]))


def _listed(whole: str, each: str, addresses: Iterable[str]) -> str:
    listed = "".join(f"<{each}><loc>{escape(address)}</loc></{each}>\n" for address in addresses)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{whole} xmlns="{space}">\n{listed}</{whole}>\n'


def _sitemap(request: Request, make: Callable[[str], str]) -> Response:
    base, site = base_of(request), installed(request).settings.address
    rests_on = [base, [head(listed.cited) for listed in installed(request).service.processes(None)]]
    kept = {} if site else {"Cache-Control": PRIVATE}
    return reply(request, None, rests_on, lambda: make(base).encode(), media_type="application/xml", headers=kept)
