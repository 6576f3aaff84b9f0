"""How a page is cited: in words, as BibTeX, and as CSL-JSON for Zotero and its like."""

import json
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlsplit

from domain.when import MONTHS_AND_SEASONS
from domain.words import Language, Words, say

PROGRAM: Final = "Werdegang"

TEXT: Final[Words] = (
    "{author}{title}. Stand {day}, {upto}. Werdegang. {address} (abgerufen am {accessed}).",
    "{author}{title}. As of {day}, {upto}. Werdegang. {address} (accessed {accessed}).",
)
PUBLIC: Final[Words] = (
    "bis Eintrag Nr. {position}, öffentliche Fassung {version}",
    "up to entry no. {position}, public version {version}",
)
INTERNAL: Final[Words] = ("bis Eintrag Nr. {position}, intern", "up to entry no. {position}, internal")

_SPECIAL: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    **{sign: f"\\{sign}" for sign in "%&$#_"},
}
"""How LaTeX writes what means something to it. BibTeX counts every brace, also one behind a backslash."""

_IN_URL: Final = "/?#[]@!$&'()*+,;=:%~"
"""What stands in an address as it is; anything else, braces and spaces among it, would lead out of it."""

_UNNAMED: Final = {"", "en", "prozesse", "geschaeftsstelle", "stand"}
"""Parts of an address that tell no page from another."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A page as it is cited: under an address at which it is found again with the same facts.

    Its texts are the same, too, unless they were erased since (SEMANTICS 9.4).
    """

    process: str
    author: str | None
    title: Words
    day: date
    public: bool
    position: int
    version: int
    address: str
    accessed: date

    def text(self, language: Language) -> str:
        """One sentence for a list of sources."""
        return say(
            TEXT,
            language,
            {
                "author": "" if self.author is None else f"{self.author}: ",
                "title": say(self.title, language),
                "day": _day(self.day, language),
                "upto": self._upto(language),
                "address": self.url,
                "accessed": _day(self.accessed, language),
            },
        )

    def _upto(self, language: Language) -> str:
        return say(PUBLIC if self.public else INTERNAL, language, {"position": self.position, "version": self.version})

    @property
    def url(self) -> str:
        """Its address, of such signs alone as an address has."""
        return quote(self.address, safe=_IN_URL)

    @property
    def key(self) -> str:
        """What it is called in a list of sources: by process, version and page, and by a short hash of its address.

        The same page in another view, or in the other language, is another source. Where the installation stands on
        the web does not matter.
        """
        address = urlsplit(self.url)._replace(scheme="", netloc="").geturl()
        path, _, place = address.partition("#")
        parts = [part for part in path.partition("?")[0].split("/") if part not in {*_UNNAMED, self.process}]
        named = re.sub(r"[^a-z0-9]+", "-", "-".join([self.process, str(self.version), *parts, place]).lower())
        return f"{named.strip('-')}-{sha256(address.encode()).hexdigest()[:8]}"

    def bibtex(self, language: Language) -> str:
        """An entry for BibTeX and BibLaTeX."""
        fields = {
            **({} if self.author is None else {"author": f"{{{_escaped(self.author)}}}"}),
            "title": f"{{{_escaped(say(self.title, language))}}}",
            "howpublished": PROGRAM,
            "note": _escaped(self._note(language)),
            "url": self.url,
            "urldate": self.accessed.isoformat(),
            "year": str(self.accessed.year),
        }
        told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{self.key},\n{told}}}\n"

    def _note(self, language: Language) -> str:
        said = say(("Stand {day}", "as of {day}"), language, {"day": _day(self.day, language)})
        return f"{said}, {self._upto(language)}"

    def csl(self, language: Language) -> str:
        """The same as CSL-JSON, the format of citation processors."""
        accessed = [self.accessed.year, self.accessed.month, self.accessed.day]
        item = {
            "id": self.key,
            "type": "webpage",
            **({} if self.author is None else {"author": [{"literal": self.author}]}),
            "title": say(self.title, language),
            "container-title": PROGRAM,
            "version": str(self.version),
            "note": self._note(language),
            "URL": self.url,
            "accessed": {"date-parts": [accessed]},
            "language": language,
        }
        return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _day(day: date, language: Language) -> str:
    month = say(MONTHS_AND_SEASONS[f"{day.month:02}"], language)
    return f"{day.day}{'.' if language == 'de' else ''} {month} {day.year}"


def _escaped(text: str) -> str:
    return re.sub(r"[\\~^{}%&$#_]", lambda found: _SPECIAL[found[0]], text)
