"""A strict reader of calendar files that shares no code with what writes them.

RFC 5545 for lines, parameters, components and their properties; RFC 5546 for what each METHOD must and must not have.
Zones are worked out by `dateutil`, which reads VTIMEZONE by itself. Anything wrong is a `NotACalendar`.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dateutil.tz import tzical

_TOKEN = r"[A-Za-z0-9-]+"
_PARAM = re.compile(rf';({_TOKEN})=("[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)')
_NAME = re.compile(_TOKEN)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])")
_OFFSET = re.compile(r"[+-]\d{4}(\d{2})?")
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "TZNAME", "X-WR-CALNAME"}
# Of a component: what must stand exactly once, and what may stand once at most.
_ONCE = {
    "VCALENDAR": ({"PRODID", "VERSION"}, {"METHOD", "CALSCALE"}),
    "VTIMEZONE": ({"TZID"}, {"LAST-MODIFIED"}),
    "STANDARD": ({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, {"RRULE"}),
    "DAYLIGHT": ({"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"}, {"RRULE"}),
    "VEVENT": (
        {"UID", "DTSTAMP", "DTSTART", "DTEND"},
        {"SUMMARY", "SEQUENCE", "STATUS", "CLASS", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER", "DURATION"},
    ),
    "VALARM": ({"ACTION", "TRIGGER", "DESCRIPTION"}, set()),
}
_INSIDE = {
    "VCALENDAR": {"VTIMEZONE", "VEVENT"},
    "VTIMEZONE": {"STANDARD", "DAYLIGHT"},
    "VEVENT": {"VALARM"},
}
# RFC 5546, section 3.2: what an event of each method must have, and must not.
_METHODS = {
    "REQUEST": ({"ORGANIZER", "ATTENDEE", "SEQUENCE", "SUMMARY"}, set()),
    "CANCEL": ({"ORGANIZER", "ATTENDEE", "SEQUENCE"}, {"VALARM"}),
    "PUBLISH": ({"ORGANIZER", "SUMMARY"}, {"ATTENDEE"}),
}


class NotACalendar(ValueError):
    """The file is not what the standards ask for."""


@dataclass
class Property:
    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def all(self, name):
        return [one for one in self.properties if one.name == name]

    def __getitem__(self, name):
        (one,) = self.all(name)
        return one

    def text(self, name):
        return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], self[name].value)


@dataclass
class Event:
    """What a calendar program would keep of one event; moments in UTC."""

    method: str
    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    status: str
    attendees: list[str]


def events_of(data: bytes) -> list[Event]:
    """Read a calendar file, or refuse it."""
    calendar = _component(iter(_lines(data)))
    _check(calendar)
    must(calendar["VERSION"].value == "2.0", "VERSION is not 2.0")
    method = calendar["METHOD"].value
    must(method in _METHODS, f"METHOD {method}")
    zones = {one["TZID"].value: _zone(data) for one in calendar.parts if one.name == "VTIMEZONE"}
    return [_event(one, method, zones) for one in calendar.parts if one.name == "VEVENT"]


def must(holds, what):
    if not holds:
        raise NotACalendar(what)


def _lines(data):
    text = data.decode("utf-8", "strict")
    must(text.endswith("\r\n"), "the last line does not end")
    must(not re.search(r"\r(?!\n)|(?<!\r)\n", text), "a line ends otherwise than by CRLF")
    must(all(len(line) <= 75 for line in data.split(b"\r\n")), "a line is longer than 75 octets")
    for line in re.sub("\r\n[ \t]", "", text)[:-2].split("\r\n"):
        yield _property(line)


def _property(line):
    must(not _CONTROL.search(line), "a control character")
    name = _NAME.match(line)
    must(name, f"no name: {line[:30]}")
    at, parameters = name.end(), {}
    while found := _PARAM.match(line, at):
        must(found[1].upper() not in parameters, f"{found[1]} twice")
        parameters[found[1].upper()], at = found[2].strip('"'), found.end()
    must(line[at : at + 1] == ":", f"no value: {line[:30]}")
    value = line[at + 1 :]
    must(name[0].upper() not in _TEXTS or not _BAD_ESCAPE.search(value), f"an escape that is none: {value[:30]}")
    return Property(name[0].upper(), parameters, value)


def _component(lines, begin=None):
    begin = begin or next(lines)
    must(begin.name == "BEGIN", "does not BEGIN")
    made = Component(begin.value)
    for one in lines:
        if one.name == "BEGIN":
            made.parts.append(_component(lines, one))
        elif one.name == "END":
            must(one.value == made.name, f"END of {one.value} in {made.name}")
            must(made.name != "VCALENDAR" or next(lines, None) is None, "something after the calendar")
            return made
        else:
            made.properties.append(one)
    raise NotACalendar(f"{made.name} does not END")


def _check(component):
    must(component.name in _ONCE, f"component {component.name}")
    required, allowed = _ONCE[component.name]
    for name in required:
        must(len(component.all(name)) == 1, f"{component.name} has {len(component.all(name))} {name}")
    for name in allowed:
        must(len(component.all(name)) <= 1, f"{component.name} has {name} more than once")
    for part in component.parts:
        must(part.name in _INSIDE.get(component.name, ()), f"{part.name} in {component.name}")
        _check(part)
    if component.name == "VTIMEZONE":
        must(component.parts, "a zone without rules")
        offsets = [rule[name].value for rule in component.parts for name in ("TZOFFSETFROM", "TZOFFSETTO")]
        must(all(_OFFSET.fullmatch(offset) for offset in offsets), "an offset")


def _zone(data):
    zones = tzical(io.StringIO(data.decode().replace("\r\n ", "").replace("\r\n", "\n")))
    return zones.get(*zones.keys())


def _event(component, method, zones):
    names = {one.name for one in (*component.properties, *component.parts)}
    required, forbidden = _METHODS[method]
    must(required <= names, f"{method} without {required - names}")
    must(not forbidden & names, f"{method} with {forbidden & names}")
    must("DURATION" not in names, "DTEND and DURATION")
    must(re.fullmatch(r"\d{8}T\d{6}Z", component["DTSTAMP"].value), "DTSTAMP is not in UTC")
    addresses = [*component.all("ATTENDEE"), component["ORGANIZER"]]
    must(all(re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", one.value) for one in addresses), "an address")
    status = component["STATUS"].value
    must((status == "CANCELLED") == (method == "CANCEL") or method == "PUBLISH", f"{method} is {status}")
    start, end = _moment(component["DTSTART"], zones), _moment(component["DTEND"], zones)
    must(start < end, "ends before it starts")
    return Event(
        method, component["UID"].value, int(component["SEQUENCE"].value), start, end, component.text("SUMMARY"),
        status, [one.value.removeprefix("mailto:") for one in component.all("ATTENDEE")],
    )  # fmt: skip


def _moment(one, zones):
    if "TZID" not in one.parameters:
        return datetime.strptime(one.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    must(one.parameters["TZID"] in zones, f"no VTIMEZONE for {one.parameters['TZID']}")
    local = datetime.strptime(one.value, "%Y%m%dT%H%M%S")
    return local.replace(tzinfo=zones[one.parameters["TZID"]]).astimezone(UTC)
