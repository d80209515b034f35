"""Small real fieldwork for tests, made by the operations."""

from datetime import date, datetime, time

from django.utils import timezone

from ncpi.fieldwork.models import Person
from ncpi.fieldwork.operations import people, sessions, timetables
from ncpi.fieldwork.operations.sessions import Wanted
from ncpi.lib import dates
from tests.factories import NOW

MONDAY = date(2021, 7, 5)


def hours(start="09:00", end="17:00", day=MONDAY) -> tuple[datetime, datetime]:
    return dates.span(day, time.fromisoformat(start), day, time.fromisoformat(end))


def make_person(force, *, by, number=1, times=None, **fields):
    """Return somebody on duty on the first Monday."""
    values = {
        "reference": f"P{number}",
        "name": f"Response Constable {number}",
        "band": "constable",
        "unit": "Response",
        "email": f"p{number}@{force.slug}.example",
    }
    person = people.add_person(by=by, force=force, **(values | fields))
    for during in [hours()] if times is None else times:
        people.add_duty(by=by, person=person, kind="duty", during=during)
    return person


def make_inspector(inspection, *, by, number=1, **fields):
    values = {"reference": f"I{number}", "name": f"Inspector {number}", "specialisms": [], "max_a_day": 4}
    return people.add_inspector(by=by, inspection=inspection, **(values | fields))


def make_session(inspection, *, by, number=1, fixed=(), pool=(), **fields):
    kind = inspection.programme.session_kinds.order_by("order").first()
    values = {
        "reference": f"S{number}",
        "title": f"Interview {number}",
        "minutes": 60,
        "size": 0,
        "inspectors_needed": 1,
        "specialism": "",
        "priority": 1,
    }
    wanted = Wanted(fixed=fixed, pool=pool, areas=list(kind.areas.all()))
    return sessions.want_session(by=by, inspection=inspection, kind=kind, wanted=wanted, at=NOW, **(values | fields))


def make_fieldwork(inspection, *, by, count=1):
    """Add so many people with a session each, and one inspector."""
    make_inspector(inspection, by=by)
    for number in range(1, count + 1):
        person = make_person(inspection.force, by=by, number=number)
        make_session(inspection, by=by, number=number, fixed=[person])
    return Person.objects.filter(force=inspection.force).order_by("reference")


def make_timetable(inspection, *, by):
    return timetables.make_timetable(by=by, inspection=inspection, at=NOW, seconds=10)


def publish(timetable, *, by, tell=False, at=NOW):
    return timetables.publish(by=by, timetable=timetable, at=at, now=timezone.now(), tell=tell)
