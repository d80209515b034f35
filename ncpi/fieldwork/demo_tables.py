"""The demonstration's people, rotas, times and sessions as the files that a force would import.

Nobody is real: people are named after their unit, their rank and a number.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ncpi.lib import tables

FIRST, LAST = date(2021, 6, 28), date(2021, 7, 18)

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
# Ten days: two earlies, two lates, two nights, four off. A person in two begins it two days on.
SHIFTS = "2 x 07:00-17:00, 2 x 14:00-00:00, 2 x 22:00-07:00, 4 x off"
CYCLE_DAYS = 10
OFFICE_HOURS = ("5 x 09:00-17:00, 2 x off", "5 x 08:00-16:00, 2 x off")

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
WINDOWS = {"opening_briefing": "2021-07-05 09:00-11:00", "closing_feedback": "2021-07-16 13:00-17:00"}


@dataclass(frozen=True)
class Somebody:
    reference: str
    unit: str
    band: str
    title: str
    number: int
    hours: str

    @property
    def name(self) -> str:
        return f"{self.title} {self.number}"


def everybody() -> list[Somebody]:
    found: list[Somebody] = []
    for unit, band, title, count, hours in TEAMS:
        for number in range(1, count + 1):
            found.append(Somebody(f"P{len(found) + 1:03}", unit, band, title, number, hours))
    return found


def people() -> bytes:
    """Return the people with their managers: the first of the next rank in the unit, else the superintendent."""
    rows = everybody()
    head = next(one for one in rows if one.band == "superintendent")
    return tables.write_csv(
        ["reference", "name", "job_title", "band", "unit", "organisation", "manager", "email", "max_sessions"],
        [
            [
                *(one.reference, one.name, one.title, one.band, one.unit),
                f"Partner agency {one.number}" if one.band == "partner" else "",
                _manager(one, rows, head),
                f"{one.name.lower().replace(' ', '-')}@fenshire.example",
                3,
            ]
            for one in rows
        ],
    )


def _manager(one: Somebody, rows: Iterable[Somebody], head: Somebody) -> str:
    ranks = ["constable", "sergeant", "inspector"]
    above = ranks[ranks.index(one.band) + 1 :] if one.band in ranks else ["inspector"] if one.band == "staff" else []
    bosses = [boss for band in above for boss in rows if (boss.unit, boss.band) == (one.unit, band)]
    if bosses:
        return bosses[0].reference
    return head.reference if one.band == "inspector" else ""


def rotas() -> bytes:
    """Return the shift patterns of everybody but partners."""
    rows: list[list[Any]] = []
    for number, one in enumerate(everybody()):
        if one.hours == OFFICE:
            rows.append([one.reference, OFFICE_HOURS[number % 2], FIRST, LAST, 1])
        elif one.hours == ROTA:
            rows.append([one.reference, SHIFTS, FIRST, LAST, 2 * number % CYCLE_DAYS + 1])
    return tables.write_csv(["person", "pattern", "first", "until", "starts_on"], rows)


def times(rng: random.Random) -> bytes:
    """Return what partners offer, and everybody's leave, court and training."""
    named = {name for names in NAMED.values() for name in names}
    rows: list[list[Any]] = []
    for one in everybody():
        if one.hours == PARTNER:
            rows += [[one.reference, "offered", day, "09:00", "12:30", "", 7, LAST, ""] for day in _first_of((1, 3))]
        if one.name not in named:
            rows += [[one.reference, *away] for away in _away(rng)]
    header = ["person", "kind", "date", "start", "end", "to_date", "every_days", "until", "note"]
    return tables.write_csv(header, rows)


def _first_of(weekdays: Iterable[int]) -> list[date]:
    return [FIRST + timedelta(days=weekday) for weekday in weekdays]


def _away(rng: random.Random) -> list[list[Any]]:
    """One in three is at court, in training or on leave for some of the fortnight."""
    chance = rng.random()
    days = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
    fortnight = [day for day in days if day.weekday() < 5][5:]
    if chance < 0.12:
        return [["court", rng.choice(fortnight), "09:00", "13:00", "", "", "", "Crown Court"]]
    if chance < 0.25:
        return [["training", rng.choice(fortnight), "09:00", "16:00", "", "", "", ""]]
    if chance < 0.32:
        monday = rng.choice([day for day in fortnight if day.weekday() == 0])
        return [["leave", monday, "00:00", "23:45", monday + timedelta(days=4), "", "", ""]]
    return []


def sessions(kinds: Sequence[Any]) -> bytes:
    """Return one session for each that the programme's kinds want."""
    rows: list[list[Any]] = []
    references = {one.name: one.reference for one in everybody()}
    for kind in kinds:
        unit, band, count = POOLS.get(kind.key, ("", "", 1))
        members = [one for one in everybody() if unit and (one.unit, one.band) == (unit, band)]
        for number in range(1, count + 1):
            before = [row[0] for row in rows]
            rows.append([
                f"S{len(rows) + 1:02}",
                kind.title if count == 1 else f"{kind.title}, group {number}",
                *(kind.key, kind.minutes, kind.inspectors, SPECIALISMS.get(kind.key, "")),
                "; ".join(references[name] for name in NAMED.get(kind.key, [])),
                f"unit:{unit}/{band}" if unit else "",
                SIZES.get(kind.key, min(kind.size, len(members))) if members else 0,
                # The briefing opens the fortnight; the feedback follows everything.
                "; ".join(before if kind.key == "closing_feedback" else before[:1]),
                WINDOWS.get(kind.key, ""),
                "13:00" if kind.form == "focus_group" else "",
                WEIGHTS.get(kind.key, 2 if kind.inspectors > 1 else 1),
            ])  # fmt: skip
    header = [
        *("reference", "title", "kind", "minutes", "inspectors", "specialism", "fixed", "pool", "size", "after"),
        *("windows", "prefer_to", "priority"),
    ]
    return tables.write_csv(header, rows)
