"""The demonstration's fieldwork: 90 people on rotas, six inspectors, the programme's 24 sessions, one fortnight.

Nobody is real: people are named after their unit, their rank and a number.
"""

from datetime import date, time, timedelta

from django.utils import timezone

from ncpi.fieldwork.duty_rows import DutyRow
from ncpi.fieldwork.models import Invitation, Person, Reply
from ncpi.fieldwork.operations import invitations, people, sessions, timetables
from ncpi.fieldwork.people_rows import PersonRow
from ncpi.fieldwork.session_rows import SessionRow
from ncpi.inspections.demo import moment, reached
from ncpi.lib import dates

FIRST, LAST = date(2021, 6, 28), date(2021, 7, 18)
SEED = 7

OFFICE = "office"
ROTA = "rota"
PARTNER = "partner"

# unit, band, title, how many, hours
TEAMS = [
    ("Chief officers", "chief", "Chief Officer", 1, OFFICE),
    ("Public protection", "superintendent", "Public Protection Superintendent", 1, OFFICE),
    ("Public protection", "inspector", "Public Protection Inspector", 2, OFFICE),
    ("Inspection team", "staff", "Inspection Support Officer", 1, OFFICE),
    ("Performance", "staff", "Performance Analyst", 2, OFFICE),
    ("Control room", "inspector", "Control Room Inspector", 1, OFFICE),
    ("Control room", "staff", "Control Room Operator", 14, ROTA),
    ("Response", "sergeant", "Response Sergeant", 3, ROTA),
    ("Response", "constable", "Response Constable", 22, ROTA),
    ("Neighbourhood", "constable", "Neighbourhood Constable", 9, OFFICE),
    ("Child abuse investigation", "inspector", "Child Abuse Investigation Inspector", 1, OFFICE),
    ("Child abuse investigation", "sergeant", "Child Abuse Investigation Sergeant", 6, OFFICE),
    ("Child abuse investigation", "constable", "Child Abuse Investigation Constable", 8, OFFICE),
    ("Safeguarding hub", "inspector", "Safeguarding Hub Inspector", 1, OFFICE),
    ("Safeguarding hub", "staff", "Safeguarding Hub Officer", 6, OFFICE),
    ("Missing and exploitation", "constable", "Exploitation Constable", 4, OFFICE),
    ("Missing and exploitation", "sergeant", "Exploitation Sergeant", 1, OFFICE),
    ("Online investigation", "inspector", "Online Investigation Inspector", 1, OFFICE),
    ("Offender management", "constable", "Offender Manager", 3, OFFICE),
    ("Custody", "inspector", "Custody Inspector", 1, ROTA),
    ("Partner agencies", "partner", "Partner Agency Lead", 2, PARTNER),
]
# Ten days: two earlies, two lates, two nights, four off.
EARLY, LATE, NIGHT = (time(7), time(17)), (time(14), time(0)), (time(22), time(7))
CYCLE = [EARLY, EARLY, LATE, LATE, NIGHT, NIGHT, None, None, None, None]

INSPECTORS = [
    ("Inspector 1", ["leadership"]),
    ("Inspector 2", ["digital"]),
    ("Inspector 3", ["custody"]),
    ("Inspector 4", []),
    ("Inspector 5", ["digital"]),
    ("Inspector 6", []),
]

# kind of the programme: named people (title and number), or a pool of one unit; specialism; size where it differs
NAMED = {
    "opening_briefing": ["Chief Officer 1", "Public Protection Superintendent 1", "Inspection Support Officer 1"],
    "chief_officer_lead": ["Chief Officer 1"],
    "head_of_public_protection": ["Public Protection Superintendent 1"],
    "performance_and_audit": ["Performance Analyst 1"],
    "control_room_manager": ["Control Room Inspector 1"],
    "safeguarding_hub_manager": ["Safeguarding Hub Inspector 1"],
    "domestic_abuse_lead": ["Public Protection Inspector 1"],
    "online_abuse": ["Online Investigation Inspector 1"],
    "custody": ["Custody Inspector 1"],
    "joint_meeting": ["Public Protection Inspector 2"],
    "partner_leaders": ["Partner Agency Lead 1"],
    "closing_feedback": ["Chief Officer 1", "Public Protection Superintendent 1", "Inspection Support Officer 1"],
}
POOLS = {
    "control_room_staff": ("Control room", "staff", 2),
    "response_officers": ("Response", "constable", 3),
    "neighbourhood_officers": ("Neighbourhood", "constable", 1),
    "child_abuse_investigators": ("Child abuse investigation", "constable", 2),
    "investigation_supervisors": ("Child abuse investigation", "sergeant", 1),
    "safeguarding_hub_staff": ("Safeguarding hub", "staff", 1),
    "missing_and_exploitation": ("Missing and exploitation", "constable", 1),
    "offender_managers": ("Offender management", "constable", 1),
}
SIZES = {
    "control_room_staff": 3,
    "response_officers": 4,
    "child_abuse_investigators": 4,
    "investigation_supervisors": 4,
    "safeguarding_hub_staff": 4,
    "missing_and_exploitation": 4,
    "offender_managers": 3,
}
SPECIALISMS = {"online_abuse": "digital", "custody": "custody", "chief_officer_lead": "leadership"}
# The kinds that matter most come first in the programme's own order of priority.
WEIGHTS = {"opening_briefing": 3, "chief_officer_lead": 3, "closing_feedback": 3}


def build(demo, *, stage):
    """Add people, times, inspectors and sessions; from the fieldwork on, a published timetable and answers."""
    if not reached(stage, "audit"):
        return
    by, force = demo.people["coordinator"], demo.force
    rows = person_rows()
    people.import_people(by=by, force=force, rows=rows)
    people.import_duties(by=by, force=force, rows=duty_rows(rows, demo.rng))
    _accounts(demo)
    _inspectors(demo)
    sessions.import_sessions(
        by=by, inspection=demo.inspection, rows=session_rows(demo, rows), at=moment(date(2021, 6, 22), 14)
    )
    made = timetables.make_timetable(
        by=by, inspection=demo.inspection, at=moment(date(2021, 6, 25), 11), seconds=15, seed=SEED
    )
    if reached(stage, "fieldwork"):
        published = moment(date(2021, 6, 28), 10)
        timetables.publish(by=by, timetable=made, at=published, now=timezone.now(), tell=False)
        _answers(demo)


def person_rows():
    """Return the people with their managers: the first of the next rank in the unit, else the superintendent."""
    found = []
    for unit, band, title, count, _ in TEAMS:
        for number in range(1, count + 1):
            key = f"P{len(found) + 1:03}"
            email = f"{title.lower().replace(' ', '-')}-{number}@fenshire.example"
            partner = f"Partner agency {number}" if band == "partner" else ""
            found.append(PersonRow(key, f"{title} {number}", title, band, unit, partner, "", email, 3))
    head = next(row for row in found if row.band == "superintendent")
    return [_managed(row, found, head) for row in found]


def _managed(row, found, head):
    ranks = ["constable", "sergeant", "inspector"]
    above = ranks[ranks.index(row.band) + 1 :] if row.band in ranks else ["inspector"] if row.band == "staff" else []
    bosses = [one for band in above for one in found if (one.unit, one.band) == (row.unit, band)]
    manager = bosses[0] if bosses else head if row.band == "inspector" else None
    values = {name: getattr(row, name) for name in PersonRow.__dataclass_fields__}
    return PersonRow(**(values | {"manager": manager.reference if manager else ""}))


def duty_rows(rows, rng):
    """Return everybody's shifts, offered windows, leave, court and training."""
    hours = {title: kind for _, _, title, _, kind in TEAMS}
    named = {name for names in NAMED.values() for name in names}
    found = []
    for number, row in enumerate(rows):
        times = _shifts(hours[row.job_title], number)
        away = [] if row.name in named else _away(rng)
        found += [_duty(row, *one) for one in times + away]
    return found


def _days():
    return [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]


def _weekdays():
    return [day for day in _days() if day.weekday() < 5]


def _shifts(kind, number):
    if kind == PARTNER:
        return [("offered", day, time(9), time(12, 30), "") for day in _weekdays() if day.weekday() in (1, 3)]
    if kind == OFFICE:
        start, end = (time(8), time(16)) if number % 2 else (time(9), time(17))
        return [("duty", day, start, end, "") for day in _weekdays()]
    shifts = ((day, CYCLE[(offset + 2 * number) % len(CYCLE)]) for offset, day in enumerate(_days()))
    return [("duty", day, *shift, "") for day, shift in shifts if shift]


def _away(rng):
    """One in three is at court, in training or on leave for some of the fortnight."""
    chance = rng.random()
    fortnight = _weekdays()[5:]
    if chance < 0.12:
        return [("court", rng.choice(fortnight), time(9), time(13), "Crown Court")]
    if chance < 0.25:
        return [("training", rng.choice(fortnight), time(9), time(16), "")]
    if chance < 0.32:
        monday = rng.choice([day for day in fortnight if day.weekday() == 0])
        return [("leave", monday + timedelta(days=offset), time(0, 15), time(23, 45), "") for offset in range(5)]
    return []


def _duty(row, kind, day, start, end, note):
    starts_at, ends_at = dates.day_span(day, start, end)
    return DutyRow(0, row.reference, kind, starts_at, ends_at, note)


def _accounts(demo):
    """Say which people have accounts, so that their invitations are on their work lists."""
    named = {"Chief Officer 1": "chief_officer", "Public Protection Superintendent 1": "lead_1"}
    for person in Person.objects.filter(force=demo.force, name__in=named).select_related("force", "line_manager"):
        people.change_person(
            by=demo.people["coordinator"],
            person=person,
            version=person.version,
            line_manager=person.line_manager,
            user=demo.people[named[person.name]],
        )


def _inspectors(demo):
    for number, (name, specialisms) in enumerate(INSPECTORS, start=1):
        inspector = people.add_inspector(
            by=demo.people["coordinator"],
            inspection=demo.inspection,
            reference=f"I{number}",
            name=name,
            email=f"inspector{number}@inspectorate.example",
            specialisms=specialisms,
        )
        if number % 3 == 0:
            day = date(2021, 7, 6 + number)
            people.add_absence(
                by=demo.people["coordinator"],
                inspector=inspector,
                during=dates.span(day, time(0), day, time(23, 45)),
                reason="Another inspection",
            )


def session_rows(demo, rows):
    """Return one session for each that the programme's kinds want."""
    by_name = {row.name: row.reference for row in rows}
    found = []
    for kind in demo.inspection.programme.session_kinds.order_by("order", "pk"):
        unit, band, count = POOLS.get(kind.key, ("", "", 1))
        pool = tuple(row.reference for row in rows if unit and (row.unit, row.band) == (unit, band))
        for number in range(1, count + 1):
            title = kind.title if count == 1 else f"{kind.title}, group {number}"
            found.append(
                SessionRow(
                    reference=f"S{len(found) + 1:02}",
                    title=title,
                    kind=kind.key,
                    minutes=kind.minutes,
                    inspectors=kind.inspectors,
                    specialism=SPECIALISMS.get(kind.key, ""),
                    fixed=tuple(by_name[name] for name in NAMED.get(kind.key, [])),
                    pool=pool,
                    size=SIZES.get(kind.key, min(kind.size, len(pool))) if pool else 0,
                    areas=(),
                    after=_after(kind.key, found),
                    windows=_windows(kind.key),
                    prefer_from=None,
                    prefer_to=time(13) if kind.form == "focus_group" else None,
                    priority=WEIGHTS.get(kind.key, 2 if kind.inspectors > 1 else 1),
                )
            )
    return found


def _after(key, found):
    """The briefing opens the fortnight; the feedback follows everything."""
    if key == "closing_feedback":
        return tuple(row.reference for row in found)
    return tuple(row.reference for row in found[:1])


def _windows(key):
    if key == "opening_briefing":
        day = date(2021, 7, 5)
        return (dates.span(day, time(9), day, time(11)),)
    if key == "closing_feedback":
        day = date(2021, 7, 16)
        return (dates.span(day, time(13), day, time(17)),)
    return ()


def _answers(demo):
    """Most accept, three decline, some have not answered."""
    rows = list(Invitation.objects.filter(session__inspection=demo.inspection).order_by("session__reference", "pk"))
    groups = [row for row in rows if row.session.size]
    declined = {row.pk for row in demo.rng.sample(groups, 3)}
    for row in rows:
        if row.pk in declined or demo.rng.random() < 0.8:
            invitations.answer(
                by=None,
                invitation=row,
                version=row.version,
                reply=Reply.DECLINED if row.pk in declined else Reply.ACCEPTED,
                at=moment(date(2021, 6, 30), 12),
            )
