"""The columns of a table for a type of step: read off the same controls that make the form, so that both say the same.

A column is called like the field of the form, and a cell is read into what would be typed there.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from adapters.web.form_controls import Control, controls, recordable
from adapters.web.form_words import HINTS
from domain.publication import Source, Telling
from domain.schemes import SCHEMES
from domain.when import When
from domain.words import FIELDS, TERMS, TYPES, Language, say, word

EXAMPLE: Final = "Beispiel:"
"""What the texts of the example row begin with, by which it is known and passed over."""

FLAT_SOURCE: Final = ("title", "document", "page", "lines", "url")
YES: Final = frozenset({"ja", "yes", "x", "wahr", "true", "1"})
NO: Final = frozenset({"nein", "no", "falsch", "false", "0"})


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its place in the statement, what it is called, and the control it is read as."""

    name: str
    label: str
    control: Control
    required: bool


def folded(text: str) -> str:
    """A heading or a name, whatever its case, blanks and marks."""
    return " ".join(text.casefold().replace("*", " ").split())


@cache
def tabular() -> tuple[str, ...]:
    """The types of step that fit into one row: nothing that has to be stated in them is a list or another step."""
    return tuple(
        type_
        for type_, step in recordable().items()
        if not any(c.required and (c.kind == "step" or (c.kind == "model" and c.many)) for c in controls(step))
    )


@cache
def columns(step_type: str, language: Language) -> tuple[TableColumn, ...]:
    """The columns for a type of step, in the order of its form."""
    found = list(_flat(controls(recordable()[step_type]), "/step", "", step_type, language))
    found += _flat([c for c in controls(Telling) if c.kind != "step"], "", "", step_type, language)
    labels = [column.label for column in found]
    return tuple(c if labels.count(c.label) == 1 else _unlike(c, language) for c in found)


def _unlike(column: TableColumn, language: Language) -> TableColumn:
    """Two fields are called alike: that of the statement says where it belongs."""
    if column.name.startswith("/step/"):
        return column
    return replace(column, label=f"{column.label} ({'Eintrag' if language == 'de' else 'entry'})")


def _flat(inner: Sequence[Control], at: str, before: str, step_type: str, language: Language) -> Iterator[TableColumn]:
    for control in inner:
        name = f"{at}/{control.name}"
        label = before + word(FIELDS, control.name, language, of=step_type)
        if control.proposed or control.kind == "step":
            continue
        if control.model is When:
            edtf = next(c for c in control.inner() if c.name == "edtf")
            label = before + word(FIELDS, "edtf", language)
            yield TableColumn(f"{name}/edtf", label, edtf, control.required)
        elif control.model is Source:
            flat = [c for c in control.inner() if c.name in FLAT_SOURCE]
            yield from _flat(flat, f"{name}/0", f"{label}: ", step_type, language)
        elif control.kind == "model" and not control.many:
            for each in _flat(control.inner(), name, f"{label}: ", step_type, language):
                # What a group needs is needed only where the group is told at all, which its own row says.
                yield each if control.required else replace(each, required=False)
        elif control.kind != "model":
            yield TableColumn(name, label, control, control.required and control.founds is None)


def proposed(headings: Sequence[str], offered: Sequence[TableColumn]) -> dict[int, str]:
    """Which column of a sheet is which, by the headings in either language or by the names of the fields."""
    by_heading: dict[str, str] = {}
    labels = [(column.label, column.name) for column in offered]
    names = [(column.name, column.name) for column in offered]
    fields = [(column.name.rpartition("/")[2], column.name) for column in offered]
    for called, name in [*labels, *names, *fields]:  # the label of another column comes before the name of a field
        by_heading.setdefault(folded(called), name)
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        known = by_heading.get(folded(heading))
        if known is not None and known not in found.values():
            found[place] = known
    return found


# ---- cells --------------------------------------------------------------------------------------------------------


def several(control: Control, text: str) -> list[str]:
    """The values of a cell: where there may be several, a semicolon or a line break stands between them."""
    if not control.many or control.kind == "number":
        return [text]
    return [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]


def typed_as(control: Control, text: str) -> str:
    """What a value of a cell would be in the form: a term for its words, true for a cross."""
    match control.kind:
        case "term" | "reference" if term := _terms(control).get(folded(text)):
            return term
        case "reference":
            return folded(text).removeprefix("nr.").removeprefix("no.").strip()
        case "tick" | "yes-no" if folded(text) in YES:
            return "true"
        case "tick" if folded(text) in NO:
            return ""
        case "yes-no" if folded(text) in NO:
            return "false"
        case "scheme":
            return _in_schemes(control.schemes).get(folded(text), text)
    return text


@cache
def _terms(control: Control) -> Mapping[str, str]:
    found = {folded(term): term for term in control.terms}
    for language in ("de", "en"):
        labels = {term: folded(word(TERMS, term, language, of=control.name)) for term in control.terms}
        found |= {label: term for term, label in labels.items()}
        short = [label.partition("(")[0].strip() for label in labels.values()]
        # "Konsent" for "Konsent (kein schwerwiegender Einwand)", as long as it can mean nothing else.
        found |= {
            one: term for one, term in zip(short, labels, strict=True) if short.count(one) == 1 and one not in found
        }
    return found


@cache
def _in_schemes(schemes: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for scheme in schemes:
        for code, label in SCHEMES[scheme].terms.items():
            for said in (code, f"{scheme}:{code}", *label, *(f"{code} {each}" for each in label)):
                found.setdefault(folded(said), f"{scheme}:{code}")
    return found


# ---- templates ----------------------------------------------------------------------------------------------------


def _example(column: TableColumn, language: Language) -> str:
    control = column.control
    if control.kind == "text":
        return f"{EXAMPLE} {column.label}"
    if not column.required:
        return ""
    match control.kind:
        case "term":
            return word(TERMS, control.terms[0], language, of=control.name)
        case "date":
            return "im Frühjahr 2018"
        case "day" | "local-time":
            return "30.6.2024"
        case "decimal":
            return "12,5"
        case "number":
            return "12"
        case "id":
            return "Name wie erfasst" if language == "de" else "name as recorded"
    return ""


def _explained(column: TableColumn, language: Language) -> str:
    control, german = column.control, language == "de"
    parts = []
    if control.terms and control.kind == "term":
        parts.append(", ".join(word(TERMS, term, language, of=control.name) for term in control.terms))
    if control.kind in ("tick", "yes-no"):
        parts.append("ja oder nein" if german else "yes or no")
    if control.kind == "id":
        parts.append("Name, wie er im Prozess steht" if german else "the name as it stands in the process")
    if control.kind == "reference":
        parts.append("Nummern von Einträgen" if german else "numbers of entries")
    if control.many:
        parts.append("mehrere mit Semikolon getrennt" if german else "several with semicolons between them")
    keys = (control.path, control.name, control.kind)
    parts += [say(HINTS[key], language) for key in keys if key in HINTS and key != "new-id"][:1]
    return ". ".join(part.rstrip(".") for part in parts)


def template_xlsx(step_type: str, language: Language) -> bytes:
    """A workbook to fill in: headings, an example, and a sheet that explains every column."""
    german, offered = language == "de", columns(step_type, language)
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(word(TYPES, step_type, language).replace("/", " ")[:31])
    sheet.append([column.label for column in offered])
    sheet.append([_example(column, language) for column in offered])
    sheet.freeze_panes = "A2"
    told = book.create_sheet("Erklärung" if german else "Explanation")
    told.append(["Spalte", "Nötig", "Was hinein kommt"] if german else ["Column", "Needed", "What goes there"])
    yes = "ja" if german else "yes"
    for column in offered:
        told.append([column.label, yes if column.required else "", _explained(column, language)])
    told.append([])
    told.append(
        [
            "Zeilen mit „Beispiel:“ werden übergangen. Bitte keine Namen von Personen."
            if german
            else "Rows with “Beispiel:” are passed over. Please no names of persons."
        ]
    )
    for each in (sheet, told):
        for cell in each[1]:
            cell.font = Font(bold=True)
        for number in range(1, len(each[1]) + 1):
            each.column_dimensions[get_column_letter(number)].width = 28
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def template_csv(step_type: str, language: Language) -> bytes:
    """The same as CSV that a German Excel opens by a double click."""
    offered, content = columns(step_type, language), io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.label for column in offered])
    writer.writerow([_example(column, language) for column in offered])
    return b"\xef\xbb\xbf" + content.getvalue().encode()
