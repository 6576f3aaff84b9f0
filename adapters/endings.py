"""How a level or body came to its end, as every face says it."""

from typing import Final

from domain.publication import STEPS
from domain.words import TERMS, Language, Table, word
from projections.governance import Departure

ENDS: Final[Table] = {
    "level:level-dropped": ("aufgegeben", "dropped"),
    "level-dropped": ("mit der Ebene weggefallen", "gone with its level"),
    "body-ended": ("mit dem Gremium darüber beendet", "ended with the body above"),
    "reallabor-spun-off": ("ausgegründet", "spun off"),
    "bodies-merged": ("zusammengelegt", "merged"),
    "body-split": ("aufgeteilt", "split"),
}
"""By the step that ended it, where that step has no term for it."""


def how_it_ended(gone: Departure, language: Language) -> str:
    """In the office's own term, else by the step that ended it."""
    if gone.how in STEPS:
        return word(ENDS, gone.how, language, of=gone.kind)
    return word(TERMS, gone.how, language, of="how")
