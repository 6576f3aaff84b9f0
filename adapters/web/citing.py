"""The citation of a page: the address at which it is found again with the same facts, in words and as files.

What never changes is cited by its times. Everything else is cited by its version: how many entries it rested on, and
which day it showed (SEMANTICS 10.5).
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode

from adapters.exports.citation import Cited
from adapters.web.navigation import LABELS, standing
from domain.words import Words
from projections.summary import Summary
from service import Answer, Citation

ENTRY: Final[Words] = ("Eintrag Nr. {number}", "Entry no. {number}")
EVALUATION: Final[Words] = ("Auswertung", "Evaluation")
_INSIDE: Final = re.compile(
    r"(?:/en)?(?:/prozesse/[^/]+|/auswertung/[^/]+|/geschaeftsstelle/[^/]+/(?:stand|auswertung))(?P<inside>/.*)?"
)


READ: Final = frozenset(
    {
        *("happened_by", "known_by", "published_by", "version"),
        *("from", "from_known_by", "from_published_by", "to", "to_known_by", "to_published_by"),
        *("phase", "with", "with_phase", "with_version"),
        *("order", "per", "day", "entry", "kind", "body", "actor", "theme", "seit", "ansicht", "page", "reference"),
        *("without", "if", "subject", "on"),
    }
)
"""What pages of a process read of their address, but for what leads on to another one or is typed to search.

Whatever else an address says is no part of it when it is cited: a page shows the same without.
"""


def read_of(query: str) -> dict[str, str]:
    """What of the parameters of an address its page reads."""
    return {name: value for name, value in parse_qsl(query) if name in READ}


def lasting(path: str, query: str, cited: Citation | Answer, pinned: Mapping[str, str] | None = None) -> str:
    """The address at which the same is shown later, whatever is recorded meanwhile.

    `pinned` is what an address has to say so that it shows the same, where that is not the day of the answer alone.
    """
    given = read_of(query)
    days = pinned or {"happened_by": cited.day.isoformat()}
    by_times = cited.settled and "version" not in given and not pinned
    version = {} if by_times else {"version": str(cited.version)}
    return f"{path}?{urlencode({**given, **days, **version})}"


def citation(
    site: str, address: str, cited: Citation | Answer, summary: Summary, accessed: date, label: Words | None = None
) -> Cited:
    """A page as it is cited, by its lasting address."""
    name = summary.name.text or cited.process
    german, english = label or label_of(address)
    return Cited(
        process=cited.process,
        author=summary.city,
        title=(f"{name}: {german}", f"{name}: {english}"),
        day=cited.day,
        public=cited.public,
        position=cited.position,
        version=cited.version,
        address=f"{site}{address}",
        accessed=accessed,
    )


def label_of(address: str) -> Words:
    """What a page is called in a citation, by its address."""
    path = address.partition("?")[0]
    found = _INSIDE.fullmatch(path)
    inside = (found["inside"] or "") if found else ""
    if "/auswertung" in path:
        return EVALUATION
    if number := re.fullmatch(r"/eintrag/([0-9]+)(?:/warum)?", inside):
        return ENTRY[0].format(number=number[1]), ENTRY[1].format(number=number[1])
    known, exactly = standing(inside) if inside else ("", True)
    german, english = LABELS.get(known or "", LABELS[""])
    last = inside.rpartition("/")[2]
    return (german, english) if exactly else (f"{german}, {last}", f"{english}, {last}")
