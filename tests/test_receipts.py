"""Receipts: what somebody is given who wants to prove later that an entry was recorded; the checker is in it."""

import io
import json
import subprocess
import sys
import zipfile

import pytest

from tests.faces import BOTTROP, bottrop
from tests.story import told
from tests.test_desk import HERE, PASSWORD, Browser

DESK = f"/geschaeftsstelle/{BOTTROP}/eintrag"
SECRET = "Quittenmarmelade"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Bottrop with feedback that is internal still, and somebody at the desk."""
    house = bottrop(tmp_path_factory.mktemp("receipts") / "data")
    said = told({"type": "feedback-received", "kind": "concern", "what": SECRET}, "2020")
    (house.feedback,) = house.record({"key": "geheimer-schluessel", **said})
    house.clerk = house.installation.accounts.create("Erika Mustermann", [("recorder", BOTTROP)]).id
    house.elsewhere = house.installation.accounts.create("Jan Muster", [("recorder", "anderswo")]).id
    for account in (house.clerk, house.elsewhere):
        house.installation.passwords.set(account, PASSWORD)
    yield house
    house.close()


def unpacked(content, folder):
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def checked(folder, key):
    """What the checker in the folder says, with nothing but what lies there."""
    command = [sys.executable, "verify.py", "receipt.tlog-proof", "--content", "content.json", "--key", key, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def at_desk(town, account):
    browser = Browser(town, base=HERE)
    assert browser.sign_in(account).status_code == 303
    return browser


def test_feedback_gets_a_receipt_at_the_desk_the_same_day_which_the_checker_in_it_accepts(town, tmp_path):
    desk = at_desk(town, town.clerk)
    assert f'href="{DESK}/{town.feedback}/beleg"' in desk.get(f"{DESK}/{town.feedback}").text
    answer = desk.get(f"{DESK}/{town.feedback}/beleg")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{BOTTROP}-{town.feedback}.zip"'
    assert answer.headers["cache-control"] == "no-store"
    files = unpacked(answer.content, tmp_path)
    assert {*files} == {"README.txt", "receipt.tlog-proof", "content.json", "key.txt", "verify.py"}
    assert SECRET in files["content.json"]
    assert "geheimer-schluessel" not in "".join(files.values()), "the internal part stays closed"
    code, report = checked(tmp_path, files["key.txt"].strip())
    assert (code, report["opened"], report["notes"][0]["number"]) == (0, 1, town.feedback)
    assert f'--key "{files["key.txt"].strip()}"' in files["README.txt"]
    assert "So prüfen Sie ihn" in files["README.txt"]
    assert "How to check it" in files["README.txt"]
    (tmp_path / "content.json").write_text(files["content.json"].replace(SECRET, "Erdbeermarmelade"))
    assert checked(tmp_path, files["key.txt"].strip())[0] == 1


def test_a_receipt_says_where_the_log_is_and_after_an_erasure_what_is_left(town, tmp_path):
    number = town.record({"key": "fehlt", **told({"type": "context-noted", "what": SECRET}, "2020")})[0]
    town.record({"key": "fehlt-oeffentlich", "step": {"type": "entry-published", "targets": [number]}})
    index = town.installation.service.stored(BOTTROP, number, None).position - 1
    before, address = town.get(f"/log/receipt/{index}.zip"), f"/log/receipt/{index}.zip"
    whole = unpacked(before.content, tmp_path)["README.txt"]
    assert ("facts) und Texte" in whole, "gelöscht (" in whole) == (True, False)
    assert ("http://testserver/log/checkpoint" in whole, "private" in before.headers["cache-control"]) == (True, True)
    assert ("Recht verlangt" in whole, "the law" in whole) == (True, True)
    erasure = {
        "type": "texts-erased",
        "target": number,
        "legal_ground": "objection",
        "approved_by": "data-protection-officer",
    }
    by = town.record({"key": "fehlt-ganz", "step": erasure})[0]
    left = unpacked(town.get(address).content, tmp_path)["README.txt"]
    place = town.installation.service.stored(BOTTROP, by, None).position - 1
    assert ("facts) und Texte" in left, f"Platz {place} im Protokoll" in left) == (False, True)
    assert f"place {place} in the log" in left


def test_who_may_not_read_an_entry_gets_no_receipt_of_it_and_no_word_that_it_is_there(town):
    index = town.feedback - 1
    public, beyond = town.get(f"/log/receipt/{index}.zip"), town.get(f"/log/receipt/{index + 50}.zip")
    assert (public.status_code, public.json()["code"]) == (beyond.status_code, beyond.json()["code"])
    assert public.status_code == 404
    assert town.get(f"{DESK}/{town.feedback}/beleg").status_code == 303, "who is not signed in is asked to"
    stranger = at_desk(town, town.elsewhere)
    assert stranger.get(f"{DESK}/{town.feedback}/beleg").status_code == stranger.get(f"{DESK}/999/beleg").status_code
    assert stranger.get(f"{DESK}/{town.feedback}/beleg").status_code in {403, 404}


def test_the_receipt_of_a_public_entry_is_everybodys_and_the_same_until_the_log_grows(town, tmp_path):
    assert 'href="/log/receipt/46.zip"' in town.get(f"/prozesse/{BOTTROP}/eintrag/47").text
    answer = town.get("/log/receipt/46.zip")
    assert town.get("/log/receipt/46.zip", if_none_match=answer.headers["etag"]).status_code == 304
    files = unpacked(answer.content, tmp_path)
    assert checked(tmp_path, files["key.txt"].strip())[0] == 0
    town.record({"key": "mehr", **told({"type": "context-noted", "what": "Mehr"}, "2020")})
    assert town.get("/log/receipt/46.zip").headers["etag"] != answer.headers["etag"]
