"""What the city has to state about itself – imprint, privacy, accessibility – from one file of the home folder.

Only the city can write these texts. What is missing is said to be missing, on the page and at the desk; nothing is made
up. The file is read when the program starts; a slip in it is refused then, with the place.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from domain.errors import Refusal, Refused, refused
from domain.words import Language

FILE: Final = "pflichtangaben.toml"
VIDEOS: Final = {".mp4": "video/mp4", ".webm": "video/webm"}
KNOWN_BARRIERS: Final = Path(__file__).parent / "known_barriers.toml"
TEMPLATE: Final = Path(__file__).parent / "pflichtangaben.toml"
"""The file as `werdegang init` writes it: everything is explained, nothing is stated."""

PlainDuty = Literal["yes", "no", "depends", "unknown"]
"""Whether cities of a Land have to explain their pages in Leichte Sprache and in sign language."""


@dataclass(frozen=True, slots=True)
class Land:
    """One of the Länder: how its law on accessible websites is called, as far as that is certain."""

    name: str
    plain: PlainDuty
    law: str = ""


LANDS: Final[dict[str, Land]] = {
    "BW": Land("Baden-Württemberg", "yes", "L-BGG"),
    "BY": Land("Bayern", "no", "BayBGG, BayDiV"),
    "BE": Land("Berlin", "yes"),
    "BB": Land("Brandenburg", "depends"),
    "HB": Land("Bremen", "yes"),
    "HH": Land("Hamburg", "yes"),
    "HE": Land("Hessen", "no"),
    "MV": Land("Mecklenburg-Vorpommern", "no"),
    "NI": Land("Niedersachsen", "no"),
    "NW": Land("Nordrhein-Westfalen", "yes", "BGG NRW, BITV NRW"),
    "RP": Land("Rheinland-Pfalz", "yes"),
    "SL": Land("Saarland", "yes"),
    "SN": Land("Sachsen", "no"),
    "ST": Land("Sachsen-Anhalt", "unknown"),
    "SH": Land("Schleswig-Holstein", "unknown"),
    "TH": Land("Thüringen", "unknown"),
}
"""Who enforces the law changes its name and its address too often to stand here: the city states it."""


class Part(BaseModel):
    """A table of the file. What is in none of the fields is a slip."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


class Texts(Part):
    """A text of the city, in Markdown; where there is none in English, the German one stands there, too."""

    de: str = ""
    en: str = ""

    def in_(self, language: Language) -> tuple[str, Language]:
        """The text for a reader, and the language it is in."""
        return (self.en, "en") if language == "en" and self.en else (self.de, "de")


class Contact(Part):
    """How somebody is reached."""

    name: str = ""
    address: Annotated[str, Field(alias="anschrift")] = ""
    email: Annotated[str, Field(alias="e-mail", pattern=r"^$|^[^@\s<>]+@[^@\s<>]+$")] = ""
    phone: Annotated[str, Field(alias="telefon")] = ""
    link: Annotated[str, Field(pattern=r"^$|^https?://\S+$")] = ""

    @property
    def reachable(self) -> bool:
        return bool(self.email or self.phone or self.link)


class SignLanguage(Part):
    """The video in Deutsche Gebärdensprache, and what is said beside it."""

    video: str = ""
    text: Texts = Texts()


class Statement(Part):
    """What the Erklärung zur Barrierefreiheit rests on."""

    status: Annotated[Literal["", "vollständig", "teilweise", "nicht"], Field(alias="stand")] = ""
    law: Annotated[str, Field(alias="recht")] = ""
    drawn_up: Annotated[date | None, Field(alias="erstellt")] = None
    checked: Annotated[date | None, Field(alias="geprueft")] = None
    method: Annotated[Texts, Field(alias="methode")] = Texts()
    contact: Annotated[Contact, Field(alias="kontakt")] = Contact()
    enforcement: Annotated[Contact, Field(alias="durchsetzung")] = Contact()
    procedure: Annotated[Texts, Field(alias="verfahren")] = Texts()
    settled: Annotated[tuple[str, ...], Field(alias="trifft-nicht-zu", strict=False)] = ()


class Barrier(Part):
    """Something that not everybody can use, why it is so, and what they can use instead."""

    id: str = ""
    kind: Annotated[Literal["unvereinbar", "belastung", "ausgenommen"], Field(alias="grund")]
    what: Annotated[str, Field(alias="was")]
    what_en: Annotated[str, Field(alias="was-en")] = ""
    why: Annotated[str, Field(alias="warum")]
    why_en: Annotated[str, Field(alias="warum-en")] = ""
    instead: Annotated[str, Field(alias="alternative")]
    instead_en: Annotated[str, Field(alias="alternative-en")] = ""


class Stated(Part):
    """The whole file."""

    land: Literal[
        "", "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"
    ] = ""
    operator: Annotated[Contact, Field(alias="stelle")] = Contact()
    imprint: Annotated[Texts, Field(alias="impressum")] = Texts()
    privacy: Annotated[Texts, Field(alias="datenschutz")] = Texts()
    plain: Annotated[Texts, Field(alias="leichte-sprache")] = Texts()
    sign: Annotated[SignLanguage, Field(alias="gebaerdensprache")] = SignLanguage()
    statement: Annotated[Statement, Field(alias="barrierefreiheit")] = Statement()
    barriers: Annotated[tuple[Barrier, ...], Field(alias="barrieren", strict=False)] = ()
    security: Annotated[str, Field(alias="sicherheit", pattern=r"^$|^(mailto:\S+@\S+|https://\S+)$")] = ""


class _Known(Part):
    barriers: Annotated[tuple[Barrier, ...], Field(alias="barrieren", strict=False)]


@cache
def known_barriers() -> tuple[Barrier, ...]:
    """What of this program itself is known not to be accessible to everybody."""
    return _Known.model_validate(tomllib.loads(KNOWN_BARRIERS.read_text(encoding="utf-8"))).barriers


@dataclass(frozen=True, slots=True)
class Duties:
    """What the city states, as it stands in the file; `version` is another one when a byte of it is."""

    home: Path
    stated: Stated
    version: str

    @property
    def land(self) -> Land | None:
        return LANDS.get(self.stated.land)

    @property
    def law(self) -> str:
        """What the law of the Land is called; as the city states it, else as far as that is certain."""
        return self.stated.statement.law or (self.land.law if self.land else "")

    @property
    def feedback(self) -> Contact:
        """Where a barrier can be reported by mail or telephone."""
        contact = self.stated.statement.contact
        return contact if contact.reachable else self.stated.operator

    @property
    def barriers(self) -> tuple[Barrier, ...]:
        """Everything that is known not to be accessible to everybody."""
        settled = self.stated.statement.settled
        return (*(each for each in known_barriers() if each.id not in settled), *self.stated.barriers)

    @property
    def video(self) -> Path | None:
        """The video in sign language; it lies in the home folder."""
        return self.home / self.stated.sign.video if self.stated.sign.video else None

    @property
    def missing(self) -> list[str]:
        """What the city still has to state, by codes that `MISSING` words."""
        stated = self.stated
        signed = stated.sign.video or (self.land is not None and self.land.plain == "no")
        given = {
            "land": stated.land,
            "operator": stated.operator.name and stated.operator.address,
            "imprint": stated.imprint.de,
            "privacy": stated.privacy.de,
            "law": self.law,
            "status": stated.statement.status,
            "drawn-up": stated.statement.drawn_up,
            "method": stated.statement.method.de,
            "feedback": self.feedback.email or self.feedback.phone,
            "enforcement": stated.statement.enforcement.name and stated.statement.enforcement.reachable,
            "sign-language": signed,
        }
        return [code for code, found in given.items() if not found]


MISSING: Final[dict[str, tuple[str, str]]] = {
    "land": ("das Land", "the Land"),
    "operator": ("Name und Anschrift der Stelle", "name and address of the operator"),
    "imprint": ("das Impressum", "the imprint"),
    "privacy": ("die Datenschutzerklärung", "the privacy statement"),
    "law": ("das Gesetz zur Barrierefreiheit", "the law on accessibility"),
    "status": ("wie barrierefrei die Seiten sind", "how accessible the pages are"),
    "drawn-up": ("wann die Erklärung zur Barrierefreiheit erstellt wurde", "when the statement was drawn up"),
    "method": ("wie die Barrierefreiheit bewertet wurde", "how accessibility was assessed"),
    "feedback": ("E-Mail oder Telefon für Barrieren", "e-mail or telephone for barriers"),
    "enforcement": ("die Durchsetzungsstelle mit Kontakt", "the enforcement body with its contact"),
    "sign-language": ("das Video in Gebärdensprache", "the video in sign language"),
}


def read_duties(home: Path) -> Duties:
    """What the file says; nothing where there is none. All that is wrong with it is refused at once."""
    file = home / FILE
    if not file.is_file():
        return Duties(home, Stated(), "")
    content = file.read_bytes()
    try:
        told = tomllib.loads(content.decode())
    except ValueError as error:  # also what is no UTF-8
        raise refused("duties-unreadable", file=str(file), reason=str(error)) from error
    try:
        duties = Duties(home, Stated.model_validate(told), sha256(content).hexdigest())
    except ValidationError as error:
        raise Refused(*(_complaint(one, str(file)) for one in error.errors())) from error
    if refusals := tuple(_contradictions(duties, str(file))):
        raise Refused(*refusals)
    return duties


def _complaint(error: ErrorDetails, file: str) -> Refusal:
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in error["loc"])
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return Refusal("duties-unknown", {"file": file, "key": place})
        case "missing":
            return Refusal("duties-incomplete", {"file": file, "key": place})
        case "literal_error":
            wanted = str(context["expected"]).replace(" or ", ", ")
        case "date_type":
            wanted = "2026-11-27"
        case "string_pattern_mismatch":
            wanted = {"e-mail": "name@beispiel.de", "link": "https://…"}.get(
                str(error["loc"][-1]), "mailto:…, https://…"
            )
        case "model_type":
            wanted = f"[{place}]"
        case _:
            wanted = '"…"'
    return Refusal("duties-value", {"file": file, "key": place, "wanted": wanted})


def _contradictions(duties: Duties, file: str) -> Iterator[Refusal]:
    statement, video = duties.stated.statement, duties.stated.sign.video
    if video and not (re.fullmatch(r"[\w-][\w.-]*", video) and Path(video).suffix in VIDEOS):
        yield Refusal("duties-video", {"file": file, "video": video, "known": ", ".join(VIDEOS)})
    elif video and not (duties.home / video).is_file():
        yield Refusal("duties-video-missing", {"file": file, "video": video, "folder": str(duties.home)})
    known = [each.id for each in known_barriers()]
    for wrong in sorted(set(statement.settled) - set(known)):
        wanted = ", ".join(known)
        yield Refusal(
            "duties-value", {"file": file, "key": f"barrierefreiheit.trifft-nicht-zu: {wrong}", "wanted": wanted}
        )
    if statement.status == "vollständig" and any(each.kind == "unvereinbar" for each in duties.barriers):
        yield Refusal("duties-status", {"file": file})
    if statement.status and statement.status != "vollständig" and not duties.barriers:
        yield Refusal("duties-barriers", {"file": file, "status": statement.status})


def write_template(home: Path) -> Path | None:
    """Puts a file to be filled in where there is none; answers where it is, or `None` where there was one."""
    file = home / FILE
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.read_text(encoding="utf-8"))
    except FileExistsError:
        return None
    return file
