"""The way around a process: the pages that a newcomer looks for first, and all others by what they are for."""

from typing import Final

from adapters.registers import REGISTERS
from domain.words import Words

LABELS: Final[dict[str, Words]] = {
    "": ("Überblick", "Overview"),
    "/verlauf": ("Verlauf", "Timeline"),
    "/struktur": ("Struktur", "Structure"),
    "/gremien": ("Gremien", "Bodies"),
    "/akteure": ("Akteure", "Actors"),
    "/handlungsfelder": ("Handlungsfelder", "Themes"),
    "/dokumente": ("Dokumente", "Documents"),
    "/vergleich": ("Vergleich zweier Tage", "Two days compared"),
    "/berichtigungen": ("Berichtigungen", "Corrections"),
    "/pruefen": ("Prüfen", "Verify"),
    **{f"/{register.page}": register.label for register in REGISTERS},
}
"""What each page of a process is called, by its address inside the process."""

FIRST: Final = ("", "/verlauf", "/struktur", "/gremien", "/beschluesse", "/termine")
"""The pages that are always in sight."""

FURTHER: Final[tuple[tuple[Words, tuple[str, ...]], ...]] = (
    (("Wer dabei ist", "Who takes part"), ("/akteure", "/handlungsfelder", "/beteiligung", "/teilnahme")),
    (("Was daraus wird", "What comes of it"), ("/zukunftsplan", "/szenarien", "/zusagen", "/offen")),
    (("Was man weiß", "What is known"), ("/befunde", "/kennzahlen", "/widersprueche")),
    (("Nachprüfen", "Check"), ("/pruefen", "/vergleich", "/berichtigungen", "/dokumente", "/vollstaendigkeit")),
)
"""All others, folded away until somebody asks for more."""


def standing(inside: str) -> tuple[str | None, bool]:
    """The page of `LABELS` that an address inside a process belongs to, and whether it is that page itself."""
    if inside in LABELS:
        return inside, True
    above = f"/{inside.split('/')[1]}"
    return (above if above in LABELS else None), False
