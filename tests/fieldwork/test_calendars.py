"""Calendar entries, read back with a parser."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from ncpi.fieldwork import calendars
from ncpi.fieldwork.calendars import Address, Entry
from tests.fieldwork.rfc5545 import NotACalendar, events_of

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
ORGANISER = Address("inspection@fenshire.example", "Inspection co-ordinator")
ATTENDEE = Address("p1@fenshire.example", "Response Sergeant 3")


def entry(**fields) -> Entry:
    values = {
        "uid": "3f0c@fenshire.example",
        "sequence": 0,
        "starts_at": datetime(2027, 3, 29, 9, tzinfo=UTC),
        "ends_at": datetime(2027, 3, 29, 10, tzinfo=UTC),
        "title": "Interview",
    }
    return Entry(**(values | fields))


def invitation(one: Entry) -> bytes:
    return calendars.invitation(one, organiser=ORGANISER, attendee=ATTENDEE, at=NOW)


def event_of(data: bytes):
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    return event


def test_an_invitation_says_what_when_and_for_whom():
    data = invitation(entry(sequence=2, link="https://meet.example/a", description="Bring nothing.\nJoin early."))

    event = event_of(data)

    assert Calendar.from_ical(data)["METHOD"] == "REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("3f0c@fenshire.example", 2, "CONFIRMED")
    assert event["DTSTART"].dt == datetime(2027, 3, 29, 9, tzinfo=UTC)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event["DTSTAMP"].dt == NOW
    assert event["DESCRIPTION"] == "Bring nothing.\nJoin early."
    assert event["LOCATION"] == "https://meet.example/a"
    assert str(event["ORGANIZER"]) == "mailto:inspection@fenshire.example"
    assert str(event["ATTENDEE"]) == "mailto:p1@fenshire.example"
    assert event["ATTENDEE"].params["CN"] == "Response Sergeant 3"


def test_a_cancellation_keeps_the_uid_and_withdraws():
    data = invitation(entry(sequence=3, is_cancelled=True))

    assert Calendar.from_ical(data)["METHOD"] == "CANCEL"
    assert (event_of(data)["UID"], event_of(data)["STATUS"]) == ("3f0c@fenshire.example", "CANCELLED")


def test_a_feed_holds_all_entries_and_no_attendee():
    entries = [entry(uid="a"), entry(uid="b", is_cancelled=True)]

    calendar = Calendar.from_ical(calendars.feed(entries, organiser=ORGANISER, at=NOW, name="My sessions"))

    events = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert [(str(event["UID"]), str(event["STATUS"])) for event in events] == [("a", "CONFIRMED"), ("b", "CANCELLED")]
    assert [event.get("ATTENDEE") for event in events] == [None, None]


@pytest.mark.parametrize(
    ("moment", "offset"),
    [
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), 0),
        (datetime(2027, 3, 28, 1, tzinfo=UTC), 60),
        (datetime(2027, 10, 31, 0, 59, tzinfo=UTC), 60),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), 0),
        (datetime(2021, 7, 5, 9, tzinfo=UTC), 60),
    ],
)
def test_the_zone_in_the_file_changes_when_londons_clocks_do(moment, offset):
    (zone,) = Calendar.from_ical(invitation(entry())).walk("VTIMEZONE")

    local = moment.astimezone(zone.to_tz(lookup_tzid=False))

    assert local.utcoffset() == timedelta(minutes=offset)


def test_lines_end_and_fold_as_the_standard_asks():
    data = invitation(entry(title="A very long title " * 20))

    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


@pytest.mark.parametrize(
    "nasty", ["\x0b", "\x00", "\u2028", "\r\nATTENDEE:mailto:other@x.example", "\x85", "\u202e", "\ud800"]
)
def test_control_characters_never_reach_the_file(nasty):
    data = calendars.invitation(
        entry(title=f"Group{nasty}A", uid=f"u{nasty}1", link=f"https://x.example/{nasty}", description=f"a{nasty}b"),
        organiser=Address("c@f.example", f"Name{nasty}"),
        attendee=Address("p@f.example", f'"Quoted"{nasty}'),
        at=NOW,
    )

    text = data.decode()
    event = event_of(data)
    assert [one for one in text if one < " " and one not in "\r\n"] == []
    assert not set("\u2028\x85\u202e") & set(text)
    assert str(event["ATTENDEE"]) == "mailto:p@f.example"


# How long it takes on a busy machine says nothing about it.
@settings(deadline=None)
@given(title=st.text(max_size=200), description=st.text(max_size=400))
def test_any_text_gives_a_file_with_one_event_for_one_person(title, description):
    event = event_of(invitation(entry(title=title, description=description)))

    assert str(event["SUMMARY"]) == calendars.one_line(title)
    assert str(event["ATTENDEE"]) == "mailto:p1@fenshire.example"


def test_an_independent_reader_accepts_every_kind_of_file():
    moves = [entry(sequence=1), entry(sequence=2, is_cancelled=True)]
    feed = calendars.feed(moves, organiser=ORGANISER, at=NOW, name="My sessions")

    found = [one for data in (*map(invitation, moves), feed) for one in events_of(data)]

    assert [(one.method, one.uid, one.sequence, one.status) for one in found] == [
        ("REQUEST", "3f0c@fenshire.example", 1, "CONFIRMED"),
        ("CANCEL", "3f0c@fenshire.example", 2, "CANCELLED"),
        ("PUBLISH", "3f0c@fenshire.example", 1, "CONFIRMED"),
        ("PUBLISH", "3f0c@fenshire.example", 2, "CANCELLED"),
    ]


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2027-03-26T10:00", "2027-03-26T11:00"),
        ("2027-03-28T00:30", "2027-03-28T01:30"),
        ("2027-03-29T09:00", "2027-03-29T10:00"),
        ("2027-10-29T09:00", "2027-10-29T10:00"),
        ("2027-10-31T09:00", "2027-10-31T10:00"),
        ("2027-11-01T09:00", "2027-11-01T10:00"),
    ],
)
def test_around_the_clock_changes_of_2027_an_independent_reader_finds_the_same_minutes(starts_at, ends_at):
    start, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (starts_at, ends_at))

    (event,) = events_of(invitation(entry(starts_at=start, ends_at=end)))

    assert (event.starts_at, event.ends_at) == (start, end)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\r\n", b"\n"),
        (b"DTSTAMP:", b"X-STAMP:"),
        (b"TZID=Europe/London", b"TZID=Europe/Paris"),
        (b"ATTENDEE;", b"X-ATTENDEE;"),
        (b"END:VALARM\r\n", b""),
        (b"SUMMARY:Interview", b"SUMMARY:Inter\\view"),
        (b"SUMMARY:Interview", b"SUMMARY:" + 80 * b"x"),
        (b"METHOD:REQUEST", b"METHOD:CANCEL"),
    ],
)
def test_control_the_independent_reader_refuses_what_the_standards_do(before, after):
    data = invitation(entry())

    assert data != data.replace(before, after)
    with pytest.raises(NotACalendar):
        events_of(data.replace(before, after))
