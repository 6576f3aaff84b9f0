"""What the tests of exports share: a process in which everything happened that a file has to tell, and its files."""

import io
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.exports.formats import BY_NAME
from adapters.exports.material import Material
from domain.replay import effective
from domain.view import View
from service import Answer, Citation, Times
from tests.faces import House
from tests.story import (
    OPENED,
    alliance,
    corrected,
    dropped,
    erasing,
    lab,
    level,
    moved,
    plainly,
    published,
    told,
    withdrawn,
)

PROCESS = "lindenau"


def feedback(what, when="2018", **more):
    return told({"type": "feedback-received", "kind": "concern", "what": what}, when, **more)


STATEMENTS = {
    "start": OPENED,
    "oben": level("oben"),
    "mitte": level("mitte", above="oben"),
    "amt": told({"type": "actor-registered", "actor": "amt", "kind": "authority", "name": "Amt"}, "2016-10-01"),
    "verein": told(
        {"type": "actor-registered", "actor": "verein", "kind": "association", "name": 'Ver"ein, e. V.'}, None
    ),
    "bund": alliance("bund", "2017-03-01", level="oben"),
    "labor": lab("labor", "[2017-05-01..2017-07-31]", parent="bund", level="mitte"),
    "kritik": feedback("Zu viele Ebenen.\n=1+1", "2018-01", asserted_by="verein"),
    "antwort": told(
        {"type": "feedback-answered", "feedback": "kritik", "outcome": "taken-up", "answer": "Eine fällt weg."},
        "2018-03-01",
    ),
    "weg": dropped("mitte", "2018-04-01", {"subject": "labor", "to": "unrecorded"}) | {"because": ["kritik"]},
    "treffen": told(
        {
            "type": "meeting-held",
            "meeting": "treffen-1",
            "title": "Treffen",
            "bodies": ["bund"],
            "invited": {"actors": ["amt", "verein"]},
            "attended": {"actors": ["verein"], "persons": 7, "in_words": "etwa sieben"},
        },
        "2018-05-02",
    ),
    "beschluss": told(
        {"type": "decision-taken", "decision": "beschluss-1", "text": "Es bleibt dabei.", "method": "consent",
         "by": ["bund"], "meeting": "treffen-1"},
        "2018-05-02",
    ),
    "zusage": told(
        {"type": "commitment-made", "commitment": "zusage-1", "kind": "promise", "text": "Bericht", "due": "2019"},
        "2018-06",
    ),
    "umzug": moved("labor", "2019-02-01", parent="process"),
    "spaet": alliance("spaet", "2026", level="oben"),
    "falsch": feedback("Das war ein Irrtum"),
    "geloescht": feedback("Frau Muster war dagegen", "2018-02", grounds="Sie rief an."),
}  # fmt: skip
"""By their keys: dates of every kind, words to be erased."""

LATER = {
    "richtig": corrected("kritik", feedback("Zu viele Ebenen!", "2018-02-10", asserted_by="verein")),
    "zurueck": withdrawn("falsch"),
    "einfach": plainly("weg", "Eine Ebene gibt es nicht mehr."),
}  # fmt: skip
"""What is said about them a day later."""


class Lindenau:
    """An installation with that process, all of it published but what is recorded with `record`."""

    def __init__(self, home: Path) -> None:
        self.house = House(home)
        accounts = self.house.installation.accounts
        evaluator = accounts.create("evaluator", {("evaluator", PROCESS)})
        self.house.tokens["evaluator"] = accounts.issue_token(evaluator.id, "test", 30)
        self.record(STATEMENTS)
        self.record({"alles": published(*STATEMENTS)})
        self.house.wait(days=1)
        self.record(LATER)
        self.record({"auch": published(*LATER), "loeschung": erasing("geloescht")})

    def record(self, statements):
        contents = [{"key": key, **content} for key, content in statements.items()]
        return self.house.record(*contents, process=PROCESS)

    def answer(self, as_=None, **times):
        account = self.house.installation.accounts.account_of(self.house.tokens[as_]) if as_ else None
        return self.house.installation.service.view(PROCESS, account, Times(**times))

    def file(self, format_, as_=None, **times):
        return file_of(format_, Material(self.answer(as_, **times)))

    def get(self, format_, as_=None, query=""):
        return self.house.get(f"/api/v1/processes/{PROCESS}/exports/{format_}{query}", as_)


def file_of(format_, material):
    """The bytes of one format."""
    written = io.BytesIO()
    BY_NAME[format_].write(material, written, lambda _: None)
    return written.getvalue()


def material_of(office, day):
    """What files are made of, for everything that an office recorded, on a day."""
    view = View(effective(office.log), day)
    cited = Citation("p", date.fromordinal(day), Times(), False, view.position, len(office.entries), False)
    return Material(Answer(view, cited))


@cache
def lindenau():
    """One for all who only read it."""
    folder = TemporaryDirectory()
    found = Lindenau(Path(folder.name) / "data")
    found.folder = folder  # as long as it is used
    return found
