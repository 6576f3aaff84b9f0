"""Tables at the desk: every fault at its cell before anything is saved; the same file again does nothing."""

import csv
import io
import re
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from adapters.imports.tables import read_table, unpacked
from adapters.web.table_columns import columns, proposed, tabular, template_csv, template_xlsx
from domain.errors import Refused
from tests.faces import BOTTROP, bottrop
from tests.test_desk import DESK, Browser
from tests.test_desk_documents import signed_in
from tests.test_pages import Document

TABLE = f"{DESK}/{BOTTROP}/tabelle"


def book(*rows, **more):
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for change in more.values():
        change(made)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def refusal(content, name="a.xlsx"):
    with pytest.raises(Refused) as found:
        read_table(io.BytesIO(content), name)
    return found.value.refusals[0].code


# ---- reading ------------------------------------------------------------------------------------------------------


def test_cells_of_excel_are_read_as_an_office_would_say_them():
    row = [
        "Text ",
        date(2024, 6, 30),
        datetime.fromisoformat("2024-06-30T10:15"),
        12,
        12.5,
        True,
        None,
        "im Frühjahr 2018",
    ]
    grid = read_table(io.BytesIO(book(["A", "B"], [], row)), "a.xlsx")
    assert grid.headings == ["A", "B"]
    (read,) = grid.rows
    assert read.number == 3
    assert read.cells == ["Text", "2024-06-30", "2024-06-30T10:15", "12", "12.5", "ja", "", "im Frühjahr 2018"]
    assert unpacked(grid.packed()) == grid


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_as_german_programs_write_it(encoding, delimiter):
    text = (
        delimiter.join(["Name", '"Straße; Ort, Land"']) + "\r\n" + delimiter.join(["Müller & Söhne", '"a\nb"']) + "\r\n"
    )
    grid = read_table(io.BytesIO(text.encode(encoding)), "a.csv")
    assert grid.headings == ["Name", "Straße; Ort, Land"]
    assert grid.rows[0].cells == ["Müller & Söhne", "a\nb"]


def test_what_cannot_be_read_for_sure_is_named():
    assert refusal(book(["A"])) == "table-empty"
    assert refusal(b"") == "document-empty"
    assert refusal(b"%PDF-1.7", "a.pdf") == "table-kind"
    assert refusal(book(["A"], ["x"], merge=lambda made: made.active.merge_cells("A2:B3"))) == "table-merged"
    assert refusal(book(["x"] * 101, ["y"] * 101)) == "table-wide"
    assert refusal(b"A\n" + b"x\n" * 20_001, "a.csv") == "table-long"


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr("adapters.imports.tables.MOST_UNPACKED", 1_000)
    assert refusal(book(["A"], ["x"])) == "table-bomb"


@pytest.mark.parametrize(
    ("name", "at", "value", "code"),
    [
        ("xl/workbook.xml", 8, b"\x01", "table-unreadable"),  # with a password
        ("xl/workbook.xml", 8, b"\x40", "table-unreadable"),
        ("xl/workbook.xml", 10, b"\x63", "document-type"),  # packed in a way that no office program knows
        ("xl/workbook.xml", 10, b"\x0e", "document-type"),
        ("[Content_Types].xml", 8, b"\x01", "document-type"),
    ],
)
def test_a_part_that_cannot_be_unpacked_is_refused(name, at, value, code):
    """`at` counts from the place where the part is listed at the end of a ZIP."""
    content = bytearray(book(["A"], ["x"]))
    listed = content.rindex(name.encode()) - 46
    content[listed + at : listed + at + 1] = value
    assert refusal(bytes(content)) == code


def test_a_part_that_is_broken_inside_is_refused():
    content = bytearray(book(["A"], ["x"]))
    begin = content.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    content[begin : begin + 8] = b"\xff" * 8
    assert refusal(bytes(content)) == "document-type"


def test_a_formula_that_was_never_calculated_and_a_broken_one_are_named_at_their_cells():
    (row,) = read_table(io.BytesIO(book(["A", "B", "C"], ["x", "=1+1", "#REF!"])), "a.xlsx").rows
    assert sorted(row.faults) == [(1, "cell-formula"), (2, "cell-broken")]


def test_hidden_sheets_are_passed_over_and_told():
    def hide(made):
        made.active.sheet_state = "hidden"
        made.create_sheet("Offen").append(["A"])
        made["Offen"].append(["x"])

    grid = read_table(io.BytesIO(book(["Geheim"], ["y"], hide=hide)), "a.xlsx")
    assert (grid.headings, grid.left_out) == (["A"], ["Sheet"])


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    lambda text: text[0] not in "=#"
)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=2, max_size=5), st.sampled_from([";", ",", "\t"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_comes_back(rows, delimiter):
    """It would fail when the delimiter was looked for inside of quotation marks, too."""
    rows = [["Name", "Datum"], *rows]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    for content, name in ((out.getvalue().encode(), "a.csv"), (book(*rows), "a.xlsx")):
        grid = read_table(io.BytesIO(content), name)
        assert [list(grid.headings), *(list(row.cells) for row in grid.rows)] == rows


# ---- templates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step_type", tabular())
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_template_names_its_own_columns(step_type, language):
    offered = columns(step_type, language)
    for content, name in ((template_xlsx(step_type, language), "a.xlsx"), (template_csv(step_type, language), "a.csv")):
        grid = read_table(io.BytesIO(content), name)
        assert list(proposed(grid.headings, offered).values()) == [column.name for column in offered]


def test_a_table_can_hold_what_an_office_has_in_tables():
    assert {"actor-registered", "meeting-held", "feedback-received", "commitment-made", "decision-taken"} <= set(
        tabular()
    )


# ---- at the desk --------------------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path):
    house = bottrop(tmp_path / "data")
    yield house
    house.close()


@pytest.fixture
def office(house):
    return signed_in(house, "recorder")


def upload(office, step_type, content, name="Liste.xlsx"):
    address = f"{TABLE}/{step_type}"
    files = {"file": (name, content, "application/octet-stream")}
    answer = office.client.post(address, data={"token": office.token(DESK)}, files=files)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def sent_of(html):
    """What a browser would send of the page of a table."""
    fields = {"token": re.search(r'name="token" value="([0-9a-f]+)"', html)[1]}
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', html, re.DOTALL):
        fields[name] = (re.findall(r'value="([^"]*)" selected', inner) or [""])[0]
    return fields


def press(office, address, act, **more):
    return office.post(address, {**sent_of(office.get(address).text), "act": act, **more})


def words_of(answer):
    return " ".join(Document(answer.text).words.split())


def entries(house):
    return len(
        house.installation.service.view(
            BOTTROP, house.installation.accounts.find(house.clerk).account
        ).view.effective.by_number
    )


HEAD = ["Art", "Inhalt", "Datum", "Von wem (nicht als Akteur aufgenommen)"]


def labels(step_type):
    return {column.name: column.label for column in columns(step_type, "de")}


def feedback(faults=()):
    names = labels("feedback-received")
    head = [names["/step/kind"], names["/step/what"], names["/occurred/edtf"]]
    rows = [["Bedenken", f"Anliegen Nummer {n}", f"{1 + n % 28}.3.2018"] for n in range(200)]
    for row, column, value in faults:
        rows[row - 2][column] = value
    return book(head, *rows)


FAULTS = [
    (5, 0, "Unmut"),
    (12, 2, "31.2.2018"),
    (40, 2, None),
    (77, 1, None),
    (100, 2, "irgendwann"),
    (150, 2, "1.1.2199"),
    (201, 0, None),
]


def test_seven_faults_in_two_hundred_rows_are_all_named_and_mended_and_the_same_file_again_does_nothing(house, office):
    before = entries(house)
    page = office.get(upload(office, "feedback-received", feedback(FAULTS)))
    said = re.findall(r"<li>(Zeile [0-9]+, Spalte [A-C] „[^<]*)</li>", page.text)
    assert [int(re.search("[0-9]+", each)[0]) for each in said] == [row for row, _, _ in FAULTS]
    assert f"Zeile 12, Spalte C „{labels('feedback-received')['/occurred/edtf']}“" in said[1]
    assert "Alles erfassen" not in page.text
    assert entries(house) == before

    address = upload(office, "feedback-received", feedback())
    assert "neu: 200" in words_of(office.get(address))
    assert press(office, address, "record").status_code == 303
    assert entries(house) == before + 200
    assert f"Zeilen 2 bis 201: neu erfasst als Nr. {before + 1} bis {before + 200}" in words_of(office.get(address))
    office.post(address, {"token": office.token(DESK), "act": "record"})

    address = upload(office, "feedback-received", feedback())
    page = office.get(address)
    assert "schon erfasst, es geschieht nichts: 200" in words_of(page)
    assert "Alles erfassen" not in page.text
    press(office, address, "record")
    assert entries(house) == before + 200
    assert f"Zeile 2: übergangen: steht schon in Nr. {before + 1}" in words_of(office.get(address))


def test_faults_that_only_the_whole_record_can_refuse_are_looked_for_in_turn_and_not_for_ever(office, monkeypatch):
    names = labels("feedback-received")
    head = [names[at] for at in ("/step/kind", "/step/what", "/occurred/edtf", "/because")]
    table = book(head, *(["Wunsch", f"Nummer {n}", "2018", "99999"] for n in range(4)))
    every = words_of(office.get(upload(office, "feedback-received", table)))
    assert every.count("Nr. 99999") + every.count("„99999“") >= 4
    assert "Vielleicht gibt es weitere Fehler" not in every
    monkeypatch.setattr("adapters.web.table_check.MOST_TRIED", 8)  # else it needs thousands of rows
    some = words_of(office.get(upload(office, "feedback-received", table)))
    assert "fehlerhaft: 2" in some
    assert "Vielleicht gibt es weitere Fehler; gesucht werden sie, wenn diese behoben sind." in some


def test_who_is_meant_is_asked_and_who_is_new_is_registered(house, office):
    names = labels("feedback-received")
    head = [names[at] for at in ("/step/kind", "/step/what", "/occurred/edtf", "/step/speakers")]
    rows = [
        ["Wunsch", "A", "2018", "projektverbund  BOTTROP 2018+"],
        ["Wunsch", "B", "2018", "Verein der Freunde; Projektverbund Bottrop 2018"],
    ]
    address = upload(office, "feedback-received", book(head, *rows))
    page = office.get(address)
    assert "gemeint ist: Projektverbund Bottrop 2018+" in words_of(page)
    assert "„Projektverbund Bottrop 2018“ ist hier nicht bekannt" in words_of(page)
    asked = re.search(r'for="(name-[0-9a-f]{16})">Projektverbund Bottrop 2018', page.text)[1]
    (meant,) = re.findall(r'value="([a-z0-9-]+)">gemeint ist: Projektverbund Bottrop 2018\+<', page.text)
    assert press(office, address, "record", **{asked: meant}).status_code == 303
    view = house.installation.service.view(BOTTROP, house.installation.accounts.find(house.clerk).account).view
    newest = sorted(view.effective.by_number.items())[-3:]
    assert [entry.statement.step.type for _, entry in newest] == ["actor-registered", *["feedback-received"] * 2]
    assert newest[0][1].statement.step.name == "Verein der Freunde"
    assert newest[1][1].statement.step.speakers == (meant,)
    assert newest[2][1].statement.step.speakers == (newest[0][1].statement.step.actor, meant)


def test_what_is_other_than_recorded_becomes_a_correction_only_when_it_is_ticked(house, office):
    names = labels("commitment-made")
    head = [names[at] for at in ("/step/kind", "/step/text", "/occurred/edtf")]
    first = upload(office, "commitment-made", book(head, ["Versprechen", "Ein Bericht im Jahr", "2019"]))
    press(office, first, "record")
    before = entries(house)
    second = upload(office, "commitment-made", book(head, ["Versprechen", "Ein Bericht im Jahr", "2020"]))
    page = office.get(second)
    assert f"Zeile 2 berichtigt Nr. {before}: Datum: 2019 → 2020" in words_of(page)
    assert "Alles erfassen" not in page.text
    refused = press(office, second, "check", correct="2")
    assert "Zeile 2" in words_of(refused)
    assert press(office, second, "record", correct="2", reason="Falsch übertragen").status_code == 303
    assert entries(house) == before + 1
    assert f"Zeile 2: Nr. {before} berichtigt durch Nr. {before + 1}" in words_of(office.get(second))
    third = upload(office, "commitment-made", book(head, ["Versprechen", "Ein Bericht im Jahr", "2020"]))
    assert "schon erfasst, es geschieht nichts: 1" in words_of(office.get(third))


def test_meetings_with_attendance_come_from_a_table_whose_columns_are_told(house, office):
    names = labels("meeting-held")
    rows = [
        ["Was", "Wann", names["/step/attended/actors"]],
        ["Runder Tisch", "14.3.2018", "Projektverbund Bottrop 2018+"],
    ]
    address = upload(office, "meeting-held", book(*rows))
    chosen = {"column-0": "/step/title", "column-1": "/occurred/edtf"}
    checked = press(office, address, "check", **chosen)
    assert "neu: 1" in words_of(checked)
    assert press(office, address, "record", **chosen).status_code == 303
    view = house.installation.service.view(BOTTROP, house.installation.accounts.find(house.clerk).account).view
    step = view.effective.by_number[max(view.effective.by_number)].statement.step
    assert (step.title, len(step.attended.actors)) == ("Runder Tisch", 1)


def test_the_example_row_and_a_row_that_stands_twice_are_passed_over(house, office):
    content = template_xlsx("actor-registered", "de")
    made = load_workbook(io.BytesIO(content))
    names = labels("actor-registered")
    head = [cell.value for cell in made.worksheets[0][1]]
    row = {
        names["/step/kind"]: "Verein oder Verband",
        names["/step/name"]: "Neuer Verein",
        names["/occurred/edtf"]: "unbekannt",
    }
    for _ in range(2):
        made.worksheets[0].append([row.get(each) for each in head])
    out = io.BytesIO()
    made.save(out)
    words = words_of(office.get(upload(office, "actor-registered", out.getvalue())))
    assert "Beispielzeilen, übergangen: 1" in words
    assert "schon erfasst, es geschieht nichts: 1" in words


def test_a_table_is_its_clerks_alone_for_a_day(house, office):
    address = upload(office, "feedback-received", feedback())
    other = signed_in(house, "recorder")
    assert other.get(address).status_code == 422
    house.wait(hours=25)
    again = Browser(house)
    again.sign_in(office.house.clerk)
    assert "liegt hier nicht mehr" in again.get(address).text


def test_what_is_no_table_is_told_beside_the_form(office):
    files = {"file": ("a.pdf", b"%PDF-1.7", "application/pdf")}
    answer = office.client.post(f"{TABLE}/feedback-received", data={"token": office.token(DESK)}, files=files)
    assert answer.status_code == 422
    assert "ist keine Tabelle" in answer.text
    nothing = office.client.post(f"{TABLE}/feedback-received", data={"token": office.token(DESK)})
    assert "keine Datei ausgewählt" in nothing.text


# ---- lists for Excel ----------------------------------------------------------------------------------------------


def test_lists_for_excel_hold_dates_where_they_are_exact_and_never_a_formula(house, office):
    told_ = {"type": "context-noted", "what": "=HYPERLINK(1)"}
    house.record({"key": "f", "step": told_, "occurred": {"edtf": "2018-03-14"}, "grounds": "weil"})
    house.record({"key": "g", "step": {**told_, "what": "@SUM(A1)"}, "occurred": {"edtf": "2018-21"}})
    answer = office.get(f"{TABLE}/listen.xlsx")
    made = load_workbook(io.BytesIO(answer.content))
    assert {"Verlauf", "Akteure", "Zusagen"} <= {name.rstrip(" 0123456789") for name in made.sheetnames}
    rows = {row[4].value: row for row in made["Verlauf"].iter_rows()}
    assert rows["=HYPERLINK(1)"][4].data_type == "s"
    assert rows["=HYPERLINK(1)"][1].value == datetime.fromisoformat("2018-03-14")
    assert rows["@SUM(A1)"][1].value is None
    assert rows["@SUM(A1)"][2].value == "im Frühjahr 2018"
    assert not [c for sheet in made for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_a_table_of_ones_own_needs_no_column_of_a_group_that_it_does_not_tell(office, house):
    """Seen to fail when the numbers of votes were needed for decisions without a vote, and "Konsent" was unknown."""
    csv = "Wortlaut;Datum;Verfahren\nDer Markt bleibt;März 2026;Konsent\n".encode("cp1252")
    address = upload(office, "decision-taken", csv, "Beschlüsse.csv")
    assert "neu: 1" in words_of(office.get(address))
    before = entries(house)
    press(office, address, "record")
    assert entries(house) == before + 1
    step = recorded(house, before + 1).statement.step
    assert (step.text, step.method, step.vote) == ("Der Markt bleibt", "consent", None)


def test_of_a_row_whose_entry_was_withdrawn_it_is_said_and_nothing_is_done(office, house):
    table = b"Inhalt der R\xfcckmeldung;Art;Datum\nZu laut;Bedenken;2018\n"
    first = upload(office, "feedback-received", table, "Liste.csv")
    press(office, first, "record")
    number = entries(house)
    house.record({"step": {"type": "entry-withdrawn", "target": number, "reason": "Verwechselt"}})
    again = upload(office, "feedback-received", table, "Liste.csv")
    words = words_of(office.get(again))
    assert "erfasst und zurückgenommen, es geschieht nichts: 1" in words
    assert "schon erfasst, es geschieht nichts: 0" in words


def recorded(house, number):
    account = house.installation.accounts.find(house.clerk).account
    return house.installation.service.view(BOTTROP, account).view.effective.by_number[number]
