"""Dates as a German office writes them: "im Frühjahr 2018", "ca. April 2018", "zwischen März und Mai 2018"."""

from domain.when import When, stated


def from_words(text: str) -> When:
    """What the words mean as a date, with the words kept as its wording; refused if they are not understood."""
    stated(text)
    return When(edtf=text)
