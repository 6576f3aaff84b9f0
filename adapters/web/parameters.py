"""What the address of a page may ask for. A slip must not silently mean "today": `happend_by` is told, or refused.

Programs that send mail or count visits hang parameters of their own on every address. They change nothing of a page,
and whoever follows such a link is to read it: they are passed over.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

_TIMES: Final = frozenset({"happened_by", "known_by", "published_by", "version"})

OF_PAGES: Final = _TIMES.union(
    ("page", "order", "kind", "from", "to", "body", "actor", "theme", "seit", "ansicht", "anzahl"),
    ("from_known_by", "to_known_by", "from_published_by", "to_published_by"),
)
"""What any page of a process asks for, the pages of its evaluation aside."""

OF_EVALUATION: Final[Mapping[str, frozenset[str]]] = {
    "": _TIMES | {"order", "per", "kind", "day", "entry", "stop"},
    "vergleich": _TIMES | {"with", "with_version", "phase", "with_phase"},
    "zahlen": _TIMES | {"reference"},
    "was-waere-wenn": _TIMES | {"without", "if", "subject", "entry", "to", "on", "q"},
    "daten": _TIMES,
    "zitat": frozenset({"seite"}),
}
"""What each page of the evaluation and the files below it ask for, by the first word of its address inside it."""

_PASSED_OVER: Final = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|mc|hsa|at)_[a-z_]+|_hs[a-z]+|[a-z]*clid|gbraid|wbraid|mkt_tok|igsh(?:id)?|trk|ref"
)

_EVALUATION: Final = re.compile(r"(?:/en)?/(?:auswertung/[^/]+|geschaeftsstelle/[^/]+/auswertung)(?:/([a-z-]*).*)?")


def strictly(path: str) -> bool:
    """Whether an unknown parameter is refused: in the evaluation, and where a file could not tell of it."""
    return _EVALUATION.fullmatch(path) is not None or "." in path.rpartition("/")[2]


def unknown(path: str, parameters: Iterable[str]) -> list[str]:
    """The parameters of an address that its page does not know and nobody is known to hang on."""
    inside = _EVALUATION.fullmatch(path)
    known = OF_PAGES if inside is None else OF_EVALUATION.get(inside[1] or "", _TIMES)
    return [each for each in dict.fromkeys(parameters) if each not in known and not _PASSED_OVER.fullmatch(each)]
