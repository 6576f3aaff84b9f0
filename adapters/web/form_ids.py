"""New ids, and the empty rows of lists: what a form has before anybody types into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.web.form_controls import Control, Typed, controls, recordable
from adapters.web.form_reading import ADD, PROPOSED, is_filled, rows
from domain.publication import Telling
from domain.view import View
from domain.words import FIELDS, SUBJECTS, word


@dataclass(slots=True)
class Completed:
    """What is typed, with an empty row at the end of each list and an id for everything new.

    `founded` are the new ids by the kind of what they stand for: each with the place that it is given at.
    """

    typed: dict[str, Sequence[str]]
    taken: set[str]
    proposed: list[str] = field(default_factory=list)
    founded: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def fresh(self, kind: str) -> str:
        """A neutral id that nothing has: nobody has to think of one, and no person's name becomes one."""
        stem = stem_of(kind)
        used = {int(id_[len(stem) + 1 :]) for id_ in self.taken if _numbered(id_, stem)}
        made = f"{stem}-{max(used, default=0) + 1}"
        self.taken.add(made)
        return made


def stem_of(kind: str) -> str:
    """What new ids of a kind begin with: `gremium`, `massnahme`."""
    named = word(SUBJECTS if kind in SUBJECTS else FIELDS, kind, "de").casefold()
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), (" ", "-")):
        named = named.replace(letter, plain)
    return named


def _numbered(id_: str, stem: str) -> bool:
    number = id_[len(stem) + 1 :]
    return id_.startswith(f"{stem}-") and number.isascii() and number.isdigit() and len(number) < 10


def completed(step_type: str, typed: Typed, view: View, taken: frozenset[str] = frozenset()) -> Completed:
    made = Completed(dict(typed), founded(view) | taken | {value for values in typed.values() for value in values})
    _complete(controls(recordable()[step_type]), "/step", made, stated=True)
    _complete([control for control in controls(Telling) if control.kind != "step"], "", made, stated=True)
    made.typed[PROPOSED] = made.proposed
    return made


def founded(view: View) -> set[str]:
    """Every id that an entry of the process gave to something."""
    return {id_ for entry in view.effective.entries for id_, _ in entry.meaning.founds}


def taken_meanwhile(step_type: str, typed: Typed, view: View) -> dict[str, str]:
    """Ids that the program made for this statement and that somebody else has got since, with new ones instead."""
    known = founded(view)
    made = Completed(dict(typed), known | {value for values in typed.values() for value in values})
    found: dict[str, str] = {}
    for control in controls(recordable()[step_type]):
        given = "".join(typed.get(f"/step/{control.name}", ()))
        if control.proposed and given in known and _numbered(given, stem_of(control.founds or "")):
            found[given] = made.fresh(control.founds or "")
    return found


def _complete(inner: Sequence[Control], under: str, made: Completed, *, stated: bool) -> None:
    for control in inner:
        at = f"{under}/{control.name}"
        if control.kind == "model" and control.many:
            places = _with_empty_rows(control, at, made)
            for place in places:
                row = f"{at}/{place}"
                _complete(control.inner(), row, made, stated=stated and is_filled(made.typed, row))
        elif control.kind == "model":
            _complete(control.inner(), at, made, stated=stated and (control.required or is_filled(made.typed, at)))
        elif control.kind == "step":
            chosen = recordable(nested=True).get("".join(made.typed.get(f"{at}/type", ())))
            _complete(controls(chosen) if chosen else (), at, made, stated=False)
        elif control.founds is not None:
            _give_id(control, at, made, stated=stated)


def _with_empty_rows(control: Control, at: str, made: Completed) -> list[int]:
    """The rows of a list, with one that is empty, one more where that was asked for, and as many as there must be."""
    places = rows(made.typed, at)
    wanted = len(places)
    if not places or is_filled(made.typed, f"{at}/{places[-1]}") or at in made.typed.get(ADD, ()):
        wanted += 1
    while len(places) < max(wanted, control.least):
        places.append(places[-1] + 1 if places else 0)
        made.typed[f"{at}/{places[-1]}/{control.inner()[0].name}"] = () if control.inner()[0].founds else ("",)
    return places


def _give_id(control: Control, at: str, made: Completed, *, stated: bool) -> None:
    kind = control.founds or ""
    given = "".join(made.typed.get(at, ()))
    if control.proposed and not given and (at not in made.typed or not made.typed[at]):
        given = made.fresh(kind)
        made.typed[at] = (given,)
        made.proposed += [] if stated else [given]
    elif not stated and given in made.typed.get(PROPOSED, ()):
        made.proposed.append(given)
    if given:
        made.founded.setdefault(kind, []).append((given, at))
