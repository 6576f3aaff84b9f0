"""Recording at the desk: each step type as a form, read back into the very same statement."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.imports.statements import read_statements
from adapters.web.form_controls import AMONG, MADE, Control, controls, recordable
from adapters.web.form_reading import at_controls, filled, stated, typed_of
from adapters.web.form_words import OFFICE
from adapters.web.forms import form_of
from adapters.web.wording import Wording
from domain.errors import Refusal, Refused
from domain.publication import OF_INSTALLATION, Statement, Telling, TextsErased
from domain.replay import Effective
from domain.view import View
from domain.when import When
from domain.words import REFUSALS, TYPES
from service import Times
from tests.browser_forms import Page
from tests.faces import BOTTROP, EXAMPLE, House, recorded

LINDENAU = "lindenau-2030"
NOTHING = View(Effective(), 0)
"""A process of which nothing is known: what is filled in has to come back all the same."""

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "adapters" / "web" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGE = TEMPLATES.from_string(
    '{% import "form.html" as forms with context %}{{ forms.summary(form) }}'
    '<form method="post" novalidate>{{ forms.fields(form) }}</form>'
)


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """Both examples, each in an installation of its own."""
    made = {
        process: recorded(tmp_path_factory.mktemp(process), EXAMPLE.with_name(f"{process}.jsonl"))
        for process in (BOTTROP, LINDENAU)
    }
    yield made
    for house in made.values():
        house.close()


def view_of(house: House, process: str) -> View:
    account = house.installation.accounts.account_of(house.tokens["admin"])
    return house.installation.service.view(process, account).view


@pytest.fixture(scope="module")
def lindenau(houses) -> View:
    return view_of(houses[LINDENAU], LINDENAU)


def words(view: View, language="de") -> Wording:
    return Wording(language, f"/prozesse/{BOTTROP}", view, Times())


def shown(step_type, typed, view, refusals=(), language="de") -> Page:
    """The page with the form, as a browser reads it."""
    said = words(view, language)
    return Page(PAGE.render(form=form_of(step_type, typed, said, refusals), w=said))


def submitted(page: Page, **also: str):
    """What a browser sends, with some of it typed anew."""
    typed = dict(typed_of(page.sent))
    typed.update({name: [value] for name, value in also.items()})
    return typed


def refused(step_type, typed) -> tuple[Refusal, ...]:
    with pytest.raises(Refused) as refusal:
        stated(step_type, typed, BOTTROP, "k")
    return refusal.value.refusals


# ---- what the office does -----------------------------------------------------------------------------------------


def test_every_step_type_is_something_that_the_office_does_and_only_one_thing():
    grouped = [type_ for _, types in OFFICE.values() for type_ in types]
    assert sorted(grouped) == sorted(recordable())


def test_only_entries_about_entries_have_no_form():
    about = {"entry-published", "entry-corrected", "entry-withdrawn", "plain-language-added", "texts-erased"}
    assert TYPES.keys() - recordable().keys() <= about | OF_INSTALLATION.keys()


# ---- there and back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", [BOTTROP, LINDENAU])
def test_a_statement_filled_into_its_form_and_submitted_states_the_same_again(houses, process):
    view, seen = view_of(houses[process], process), set()
    for number, statement in ((entry.number, entry.statement) for entry in view.effective.entries):
        if statement.step.type in recordable() and not view.effective.by_number[number].erased:
            known = NOTHING if statement.step.type in seen else view  # what a form offers takes long to be read
            seen.add(statement.step.type)
            page = shown(statement.step.type, filled(statement), known)
            again = stated(statement.step.type, typed_of(page.sent), statement.process, statement.key)
            assert again == statement


@pytest.mark.parametrize("process", [BOTTROP, LINDENAU])
def test_the_same_with_keys_as_an_example_has_them(process):
    stated_ = read_statements(EXAMPLE.with_name(f"{process}.jsonl").read_text(encoding="utf-8"))
    erased = {statement.step.target for statement in stated_ if isinstance(statement.step, TextsErased)}
    for statement in stated_:
        if statement.step.type in recordable() and statement.key not in erased:
            again = stated(statement.step.type, filled(statement), statement.process, statement.key)
            assert again == statement


def test_a_date_that_could_be_read_in_two_ways_is_asked_back_when_typed_and_kept_when_filled_in(lindenau):
    page = shown("context-noted", {}, lindenau)
    typed = submitted(page, **{"/step/what": "Wahlen", "/occurred/edtf": "2017/2018"})
    assert [(r.code, r.pointer) for r in refused("context-noted", typed)] == [("date-ambiguous", "/occurred/edtf")]

    telling = Telling.model_validate(
        {"step": {"type": "context-noted", "what": "Wahlen"}, "occurred": {"edtf": "2017/2018"}}
    )
    page = shown("context-noted", filled(telling), lindenau)
    assert stated("context-noted", typed_of(page.sent), BOTTROP, "k").occurred == When(edtf="2017/2018")


@pytest.mark.parametrize("wording", ["Mai 2025", None])
def test_whoever_changes_the_date_of_an_entry_changes_the_words_it_was_stated_in(lindenau, wording):
    occurred = {"edtf": "2025-05", "wording": wording}
    telling = Telling.model_validate({"step": {"type": "context-noted", "what": "Wahlen"}, "occurred": occurred})
    page = shown("context-noted", filled(telling), lindenau)
    assert typed_of(page.sent)["/occurred/edtf"] == [wording or "im Mai 2025"]
    changed = submitted(page, **{"/occurred/edtf": "Juni 2025"})
    when = stated("context-noted", changed, BOTTROP, "k").occurred
    assert (when.edtf, when.wording) == ("2025-06", "Juni 2025")


def test_a_copy_gets_new_ids_and_a_correction_keeps_them(lindenau):
    decision = next(e.statement for e in lindenau.effective.entries if e.statement.step.type == "decision-taken")
    copied = submitted(shown("decision-taken", filled(decision, anew=True), lindenau))
    kept = submitted(shown("decision-taken", filled(decision), lindenau))
    assert stated("decision-taken", kept, LINDENAU, "k").step == decision.step
    again = stated("decision-taken", copied, LINDENAU, "k").step
    assert again.decision == "beschluss-1"
    assert again == decision.step.model_copy(update={"decision": "beschluss-1"})


# ---- recording from nothing ---------------------------------------------------------------------------------------

ALSO = {
    "meeting-planned": {"/step/begins": "30.6.2021, 10:00 Uhr"},
    "meeting-changed": {"/step/how": "cancelled"},
    "meeting-held": {},
    "actor-redescribed": {"/step/name": "Neuer Name"},
    "body-reattached": {"/step/parent": "process"},
    "body-changed": {"/step/status": "paused"},
    "bodies-merged": {"/step/absorbed_by": "zukunftsrat"},
    "goal-revised": {"/step/how": "achieved"},
    "indicator-selected": {"/step/count/at_least": "3"},
    "claim-disputed": {"/step/against": "3"},
}
"""What a rule asks for that concerns several fields: one of them, or this one under a condition."""


def filled_in(step_type: str, page: Page) -> dict[str, list[str]]:
    """Something in every field that is required, and nothing else."""
    typed = submitted(page)
    for control, at in required(controls(recordable()[step_type]), "/step"):
        if not any(typed.get(at, ())):
            choices = [given["value"] for tag, given in page.tags if given.get("name") == at and "value" in given]
            typed[at] = [sample(control, at, page, choices)]
    typed["/occurred/edtf"] = ["im Frühjahr 2025"]
    if recordable()[step_type].structural:
        typed["/grounds"] = ["So beschlossen"]
    typed.update({name: [value] for name, value in ALSO.get(step_type, {}).items()})
    return typed


def required(inner, under: str):
    for control in inner:
        if control.required and control.kind == "model":
            places = [f"/{row}" for row in range(control.least)] if control.many else [""]
            for place in places:
                yield from required(control.inner(), f"{under}/{control.name}{place}")
        elif control.required:
            yield control, f"{under}/{control.name}"


def sample(control: Control, at: str, page: Page, choices) -> str:
    offered = [*options(page, at), *choices]
    given = next((value for value in offered if value not in ("", "process")), None)
    words = {"decimal": "12,5", "date": "2024", "number": "3", "code": "EUR", "text": "Ein Text"}
    return given if given is not None else words[control.kind]


def options(page: Page, name: str) -> list[str]:
    """The values that a list to choose from offers."""
    found, inside = [], False
    for tag, attributes in page.tags:
        inside = attributes.get("name") == name if tag == "select" else inside
        if tag == "option" and inside:
            found.append(attributes["value"])
    return found


@pytest.mark.parametrize("step_type", sorted(recordable()))
def test_every_step_can_be_recorded_with_only_what_is_required(lindenau, step_type):
    typed = filled_in(step_type, shown(step_type, {}, lindenau))
    statement = stated(step_type, typed, LINDENAU, "k")
    assert statement.step.type == step_type
    assert statement.occurred == When(edtf="2025-21", wording="im Frühjahr 2025")


@pytest.mark.parametrize("step_type", sorted(recordable()))
def test_an_empty_form_is_refused_at_every_field_that_is_required(lindenau, step_type):
    typed = submitted(shown(step_type, {}, lindenau))
    found = refused(step_type, typed)
    asked = {at for _, at in required(controls(recordable()[step_type]), "/step")}
    lists = {at.split("/0/")[0] for at in asked if "/0/" in at}
    missing = {at for at in asked if not any(typed.get(at, ())) and not any(c in at for c in ("/0/", "/1/"))}
    assert {refusal.pointer for refusal in found} >= missing | lists | {"/occurred/edtf"}
    page = shown(step_type, typed, lindenau, found)
    assert {at for at in missing if page.control(at).get("aria-invalid") != "true"} == set()


def test_new_things_get_neutral_ids_that_nothing_has(lindenau):
    assert submitted(shown("group-formed", {}, lindenau))["/step/body"] == ["gremium-1"]
    assert submitted(shown("measure-planned", {}, lindenau))["/step/measure"] == ["massnahme-1"]
    split = submitted(shown("body-split", {}, lindenau))
    assert [split[f"/step/into/{place}/body"] for place in (0, 1)] == [["gremium-1"], ["gremium-2"]]


def test_a_list_has_an_empty_row_and_a_button_for_one_more(lindenau):
    page = shown("criteria-set", {}, lindenau)
    assert ("add", "/step/criteria") in page.buttons
    more = shown("criteria-set", submitted(page, add="/step/criteria"), lindenau)
    assert submitted(more)["/step/criteria/1/criterion"] == ["kriterium-2"]
    one = submitted(more, **{"/step/criteria/1/name": "Kosten", "/step/name": "Neumarkt", "/occurred/edtf": "2025"})
    step = stated("criteria-set", one, LINDENAU, "k").step
    assert [(c.criterion, c.name) for c in step.criteria] == [("kriterium-2", "Kosten")]
    assert "/step/criteria/2/name" in submitted(shown("criteria-set", one, lindenau))


def test_what_is_refused_in_a_row_stands_in_that_row_although_empty_ones_are_left_out(lindenau):
    page = shown("criteria-set", {"add": ["/step/criteria"]}, lindenau)
    typed = submitted(page, **{"/step/criteria/1/question": "Was kostet es?", "/occurred/edtf": "2025"})
    assert "/step/criteria/1/name" in {refusal.pointer for refusal in refused("criteria-set", typed)}
    typed = submitted(page, **{"/step/criteria/1/name": "Kosten", "/step/criteria/1/criterion": "Ä"})
    assert ("field-pattern", "/step/criteria/1/criterion") in {
        (refusal.code, refusal.pointer) for refusal in refused("criteria-set", typed)
    }


def test_a_refusal_at_recording_finds_its_row(lindenau):
    typed = {"/step/sources/0/title": ["x"], "/sources/1/title": ["Blatt"], "/sources/0/title": [""]}
    placed = at_controls("context-noted", typed, Refused(Refusal("unknown", pointer="/sources/0/document")))
    assert [refusal.pointer for refusal in placed.refusals] == ["/sources/1/document"]


def test_another_account_is_a_form_of_its_own(lindenau):
    page = shown("claim-disputed", {"/step/account/step/type": ["theme-identified"]}, lindenau)
    assert "/step/account/step/name" in submitted(page)
    typed = submitted(
        page,
        **{
            "/step/claim": "2",
            "/step/topic": "Drittes Handlungsfeld",
            "/step/how": "contradicts",
            "/occurred/edtf": "2025",
            "/step/account/step/name": "Gesundheit",
            "/step/account/occurred/edtf": "ca. 2018",
        },
    )
    account = stated("claim-disputed", typed, LINDENAU, "k").step.account
    assert account.step.name == "Gesundheit"
    assert account.occurred.edtf == "2018~"


# ---- what there is to choose from ---------------------------------------------------------------------------------


def test_only_what_can_have_existed_then_is_offered_where_it_has_to_have(lindenau):
    at_all = set(options(shown("body-ended", {}, lindenau), "/step/body"))
    before = set(options(shown("body-ended", {"/occurred/edtf": ["1950"]}, lindenau), "/step/body"))
    assert before == {""}
    assert len(at_all) > 10


def test_every_id_is_given_proposed_or_chosen_from_something():
    def ids(inner, of):
        for control in inner:
            if control.kind == "id":
                yield control, of
            yield from ids(control.inner(), control.model)

    for step in (*recordable().values(), Telling):
        for control, _ in ids(controls(step), step):
            assert control.founds or control.kinds, (step, control.path)
    assert MADE.keys().isdisjoint(AMONG)


def test_a_date_is_shown_back_as_it_was_understood(lindenau):
    said = words(lindenau)
    form = form_of("context-noted", {"/occurred/edtf": ["zwischen März und Mai 2018"]}, said)
    date = next(field for field in form.fields() if field.name == "/occurred/edtf")
    assert date.understood.startswith("zwischen März und Mai 2018")
    english = form_of("context-noted", {"/occurred/edtf": ["im Frühjahr 2018"]}, words(lindenau, "en"))
    assert any(field.understood.startswith("in spring 2018: ") for field in english.fields())


# ---- numbers, days and times as an office types them --------------------------------------------------------------


@pytest.mark.parametrize(
    ("step_type", "at", "typed", "means"),
    [
        ("indicator-measured", "value", "1.250,75", "1250.75"),
        ("indicator-measured", "value", "12,5", "12.5"),
        ("indicator-measured", "value", "12.5", "12.5"),
        ("meeting-planned", "begins", "30.6.2021", "2021-06-30"),
        ("meeting-planned", "begins", "30.6.2021 um 9.30 Uhr", "2021-06-30T09:30"),
        ("meeting-planned", "begins", "2021-06-30T10:00", "2021-06-30T10:00"),
    ],
)
def test_numbers_and_days_are_read_as_an_office_types_them(lindenau, step_type, at, typed, means):
    form = filled_in(step_type, shown(step_type, {}, lindenau)) | {f"/step/{at}": [typed]}
    assert getattr(stated(step_type, form, LINDENAU, "k").step, at) == means


def test_resistances_are_typed_in_one_line(lindenau):
    page = shown("decision-taken", {}, lindenau)
    typed = submitted(
        page,
        **{
            "/step/text": "Vier Wochen",
            "/step/method": "systemic-consensing",
            "/occurred/edtf": "2025",
            "/step/consensing/participants": "3",
            "/step/consensing/options/0/name": "Alles bleibt",
            "/step/consensing/options/0/votes": "9, 8 7",
            "/step/consensing/options/1/name": "Vier Wochen",
            "/step/consensing/options/1/votes": "0 0 10",
            "/step/consensing/passive": "moeglichkeit-1",
            "/step/consensing/chosen": "moeglichkeit-2",
        },
    )
    assert {"moeglichkeit-1", "moeglichkeit-2"} <= set(options(page, "/step/consensing/chosen"))
    assert stated("decision-taken", typed, LINDENAU, "k").step.consensing.options[0].votes == (9, 8, 7)
    typed["/step/consensing/options/0/votes"] = ["9 8 viele"]
    page = shown("decision-taken", typed, lindenau, refused("decision-taken", typed))
    assert page.control("/step/consensing/options/0/votes")["aria-invalid"] == "true"


# ---- what is refused ----------------------------------------------------------------------------------------------


def test_an_unknown_field_is_refused(lindenau):
    typed = submitted(shown("context-noted", {}, lindenau), **{"/step/who": "x", "/occurred/edtf": "2025"})
    assert ("field-unknown", "/step/who") in {(r.code, r.pointer) for r in refused("context-noted", typed)}


def test_causes_are_named_or_not_documented_not_both(lindenau):
    typed = filled_in("theme-retired", shown("theme-retired", {}, lindenau))
    alone = stated("theme-retired", {**typed, "/because": ["not-recorded"]}, LINDENAU, "k")
    assert alone.because == "not-recorded"
    assert stated("theme-retired", {**typed, "/because": ["3", "2"]}, LINDENAU, "k").because == (3, 2)
    found = refused("theme-retired", {**typed, "/because": ["not-recorded", "2"]})
    assert [(refusal.code, refusal.pointer) for refusal in found] == [("cause-or-none", "/because")]


def test_a_refusal_calls_a_field_what_the_form_calls_it(lindenau):
    typed = {"/step/programme/0/at": ["9:99"]}
    form = form_of(
        "meeting-planned",
        typed,
        words(lindenau),
        [Refusal("field-missing", {"field": "programme"}, pointer="/step/programme")],
    )
    assert [complaint.sentence for complaint in form.complaints] == [
        "Das Feld „Ablauf“ ist leer. Bitte ausfüllen oder etwas auswählen."
    ]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_complaint_is_linked_described_and_worded_in_the_language_of_the_page(lindenau, language):
    typed = submitted(shown("funding-granted", {}, lindenau), **{"/step/amount_eur": "viel", "/occurred/edtf": "Mai"})
    page = shown("funding-granted", typed, lindenau, refused("funding-granted", typed), language)
    links = [given["href"] for tag, given in page.tags if tag == "a"]
    assert links == ["#/step/funder", "#/step/amount_eur", "#/occurred/edtf"]
    control = page.control("/step/amount_eur")
    assert control["aria-describedby"].split() == ["/step/amount_eur-hint", "/step/amount_eur-error"]
    assert control["aria-invalid"] == "true"
    said = words(lindenau, language)
    sentences = [
        complaint.sentence
        for complaint in form_of("funding-granted", typed, said, refused("funding-granted", typed)).complaints
    ]
    assert all(sentence.strip() and "{" not in sentence for sentence in sentences)


@pytest.mark.parametrize("step_type", sorted(recordable()))
def test_a_page_has_every_id_once_and_a_label_for_every_control(lindenau, step_type):
    page = shown(step_type, {}, lindenau)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    typed_into = [
        g["id"] for tag, g in page.tags if tag in ("input", "select", "textarea") and g.get("type") != "hidden"
    ]
    assert set(typed_into) <= page.labels <= set(ids)
    described = {id_ for _, g in page.tags for id_ in g.get("aria-describedby", "").split()}
    assert described <= set(ids)
    assert not [given for _, given in page.tags if any(name == "style" or name.startswith("on") for name in given)]


# ---- whatever is typed --------------------------------------------------------------------------------------------


TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40) | st.sampled_from(
    ["</textarea><script>", '" onfocus="x', "'", "&amp;", "2017/2018", "9" * 5000, "-1", "²", "\x00", "a\nb", "true"]
)


@settings(max_examples=75, deadline=None)
@given(data=st.data())
def test_whatever_is_typed_is_stated_or_refused_and_comes_back_as_typed(data):
    step_type = data.draw(st.sampled_from(sorted(recordable())))
    page = shown(
        step_type, {"/step/account/step/type": ["meeting-held"]} if step_type == "claim-disputed" else {}, NOTHING
    )
    names = sorted({name for name, _ in page.sent if name.startswith("/")})
    typed = submitted(page)
    for name in data.draw(st.lists(st.sampled_from(names), max_size=6, unique=True)):
        typed[name] = [data.draw(TYPED)]
    refusals: tuple[Refusal, ...] = ()
    try:
        assert isinstance(stated(step_type, typed, BOTTROP, "k"), Statement)
    except Refused as refusal:
        refusals = refusal.refusals
        assert {found.code for found in refusals} <= REFUSALS.keys()
    again = submitted(shown(step_type, typed, NOTHING, refusals))
    for name, values in typed.items():
        if name.startswith("/") and not name.endswith("/understood"):
            shape = page.control(name) if name in page.ids() else {}
            if shape.get("type") == "text" and "\n" in values[0]:
                continue  # a browser lets nobody type that
            assert [value.replace("\r\n", "\n") for value in again[name]] == values
