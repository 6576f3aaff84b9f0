"""What an entry tells, said in plain language: an entry of its own about it."""

import pytest

from domain.replay import effective
from domain.view import View
from projections.amendments import amendments
from projections.telling import line
from tests.office import why
from tests.story import OPENED, Story, about, alliance, corrected, dropped, level, plainly, published, withdrawn


@pytest.fixture
def story() -> Story:
    return Story().given(opened=OPENED, founded=alliance("a"), other=alliance("b"))


def shown(story, key="founded", log=None):
    """The plain text of an entry as a page has it: which entry says it, and what."""
    log = log or story.log
    found = line(View(log, log.day(story.at)), story.keys[key]).plain
    return found and (found.entry, found.text, found.older)


def public(story):
    return effective(story.log, published_by=story.at)


# ---- it is shown with the entry that it is about ---------------------------------------------------------------------


def test_an_entry_says_in_plain_language_what_another_one_tells(story):
    assert shown(story) is None
    story.given(plain=plainly("founded", "Ein Bündnis ist gegründet."))
    assert shown(story) == (story.keys["plain"], "Ein Bündnis ist gegründet.", False)
    assert shown(story, "other") is None


def test_it_changes_nothing_of_what_is_told(story):
    before = dict(story.log.graph.forms)
    story.given(plain=plainly("founded"))
    assert story.log.graph.forms == before
    assert amendments(View(story.log, story.log.day(story.at))) == []


def test_of_several_the_newest_in_force_counts(story):
    story.given(first=plainly("founded", "Alt."), second=plainly("founded", "Neu."))
    assert shown(story) == (story.keys["second"], "Neu.", False)
    story.given(gone=withdrawn("second"))
    assert shown(story) == (story.keys["first"], "Alt.", False)
    story.given(back=withdrawn("gone"))
    assert shown(story) == (story.keys["second"], "Neu.", False)


def test_what_was_tried_out_and_forgotten_leaves_no_plain_text(story):
    story.given(plain=plainly("founded"))
    story.log.pop()
    assert shown(story) is None


def test_one_that_is_older_than_a_correction_says_so_and_whoever_corrects_is_told(story):
    story.given(plain=plainly("founded"), fix=corrected("founded", alliance("a", "2018")))
    assert shown(story) == (story.keys["plain"], "Einfach gesagt.", True)
    assert "plain-language-older" in story.hints
    story.given(anew=plainly("founded", "Neu."))
    assert shown(story) == (story.keys["anew"], "Neu.", False)
    assert story.hints == []


def test_whoever_corrects_what_nobody_said_in_plain_language_is_told_nothing(story):
    story.given(plain=plainly("founded"), fix=corrected("other", alliance("b", "2018")))
    assert "plain-language-older" not in story.hints


def test_when_its_text_was_erased_no_older_one_steps_in(story):
    story.given(first=plainly("founded", "Alt."), second=plainly("founded", "Neu."))
    story.erase("second")
    assert shown(story) == (story.keys["second"], None, False)


def test_its_withdrawal_is_among_the_withdrawals(story):
    story.given(plain=plainly("founded"), gone=withdrawn("plain"))
    (found,) = amendments(View(story.log, story.log.day(story.at)))
    assert (found.amendment, found.target, found.about.type) == (
        "withdrawal",
        story.keys["plain"],
        "plain-language-added",
    )


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_it_has_a_text(story):
    empty = about({"type": "plain-language-added", "target": "founded"})
    assert why(story, empty) == [("text-missing", "/step/text", {"field": "/step/text"})]


def test_it_has_no_date_of_its_own(story):
    assert story.refused({**plainly("founded"), "occurred": {"edtf": "2018"}}) == ["about-entries-undated"]


def test_it_is_about_an_entry_that_is_there(story):
    assert why(story, plainly(99)) == [("unknown-entry", "/step/target", {"entry": 99})]


@pytest.mark.parametrize("target", ["plain", "fix", "gone", "out"])
def test_it_is_about_what_is_told_and_about_no_entry_about_an_entry(story, target):
    story.given(
        plain=plainly("founded"),
        fix=corrected("founded", alliance("a", "2018")),
        gone=withdrawn("other"),
        out=published("opened"),
    )
    assert story.refused(plainly(target)) == ["not-about-entries"]


def test_what_is_withdrawn_is_not_said_in_plain_language(story):
    story.given(gone=withdrawn("founded"))
    assert story.refused(plainly("founded")) == ["not-in-force"]


def test_it_is_not_corrected_but_said_anew(story):
    story.given(plain=plainly("founded"))
    assert story.refused(corrected("plain", alliance("a", "2018"))) == ["plain-language-anew"]


def test_it_asks_for_no_destinations_that_a_later_recording_left_open():
    """What was recorded beneath a dropped level later is nothing that a plain text has to settle."""
    story = Story().given(opened=OPENED, level=level("z"), gone=dropped("z"), late=alliance("a", "2017", level="z"))
    story.given(plain=plainly("gone", "Diese Ebene gibt es nicht mehr."))
    assert shown(story, "gone") == (story.keys["plain"], "Diese Ebene gibt es nicht mehr.", False)


# ---- publishing it ---------------------------------------------------------------------------------------------------


def test_the_public_reads_it_once_it_is_published(story):
    story.given(plain=plainly("founded", "Geheim."), out=published("opened", "founded"))
    assert shown(story, log=public(story)) is None
    story.given(out_too=published("plain"))
    assert shown(story, log=public(story)) == (story.keys["plain"], "Geheim.", False)


def test_the_public_reads_the_last_one_published(story):
    story.given(
        first=plainly("founded", "Alt."), second=plainly("founded", "Neu."), out=published("opened", "founded", "first")
    )
    assert shown(story, log=public(story)) == (story.keys["first"], "Alt.", False)


def test_what_it_is_about_is_published_with_it(story):
    story.given(plain=plainly("founded"), out=published("opened"))
    assert why(story, published("plain"))[0][::2] == ("not-public-along", {"entries": [story.keys["founded"]]})
    story.given(both=published("founded", "plain"))
    assert shown(story, log=public(story)) is not None


def test_a_correction_that_it_knew_of_is_published_with_it(story):
    story.given(out=published("opened", "founded"), fix=corrected("founded", alliance("a", "2018")))
    story.given(plain=plainly("founded"))
    assert why(story, published("plain"))[0][::2] == ("not-public-along", {"entries": [story.keys["fix"]]})
    story.given(later=corrected("founded", alliance("a", "2016"), seen="fix"))
    story.given(both=published("fix", "plain"))


def test_an_entry_is_published_without_it(story):
    story.given(plain=plainly("founded"), out=published("opened", "founded"))
    assert story.log.public_from(story.keys["plain"]) is None


def test_a_withdrawal_that_is_not_public_leaves_the_public_behind(story):
    story.given(plain=plainly("founded"), out=published("opened", "founded", "plain"), gone=withdrawn("plain"))
    assert story.hints == ["public-behind"]
    assert shown(story, log=public(story)) is not None
    story.given(out_too=published("gone"))
    assert shown(story, log=public(story)) is None


def test_withdrawing_one_that_never_was_public_leaves_nobody_behind(story):
    story.given(out=published("opened", "founded"), plain=plainly("founded"), gone=withdrawn("plain"))
    assert story.hints == []
