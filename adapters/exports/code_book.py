"""The code book: what an export holds, field by field, read off the types and the one table of words."""

import ast
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import domain
import service
from adapters.answers import ORDER
from adapters.exports.step_effects import (
    MARK,
    Condition,
    Effects,
    Trait,
    alternatives,
    bare,
    effects,
    holds_text,
    is_step,
    item_of,
    model_of,
    terms_of,
    written_type,
)
from adapters.web import problems
from adapters.web.problems import STATUS
from domain.entry import UPCASTS, VERSION
from domain.fields import REQUIRED, TEXT, Id, Reference
from domain.meaning import ABOUT
from domain.publication import STEPS, Statement, Telling
from domain.refusals import FIELD_REFUSALS, STATEMENT_REFUSALS
from domain.schemes import SCHEMES
from domain.step import Step
from domain.step_refusals import STEP_REFUSALS
from domain.when import FAR, OPEN, Edtf, Span, in_words, stated
from domain.words import (
    ACTS,
    AMENDMENTS,
    ASPECTS,
    CHANGES,
    CONFLICTS,
    FIELDS,
    HINTS,
    KINSHIP,
    NOT_COMPUTABLE,
    PATTERNS,
    PRESENCE,
    REFUSALS,
    STANDINGS,
    STATES,
    SUBJECTS,
    TERMS,
    TYPES,
    Language,
    Table,
    Words,
    word,
)

ENTRY: Final[Mapping[str, tuple[str, str]]] = {
    "number": ("everybody", "its number inside the process: 1, 2, 3 … without gaps"),
    "position": ("everybody", "its place among all entries of the installation, without gaps"),
    "log_index": ("everybody", "its place in the transparency log, from 0; its leaf was made when it was recorded"),
    "recorded_at": ("everybody", "when it was stored, in UTC; nobody can state it, and it never runs backwards"),
    "public_from": ("everybody", "from when it is public, in UTC; `null`: it is not"),
    "in_force": ("everybody", "`false`: it was withdrawn and does not count"),
    "corrections": ("everybody", "numbers of its corrections; the last one in force says what holds"),
    "withdrawals": ("everybody", "numbers of its withdrawals"),
    "plain": ("everybody", "what it tells, in plain language, with the entry that says so; `null`: nobody said it so"),
    "erased": ("everybody", "`true`: its texts were erased; its facts are complete"),
    "erased_at": ("everybody", "since when its texts are gone"),
    "erasures": ("everybody", "numbers of the entries that erased texts of it"),
    "statement": ("everybody", "what was stated, as it was recorded: a [statement](#statement)"),
    "recorded_by": ("accounts", "the account that recorded it"),
    "cause_not_shown": ("the public", "`true`: it has causes that are not public; they are left out of `because`"),
}
"""The fields of an entry as `entry_answer` gives them: who sees them, and what they are."""

INTERNAL: Final = frozenset({"key", "seen"})
"""The facts that only accounts see."""

DATES: Final = (
    *("2018", "2018-03", "2018-21", "2018-24", "2018-03-14", "2018-04~", "2018?", "2018%"),
    *("[2018-03..2018-05]", "[2019-10..]", "[..2016-10]"),
    *("2016-10/2019-09", "2016-10/..", "2016-10/", "../2019-09", "/2019-09"),
)
"""Every form of a date, once."""


def code_book() -> str:
    """The whole code book as Markdown."""
    return "\n".join(_Book().lines()) + "\n"


# ---- what the types say of themselves -----------------------------------------------------------------------------


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(domain.__path__):
        yield importlib.import_module(f"domain.{module.name}")


@cache
def _types() -> dict[str, Any]:
    """The types of single values that have a name, in the modules that name them."""
    found: dict[str, Any] = {}
    for module in _modules():
        for node in ast.parse(inspect.getsource(module)).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)]):
                    type_ = getattr(module, name, None)
                    plain = bare(type_)
                    if get_origin(type_) is Annotated and get_origin(plain) is not tuple and not model_of(plain):
                        found[name] = type_
    return found


@cache
def _notes() -> dict[str, str]:
    """What stands below a type or a field in its module: `Amount`, `When.edtf`."""
    found: dict[str, str] = {}
    for module in _modules():
        tree = ast.parse(inspect.getsource(module))
        owners = [("", tree.body)] + [(f"{n.name}.", n.body) for n in tree.body if isinstance(n, ast.ClassDef)]
        for owner, body in owners:
            for node, below in pairwise(body):
                match node, below:
                    case (
                        (ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name))),
                        ast.Expr(value=ast.Constant(value=str(note))),
                    ):
                        found[f"{owner}{name}"] = " ".join(note.split())
    return found


def _told(documented: Any) -> str:
    """A docstring, without what points to other documents."""
    told = re.sub(r" \((?:SEMANTICS|DESIGN)[^)]*\)", "", inspect.cleandoc(documented.__doc__ or ""))
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in told.split("\n\n"))


def _bounds(metadata: Iterable[Any]) -> dict[str, Any]:
    """The limits annotated to a type, the narrowest of each."""
    found: dict[str, Any] = {}
    for given in metadata:
        parts = given.metadata if isinstance(given, FieldInfo) else [given]
        for part in parts:
            for name in ("ge", "le", "lt", "min_length", "max_length", "pattern"):
                if (limit := getattr(part, name, None)) is not None:
                    found[name] = max(found.get(name, limit), limit) if name == "ge" else limit
    return found


# ---- the book -----------------------------------------------------------------------------------------------------


class _Book:
    """Writes the sections in order; what is met on the way is explained further down."""

    def __init__(self) -> None:
        self.parts: dict[type[BaseModel], None] = {}
        self.types: dict[str, Any] = {}
        self.roles: dict[tuple[type[BaseModel], str], dict[str, None]] = {}
        for model in (Statement, Telling, *STEPS.values()):
            done = effects(model)
            for trait, conditions in done.traits.items():
                if trait.field and trait.does in ("founds", "ends", "uses", "names"):
                    self.roles.setdefault(done.places[trait.field], {})[_role(trait, conditions)] = None
            for path in done.opted_out:
                self.roles[done.places[path]]["`process`: none"] = None

    def lines(self) -> Iterator[str]:
        older = ", ".join(str(version) for version in UPCASTS)
        yield from _HEAD.format(version=VERSION, older=older).strip().splitlines()
        yield from self.entry()
        yield from self.statement()
        yield from self.index()
        for module, steps in groupby(STEPS.values(), key=lambda step: step.__module__):
            yield from ("", f"## Steps: {module.removeprefix('domain.')}", "")
            yield _told(importlib.import_module(module))
            for step in steps:
                yield from self.step(step)
        yield from self.all_parts()
        yield from self.all_types()
        yield from _dates()
        yield from _schemes()
        yield from _kinds()
        yield from _answers()
        yield from _sentences()

    def entry(self) -> Iterator[str]:
        yield from _ENTRY.splitlines()
        yield from _table("field", "who sees it", "what it is")
        for name, (who, what) in ENTRY.items():
            yield _row(f"`{name}`", who, what)

    def statement(self) -> Iterator[str]:
        yield from _STATEMENT.splitlines()
        yield from self.fields(Statement)

    def index(self) -> Iterator[str]:
        yield from ("", "## Steps", "", f"The field `type` ({' / '.join(FIELDS['type'])}) says which it is.")
        yield from _table("type", "Deutsch", "English", "change of structure", "may have lasted")
        for name, step in STEPS.items():
            structural, lasting = ("yes" if said else "" for said in (step.structural, step.lasting))
            yield _row(f"[`{name}`](#{name})", *TYPES[name], structural, lasting)

    def step(self, step: type[Step]) -> Iterator[str]:
        name = step.model_fields["type"].default
        yield from ("", f"### {name}", "", f"**{' · '.join(TYPES[name])}**", "", _told(step))
        yield from self.fields(step, name)
        said = list(_said(effects(step)))
        rules = dict.fromkeys(code for owner in step.__mro__ for code in _rules(owner))
        if rules:
            said.append(f"Refuses by itself: {', '.join(f'`{code}`' for code in rules)}.")
        if step.structural:
            said.append("A change of structure: needs `because` or `grounds`.")
        if step.lasting:
            said.append("May have lasted from one day to another.")
        yield from ("", *(f"- {line}" for line in said)) if said else ()

    def all_parts(self) -> Iterator[str]:
        yield from ("", "## Parts", "", "What several fields are made of.")
        done: set[type[BaseModel]] = set()
        while left := [part for part in self.parts if part not in done]:
            done.add(left[0])
            yield from ("", f"### {left[0].__name__}", "", _told(left[0]))
            yield from self.fields(left[0])
            if rules := list(dict.fromkeys(_rules(left[0]))):
                yield from ("", f"- Refuses by itself: {', '.join(f'`{code}`' for code in rules)}.")

    def all_types(self) -> Iterator[str]:
        yield from ("", "## Types")
        yield from _table("type", "what it is", "Form", "form")
        for name in sorted(self.types):
            bounds = _bounds(get_args(self.types[name])[1:])
            form = PATTERNS.get(bounds.get("pattern", ""), ("", _numbers(bounds)))
            yield _row(
                name, _notes().get(name, ""), *(("", "see [Dates](#dates)") if _is_date(self.types[name]) else form)
            )

    def fields(self, model: type[BaseModel], step: str = "") -> Iterator[str]:
        """The table of the fields of a step or a part."""
        yield from _table("field", "Deutsch", "English", "is", "must", "holds")
        for name in sorted(model.model_fields, key=ORDER.index) if model is Statement else model.model_fields:
            info = model.model_fields[name]
            if name == "type":
                continue
            german, english = (word(FIELDS, name, language, of=step) for language in get_args(Language))
            holds = [self.holds(written_type(model, name), model, name), *self.roles.get((model, name), ())]
            notes = [note for note in (_notes().get(f"{model.__name__}.{name}"), info.description) if note]
            held = " – ".join(["; ".join(holds), *notes])
            yield _row(f"`{name}`", german, english, _kind(model, name), _given(info), held)

    def holds(self, type_: Any, model: type[BaseModel], name: str) -> str:
        """What a value of the type is."""
        if TEXT in model.model_fields[name].metadata:
            return "words"
        several = alternatives(type_)
        if all(map(terms_of, several)):
            return " · ".join(_term(term, name) for term in terms_of(type_))
        if is_step(bare(type_)):
            return "a [step](#steps)"
        if several == list(get_args(Reference)):
            return _reference(model, name)
        if len(several) > 1:
            return " or ".join(self.holds(part, model, name) for part in several)
        return self.holds_one(several[0], model, name)

    def holds_one(self, type_: Any, model: type[BaseModel], name: str) -> str:
        plain, bounds = bare(type_), _bounds(get_args(type_)[1:] if get_origin(type_) is Annotated else ())
        if get_origin(plain) is tuple:
            limits = [f"at least {bounds['min_length']}"] if "min_length" in bounds else []
            limits += [f"at most {bounds['max_length']:,}"] if "max_length" in bounds else []
            listed = f"a list, {' and '.join(limits)}, of" if limits else "a list of"
            return f"{listed}: {self.holds(get_args(plain)[0], model, name)}"
        if part := model_of(plain):
            self.parts[part] = None
            if schemes := _named_schemes(type_):
                return f"a [{part.__name__}](#{_slug(part.__name__)}) of {schemes}"
            return f"[{part.__name__}](#{_slug(part.__name__)})"
        if plain is bool:
            return "`true` or `false`"
        if type_ == Id:
            self.types["Id"] = Id
            return "id"
        for known, named in _types().items():
            if named == type_:
                self.types[known] = named
                form = PATTERNS.get(bounds.get("pattern", ""), ("", _numbers(bounds)))[1]
                place = "dates" if _is_date(type_) else "types"
                return f"[{known}](#{place})" + (f": {form}" if form else "")
        return _numbers(bounds) or PATTERNS[bounds["pattern"]][1]


def _is_date(type_: Any) -> bool:
    """Whether the value is checked as a date in our notation."""
    return get_args(Edtf)[1] in get_args(type_)


def _kind(model: type[BaseModel], name: str) -> str:
    """Whether a field is a fact or a text."""
    if TEXT in model.model_fields[name].metadata:
        return "text"
    if is_step(bare(written_type(model, name))) or holds_text(written_type(model, name)):
        return "fact and text"
    return "fact, internal" if name in INTERNAL else "fact"


def _given(info: FieldInfo) -> str:
    """Whether a field must be given, and what holds if it is not."""
    if info.is_required() or REQUIRED in info.metadata:
        return "**yes**"
    if info.default is None or info.default == ():
        return ""
    default = info.default
    if isinstance(default, BaseModel):
        return f"else `{json.dumps(default.model_dump(exclude_defaults=True))}`"
    return f"else `{default if isinstance(default, str) else json.dumps(default)}`"


def _term(term: str, name: str) -> str:
    german, english = (word(TERMS, term, language, of=name) for language in get_args(Language))
    return f"`{term}` {german} / {english}"


def _reference(model: type[BaseModel], name: str) -> str:
    types = sorted(model.refers.get(name, ())) if issubclass(model, Step) else []
    of_type = " or ".join(f"[`{type_}`](#{type_})" for type_ in types)
    return f"number of an earlier entry{f' of type {of_type}' if types else ''}"


def _named_schemes(type_: Any) -> str:
    named = [
        name
        for part in get_args(type_)[1:]
        for name in (getattr(part, "json_schema_extra", None) or {}).get("schemes", ())
    ]
    return " or ".join(f"[{name}](#{_slug(name)})" for name in named)


def _numbers(bounds: Mapping[str, Any]) -> str:
    if "ge" not in bounds:
        return ""
    most = bounds.get("le")
    return (
        f"a whole number from {bounds['ge']} on" if most is None else f"a whole number from {bounds['ge']} to {most:,}"
    )


def _rules(owner: type) -> list[str]:
    """The codes that a step or a part refuses with when it looks at itself."""
    if owner.__module__.startswith("domain.") and issubclass(owner, BaseModel):
        return re.findall(r'invalid\(\s*"([a-z-]+)"', inspect.getsource(owner))
    return []


def _role(trait: Trait, conditions: Sequence[Condition]) -> str:
    inside, _, _ = trait.field.rpartition(".")
    kinds = " or ".join(_article(kind) for kind in trait.what)
    if frozenset(trait.what) == ABOUT:
        kinds = "[what a step can be about](#kinds-of-subject)"
    return f"{trait.does} {kinds}{_conditions(conditions, inside)}"


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _conditions(conditions: Sequence[Condition], inside: str = "") -> str:
    """The choices under which something holds; fields that stand beside it are named without their place."""
    said = []
    for path, choices in conditions:
        name = path.removeprefix(f"{inside}.") if inside else path
        match choices:
            case (None,):
                said.append(f"`{name}` is not given")
            case (str(mark),) if MARK.search(mark):
                said.append(f"`{name}` is given")
            case _:
                terms = " or ".join(f"`{json.dumps(c) if isinstance(c, bool) else c}`" for c in choices)
                said.append(f"`{name}` is {terms}")
    return f" if {' and '.join(said)}" if said else ""


def _said(done: Effects) -> Iterator[str]:
    """What a step sets and has to agree with, and what it founds or ends that none of its fields names."""
    for trait in done.traits:
        if not trait.field and trait.does in ("founds", "ends"):
            yield f"{trait.does.capitalize()} the process itself."
    for does, words in (("sets", "Sets for {}: {}."), ("agrees", "Has to agree with the founding of {}: {}.")):
        subjects = dict.fromkeys(trait.field for trait in done.traits if trait.does == does)
        for subject in subjects:
            told = [
                f"{trait.what[0].replace('_', ' ')}{_value(trait.what[1])}{_conditions(conditions)}"
                for trait, conditions in done.traits.items()
                if (trait.does, trait.field) == (does, subject)
            ]
            yield words.format(f"`{subject}`" if subject else "the process", "; ".join(told))


def _value(value: str) -> str:
    """Where a value comes from: a field of the step, or the step itself."""
    fields = MARK.findall(value)
    if len(fields) > 1:
        return f" from `{fields[0].rpartition('.')[0]}`"
    if fields:
        return f" from `{fields[0]}`"
    return f" = `{value}`" if value else ""


# ---- tables that stand by themselves ------------------------------------------------------------------------------


def _dates() -> Iterator[str]:
    yield from _DATES.splitlines()
    yield from _table("notation", "Deutsch", "English", "began", "ended")
    for edtf in DATES:
        read = stated(edtf)
        ended = "" if not read.lasting else _days(read.end) if read.end else "not told"
        yield _row(f"`{edtf}`", in_words(edtf, "de"), in_words(edtf, "en"), _days(read.begin), ended)


def _days(span: Span) -> str:
    first = "…" if span.first == OPEN else date.fromordinal(span.first).isoformat()
    last = "…" if span.last == FAR else date.fromordinal(span.last).isoformat()
    return first if first == last != "…" else f"{first} to {last}"


def _schemes() -> Iterator[str]:
    yield from _SCHEMES.splitlines()
    for id_, scheme in SCHEMES.items():
        order = "The terms are in order, lowest first." if scheme.ordered else "The terms have no order."
        yield from ("", f"### {id_}", "", f"**{' · '.join(scheme.label)}**", "")
        yield f"Edition: {scheme.edition}. Source: {scheme.source}. {order}"
        yield from _words(scheme.terms, "term")


def _kinds() -> Iterator[str]:
    yield from _KINDS.splitlines()
    yield from _table("kind", "Deutsch", "English", "founded by", "ended by", "steps can be about it")
    founded: dict[str, dict[str, None]] = {kind: {} for kind in SUBJECTS}
    ended: dict[str, dict[str, None]] = {kind: {} for kind in SUBJECTS}
    for name, step in STEPS.items():
        for trait in effects(step).traits:
            for kind in trait.what if trait.does in ("founds", "ends") else ():
                (founded if trait.does == "founds" else ended)[kind][f"[{name}](#{name})"] = None
    for kind, words in SUBJECTS.items():
        about = "yes" if kind in ABOUT else ""
        yield _row(f"`{kind}`", *words, ", ".join(founded[kind]), ", ".join(ended[kind]), about)


def _answers() -> Iterator[str]:
    yield from ("", "## Words in answers")
    for title, table in _ANSWERS.items():
        yield from ("", f"### {title}")
        yield from _words(table, "word")
    yield from ("", "### Languages and roles of accounts")
    shown = {term for step in (Statement, *STEPS.values()) for term in _terms_in(step)}
    yield from _words({term: words for term, words in TERMS.items() if not shown & {term, term.rpartition(":")[2]}}, "")


def _terms_in(model: type[BaseModel]) -> Iterator[str]:
    for name in model.model_fields:
        _, item = item_of(written_type(model, name))
        yield from terms_of(written_type(model, name))
        yield from terms_of(item)
        if (part := model_of(item)) and part is not model:
            yield from _terms_in(part)


def _sentences() -> Iterator[str]:
    yield from _REFUSALS.splitlines()
    told_apart = FIELD_REFUSALS | STEP_REFUSALS | STATEMENT_REFUSALS
    groups: dict[str, Mapping[str, Words]] = {
        "Refusals of what is no statement": FIELD_REFUSALS,
        "Refusals of what a step says by itself": STEP_REFUSALS,
        "Refusals of what contradicts the entries or the rules of recording": STATEMENT_REFUSALS,
        "Refusals of dates, addresses, files, accounts and settings": {
            code: words for code, words in REFUSALS.items() if code not in told_apart
        },
    }
    answered = told_apart.keys() | _answered()
    for title, refusals in groups.items():
        yield from ("", f"### {title}")
        yield from _table("code", "status", "Deutsch", "English")
        for code, words in sorted(refusals.items()):
            status = STATUS.get(code, 422 if code in answered else "")
            yield _row(f"`{code}`", str(status), *map(_sentence, words))
    for title, told, table in (("Hints", _HINTS, HINTS), ("Conflicts", _CONFLICTS, CONFLICTS)):
        yield from ("", f"## {title}", "", told)
        yield from _words({code: tuple(map(_sentence, words)) for code, words in table.items()}, "code")


def _answered() -> set[str]:
    """The codes that a request can be refused with: those of what is stated, and those of the HTTP API."""
    texts = [inspect.getsource(module) for module in (*_modules(), service)]
    texts += [path.read_text(encoding="utf-8") for path in Path(problems.__file__).parent.glob("*.py")]
    return {code for text in texts for code in re.findall(r'(?:invalid|refused|Refusal)\(\s*"([a-z-]+)"', text)}


def _sentence(words: str) -> str:
    """A sentence with its parameters by name, without how they are put into words."""
    return re.sub(r":\w+\}", "}", words)


def _words(table: Mapping[str, tuple[str, ...]], what: str) -> Iterator[str]:
    yield from _table(what, "Deutsch", "English")
    yield from (_row(f"`{name}`", *words) for name, words in table.items())


def _table(*columns: str) -> Iterator[str]:
    yield from ("", _row(*columns), "|" + "---|" * len(columns))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _slug(heading: str) -> str:
    """The place in a document that a heading can be linked by."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


# ---- the text around the tables -----------------------------------------------------------------------------------

_HEAD: Final = """
# Code book

What an export of Werdegang holds, field by field: every step, every term, every refusal. It is written by `werdegang
code-book` from the types of the program, so it is true of the version that wrote it. Words stand in German and
English.

Stored facts carry their version as `v`; this is version {version}. Older facts (version {older}) are read as this one,
and exports are always in this one.

## How to read it

- **is**: a *fact* (id, number, date, term …) is kept for ever. A *text* (free words, names) can be erased; then its
  field is missing and the entry says `erased`. *Internal* facts are shown to accounts only.
- **must**: *yes* where it has to be given when a statement is recorded; else what holds if it is not given. An export
  leaves out every field that is at its default: what is missing there reads as its default, and without one as "not
  stated". Some steps ask for more: the codes under "Refuses by itself" say what ([Refusals](#refusals)).
- **id**: the lasting name of a subject, such as a body or an actor. All ids of a process are one set of names;
  `process` stands for the process itself. An id that does none of the following names no subject: it belongs to the
  statement itself or to a part of it, such as an option or a planned level.
- An id **founds** a subject: its lifetime begins with this entry. It **ends** one. It **uses** one: that was founded
  before and is still there. It **names** one: that only has to be founded by some entry. "`process`: none" means that
  the id `process` stands there for no place above, or for nobody's project.
- **Sets**: what holds of a subject from this entry on, until another entry says otherwise.
"""

_ENTRY: Final = """
## Entry

A line of `export --format entries`, and an entry of the API.
"""

_STATEMENT: Final = """
## Statement

A line of `export --format statements`, what `import` reads, and the `statement` of an entry. In an entry references
are numbers; in statements that are exported or given to be recorded they can be keys.

`occurred` is missing only for a publication, a correction and a withdrawal, which happen when they are recorded.
"""

_DATES: Final = """
## Dates

A date is written in a part of EDTF (ISO 8601-2). `21` to `24` in the place of a month are the seasons. A plain date and
`[…]` are one moment on a day within it; what is written with `/` lasted. `~` (about), `?` (uncertain) and `%` (both)
never widen a date. What was told as happened had happened on the day it was recorded, so later days fall away.
"""

_SCHEMES: Final = """
## Schemes

Vocabularies of the field. A [Term](#term) names the scheme and the code in it. A code never gets another meaning: a new
edition is a new scheme. Terms of different schemes are never converted.
"""

_KINDS: Final = """
## Kinds of subject

A subject has a lifetime: it is founded once and ends at most once.
"""

_REFUSALS: Final = """
## Refusals

What is refused is not recorded. `params` of an answer hold what stands in braces here. The status is that of the HTTP
API; where it is empty, the code is told on the command line only. A code with 404 is 422 where a statement names what
is missing.
"""

_HINTS: Final = "What is doubtful about a new entry; it is recorded all the same."

_CONFLICTS: Final = "What contradicts itself or is doubtful among the entries of a view; nothing is left out for it."

_ANSWERS: Final[Mapping[str, Table]] = {
    "Presence: how surely a subject is there on a day": PRESENCE,
    "Kinship: how a body went on as another one": KINSHIP,
    "Amendment: what was done to an entry later": AMENDMENTS,
    "State: whether an entry has happened by a day": STATES,
    "Standing: where something stands, where that is no term of a step": STANDINGS,
    "Aspect: what differs between two views": ASPECTS,
    "Change: how it differs": CHANGES,
    "Reason: why a figure has no number": NOT_COMPUTABLE,
    "Acts of accounts": ACTS,
}
