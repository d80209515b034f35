"""A person's sessions as calendar entries (RFC 5545, RFC 5546) that a calendar program adds, moves and cancels.

An entry keeps its UID for ever and raises its SEQUENCE with every change. It names the person it is for and
nobody else who takes part. Control characters are taken out: RFC 5545 section 3.1 has no place for them.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from ncpi.lib import dates

PRODUCT = "-//NCPI readiness//Fieldwork//EN"


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Entry:
    """One session of one person."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str = ""
    link: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    email: str
    name: str = ""


def invitation(entry: Entry, *, organiser: Address, attendee: Address, at: datetime) -> bytes:
    """Return the message that asks for, moves, or (for a cancelled entry) withdraws one session."""
    method = Method.CANCEL if entry.is_cancelled else Method.REQUEST
    return _calendar(method, [entry], organiser=organiser, attendee=attendee, at=at)


def feed(entries: Iterable[Entry], *, organiser: Address, at: datetime, name: str = "") -> bytes:
    """Return all of one person's sessions for a calendar that fetches them itself."""
    return _calendar(Method.PUBLISH, list(entries), organiser=organiser, attendee=None, at=at, name=name)


def plain(text: str) -> str:
    """Return text without control characters; only the line break is kept, as LF."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co"))


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def _calendar(
    method: Method,
    entries: list[Entry],
    *,
    organiser: Address,
    attendee: Address | None,
    at: datetime,
    name: str = "",
) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if name:
        calendar.add("x-wr-calname", one_line(name))
    calendar.add_component(_london())
    for entry in entries:
        calendar.add_component(_event(method, entry, organiser, attendee, at))
    return calendar.to_ical()


def _london() -> Timezone:
    """Return the rules of London's clocks since 1996; the ones a library works out began an hour late."""
    zone = Timezone()
    zone.add("tzid", "Europe/London")
    for component, month, name, before, after, onset in (
        (TimezoneDaylight(), 3, "BST", 0, 1, datetime(1996, 3, 31, 1)),  # noqa: DTZ001 onsets are clock times
        (TimezoneStandard(), 10, "GMT", 1, 0, datetime(1996, 10, 27, 2)),  # noqa: DTZ001
    ):
        component.add("dtstart", onset)
        component.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        component.add("tzname", name)
        component.add("tzoffsetfrom", timedelta(hours=before))
        component.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(component)
    return zone


def _event(method: Method, entry: Entry, organiser: Address, attendee: Address | None, at: datetime) -> Event:
    event = Event()
    event.add("uid", one_line(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", dates.to_local(entry.starts_at))
    event.add("dtend", dates.to_local(entry.ends_at))
    event.add("summary", one_line(entry.title))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if entry.description:
        event.add("description", plain(entry.description))
    if entry.link:
        event.add("location", one_line(entry.link))
        event.add("url", one_line(entry.link))
    event["organizer"] = _address(organiser)
    if attendee is not None:
        address = _address(attendee)
        if method == Method.REQUEST:
            address.params["PARTSTAT"] = vText("NEEDS-ACTION")
            address.params["RSVP"] = vText("TRUE")
        address.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", address, encode=False)
    if method == Method.REQUEST:
        event.add_component(_reminder(entry))
    return event


def _address(one: Address) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line(one.email)}")
    if one.name:
        address.params["CN"] = vText(one_line(one.name).replace('"', "'"))
    return address


def _reminder(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(entry.title))
    alarm.add("trigger", timedelta(minutes=-30))
    return alarm
