"""Drafts at the desk: what is typed survives a refusal, the end of a session, and a colleague who is faster."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from adapters.accounts import Accounts
from adapters.database import Database
from adapters.drafts import KEPT, MOST, MOST_PARTS, Drafts, Part, drafts
from domain.errors import Refused
from tests.browser_forms import Page
from tests.faces import BOTTROP
from tests.test_desk import DESK, PASSWORD, Browser, browser, house, inside, leads_to_sign_in, town  # noqa: F401
from tests.test_desk_recording import CHECK, FOUNDED, HERE, NOTED, RECORD, SAID, recorded, typed
from tests.test_pages import Document

LATER, SILENT, MORE, LIST = ("act", "draft"), ("act", "autosave"), ("act", "more"), ("act", "list")


def words(answer):
    return Document(answer.text).words


def my_drafts(inside, page=DESK):  # noqa: F811
    return sorted(link for link in Document(inside.get(page).text).links if "/entwuerfe/" in link)


# ---- the table ----------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(database: Database):
    accounts = Accounts(database)
    mine, other = (accounts.create(name, [("recorder", "*")]).id for name in ("Erika", "Jan"))
    return Drafts(database), accounts, mine, other


def part(key="desk-1", what="Begonnen"):
    return Part(key, "context-noted", {"/step/what": [what]})


def test_a_draft_holds_its_statements_in_order_and_the_last_wording_of_each(kept):
    store, _, mine, _ = kept
    for one in (part(), part("desk-2", "Dazu"), part(what="Anders")):
        store.put(mine, "p", "desk-1", one)
    (draft,) = store.list(mine)
    assert [(p.key, p.typed["/step/what"]) for p in draft.parts] == [("desk-1", ["Anders"]), ("desk-2", ["Dazu"])]
    store.arrange(mine, "desk-1", ["desk-2", "desk-1"])
    assert [p.key for p in store.find(mine, "desk-1").parts] == ["desk-2", "desk-1"]


def test_what_another_window_has_kept_since_is_not_replaced(kept):
    store, _, mine, _ = kept
    (began,) = store.put(mine, "p", "desk-1", replace(part(), window="one")).parts
    two = replace(part(what="Im zweiten Fenster"), window="two")
    assert store.put(mine, "p", "desk-1", two, began=began.version).id == "desk-1"
    one = replace(part(what="Im ersten Fenster"), window="one")
    apart = store.put(mine, "p", "desk-1", one, began=began.version)
    assert (apart.id, [p.typed["/step/what"] for p in apart.parts]) == (one.apart().key, [["Im ersten Fenster"]])
    again = store.put(mine, "p", "desk-1", replace(one, typed={"/step/what": ["Und weiter"]}), began=began.version)
    assert (again.id, [p.typed["/step/what"] for p in again.parts]) == (apart.id, [["Und weiter"]])
    assert store.find(mine, "desk-1").parts == (two,)


def test_nobody_else_sees_changes_or_discards_a_draft(kept):
    store, _, mine, other = kept
    store.put(mine, "p", "desk-1", part())
    assert (store.list(other), store.find(other, "desk-1")) == ([], None)
    store.put(other, "p", "desk-1", part(what="Fremd"))
    store.discard(other, "desk-1")
    assert store.find(mine, "desk-1").parts[0].typed == {"/step/what": ["Begonnen"]}


def test_there_is_a_bound_on_the_number_and_the_size_of_drafts(kept):
    store, _, mine, other = kept
    for number in range(MOST):
        store.put(mine, "p", f"desk-{number}", part())
    with pytest.raises(Refused, match="drafts-too-many"):
        store.put(mine, "p", "einer-mehr", part())
    store.put(mine, "p", "desk-0", part(what="Was da ist, lässt sich weiter ändern"))
    store.put(mine, "p", "unterbrochen", part(), most=2 * MOST)
    store.put(other, "p", "desk-1", part())
    with pytest.raises(Refused, match="draft-too-large"):
        store.put(other, "p", "desk-1", part(what="x" * 2_000_001))
    for number in range(1, MOST_PARTS):
        store.put(other, "p", "desk-1", part(f"teil-{number}"))
    with pytest.raises(Refused, match="draft-full"):
        store.put(other, "p", "desk-1", part("zu-viel"))


def test_a_draft_that_nobody_touches_is_removed(kept, database):
    store, _, mine, other = kept
    store.put(mine, "p", "desk-1", part())
    later = Drafts(database, lambda: store.clock() + KEPT)
    assert (later.list(mine), later.find(mine, "desk-1")) == ([], None)
    later.put(other, "p", "desk-2", part())
    with database.reading() as connection:
        assert connection.execute(select(drafts.c.id)).scalars().all() == ["desk-2"]


@pytest.mark.parametrize("how", ["disable", "erase_name"])
def test_drafts_are_erased_with_the_person(kept, how):
    store, accounts, mine, _ = kept
    store.put(mine, "p", "desk-1", part())
    getattr(accounts, how)(mine)
    assert store.list(mine) == []


# ---- drafts at the desk -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("button", [CHECK, LATER, SILENT])
def test_what_is_sent_is_a_draft_and_is_gone_when_it_is_recorded(inside, button):  # noqa: F811
    sent = inside.post(NOTED, typed(inside.get(NOTED), button, **SAID))
    assert sent.status_code == 200
    assert re.search(r"Gesichert um \d\d:\d\d", sent.text)
    (link,) = my_drafts(inside)
    assert my_drafts(inside, HERE) == [link]
    again = inside.get(link)
    assert ("/step/what", SAID["/step/what"]) in Page(again.text).sent
    assert ("/occurred/edtf", "im Frühjahr 2018") in Page(again.text).sent
    assert inside.post(NOTED, typed(again, RECORD)).status_code == 303
    assert my_drafts(inside) == []


def test_a_refusal_keeps_the_draft_and_an_empty_form_is_none(inside):  # noqa: F811
    assert inside.post(NOTED, typed(inside.get(NOTED), CHECK)).status_code == 422
    founded = f"{HERE}/erfassen/decision-taken"
    assert inside.post(founded, typed(inside.get(founded), CHECK)).status_code == 422
    assert my_drafts(inside) == []
    inside.post(NOTED, typed(inside.get(NOTED), CHECK, **{**SAID, "/occurred/edtf": "irgendwann mal"}))
    (link,) = my_drafts(inside)
    assert ("/occurred/edtf", "irgendwann mal") in Page(inside.get(link).text).sent


def test_a_draft_is_discarded_after_a_question(inside):  # noqa: F811
    inside.post(NOTED, typed(inside.get(NOTED), LATER, **SAID))
    (discard,) = [link for link in Document(inside.get(DESK).text).links if "verwerfen" in link]
    question = inside.get(discard)
    assert "Entwurf verwerfen?" in words(question)
    assert len(my_drafts(inside)) == 1
    inside.post(discard, typed(question))
    assert my_drafts(inside) == []
    assert inside.get(discard).status_code == 404


def test_a_crash_between_recording_and_forgetting_loses_nothing_and_records_nothing_twice(inside):  # noqa: F811
    form = typed(inside.post(NOTED, typed(inside.get(NOTED), CHECK, **SAID)), RECORD)
    (link,) = my_drafts(inside)
    store, clerk = inside.house.installation.drafts, inside.house.clerk
    (draft,) = store.list(clerk)
    done = inside.post(NOTED, form)
    store.put(clerk, BOTTROP, draft.id, draft.parts[0])  # as if the program had stopped before it was forgotten
    before = len(recorded(inside.house).by_number)
    assert my_drafts(inside) == []
    assert inside.get(link).headers["location"] == done.headers["location"]
    assert (store.list(clerk), len(recorded(inside.house).by_number)) == ([], before)


def test_what_the_script_sends_late_brings_no_draft_back(inside):  # noqa: F811
    page = inside.get(NOTED)
    inside.post(NOTED, typed(page, RECORD, **SAID))
    assert "schon erfasst" in inside.post(NOTED, typed(page, SILENT, **SAID)).text
    assert my_drafts(inside) == []


def test_a_draft_of_somebody_else_does_not_exist(inside):  # noqa: F811
    inside.post(NOTED, typed(inside.get(NOTED), LATER, **SAID))
    (link,) = my_drafts(inside)
    other = Browser(inside.house)
    account = inside.house.installation.accounts.create("Jan", [("recorder", BOTTROP)]).id
    inside.house.installation.passwords.set(account, PASSWORD)
    other.sign_in(account)
    for path in (link, link.replace("/entwuerfe/", "/entwuerfe/x/"), f"{DESK}/entwurf-verwerfen/{link.split('/')[-1]}"):
        assert other.get(path).status_code == 404
    assert my_drafts(other) == []


# ---- an ended session ---------------------------------------------------------------------------------------------


def ended(house, browser, how):  # noqa: F811
    match how:
        case "idle":
            house.wait(minutes=31)
        case "over a long weekend":
            house.wait(hours=120)
        case "signed out":
            browser.post(f"{DESK}/abmelden", {"token": browser.token(DESK)})
        case "another role":
            house.installation.accounts.grant(house.clerk, "publisher", BOTTROP)


@pytest.mark.parametrize("how", ["idle", "over a long weekend", "signed out", "another role"])
@pytest.mark.parametrize("button", [CHECK, RECORD])
def test_what_was_typed_is_there_after_signing_in_again_and_nothing_is_recorded(inside, how, button):  # noqa: F811
    form, before = typed(inside.get(NOTED), button, **SAID), len(recorded(inside.house).by_number)
    ended(inside.house, inside, how)
    sent = inside.post(NOTED, form)
    assert leads_to_sign_in(sent)
    assert SAID["/step/what"] not in sent.headers["location"]
    page = inside.get(sent.headers["location"])
    assert "Was Sie eingegeben haben, ist gesichert" in words(page)
    back = inside.sign_in(path=sent.headers["location"], next=dict(Page(page.text).sent)["next"])
    again = inside.get(back.headers["location"])
    assert ("/step/what", SAID["/step/what"]) in Page(again.text).sent
    assert len(recorded(inside.house).by_number) == before
    inside.post(NOTED, typed(again, RECORD))
    assert len(recorded(inside.house).by_number) == before + 1


@pytest.mark.parametrize("how", ["idle", "signed out", "another role"])
def test_what_the_script_sends_after_the_session_is_kept_and_it_says_so(inside, how):  # noqa: F811
    form = typed(inside.get(NOTED), SILENT, **SAID)
    ended(inside.house, inside, how)
    sent = inside.post(NOTED, form)
    assert (sent.status_code, sent.headers["content-type"]) == (401, "text/plain; charset=utf-8")
    assert "Was Sie eingegeben haben, ist gesichert" in sent.text
    inside.sign_in()
    assert len(my_drafts(inside)) == 1


@pytest.mark.parametrize("button", [CHECK, SILENT])
def test_what_cannot_be_kept_is_not_said_to_be_kept(inside, button):  # noqa: F811
    form, store = typed(inside.get(NOTED), button, **SAID), inside.house.installation.drafts
    for number in range(2 * MOST):
        store.put(inside.house.clerk, BOTTROP, f"voll-{number}", part(), most=2 * MOST)
    ended(inside.house, inside, "signed out")
    sent = inside.post(NOTED, form)
    assert sent.status_code == 422
    assert "Sie haben schon 100 Entwürfe" in sent.text
    assert (SAID["/step/what"] in sent.text) == (button == CHECK), "what is nowhere else can be copied"
    assert "ist gesichert" not in sent.text


@pytest.mark.parametrize("how", [None, "signed out"])
def test_a_scan_that_is_too_large_loses_nothing_that_was_typed(inside, how):  # noqa: F811
    form = typed(inside.get(NOTED), CHECK, **SAID)
    scan = ("/sources/0/sha256", ("scan.pdf", b"%PDF-1.4 " + bytes(27_000_000), "application/pdf"))
    if how is not None:
        ended(inside.house, inside, how)
    sent = inside.post(NOTED, form, files=[scan])
    if how is None:
        assert sent.status_code == 422
        assert "höchstens 25 MB" in sent.text
        assert ("/step/what", SAID["/step/what"]) in Page(sent.text).sent
    else:
        assert leads_to_sign_in(sent)
        inside.sign_in()
    assert len(my_drafts(inside)) == 1


def test_another_account_that_signs_in_does_not_get_to_see_it(inside):  # noqa: F811
    form = typed(inside.get(NOTED), CHECK, **SAID)
    ended(inside.house, inside, "signed out")
    sent = inside.post(NOTED, form)
    account = inside.house.installation.accounts.create("Jan", [("recorder", BOTTROP)]).id
    inside.house.installation.passwords.set(account, PASSWORD)
    page = inside.get(sent.headers["location"])
    back = inside.sign_in(account, path=sent.headers["location"], next=dict(Page(page.text).sent)["next"])
    assert inside.get(back.headers["location"]).status_code == 404
    assert my_drafts(inside) == []


def test_a_form_of_an_earlier_session_is_shown_again_with_what_was_typed(inside):  # noqa: F811
    form = typed(inside.get(NOTED), RECORD, **SAID)
    before = len(recorded(inside.house).by_number)
    ended(inside.house, inside, "signed out")
    inside.sign_in()
    shown = inside.get(inside.post(NOTED, form).headers["location"])
    assert "Sie haben sich inzwischen neu angemeldet" in words(shown)
    assert ("/step/what", SAID["/step/what"]) in Page(shown.text).sent
    assert len(recorded(inside.house).by_number) == before


def test_any_form_that_records_comes_back_and_does_nothing_by_itself(house):  # noqa: F811
    publisher = house.installation.accounts.create("Veröffentlichung", [("publisher", BOTTROP)]).id
    house.installation.passwords.set(publisher, PASSWORD)
    one, address = Browser(house), f"{HERE}/veroeffentlichen"
    one.sign_in(publisher)
    (number,) = [str(n) for n, entry in recorded(house).by_number.items() if entry.statement.key == "intern"]
    form = {**typed(one.get(address), ("act", "publish")), "entry": [number]}
    house.wait(minutes=31)
    sent = one.post(address, form)
    page = one.get(sent.headers["location"])
    back = one.sign_in(publisher, path=sent.headers["location"], next=dict(Page(page.text).sent)["next"])
    again = one.get(back.headers["location"])
    assert "Ihre Angaben sind noch da" in words(again)
    opened = one.post(address, typed(again))
    assert "Das sieht die Öffentlichkeit dann" in words(opened)
    assert recorded(house).public_from(int(number)) is None


def test_what_is_sent_with_a_token_of_nobody_is_kept_for_nobody(inside):  # noqa: F811
    form = {**typed(inside.get(NOTED), CHECK, **SAID), "token": ["0" * 64]}
    for cookies, status in ((True, 403), (False, 401)):
        if not cookies:
            inside.client.cookies.clear()
        answer = inside.post(NOTED, form)
        assert (answer.status_code, "ist nicht gesichert" in answer.text) == (status, True)
        assert SAID["/step/what"] in answer.text
    foreign = inside.post(NOTED, form, origin="https://angreifer.example")
    assert SAID["/step/what"] not in foreign.text


# ---- several statements as one list -------------------------------------------------------------------------------

FEEDBACK, DECISION = f"{HERE}/erfassen/feedback-received", f"{HERE}/erfassen/decision-taken"


def listed(inside):  # noqa: F811
    """A list of feedback and a decision because of it; answers its page."""
    said = {"/step/kind": "wish", "/step/what": "Mehr Bänke", "/occurred/edtf": "2019"}
    tried = inside.post(FEEDBACK, typed(inside.get(FEEDBACK), CHECK, **said))
    more = inside.post(FEEDBACK, typed(tried, MORE, more="decision-taken"))
    form = inside.get(more.headers["location"])
    key = dict(Page(tried.text).sent)["key"]
    assert "Angabe 1: Rückmeldung" in words(form)
    said = {**typed(form, LIST, **{"/step/text": "Zehn Bänke kommen", "/occurred/edtf": "2019"}), "/because": [key]}
    return inside.get(inside.post(DECISION, said).headers["location"])


def to(answer):
    """Where the form of a page is sent."""
    return next(given["action"] for tag, given in Page(answer.text).tags if tag == "form")


def test_several_statements_are_recorded_together_and_the_later_names_the_earlier_as_its_cause(inside):  # noqa: F811
    before = len(recorded(inside.house).by_number)
    page = listed(inside)
    assert "Was Sie gemeinsam erfassen" in words(page)
    assert "Geprüft – noch nichts erfasst" in words(page)
    assert len(recorded(inside.house).by_number) == before
    done = inside.post(to(page), typed(page, RECORD))
    assert done.headers["location"] == f"{HERE}?erfasst={before + 1}&bis={before + 2}"
    known = recorded(inside.house).by_number
    assert known[before + 2].statement.because == (before + 1,)
    assert known[before + 1].recorded_at == known[before + 2].recorded_at
    assert my_drafts(inside) == []
    assert f"Erfasst als Nr. {before + 1} bis {before + 2}" in words(inside.get(done.headers["location"]))


def test_a_list_in_the_wrong_order_is_refused_as_a_whole_and_says_which_statement(inside):  # noqa: F811
    before = len(recorded(inside.house).by_number)
    page = listed(inside)
    (up,) = [button for button in Page(page.text).buttons if button[0] == "up"]
    turned = inside.get(inside.post(to(page), typed(page, up)).headers["location"])
    assert "So lässt sich die Liste noch nicht erfassen" in words(turned)
    (link,) = [link for link in Document(turned.text).links if link.endswith("?pruefen=1")]
    assert up[1] in link
    edited = inside.get(link)
    assert ("/step/text", "Zehn Bänke kommen") in Page(edited.text).sent
    assert "Fehler:" in edited.text
    assert inside.post(to(turned), typed(turned, RECORD)).status_code == 422
    assert len(recorded(inside.house).by_number) == before


def test_a_statement_that_is_taken_out_of_a_list_is_a_draft_of_its_own(inside):  # noqa: F811
    page = listed(inside)
    first, second = [button for button in Page(page.text).buttons if button[0] == "aside"]
    inside.post(to(page), typed(page, first))
    assert len(my_drafts(inside)) == 2
    assert {tuple(p.key for p in d.parts) for d in inside.house.installation.drafts.list(inside.house.clerk)} == {
        (first[1],),
        (second[1],),
    }


def test_what_an_earlier_statement_founds_can_be_chosen_in_a_later_one(inside):  # noqa: F811
    given = {"/step/name": "Bündnis Hafen", "/occurred/edtf": "2019", "/grounds": "Beschluss"}
    tried = inside.post(FOUNDED, typed(inside.get(FOUNDED), CHECK, **given))
    body = dict(Page(tried.text).sent)["/step/body"]
    more = inside.post(FOUNDED, typed(tried, MORE, more="alliance-founded"))
    form = inside.get(more.headers["location"])
    assert "Bündnis Hafen" in words(form)
    assert dict(Page(form.text).sent)["/step/body"] != body


# ---- two at once --------------------------------------------------------------------------------------------------


@pytest.fixture
def colleague(house):  # noqa: F811
    account = house.installation.accounts.create("Jan", [("recorder", BOTTROP)]).id
    house.installation.passwords.set(account, PASSWORD)
    other = Browser(house)
    other.sign_in(account)
    return other


def test_two_clerks_who_record_what_fits_both_do_and_get_ids_of_their_own(inside, colleague):  # noqa: F811
    given = {"/occurred/edtf": "2019", "/grounds": "Beschluss"}
    mine, theirs = (
        one.post(FOUNDED, typed(one.get(FOUNDED), CHECK, **given, **{"/step/name": name}))
        for one, name in ((inside, "Bündnis West"), (colleague, "Bündnis Ost"))
    )
    assert dict(Page(mine.text).sent)["/step/body"] == dict(Page(theirs.text).sent)["/step/body"]
    assert colleague.post(FOUNDED, typed(theirs, RECORD)).status_code == 303
    assert inside.post(FOUNDED, typed(mine, RECORD)).status_code == 303
    ids = [e.statement.step.body for e in list(recorded(inside.house).by_number.values())[-2:]]
    assert len(set(ids)) == 2


def ending(one, body, reason):
    """The form in which a body ends, tried out."""
    address = f"{HERE}/erfassen/body-ended"
    said = {"/step/body": body, "/step/how": "dissolved", "/occurred/edtf": "2020", "/grounds": reason}
    return address, one.post(address, typed(one.get(address), CHECK, **said))


def founded(one, name):
    given = {"/step/name": name, "/occurred/edtf": "2019", "/grounds": "Beschluss"}
    one.post(FOUNDED, typed(one.get(FOUNDED), RECORD, **given))
    return list(recorded(one.house).by_number.values())[-1].statement.step.body


def test_who_was_slower_is_refused_with_all_that_was_typed_and_what_the_colleague_recorded(inside, colleague):  # noqa: F811
    body = founded(inside, "Bündnis Nord")
    address, tried = ending(inside, body, "Ein langer Grund")
    address, theirs = ending(colleague, body, "Ein anderer Grund")
    assert colleague.post(address, typed(theirs, RECORD)).status_code == 303
    number = max(recorded(inside.house).by_number)
    late = inside.post(address, typed(tried, RECORD))
    assert late.status_code == 422
    assert f"wurde Nr. {number} erfasst" in words(late)
    assert ("/grounds", "Ein langer Grund") in Page(late.text).sent
    assert max(recorded(inside.house).by_number) == number


def test_what_a_colleague_changed_is_told_only_where_it_makes_a_difference(inside, colleague):  # noqa: F811
    body = founded(inside, "Bündnis Mitte")
    address = f"{HERE}/erfassen/body-changed"
    said = {"/step/body": body, "/step/name": "Bündnis Zentrum", "/occurred/edtf": "2021", "/grounds": "Wunsch"}
    tried = inside.post(address, typed(inside.get(address), CHECK, **said))
    colleague.post(NOTED, typed(colleague.get(NOTED), RECORD, **SAID))
    other = {**said, "/step/name": "Bündnis Kern", "/occurred/edtf": "2020"}
    colleague.post(address, typed(colleague.get(address), RECORD, **other))
    number = max(recorded(inside.house).by_number)
    shown = inside.post(address, typed(tried, RECORD))
    assert shown.status_code == 200
    assert f"Seit Ihrer Prüfung wurde Nr. {number - 1}, {number} erfasst" in words(shown)
    colleague.post(NOTED, typed(colleague.get(NOTED), RECORD, **SAID))
    assert inside.post(address, typed(shown, RECORD)).status_code == 303


# ---- lists to choose from -----------------------------------------------------------------------------------------


def test_of_many_entries_one_looks_for_the_cause(inside):  # noqa: F811
    page = inside.get(NOTED)
    causes = [given["value"] for _, given in Page(page.text).tags if given.get("name") == "/because"]
    assert "1" not in causes
    found = inside.post(NOTED, typed(page, ("find", "/because"), **SAID, **{"find/because": "Prozess"}))
    hits = [given["value"] for _, given in Page(found.text).tags if given.get("name") == "/because"]
    assert set(hits) - set(causes)
    assert ("/step/what", SAID["/step/what"]) in Page(found.text).sent
    chosen = {**typed(found, CHECK), "/because": [next(iter(set(hits) - set(causes)))]}
    tried = inside.post(NOTED, chosen)
    assert ("/because", chosen["/because"][0]) in Page(tried.text).sent


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Prozess " * 30, "Bitte höchstens"),
        ("–", "mindestens ein Wort"),
        ("Wolkenkuckucksheim", "Nichts gefunden"),
    ],
)
def test_a_search_for_the_cause_that_finds_nothing_says_why(inside, question, answer):  # noqa: F811
    found = inside.post(NOTED, typed(inside.get(NOTED), ("find", "/because"), **SAID, **{"find/because": question}))
    assert answer in words(found)
    assert Document(found.text).faults == []


def test_what_cannot_have_existed_is_left_out_and_can_be_shown(inside):  # noqa: F811
    body = founded(inside, "Bündnis Spät")
    address = f"{HERE}/erfassen/body-changed"
    early = inside.post(address, typed(inside.get(address), LATER, **{"/occurred/edtf": "2000", "/grounds": "x"}))
    offered = {given.get("value") for tag, given in Page(early.text).tags if tag == "option"}
    assert body not in offered
    assert "gab es zur angegebenen Zeit sicher nicht" in words(early)
    shown = inside.post(address, typed(early, ("all", "1")))
    assert body in {given.get("value") for tag, given in Page(shown.text).tags if tag == "option"}


def test_a_date_is_shown_as_it_was_understood_to_the_day(inside):  # noqa: F811
    tried = inside.post(NOTED, typed(inside.get(NOTED), CHECK, **SAID))
    assert "1.3.2018 bis 31.5.2018, irgendwann in dieser Zeit" in words(tried)
