"""What the office records about meetings: announced, changed, held, and who was there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.meetings import ATTENDANCE, MeetingHeld, day_of, instant_of, shown_by_clocks
from domain.publishing import needed
from tests.office import contradiction, why
from tests.story import Story, alliance, corrected, published, story, told, withdrawn


def planned(when="2021-05-01", **fields):
    given_or_usual = {"meeting": "treffen", "title": "Vollversammlung", "begins": "2021-06-30T10:00"} | fields
    return told({"type": "meeting-planned", **given_or_usual}, when)


def changed(how, when="2021-06-01", **fields):
    after = fields.pop("after", ())
    return told({"type": "meeting-changed", "meeting": "treffen", "how": how, **fields}, when, after=after)


def held(when="2021-06-30", **fields):
    return told({"type": "meeting-held", "meeting": "treffen", "title": "Vollversammlung"} | fields, when)


def as_announced(when="2021-06-30", **fields):
    return held(when, planned=True, **fields)


def actor(id_):
    return told({"type": "actor-registered", "actor": id_, "kind": "association", "name": id_.upper()}, "2017")


def status(s: Story, day):
    return s.on(day, "treffen").attributes["status"].value


# ---- announced, changed, held ---------------------------------------------------------------------------------------


def test_an_amendment_says_what_is_amended():
    s = story(plan=planned())
    nothing = changed("amended")
    assert why(s, nothing) == [("nothing-changed", "/step", {"subject": "treffen"})]
    s.given(here=changed("amended", place="Rathaus"), many=changed("amended", places=0), off=changed("postponed"))


def test_a_meeting_is_announced_ahead_of_time_and_its_own_time_stands_among_the_facts():
    s = story()
    s.given(plan=planned("2026-11-20", begins="2027-02-01T18:00"))
    assert (status(s, "2026-11-20"), s.on("2026-11-20", "treffen").counted) == ("planned", True)
    assert not s.on("2026-11-19", "treffen").counted
    assert "date-in-future" in s.refused(planned("2026-11-24", meeting="anderes"))


def test_a_meeting_that_was_announced_ends_by_being_held_and_keeps_its_name():
    s = story(plan=planned(), meeting=as_announced(title=None))
    assert (status(s, "2021-06-29"), s.on("2021-06-29", "treffen").sure) == ("planned", True)
    assert (status(s, "2021-06-30"), s.on("2021-06-30", "treffen").counted) == ("held", False)
    assert s.on("2021-06-30", "treffen").name.value == s.number("plan")


def test_a_meeting_that_nobody_announced_first_appears_when_it_was_held():
    s = story(meeting=held("2018-03"))
    assert s.on("2018-03-31", "treffen").name.value == s.number("meeting")
    assert status(s, "2018-03-31") == "held"
    assert status(s, "2018-03-30") is None


def test_several_meetings_can_be_told_as_one_that_lasted():
    s = story(series=held("2018-03/2018-11", meetings={"at_least": 7}))
    assert s.on("2018-06-01", "treffen").sure
    assert not s.on("2018-12-01", "treffen").counted


@pytest.mark.parametrize("statement", [planned("2021-04/2021-05"), changed("amended", "2021-05/2021-06", places=40)])
def test_an_announcement_is_a_moment(statement):
    s = story(plan=planned("2021-01", meeting="anderes"))
    assert ("date-not-a-moment", "/occurred/edtf") in [(code, place) for code, place, _ in why(s, statement)]


def test_what_was_announced_is_held_as_announced_and_what_was_not_is_not():
    s = story(plan=planned())
    assert why(s, held()) == [("meeting-announced", "/step/planned", {"meeting": "treffen", "entries": [2]})]
    assert why(story(), as_announced()) == [contradiction("unknown", 2, subject="treffen")]


def test_a_meeting_is_held_once_and_not_after_it_was_cancelled():
    s = story(plan=planned(), off=changed("cancelled"))
    assert why(s, as_announced()) == [contradiction("ended-twice", 3, 4, subject="treffen")]
    assert why(s, planned("2021-05-02")) == [contradiction("founded-twice", 2, 4, subject="treffen")]
    s.given(anew=planned("2021-06-02", meeting="neues-treffen"), meeting=as_announced(meeting="neues-treffen"))
    assert status(s, "2021-07-01") == "cancelled"
    assert why(s, changed("cancelled", "2021-07-02", meeting="neues-treffen")) == [
        contradiction("ended-twice", 5, 6, subject="neues-treffen")
    ]


def test_a_cancellation_that_was_a_mistake_is_withdrawn_and_then_the_meeting_can_have_been_held():
    s = story(plan=planned(), off=changed("cancelled"), mistake=withdrawn("off"), meeting=as_announced())
    assert status(s, "2021-07-01") == "held"
    assert why(s, withdrawn("mistake")) == [contradiction("ended-twice", 3, 5, subject="treffen")]


def test_a_meeting_is_not_held_before_it_was_announced():
    s = story(plan=planned("2021-05-10"))
    assert why(s, as_announced("2021-05-09")) == [contradiction("order", 2, 3)]
    assert why(s, as_announced("2021-04")) == [contradiction("order", 2, 3)]
    s.given(same_day=as_announced("2021-05-10"))
    assert status(s, "2021-05-10") == "held"


@pytest.mark.parametrize("when", ["2021-05", "2021", "[2021-04..2021-05]", None])
def test_where_the_dates_leave_it_open_it_was_held_after_it_was_announced(when):
    s = story(plan=planned("2021-05-10"))
    s.given(meeting=as_announced(when))
    assert s.room("meeting")[0] == "2021-05-10"


def test_about_an_approximate_date_there_is_a_hint_only():
    s = story(plan=planned("2021-05-10"))
    s.given(meeting=as_announced("2021-04~"))
    assert "approximate-order" in s.hints


def test_what_is_cancelled_does_not_change_any_more():
    s = story(plan=planned(), off=changed("cancelled", "2021-06-01"))
    assert why(s, changed("postponed", "2021-06-02")) == [contradiction("order", 4, 3)]
    s.given(same_day=changed("postponed", "2021-06-01"))
    assert status(s, "2021-06-01") == "cancelled"


def test_each_change_says_where_the_announcement_stands_and_an_amendment_leaves_it():
    s = story(
        plan=planned("2021-01"),
        off=changed("postponed", "2021-02"),
        on=changed("rescheduled", "2021-03", begins="2021-07-14"),
        wider=changed("amended", "2021-04", places=120, place="Aula", format="hybrid", note="Mehr Platz"),
        gone=changed("cancelled", "2021-05"),
    )
    days = ("2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30", "2021-05-31")
    assert [status(s, day) for day in days] == ["planned", "postponed", "planned", "planned", "cancelled"]
    assert [s.on(day, "treffen").counted for day in days] == [True, True, True, True, False]


def test_of_two_changes_in_one_season_it_is_not_known_which_holds_until_somebody_says_so():
    s = story(plan=planned("2021-01"), off=changed("postponed", "2021-21"))
    s.given(on=changed("rescheduled", "2021-21", begins="2021-07-14"))
    assert s.hints == ["order-open"]
    assert s.on("2021-08-01", "treffen").attributes["status"].rivals
    s.given(cured=corrected("on", changed("rescheduled", "2021-21", begins="2021-07-14", after=("off",))))
    assert s.on("2021-08-01", "treffen").attributes["status"].rivals == ()
    assert status(s, "2021-08-01") == "planned"


def test_a_change_that_is_recorded_after_the_meeting_is_placed_where_it_happened():
    s = story(plan=planned("2021-01"), meeting=as_announced("2021-06"), late=changed("postponed", "2021-02"))
    assert [status(s, day) for day in ("2021-01-31", "2021-02-28", "2021-06-30")] == ["planned", "postponed", "held"]


# ---- what a change has to say ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["rescheduled", "postponed", "amended", "cancelled"])
def test_a_new_beginning_and_rescheduling_belong_together(how):
    s = story(plan=planned())
    fields = {"begins": "2021-07-14T10:00", "note": "N"} if how != "rescheduled" else {"note": "N"}
    assert why(s, changed(how, **fields)) == [("rescheduled-without-time", "/step", {"meeting": "treffen"})]
    s.given(change=changed(how, note="N", **({"begins": "2021-07-14T10:00"} if how == "rescheduled" else {})))


def test_an_announcement_says_when():
    assert why(story(), planned(begins=None)) == [("begins-missing", "/step", {"meeting": "treffen"})]
    story(plan=planned(begins="2021-06-30"))


def test_an_announcement_has_a_title_and_every_point_of_its_programme_has_words():
    programme = [{"at": "10:00", "what": "Begrüßung"}, {"at": "10:15"}]
    place = "/step/programme/1/what"
    assert why(story(), planned(programme=programme)) == [("text-missing", place, {"field": place})]
    assert why(story(), planned(title=None)) == [("text-missing", "/step/title", {"field": "/step/title"})]
    story(plan=planned(programme=[{"what": "Offene Runde"}, {"at": "23:59", "what": "Ende"}]))


@pytest.mark.parametrize("at", ["24:00", "9:00", "10.15", "10:60"])
def test_a_point_of_the_programme_stands_on_a_clock(at):
    ((code, place, _),) = why(story(), planned(programme=[{"at": at, "what": "x"}]))
    assert (code, place) == ("field-pattern", "/step/programme/0/at")


def test_a_meeting_does_not_end_before_it_begins():
    times = {"begins": "2021-06-30T10:00", "ends": "2021-06-30T09:59"}
    assert why(story(), planned(**times)) == [("ends-before-it-begins", "/step", times)]
    s = story(plan=planned(begins="2021-06-30T10:00", ends="2021-06-30T10:00"))
    missing = [("ends-before-it-begins", "/step", {"begins": "…", "ends": "2021-06-30T12:00"})]
    assert why(s, changed("postponed", ends="2021-06-30T12:00")) == missing
    s.given(longer=changed("rescheduled", begins="2021-06-30T23:00", ends="2021-07-01T01:00"))


def test_of_the_beginning_and_of_the_end_the_day_alone_may_be_told():
    story(plan=planned(begins="2021-06-30T10:00", ends="2021-06-30"))
    story(plan=planned(begins="2021-06-30", ends="2021-06-30T09:00"))
    for begins, ends in (("2021-06-30T10:00", "2021-06-29"), ("2021-06-30", "2021-06-29T23:00")):
        said = {"begins": begins, "ends": ends}
        assert why(story(), planned(**said)) == [("ends-before-it-begins", "/step", said)]


# ---- local times ----------------------------------------------------------------------------------------------------

SPRING = ("2021-03-28T02:00", "2021-03-28T02:30", "2021-03-28T02:59")
"""The hour that clocks in Berlin left out when they were put forward."""


@pytest.mark.parametrize("local", SPRING)
def test_no_meeting_begins_or_ends_in_the_hour_that_is_skipped_in_spring(local):
    s = story()
    said = {"given": local, "zone": "Europe/Berlin"}
    assert why(s, planned("2021-01", begins=local)) == [("local-time-skipped", "/step/begins", said)]
    assert why(s, planned("2021-01", begins="2021-03-28T01:00", ends=local)) == [
        ("local-time-skipped", "/step/ends", said)
    ]
    s.given(plan=planned("2021-01", begins="2021-03-28T01:59", ends="2021-03-28T03:00"))
    assert why(s, changed("rescheduled", "2021-02", begins=local)) == [("local-time-skipped", "/step/begins", said)]


def test_a_time_of_its_own_zone_is_read_there():
    local = "2021-03-28T01:30"
    said = {"given": local, "zone": "Europe/London"}
    assert why(story(), planned("2021-01", begins=local, zone="Europe/London")) == [
        ("local-time-skipped", "/step/begins", said)
    ]
    story(plan=planned("2021-01", begins=local))
    story(plan=planned("2021-01", begins=SPRING[1], zone="Europe/London"))
    place = ("zone-unknown", "/step/zone", {"zone": "Bottrop"})
    assert why(story(), planned("2021-01", zone="Bottrop")) == [place]


def test_without_one_it_is_read_in_the_zone_of_the_process():
    elsewhere = told({"type": "process-opened", "name": "Prozess", "zone": "America/New_York"}, "2016-01-01")
    s = Story().given(None, opened=elsewhere, fine=planned("2021-01", begins=SPRING[1]))
    local = "2021-03-14T02:30"
    skipped = ("local-time-skipped", "/step/begins", {"given": local, "zone": "America/New_York"})
    assert why(s, planned("2021-01", meeting="anderes", begins=local)) == [skipped]


def test_a_skipped_hour_is_refused_inside_a_correction_and_an_account_too():
    s = story(plan=planned("2021-01"))
    wrong = planned("2021-01", begins=SPRING[1])
    said = {"given": SPRING[1], "zone": "Europe/Berlin"}
    assert why(s, corrected("plan", wrong)) == [("local-time-skipped", "/step/corrected/step/begins", said)]
    disputed = {"type": "claim-disputed", "claim": "plan", "account": wrong, "topic": "Beginn", "how": "other-time"}
    assert why(s, told(disputed, "2021-02")) == [("local-time-skipped", "/step/account/step/begins", said)]


def test_the_hour_that_comes_twice_in_autumn_is_admitted_and_means_its_first_time():
    story(plan=planned("2021-01", begins="2021-10-31T02:30", ends="2021-10-31T02:45"))
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of("2021-10-31T02:30", berlin) == datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
    assert instant_of("2021-10-31T03:00", berlin) == datetime(2021, 10, 31, 2, 0, tzinfo=UTC)


def test_a_day_alone_is_no_instant_and_no_clock_can_miss_it():
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of("2021-03-28", berlin) is None
    assert shown_by_clocks("2021-03-28", berlin)
    assert [day_of(local).isoformat() for local in ("2021-03-28", "2021-03-28T23:59")] == ["2021-03-28"] * 2


ZONES = st.sampled_from(
    ["Europe/Berlin", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"]
).map(ZoneInfo)
CHANGES = {
    zone: [
        day
        for day in (datetime(2021, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(365))
        if day.astimezone(ZoneInfo(zone)).utcoffset()
        != (day + timedelta(days=1)).astimezone(ZoneInfo(zone)).utcoffset()
    ]
    for zone in ("Europe/Berlin", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")
}
"""The days of a year on which clocks were put forward or back."""


@given(st.sampled_from(sorted(CHANGES)), st.data())
def test_clocks_show_exactly_the_times_that_some_instant_has(zone, data):
    day = data.draw(st.sampled_from(CHANGES[zone]))
    place = ZoneInfo(zone)
    local = (day + timedelta(minutes=data.draw(st.integers(-600, 2_400)))).replace(tzinfo=None)
    around = (local.replace(tzinfo=UTC) + timedelta(minutes=n) for n in range(-900, 901, 15))
    offsets = {at.astimezone(place).utcoffset() for at in around}
    instants = [(local - offset).replace(tzinfo=UTC) for offset in offsets]
    shown = [at for at in instants if at.astimezone(place).replace(tzinfo=None) == local]
    text = local.isoformat(timespec="minutes")
    assert shown_by_clocks(text, place) == bool(shown)
    assert not shown or instant_of(text, place) == min(shown)


@pytest.mark.parametrize(
    "local", ["2021-02-29", "2021-06-31T10:00", "2021-06-30T25:00", "2021-06-30T10:60", "0000-01-01"]
)
def test_a_time_that_is_on_no_clock_and_in_no_calendar_is_refused(local):
    assert why(story(), planned(begins=local)) == [("local-time-none", "/step/begins", {"given": local})]
    both = planned(begins="2021-01-01", ends=local)
    assert why(story(), both) == [("local-time-none", "/step/ends", {"given": local})]


@pytest.mark.parametrize(
    "local", ["2021-6-30", "30.06.2021", "2021-06-30 10:00", "2021-06-30T10:00:00", "2021-06-30T10:00Z"]
)
def test_a_time_is_written_in_one_way(local):
    ((code, place, _),) = why(story(), planned(begins=local))
    assert (code, place) == ("field-pattern", "/step/begins")


@pytest.mark.parametrize("local", ["0001-01-01T00:00", "0999-12-31", "9999-01-01", "9999-12-31T23:59"])
def test_a_meeting_takes_place_in_a_year_that_every_zone_has_instants_for(local):
    years = {"first": 1000, "last": 9998}
    assert why(story(), planned(begins=local)) == [("instant-out-of-range", "/step/begins", years)]
    story(plan=planned(begins="1000-01-01T00:00", zone="Asia/Kolkata"))
    story(plan=planned(begins="9998-12-31T23:59", zone="America/New_York"))


# ---- who was there --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ATTENDANCE)
def test_fewer_persons_than_actors_cannot_have_been_there(field):
    s = story(x=actor("amt"), y=actor("bund"))

    def attendance(persons):
        return held(**{field: {"actors": ["amt", "bund"], "persons": persons}})

    for persons in (1, {"at_most": 1}, {"at_least": 0, "at_most": 1}):
        assert why(s, attendance(persons)) == [
            ("fewer-persons-than-actors", f"/step/{field}", {"persons": 1, "actors": 2})
        ]
    s.given(meeting=attendance(2))


@pytest.mark.parametrize("persons", [None, {"at_least": 1}, {"at_least": 1, "at_most": 1, "approximate": True}, 2])
def test_an_open_or_an_approximate_number_refuses_nothing(persons):
    s = story(x=actor("amt"), y=actor("bund"))
    s.given(meeting=held(attended={"actors": ["amt", "bund"], "persons": persons}))


def test_nobody_was_both_there_and_excused_at_one_meeting():
    s = story(x=actor("amt"), y=actor("bund"))
    both = {"attended": {"actors": ["amt", "bund"]}, "excused": {"actors": ["bund"]}}
    assert why(s, held(**both)) == [("attended-and-excused", "/step", {"subjects": ["bund"]})]
    s.given(series=held("2021-01/2021-06", meetings={"at_least": 2, "at_most": 5}, **both))


@pytest.mark.parametrize("field", ["invited", "registered", "invited_or_attended"])
def test_whoever_was_excused_may_have_been_invited_or_registered(field):
    s = story(x=actor("amt"))
    s.given(meeting=held(**{field: {"actors": ["amt"]}, "excused": {"actors": ["amt"]}}))


def test_invited_registered_attended_and_excused_stand_for_themselves():
    said = {"invited": {"persons": {"at_least": 7}}, "attended": {"in_words": "die meisten"}}
    s = story(meeting=held(**said))
    step = s.log.by_number[s.number("meeting")].statement.step
    assert isinstance(step, MeetingHeld)
    assert [field for field, _ in step.attendance()] == ["invited", "attended"]
    assert (step.registered, step.excused, step.invited_or_attended) == (None, None, None)


def test_a_meeting_that_was_held_is_at_least_one():
    for none in (0, {"at_most": 0}):
        assert why(story(), held(meetings=none)) == [("no-meeting", "/step", {"meeting": "treffen"})]
    story(meeting=held(meetings={"at_most": 1}))
    assert story(meeting=held()).log.by_number[2].statement.step.meetings.at_most == 1


def test_who_was_there_is_named_once_and_is_an_actor():
    s = story(x=actor("amt"), wiall=alliance("wiall"))
    twice = held(attended={"actors": ["amt", "amt"]})
    assert why(s, twice) == [("named-twice", "/step/attended/actors", {"subject": "amt"})]
    for field in ATTENDANCE:
        assert why(s, held(**{field: {"actors": ["wiall"]}})) == [contradiction("wrong-kind", 4, subject="wiall")]
        assert why(s, held(**{field: {"actors": ["niemand"]}})) == [contradiction("unknown", 4, subject="niemand")]
    s.given(meeting=held(hosts=["amt", "wiall"], bodies=["wiall"], attended={"actors": ["amt"]}))
    assert why(s, planned(bodies=["amt"], meeting="anderes")) == [contradiction("wrong-kind", 5, subject="amt")]


def test_a_meeting_may_speak_of_a_body_before_that_was_founded():
    s = story(wiall=alliance("wiall", "2018"), meeting=held("2017", bodies=["wiall"]))
    assert s.hints == []
    assert s.room("meeting") == ("2017-01-01", "2017-12-31")


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.integers(0, 8), st.integers(0, 8), st.booleans())
def test_persons_are_fewer_than_actors_exactly_where_at_most_so_many_came_for_certain(actors, low, more, approximate):
    persons = {"at_least": low, "at_most": low + more, "approximate": approximate}
    s = story(**{id_: actor(id_) for id_ in actors})
    meeting = held(attended={"actors": actors, "persons": persons})
    if low + more < len(actors) and not approximate:
        assert [code for code, _, _ in why(s, meeting)] == ["fewer-persons-than-actors"]
    else:
        s.given(meeting=meeting)


# ---- corrected, withdrawn, published --------------------------------------------------------------------------------


def test_an_announcement_stays_while_it_is_said_that_it_was_held_as_announced():
    s = story(plan=planned(), meeting=as_announced())
    assert why(s, withdrawn("plan")) == [contradiction("unknown", 3, subject="treffen")]
    s.given(off=withdrawn("meeting"), gone=withdrawn("plan"))
    assert "treffen" not in s.view("2022-01-01").state


def test_a_correction_does_not_put_the_announcement_behind_the_meeting():
    s = story(plan=planned("2021-05"), meeting=as_announced("2021-06-30"))
    assert why(s, corrected("plan", planned("2021-07-01"))) == [contradiction("order", 2, 3)]
    s.given(fix=corrected("plan", planned("2021-06-30")))


def test_whether_it_was_announced_before_is_not_corrected_but_withdrawn_and_told_anew():
    s = story(plan=planned(), meeting=as_announced())
    fixed = [("ids-fixed", "/step/corrected/step", {"number": 3})]
    assert [found for found in why(s, corrected("meeting", held())) if found[0] == "ids-fixed"] == fixed


def test_with_a_meeting_goes_public_what_it_names():
    s = story(x=actor("amt"), y=actor("bund"), z=actor("uni"), wiall=alliance("wiall"))
    s.given(plan=planned(bodies=["wiall"], hosts=["amt"]), change=changed("amended", places=9))
    s.given(meeting=as_announced(attended={"actors": ["bund"]}, invited_or_attended={"actors": ["uni"]}))
    asked = needed(s.log, [s.number("meeting")], s.at)
    assert asked == [s.number(key) for key in ("opened", "x", "y", "z", "wiall", "plan")]
    assert why(s, published("meeting")) == [("not-public-along", "/step/targets", {"entries": asked})]
    s.given(out=published("meeting", "opened", "x", "y", "z", "wiall", "plan"))
    public = s.view("2021-07-01", published_by=s.at)
    assert public.standing("treffen").attributes["status"].value == "held"
