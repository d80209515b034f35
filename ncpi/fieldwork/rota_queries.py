"""Who works when, as the rota calendars show it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import QuerySet

from ncpi.fieldwork import duty_calendar
from ncpi.fieldwork.models import Duty, Person, Rota
from ncpi.inspections.models import Inspection
from ncpi.lib import dates

WEEKS = 2


@dataclass(frozen=True)
class PersonRow:
    person: Person
    days: list[duty_calendar.Day]


@dataclass(frozen=True)
class Calendar:
    """Some weeks of some people; `weeks` are the days in sevens."""

    days: list[date]
    rows: list[PersonRow]

    @property
    def earlier(self) -> date:
        return self.days[0] - timedelta(days=len(self.days))

    @property
    def later(self) -> date:
        return self.days[-1] + timedelta(days=1)

    @property
    def weeks(self) -> list[list[duty_calendar.Day]]:
        """Return the days of the one person shown, a list a week."""
        days = self.rows[0].days
        return [days[first : first + 7] for first in range(0, len(days), 7)]


def calendar(people: Sequence[Person], *, first: date, weeks: int = WEEKS) -> Calendar:
    """Return the calendars of people from the Monday on or before a day, in one query."""
    days = duty_calendar.days_from(duty_calendar.monday_of(first), 7 * weeks)
    window = dates.combine(days[0], time(0)), dates.combine(days[-1] + timedelta(days=1), time(0))
    entries: dict[int, list[duty_calendar.Entry]] = defaultdict(list)
    near = Duty.objects.filter(person__in=[person.pk for person in people], during__overlap=window)
    for duty in near.order_by("during", "pk"):
        label, note = duty.get_kind_display(), duty.note
        if duty.agreed_by and duty.agreed_date:
            note = f"agreed by {duty.agreed_by} on {duty.agreed_date.day} {duty.agreed_date:%B %Y}"
        entries[duty.person_id].append(
            duty_calendar.Entry(duty.kind, label, duty.during.lower, duty.during.upper, note)
        )
    rows = [PersonRow(person, duty_calendar.calendar_of(entries[person.pk], days)) for person in people]
    return Calendar(days, rows)


def first_day(inspection: Inspection, asked: date | None) -> date:
    """Return the day that a calendar begins with: the one asked for, or the fieldwork's first."""
    return asked or inspection.fieldwork_start_date


def rotas_of(person: Person) -> QuerySet:
    """Return a person's rotas, the latest first."""
    return Rota.objects.filter(person=person).order_by("-first_date", "-pk")
