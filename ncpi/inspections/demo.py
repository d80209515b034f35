"""The demonstration: a fictional force, its people, and the inspection of July 2021 that everything is about.

Every other room's `demo.build(demo, stage=...)` adds its own part by calling its operations.
Nobody here is real: people are named after their role and a number.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from ncpi.accounts import operations as accounts
from ncpi.accounts.models import User
from ncpi.inspections import operations, programme_files
from ncpi.inspections.deadlines import Roll, rolled
from ncpi.inspections.models import Force, Inspection, Programme
from ncpi.inspections.programme_content import ProgrammeFile
from ncpi.lib.dates import combine
from ncpi.lib.prepared import Parameter, Prepared

STAGES = ["notice", "self-assessment", "audit", "fieldwork", "report"]
# Works only where demonstration accounts may be made: in a database that `make run` made for itself.
DEMONSTRATION_PASSWORD = "readiness-demonstration"  # noqa: S105
PROGRAMMES = Path(programme_files.__file__).with_name("programmes")

NOTICE = date(2021, 5, 24)
FIELDWORK_START = date(2021, 7, 5)
FIELDWORK_END = date(2021, 7, 16)
PUBLICATION = date(2021, 12, 22)
NOW = {
    "notice": (date(2021, 5, 25), 9),
    "self-assessment": (date(2021, 6, 14), 9),
    "audit": (date(2021, 6, 28), 9),
    "fieldwork": (date(2021, 7, 12), 18),
    "report": (date(2022, 1, 10), 9),
}

# key, role, name, how many
PEOPLE = [
    ("administrator", "administrator", "Force Administrator", 1),
    ("coordinator", "coordinator", "Inspection Co-ordinator", 1),
    ("lead", "lead", "Safeguarding Lead", 4),
    ("reviewer", "reviewer", "Judgement Reviewer", 1),
    ("auditor", "auditor", "Case Auditor", 6),
    ("moderator", "moderator", "Audit Moderator", 1),
    ("chief_officer", "chief_officer", "Deputy Chief Constable", 1),
    ("inspector", "inspector", "Inspector", 2),
    ("board_member", "board_member", "Board Member", 1),
    ("owner", "action_owner", "Action Owner", 6),
    ("information_governance", "information_governance", "Information Governance Officer", 1),
]
OTHER_PEOPLE = [
    ("coordinator", "coordinator", "Second Force Co-ordinator", 1),
    ("lead", "lead", "Second Force Lead", 1),
    ("chief_officer", "chief_officer", "Second Force Chief Officer", 1),
    ("board_member", "board_member", "Second Force Board Member", 1),
]


@dataclass
class Demo:
    """What every room's demonstration starts from. `at` and `on` are the demonstration's own time."""

    force: Force
    inspection: Inspection
    people: dict[str, User]
    rng: random.Random
    at: datetime
    other_force: Force
    other_inspection: Inspection
    other_people: dict[str, User] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


def reached(stage: str, wanted: str) -> bool:
    """Whether the demonstration at this stage has come as far as the one wanted."""
    return STAGES.index(stage) >= STAGES.index(wanted)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the demonstration: a day and a London clock time."""
    return combine(day, time(hour, minute))


def build(*, stage: str, rng: random.Random) -> Demo:
    """Make both forces with their people and open both inspections."""
    at = moment(*NOW[stage])
    force = _force("Fenshire Constabulary", "fenshire", at)
    people = _people(force, PEOPLE)
    inspection = _open(force, people["coordinator"], stage)
    elsewhere = moment(date(2024, 10, 14))
    other_force = _force("Wolden Police", "wolden", elsewhere)
    other_people = _people(other_force, OTHER_PEOPLE)
    other = _open_other(other_force, other_people["coordinator"])
    return Demo(force, inspection, people, rng, at, other_force, other, other_people)


_ADOPTED = Prepared(
    lambda: Programme.objects.filter(key=Parameter("key"), digest=Parameter("digest")).order_by("pk")[:1]
)


def programme(key: str) -> Programme:
    """The first edition of a programme that ships with the product, adopted where it is not yet."""
    found = _shipped(key)
    row = next(iter(_ADOPTED.rows(key=key, digest=found.digest)), None)
    return row or operations.adopt_programme(by=None, found=found, at=timezone.now())


@cache
def _shipped(key: str) -> ProgrammeFile:
    """The programme's files as they were when this process first asked."""
    return programme_files.load_programme(PROGRAMMES / key)


def _force(name: str, slug: str, at: datetime) -> Force:
    return operations.add_force(by=None, name=name, slug=slug, is_demonstration=True, clock_offset=timezone.now() - at)


def _people(force: Force, wanted: list[tuple[str, str, str, int]]) -> dict[str, User]:
    """Make the people; where there are several of a role, `lead` is `lead_1`, and so on."""
    password = make_password(DEMONSTRATION_PASSWORD)
    people: dict[str, User] = {}
    for key, role, title, count in wanted:
        for number in range(1, count + 1):
            name = title if count == 1 else f"{title} {number}"
            email = f"{key.replace('_', '-')}{'' if count == 1 else number}@{force.slug}.example"
            user = _person(force, email, name, role, password)
            people[f"{key}_{number}"] = user
            people.setdefault(key, user)
            people.setdefault(role, user)
    return people


def _person(force: Force, email: str, name: str, role: str, password: str) -> User:
    user = accounts.invite(by=None, force=force, email=email, name=name, at=timezone.now())
    User.objects.filter(pk=user.pk).update(password=password, is_demonstration=True)
    accounts.give_role(by=None, user=user, force=force, role=role, on=NOTICE)
    user.refresh_from_db()
    return user


def _open(force: Force, by: Any, stage: str) -> Inspection:
    inspection = operations.open_inspection(
        by=by,
        force=force,
        programme=programme("ncpi-2020"),
        name="National Child Protection Inspection 2021",
        notice_date=NOTICE,
        fieldwork_start_date=FIELDWORK_START,
        fieldwork_end_date=FIELDWORK_END,
        evidence_from_date=date(2020, 7, 1),
        evidence_to_date=date(2021, 6, 30),
        publication_date=PUBLICATION if reached(stage, "report") else None,
        at=moment(NOTICE),
    )
    finish_milestones(inspection, by, moment(*NOW[stage]))
    return inspection


def finish_milestones(inspection: Inspection, by: Any, now: datetime) -> None:
    """Mark what lies behind as done, a weekday before it was due."""
    on = timezone.localdate(now)
    past = inspection.milestones.filter(due_date__lt=on).order_by("due_date", "pk")
    for milestone in past:
        done = rolled(milestone.due_date - timedelta(days=1), Roll.EARLIER)
        operations.finish_milestone(
            by=by, milestone=milestone, version=milestone.version, done_date=done, on=on, at=moment(done, 16)
        )


def _open_other(force: Force, by: Any) -> Inspection:
    return operations.open_inspection(
        by=by,
        force=force,
        programme=programme("ncpi-2024"),
        name="Child protection inspection, autumn 2024",
        notice_date=date(2024, 9, 30),
        fieldwork_start_date=date(2024, 11, 18),
        fieldwork_end_date=date(2024, 11, 29),
        evidence_from_date=date(2023, 10, 1),
        evidence_to_date=date(2024, 9, 30),
        at=moment(date(2024, 9, 30)),
    )
