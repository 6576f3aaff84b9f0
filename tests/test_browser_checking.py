"""Prüfen in a real browser: Bottrop is verified offline once it is read, and whatever is tampered with turns red.

What the server says is changed on its way to the reader (`page.route`); whoever has the key of the log signs it anew.
"""

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import expect

from adapters import verify
from adapters.key_rotation import rotate_key
from adapters.log_key import KEY, _read_key
from adapters.verify import Checkpoint, bundle_of, entries_of, parse_checkpoint, parse_leaf, root_of
from domain.account import Account
from domain.installation import INSTALLATION
from domain.publication import Statement
from tests.browser import accessible, faults, narrow
from tests.faces import BOTTROP, LAST
from tests.story import told

HERE = f"/prozesse/{BOTTROP}/pruefen"
BUNDLE = f"tile/entries/000.p/{LAST}"
CONTENTS = f"contents/{BOTTROP}/0.jsonl"


@pytest.fixture
def checking(page, server):
    """The page, whose script is asked to check."""
    page.set_default_timeout(10_000)
    page.goto(f"{server}{HERE}")
    return page


@pytest.fixture
def log(town):
    """What the town serves of its log, and a pen with its key."""
    return Log(town)


class Log:
    def __init__(self, town):
        self.town = town
        self.note = town.get("/log/checkpoint").text
        self.entries = entries_of(town.get(f"/log/{BUNDLE}").content, LAST)
        self.contents = [json.loads(line) for line in town.get(f"/log/{CONTENTS}").text.splitlines()]

    def signed(self, entries):
        """A checkpoint over entries, by somebody who has the key and asks no guard."""
        name, private = _read_key(self.town.installation.settings.home)
        return verify.sign(str(Checkpoint(name, len(entries), root_of(entries))), name, private)


def serve(page, **bodies):
    """From now on the page is told this, by the end of the address."""
    for path, body in bodies.items():
        page.route(f"**/log/{path}", telling(body))


def telling(body):
    return lambda route: route.fulfill(body=body, status=200)


def serve_entries(page, entries, note=None):
    width = len(entries)
    serve(page, **{f"tile/entries/000.p/{width}": bundle_of(entries)}, **({"checkpoint": note} if note else {}))


def serve_contents(page, contents):
    serve(page, **{CONTENTS: "".join(json.dumps(each) + "\n" for each in contents)})


def verdict(page, button="#start"):
    """What the page says when it has checked."""
    page.locator(button).click()
    page.locator("#start:enabled").wait_for()
    return page.locator("#verdict").get_attribute("data-verdict")


def found(page):
    """The codes of what was found."""
    lines = page.locator("#details").text_content().splitlines()
    codes = [match[1] for line in lines if (match := re.match(r"\[([a-z0-9-]+)\]", line))]
    return {*codes} - {"key-on-trust", "nothing-kept"}


def open_folded(page):
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")


# ---- in order ----------------------------------------------------------------------------------------------------


def test_bottrop_is_verified_and_once_it_is_read_without_a_network(checking):
    asked = []
    checking.on("request", lambda request: "/log/" in request.url and asked.append(request.url))
    assert verdict(checking) == "right"
    assert len(asked) == 7, "key, checkpoint, which process, who witnesses, one bundle, its contents; has it grown"
    assert checking.locator("#verdict-title").inner_text() == "In Ordnung"
    assert (
        f"„Bottrop 2018+“: {LAST} Einträge geprüft, davon 0 mit gelöschten Texten; 0 nicht"
        in checking.locator("#summary").inner_text()
    )
    assert checking.locator("#rows").inner_text().split("\t")[:2] == [
        f"1 bis {LAST}",
        "geprüft, seit der Erfassung unverändert",
    ]
    assert checking.locator("#told").inner_text().startswith("In Ordnung"), "the result is announced"
    assert "lindenau.example/log+" in checking.locator("#notes").inner_text(), "which key was believed is said"
    checking.context.set_offline(True)
    assert verdict(checking, "#again") == "right"
    assert verdict(checking) == "cannot"
    assert found(checking) == {"unreachable"}
    assert len(asked) == 8


def test_one_entry_is_asked_for_from_its_page(page, server, town):
    page.goto(f"{server}/prozesse/{BOTTROP}/eintrag/47")
    page.get_by_role("link", name="Prüfen", exact=True).last.click()
    page.wait_for_url("**/pruefen#nr-47")
    assert page.locator("#number").input_value() == "47"
    assert verdict(page) == "right"
    assert (
        "Nr. 47: geprüft, seit der Erfassung unverändert. Erfasst am 22. November 2026"
        in page.locator("#summary").inner_text()
    )
    page.locator("#number").fill("4711")
    assert verdict(page, "#again") == "cannot"
    assert found(page) == {"entry-unknown"}


def test_the_page_is_accessible_in_green_and_in_red_and_fits_a_telephone(checking, log):
    for expected in ("right", "wrong"):
        assert verdict(checking) == expected
        open_folded(checking)
        accessible(checking)
        narrow(checking)
        checking.emulate_media(color_scheme="dark")
        assert faults(checking) == []
        checking.emulate_media(color_scheme="light")
        log.contents[46]["content"]["open"]["texts"]["value"] = {"/grounds": "frei erfunden"}
        serve_contents(checking, log.contents)
    assert checking.locator("#verdict-title").inner_text() == "NICHT in Ordnung"
    assert "Nr. 47: Der veröffentlichte Inhalt ist nicht der" in checking.locator("#findings").inner_text()


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (
            "crypto.subtle.importKey = async () => { throw new DOMException('Ed25519', 'NotSupportedError') }",
            "no-ed25519",
        ),
        ("Object.defineProperty(globalThis, 'crypto', {value: {}})", "no-webcrypto"),
    ],
    ids=["an older browser", "without https"],
)
def test_a_browser_that_cannot_check_says_so_and_names_the_checker(page, server, script, code):
    page.add_init_script(script)
    page.goto(f"{server}{HERE}")
    assert verdict(page) == "cannot"
    assert found(page) == {code}
    assert "Prüfprogramm" in page.locator("#findings").inner_text()


def test_details_are_copied(checking):
    checking.context.grant_permissions(["clipboard-read", "clipboard-write"])
    verdict(checking)
    open_folded(checking)
    checking.locator("#copy").click()
    checking.get_by_text("Einzelheiten kopiert.").wait_for(state="attached")
    assert checking.evaluate("navigator.clipboard.readText()") == checking.locator("#details").text_content()


# ---- tampered with -----------------------------------------------------------------------------------------------

FORGED = b'"c":"' + 43 * b"A" + b'"'


def changed(entries):
    return [*entries[:46], re.sub(rb'"c":"[^"]*"', FORGED, entries[46]), *entries[47:]]


def dropped(entries):
    """With the numbers closed again, and one more at the end, so that there are as many as before."""
    return renumbered([*entries[:46], *entries[47:], entries[-1]])


def reordered(entries):
    return renumbered([*entries[:46], entries[47], entries[46], *entries[48:]])


def inserted(entries):
    return renumbered([*entries[:46], changed(entries)[46], *entries[46:-1]])


def back_dated(entries):
    return [entries[0].replace(b"2026", b"2025"), *entries[1:]]


def late_back_dated(entries):
    return [*entries[:46], entries[46].replace(b"2026", b"2025"), *entries[47:]]


def truncated(entries):
    return entries[:200]


def renumbered(entries):
    return [re.sub(rb'"n":\d+', b'"n":%d' % number, entry) for number, entry in enumerate(entries, 1)]


TAMPERINGS = [changed, dropped, reordered, inserted, back_dated, late_back_dated]


def test_entries_that_were_tampered_with_do_not_lead_to_the_signed_root(checking, log):
    for tampering in TAMPERINGS:
        serve_entries(checking, tampering(log.entries))
        assert verdict(checking) == "wrong", tampering
        assert "root-differs" in found(checking), tampering
        assert ("time-runs-back" in found(checking)) == (tampering is late_back_dated)


def test_what_was_rewritten_and_signed_anew_is_found_against_a_kept_checkpoint(checking, log):
    open_folded(checking)
    for tampering in (*TAMPERINGS, truncated):
        entries = tampering(log.entries)
        serve_entries(checking, entries, log.signed(entries))
        checking.locator("#kept").fill(log.note if tampering is truncated else log.signed(log.entries[:100]))
        assert verdict(checking) == "wrong", tampering
        expected = "truncated" if tampering is truncated else "not-consistent"
        assert expected in found(checking), tampering
        assert checking.locator("#rewritten").is_visible(), "both checkpoints and the log prove it to others"
        assert not checking.locator("#proof").is_visible()
        assert "geprüft, seit der Erfassung unverändert" not in checking.locator("#rows").inner_text()


def test_a_content_that_was_changed_is_found(checking, log):
    log.contents[46]["content"]["open"]["facts"]["value"]["v"] = 1
    serve_contents(checking, log.contents)
    assert verdict(checking) == "wrong"
    assert found(checking) == {"content-differs"}
    assert "47\tSTIMMT NICHT\t46" in checking.locator("#rows").inner_text()


def test_contents_that_two_readers_could_read_as_two_things_are_not_read(checking):
    for body in ('{"index":0,"content":{"a":1,"a":2}}\n', '{"index":0,"content":1.5}\n', b"\xff", "nonsense"):
        serve(checking, **{CONTENTS: body})
        assert verdict(checking) == "wrong"
        assert found(checking) == {"contents-broken"}


def test_a_content_that_is_withheld_is_missing(checking, log):
    del log.contents[46]
    serve_contents(checking, log.contents)
    assert verdict(checking) == "wrong"
    assert found(checking) == {"content-withheld", "fewer-than-shown"}
    assert "47\tFEHLT\t46" in checking.locator("#rows").inner_text()


def test_contents_withheld_with_what_made_them_public_are_fewer_than_the_pages_show(checking, log):
    published = [each for each in log.contents if "targets" in each["content"]["open"]["facts"]["value"]["step"]]
    serve_contents(checking, [each for each in log.contents[:40] if each not in published])
    assert verdict(checking) == "wrong"
    assert found(checking) == {"fewer-than-shown", "publication-withheld"}


def test_texts_that_are_erased_by_nobody_are_missing(checking, log):
    content = log.contents[46]["content"]
    del content["open"]["texts"]
    content["erased"] = {"texts": "2026-11-22T10:00:00Z", "by": LAST - 1}
    serve_contents(checking, log.contents)
    assert verdict(checking) == "wrong"
    assert found(checking) == {"content-missing"}


def test_a_server_that_has_no_log_or_is_not_there_is_no_wrong_log(checking):
    checking.route("**/log/tile/**", lambda route: route.fulfill(status=503, body="{}"))
    assert verdict(checking) == "cannot"
    assert found(checking) == {"unreachable"}
    checking.unroute_all()
    checking.route("**/log/vkey", lambda route: route.fulfill(status=404, body="{}"))
    assert verdict(checking) == "cannot"
    assert found(checking) == {"key-missing"}


def test_a_check_that_breaks_off_takes_back_what_was_said_before(checking):
    checking.emulate_media(media="print")
    for place in ("#start", "#number"):
        assert not checking.locator(place).is_visible(), "on paper nothing can be pressed"
    checking.emulate_media(media="screen")
    assert verdict(checking) == "right"
    commands = checking.locator("#tool-heading ~ pre").first.inner_text()
    assert "ADRESSE" not in commands
    assert "--key lindenau.example/log+" in commands
    checking.evaluate("void (Math.ceil = () => { throw new TypeError('gone') })")
    assert verdict(checking) == "cannot"
    assert found(checking) == {"broken-off"}
    assert checking.locator("#verdict-title").inner_text() == "Nicht zu prüfen"
    checking.reload()
    assert verdict(checking) == "right"
    held = []
    checking.route("**/log/vkey", lambda route: held.append(route))  # noqa: PLW0108  # Playwright takes no method of a list
    checking.locator("#start").click()
    checking.locator("#verdict").wait_for(state="hidden")
    assert checking.locator("#result").is_hidden()
    for _ in range(2):
        checking.locator("#number").press("Enter")
    checking.wait_for_timeout(100)
    assert len(held) == 1, "one check at a time"
    held[0].continue_()
    checking.locator("#start:enabled").wait_for()
    assert checking.locator("#verdict").get_attribute("data-verdict") == "right"


def test_what_a_server_claims_makes_no_browser_read_without_end(checking, log):
    asked = []
    checking.on("request", lambda request: "/tile/" in request.url and asked.append(request.url))
    name, private = _read_key(log.town.installation.settings.home)
    claimed = str(Checkpoint(name, 2**40, root_of(log.entries)))
    serve(checking, checkpoint=verify.sign(claimed, name, private))
    assert verdict(checking) == "cannot"
    assert found(checking) == {"too-many"}
    serve(checking, checkpoint=verify.sign(claimed, name, Ed25519PrivateKey.generate()))
    assert verdict(checking) == "wrong"
    assert found(checking) == {"signature-missing"}
    assert asked == []


def test_a_time_on_the_pages_that_is_not_the_one_in_the_log_is_found(checking, log):
    log.contents[46]["recorded_at"] = "2025-11-22T10:00:00.000000Z"
    serve_contents(checking, log.contents)
    assert verdict(checking) == "wrong"
    assert found(checking) == {"time-differs"}
    assert "47\tSTIMMT NICHT\t46" in checking.locator("#rows").inner_text()
    assert "Nr. 47: Diese Seiten nennen eine andere Zeit der Erfassung" in checking.locator("#findings").inner_text()


# ---- kept --------------------------------------------------------------------------------------------------------


def stored(page):
    return page.evaluate("Object.keys(localStorage)")


def test_nothing_is_kept_but_by_a_click_and_it_is_compared_the_next_time(checking, log):
    verdict(checking)
    assert stored(checking) == []
    checking.locator("#keep").click()
    assert stored(checking) == ["werdegang-kept"]
    checking.reload()
    assert f"Prüfmarke über {parse_checkpoint(log.note.partition(chr(10) * 2)[0] + chr(10)).size} Einträge" in (
        checking.locator("#kept-told").inner_text()
    )
    assert verdict(checking) == "right"
    assert checking.locator("#notes").inner_text() == "", "neither the key nor the past was believed"
    assert "Passt zu Ihrer Prüfmarke vom " in checking.locator("#summary").inner_text()
    entries = changed(log.entries)
    serve_entries(checking, entries, log.signed(entries))
    assert verdict(checking) == "wrong"
    assert found(checking) & {"two-views", "truncated"}
    assert not checking.locator("#keep").is_visible(), "what is wrong does not replace what is right"
    checking.locator("#forget").click()
    assert stored(checking) == []
    assert checking.locator("#kept-told").inner_text() == "In diesem Browser ist nichts aufbewahrt."


def test_two_views_of_one_size_are_proof_of_misconduct_with_both_notes_to_take_away(checking, log, tmp_path):
    entries = changed(log.entries)
    serve_entries(checking, entries, log.signed(entries))
    kept = tmp_path / "kept.checkpoint"
    kept.write_text(log.signed(log.entries), encoding="utf-8")
    open_folded(checking)
    checking.locator("#file").set_input_files(kept)
    expect(checking.locator("#kept")).not_to_have_value("")
    assert verdict(checking) == "wrong"
    assert "two-views" in found(checking)
    assert checking.locator("#proof").is_visible()
    assert not checking.locator("#rewritten").is_visible()
    notes = {}
    for button in ("#save-kept", "#save-served"):
        with checking.expect_download() as download:
            checking.locator(button).click()
        notes[button] = download.value.path().read_text(encoding="utf-8")
    assert notes == {"#save-kept": log.signed(log.entries), "#save-served": log.signed(entries)}


def test_another_key_than_the_one_that_was_kept_is_shouted_about(checking, log):
    verdict(checking)
    checking.locator("#keep").click()
    other = verify.public_key("lindenau.example/log", Ed25519PrivateKey.generate())
    serve(checking, vkey=f"{other}\n")
    assert verdict(checking) == "wrong"
    assert "ACHTUNG: Der Server nennt einen anderen Schlüssel" in checking.locator("#findings").inner_text()
    checking.locator("#forget").click()
    open_folded(checking)
    checking.locator("#key").fill(str(other))
    checking.unroute_all()
    assert verdict(checking) == "wrong"
    assert found(checking) == {"key-other", "signature-missing"}


# ---- witnesses ---------------------------------------------------------------------------------------------------

W1, W2, W3 = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (11, 12, 13))
WITNESSES = {"bibliothek": W1, "hochschule": W2, "zeitung": W3}


def policy_of(*names, enough=2):
    """A policy by which so many of these are enough."""
    lines = [f"witness {name} {verify.witness_key(f'{name}.example', WITNESSES[name])}\n" for name in names]
    return f"{''.join(lines)}group alle {enough} {' '.join(names)}\nquorum alle\n"


def along(note, *names):
    """What these witnesses signed along, on 22 November 2026 at eleven and in the minutes after it."""
    text = note.partition("\n\n")[0] + "\n"
    at = [1_795_341_600 + 60 * n for n in range(len(names))]
    lines = zip(names, at, strict=True)
    return note + "".join(verify.cosignature_line(text, f"{n}.example", WITNESSES[n], when) for n, when in lines)


def test_whether_the_quorum_signed_is_said_and_whose_word_it_is_who_the_witnesses_are(checking, log):
    note = log.signed(log.entries)
    serve_entries(checking, log.entries, along(note, "bibliothek"))
    serve(checking, policy=policy_of(*WITNESSES))
    summary = checking.locator("#summary")
    assert verdict(checking) == "right", "what only the server says is not held against it"
    assert "Noch nicht bezeugt: 1 von 3 Zeugen haben die neueste Prüfmarke unterschrieben" in summary.inner_text()
    serve(checking, checkpoint=along(note, "bibliothek", "zeitung"))
    assert verdict(checking) == "right"
    assert "Bezeugt von 2 von 3 Zeugen seit 22. November 2026 um 11:01" in summary.inner_text()
    assert found(checking) == {"witnessed", "policy-on-trust"}
    assert "nur das Wort dieses Servers" in checking.locator("#notes").inner_text()
    assert "Bezeugt von 2 von 3" in checking.locator("#told").inner_text(), "it is announced"
    open_folded(checking)
    checking.locator("#policy").fill(policy_of(*WITNESSES, enough=3))
    assert verdict(checking, "#again") == "wrong", "the reader's own counts"
    assert "not-witnessed" in found(checking)
    assert not checking.locator("#keep").is_visible()
    accessible(checking)
    checking.locator("#policy").fill("quorum zwei-von-drei")
    assert verdict(checking, "#again") == "cannot"
    assert found(checking) == {"policy-name-unknown", "policy-on-trust", "witnessed"}


def test_a_policy_is_kept_with_the_key_and_a_witness_that_is_dropped_later_is_told(checking, log):
    note = log.signed(log.entries)
    serve_entries(checking, log.entries, along(note, "bibliothek", "zeitung"))
    serve(checking, policy=policy_of(*WITNESSES))
    verdict(checking)
    checking.locator("#keep").click()
    assert "Schlüssel und Regelwerk" in checking.locator("#kept-told").inner_text()
    assert not checking.locator("#keep").is_visible(), "it is kept"
    serve(checking, policy=policy_of("bibliothek", "hochschule", enough=1))
    checking.reload()
    assert verdict(checking) == "right"
    assert found(checking) >= {"policy-dropped", "policy-eased"}
    assert "die das Ihre nennt: zeitung." in checking.locator("#notes").inner_text()
    open_folded(checking)
    checking.locator("#policy").fill(policy_of(*WITNESSES))
    assert verdict(checking) == "right"
    checking.locator("#keep").click()
    serve(checking, policy=policy_of("bibliothek", enough=1), checkpoint=along(note, "bibliothek"))
    checking.reload()
    assert verdict(checking) == "wrong", "one that the reader had from elsewhere goes on to count"
    assert found(checking) == {"witnessed", "not-witnessed", "policy-dropped", "policy-eased"}


# ---- and last ----------------------------------------------------------------------------------------------------


def test_every_leaf_that_was_tampered_with_still_is_a_leaf(log):
    """So that it is the tree that finds it, and not the form."""
    for tampering in TAMPERINGS:
        assert len([parse_leaf(entry) for entry in tampering(log.entries)]) == LAST


def test_what_is_internal_is_counted_and_stays_sealed(page, server, town):
    """The last one here: after it the log of the town is another one."""
    (number,) = town.record({"key": "geheim", **told({"type": "context-noted", "what": "Geheim"}, "2020")})
    page.goto(f"{server}/en{HERE}#nr-{number}")
    assert verdict(page) == "right"
    assert f"No. {number}: not public (sealed)." in page.locator("#summary").inner_text()
    assert "Geheim" not in page.locator("#details").text_content()


# ---- on paper ----------------------------------------------------------------------------------------------------


def test_the_checkpoint_is_loaded_for_paper_and_not_for_the_screen(page, server):
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(server)))
    page.goto(f"{server}/prozesse/{BOTTROP}/beschluesse")
    page.wait_for_load_state("networkidle")
    assert "/log/checkpoint.svg" not in asked
    page.pdf(format="A4")
    assert "/log/checkpoint.svg" in asked
    page.emulate_media(media="print")
    shown = page.locator("img[src='/log/checkpoint.svg']")
    assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
    assert shown.bounding_box()["width"] == pytest.approx(75 / 25.4 * 96, abs=1), "so that 26 mm are 26 mm"


# ---- another key for the log: after this its log is signed by another one ----------------------------------------


def test_whoever_kept_the_old_key_is_told_the_new_one_and_led_on_to_it_by_the_entry(checking, town):
    notes = checking.locator("#notes")
    assert verdict(checking) == "right"
    checking.locator("#keep").click()
    done = rotate_key(town.installation, "planned")
    checking.reload()
    assert verdict(checking) == "right", "both sign"
    assert found(checking) == {"key-changed"}
    assert f"Bitte den neuen aufbewahren: {done.new} (statt {done.old})" in notes.inner_text()
    town.wait(days=31)
    assert town.installation.signer.retire() == done.old
    later = {"process": BOTTROP, "key": "danach", **told({"type": "context-noted", "what": "Danach"}, "2020")}
    clerk = Account("konto", frozenset({("recorder", BOTTROP)}))
    town.installation.service.record([Statement.model_validate(later)], clerk)
    checking.reload()
    assert verdict(checking) == "right", "the new one alone signs"
    assert found(checking) == {"key-followed"}
    address = notes.get_by_role("link", name="Eintrag Nr. 2, der das sagt").get_attribute("href")
    assert address == f"/prozesse/{INSTALLATION}/eintrag/2"
    assert done.new in town.get(address).text
    accessible(checking)
    serve(checking, **{"proof/*.tlog-proof": "nonsense"})
    assert verdict(checking) == "wrong", "nothing proves it"
    assert found(checking) == {"key-other", "signature-missing"}
    assert "ACHTUNG: Der Server nennt einen anderen Schlüssel" in checking.locator("#findings").inner_text()
    checking.unroute_all()
    assert verdict(checking) == "right"
    checking.locator("#keep").click()
    assert verdict(checking, "#again") == "right"
    assert found(checking) == set(), "the new one was kept"


def test_what_a_key_signs_alone_that_was_let_go_is_not_in_order(checking, server, town):
    """Given somebody who has that key, and serves the whole log with a checkpoint that it alone signed."""
    done = rotate_key(town.installation, "suspected-leak")
    town.wait(days=31)
    assert town.installation.signer.retire() == done.old
    later = {"process": BOTTROP, "key": "noch-einer", **told({"type": "context-noted", "what": "Danach"}, "2020")}
    clerk = Account("konto", frozenset({("recorder", BOTTROP)}))
    town.installation.service.record([Statement.model_validate(later)], clerk)
    newest = town.get("/log/checkpoint").text
    file = town.installation.settings.home / f"{KEY}.{done.old.split('+')[1]}.retired"
    stolen = verify.sign(newest.partition("\n\n")[0] + "\n", *_read_key(file.parent, file.name))
    open_folded(checking)
    checking.locator("#key").fill(done.old)
    serve(checking, checkpoint=stolen)
    assert verdict(checking) == "wrong"
    assert found(checking) == {"retired-key"}
    line = checking.locator("#findings").inner_text()
    assert "hat nur ein abgelöster Schlüssel unterschrieben" in line
    assert f"unterschreibt {done.new} statt {done.old}" in line
    assert checking.locator("#notes").get_by_text("unterschreibt noch mit").count() == 0
    address = checking.locator("#findings").get_by_role("link").get_attribute("href")
    assert done.new in town.get(address).text
    accessible(checking)
    checking.goto(f"{server}/prozesse/{INSTALLATION}/pruefen")
    open_folded(checking)
    checking.locator("#key").fill(done.old)
    assert verdict(checking) == "wrong"
    assert "STIMMT NICHT" not in checking.locator("#rows").inner_text(), "the entries are those of the log all the same"
    checking.unroute_all()
    assert verdict(checking) == "right"
    assert found(checking) == {"key-followed"}
