"""A day at the desk in a real browser, by keyboard alone: last year's meeting, what it decided, what was promised."""

import pytest

from tests.browser import BUT_COLOURS, PASSWORD, accessible, clerk_of
from tests.faces import BOTTROP

HERE = f"/geschaeftsstelle/{BOTTROP}"


class Keyboard:
    """Somebody without a mouse: what they use, they reach by the Tab key."""

    def __init__(self, page):
        self.page = page

    def reach(self, wanted):
        """Goes forward until a control has the focus; what it is folded away in is opened on the way."""
        wanted = wanted.first
        wanted.wait_for(state="attached")
        folded = wanted.locator("xpath=ancestor::details[not(@open)]")
        while folded.count():
            self.focus(folded.first.locator("> summary"))
            self.page.keyboard.press("Enter")
        self.focus(wanted)

    def focus(self, wanted):
        there = wanted.element_handle()  # found once: to look for it after each key takes longer than the key
        for _ in range(400):
            if there.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not reached by keyboard: {wanted}")

    def write(self, name, text):
        self.reach(self.page.locator(f"[name='{name}']"))
        self.page.keyboard.type(text)

    def tick(self, name, *values):
        for value in values:
            self.reach(self.page.locator(f"[name='{name}'][value='{value}']"))
            self.page.keyboard.press("Space")

    def choose(self, name, letters):
        """A choice by its first letters."""
        choices = self.page.locator(f"select[name='{name}']")
        self.reach(choices)
        self.page.keyboard.type(letters)
        assert choices.locator("option:checked").inner_text().lower().startswith(letters.lower())

    def press(self, name, role="button"):
        self.reach(self.page.get_by_role(role, name=name, exact=True))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def sign_in(self, account):
        self.reach(self.page.get_by_label("Konto"))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(account)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def clerk(town):
    return clerk_of(town, "recorder")


def test_last_years_meeting_its_decision_and_a_promise_are_recorded_as_one_list_though_the_session_ends(  # noqa: PLR0915  # one story
    page, server, town, clerk
):
    keys = Keyboard(page)
    page.goto(f"{server}{HERE}")
    keys.sign_in(clerk)

    keys.press("Treffen fand statt", "link")
    keys.choose("/step/meeting", "Neu")
    keys.write("/step/title", "Treffen in der Bücherei")
    keys.tick("/step/invited/actors", "amt", "iat", "bmbf", "louise")
    keys.tick("/step/attended/actors", "amt", "iat", "louise")
    keys.write("/occurred/edtf", "im Frühjahr 2025")
    keys.press("Prüfen")
    assert page.get_by_text("Geprüft – noch nichts gespeichert").is_visible()
    assert page.get_by_text("Verstanden als: im Frühjahr 2025").is_visible()
    accessible(page, BUT_COLOURS)

    keys.choose("more", "Beschluss gefasst")
    keys.press("Noch eine Angabe dazu")
    keys.write("/step/text", "Die Bücherei öffnet auch sonntags")
    keys.choose("/step/method", "Konsent")
    keys.tick("/step/objections/0/by", "louise")
    keys.write("/step/objections/0/what", "Nur mit mehr Personal")
    keys.choose("/step/objections/0/integrated", "Ja")
    town.wait(hours=13)  # over lunch the session has ended
    keys.write("/occurred/edtf", "im Frühjahr 2025")
    keys.write("/grounds", "Sonntags haben die Leute Zeit")
    keys.press("Übernehmen und zur Liste")
    assert page.get_by_role("heading", level=1).inner_text() == "Anmelden"
    accessible(page, BUT_COLOURS)
    keys.sign_in(clerk)
    assert page.locator("[name='/step/text']").input_value() == "Die Bücherei öffnet auch sonntags"
    assert page.locator("[name='/step/objections/0/what']").input_value() == "Nur mit mehr Personal"
    assert page.locator("[name='/grounds']").input_value() == "Sonntags haben die Leute Zeit"
    keys.press("Übernehmen und zur Liste")

    keys.choose("more", "Zusage gemacht")
    keys.press("Noch eine Angabe dazu")
    keys.press("Übernehmen und zur Liste")
    assert page.title().startswith("Fehler: ")
    assert page.evaluate("document.activeElement.id") == "complaints"
    keys.choose("/step/kind", "Versprechen")
    keys.write("/step/text", "Das Amt sucht eine Aushilfe")
    keys.tick("/step/by", "amt")
    keys.write("/occurred/edtf", "im Frühjahr 2025")
    keys.press("Übernehmen und zur Liste")
    assert page.locator(".together li").count() == 3
    accessible(page)
    keys.press("Alles zusammen erfassen")

    assert page.get_by_role("heading", name="Erfasst als Nr. ").is_visible()
    accessible(page, BUT_COLOURS)
    known = town.installation.service.view(BOTTROP, town.installation.accounts.find(clerk).account).view.effective
    meeting, decision, promise = (known.by_number[n].statement for n in sorted(known.by_number)[-3:])
    assert (meeting.step.invited.actors, len(meeting.step.attended.actors)) == (("amt", "bmbf", "iat", "louise"), 3)
    assert str(meeting.occurred.edtf) == "2025-21"
    assert (decision.step.method, decision.step.objections[0].integrated) == ("consent", True)
    assert promise.step.by == ("amt",)
