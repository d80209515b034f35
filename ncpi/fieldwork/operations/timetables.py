"""Making, keeping and publishing timetables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from ncpi.accounts import journal
from ncpi.fieldwork import checker, clashes, problem_queries, queries
from ncpi.fieldwork.clashes import Key
from ncpi.fieldwork.held import begun, holding
from ncpi.fieldwork.models import Placement, PlacementInspector, PlacementPerson, Timetable, TimetableState
from ncpi.fieldwork.operations import invitations
from ncpi.fieldwork.problem import Plan, Problem
from ncpi.fieldwork.rooms import rooms_of
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Inspection
from ncpi.jobs import operations as jobs
from ncpi.jobs.models import Job

if TYPE_CHECKING:
    from ncpi.fieldwork import timetable as solver

SECONDS = 60


class NothingToTimetable(Exception):
    """There is no session, no inspector or no day to make a timetable of."""


class BrokenTimetable(Exception):
    """The independent checker found a rule broken; nothing was saved."""


class OutOfDate(Exception):
    """Since the timetable was made, something changed that it does not respect."""


class AlreadyPublished(Exception):
    """Only a draft can be published."""


@transaction.atomic
def ask_for_timetable(*, by: Any, inspection: Inspection, now: datetime) -> Job:
    """Ask for a timetable to be made in the background; one at a time for an inspection."""
    if not (inspection.sessions.filter(state="wanted").exists() and inspection.inspectors.exists()):
        raise NothingToTimetable("Add at least one session and one inspector first.")
    job = jobs.enqueue(
        by=by,
        kind="solve_timetable",
        key=queries.job_key(inspection),
        args={"inspection": inspection.pk},
        force=inspection.force,
        at=now,
    )
    journal.record(by=by, verb="asked for a timetable of", subject=inspection, force=inspection.force)
    return job


@transaction.atomic
def stop_with_best(*, by: Any, inspection: Inspection, job: Job) -> None:
    """Ask the running job to stop and keep the best it has."""
    jobs.ask_to_stop(by=by, job=job)
    journal.record(by=by, verb="stopped the timetable of", subject=inspection, force=inspection.force)


def make_timetable(
    *,
    by: Any,
    inspection: Inspection,
    at: datetime,
    job: Job | None = None,
    progress: Callable[[solver.Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    seconds: float = SECONDS,
    seed: int = 1,
) -> Timetable:
    """Solve and keep one draft. No transaction is held open while solving."""
    from ncpi.fieldwork import timetable as solver  # noqa: PLC0415 slow import

    problem = problem_queries.problem_of(inspection, at=at)
    pins = problem_queries.pins_of(inspection)
    around = holding(problem, begun(problem) | problem_queries.held_by(pins))
    solution = solver.solve(around, seconds=seconds, seed=seed, progress=progress, stop=stop)
    return save_timetable(by=by, inspection=inspection, problem=problem, solution=solution, job=job, at=at, pins=pins)


@transaction.atomic
def save_timetable(
    *,
    by: Any,
    inspection: Inspection,
    problem: Problem,
    solution: solver.Solution,
    job: Job | None,
    at: datetime,
    pins: Sequence[Placement] = (),
) -> Timetable:
    """Keep a solution as a draft, with what was pinned as it was, once a job, after the independent check."""
    held = holding(problem, begun(problem) | problem_queries.held_by(pins)).held
    plan = {**solution.sessions, **held}
    _refuse_broken(problem, plan, held)
    # The lock keeps two versions from taking one number, and a job delivered twice from saving twice.
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    if job is not None:
        saved = Timetable.objects.filter(job=job).first()
        if saved is not None:
            return saved
    names = {session.id: session.label for session in problem.sessions}
    row = Timetable.objects.create(
        inspection=inspection,
        number=next_number(inspection),
        job=job,
        based_on=queries.published_of(inspection),
        outcome=solution.status,
        seed=solution.seed,
        seconds=solution.seconds,
        cost=asdict(solution.cost),
        bound=asdict(solution.bound),
        unplaced=[
            {"session": int(one.id), "title": names[one.id], "reasons": list(one.reasons)} for one in solution.unplaced
        ],
        made_at=at,
    )
    place(row, plan, {str(pin.session_id): pin for pin in pins}, problem.rules.rooms)
    journal.record(by=by, verb="made", subject=row, force=inspection.force)
    return row


@transaction.atomic
def publish(
    *,
    by: Any,
    timetable: Timetable,
    at: datetime,
    now: datetime,
    tell: bool,
    catches_up: bool = True,
    known: Iterable[Key] = (),
) -> Timetable:
    """Make a draft the timetable in force and write everybody's invitations.

    `tell` mails those whose own session changed and, where it `catches_up`, those to whom an earlier version was never
    sent. It is refused when it breaks a rule as things are now, but for those in `known`.
    """
    inspection = (
        Inspection.objects.select_for_update(no_key=True).select_related("force").get(pk=timetable.inspection_id)
    )
    timetable.refresh_from_db()
    if timetable.state != TimetableState.DRAFT:
        raise AlreadyPublished(f"Version {timetable.number} is {timetable.get_state_display().lower()} already.")
    _refuse_out_of_date(inspection, timetable, known, at)
    Timetable.objects.filter(inspection=inspection, state=TimetableState.PUBLISHED).update(
        state=TimetableState.SUPERSEDED
    )
    Timetable.objects.filter(pk=timetable.pk).update(state=TimetableState.PUBLISHED, published_at=at, published_by=by)
    timetable.refresh_from_db()
    changed = invitations.write(timetable=timetable, at=at)
    if tell:
        untold = invitations.never_told(inspection, at=at) if catches_up else []
        invitations.tell(inspection=inspection, invitations=[*changed, *untold], now=now)
    journal.record(
        by=by, verb="published", subject=timetable, force=inspection.force, detail=f"{len(changed)} invitations changed"
    )
    mark_changed(inspection_id=inspection.pk, at=at)
    return timetable


def _refuse_broken(problem: Problem, plan: Plan, held: Plan) -> None:
    """Refuse a plan that breaks more than what is pinned breaks by itself."""
    known = checker.broken_rules(problem, held) if held else []
    broken = [one for one in checker.broken_rules(problem, plan) if one not in known]
    if broken:
        raise BrokenTimetable(f"{broken[0].subject} {broken[0].text}; {len(broken)} rules broken in all.")


def _refuse_out_of_date(inspection: Inspection, timetable: Timetable, known: Iterable[Key], at: datetime) -> None:
    problem = problem_queries.problem_of(inspection, at=at)
    excused = problem_queries.excuses_of(timetable)
    accepted = chain(known, *excused.values())
    found = clashes.clashes_in(problem, problem_queries.plan_of(timetable), accepted)
    if not found:
        return
    said = [one.words.removesuffix(".") for one in found[:3]]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    raise OutOfDate(
        f"This version breaks rules as things are now: {'; '.join(said)}{more}. Change it by hand or make a new one."
    )


def next_number(inspection: Inspection) -> int:
    """Return the number of the next version; the caller holds the inspection's lock."""
    return (Timetable.objects.filter(inspection=inspection).aggregate(last=Max("number"))["last"] or 0) + 1


def place(row: Timetable, plan: Plan, marked: Mapping[str, Placement], rooms: int | None) -> None:
    """Write a plan into an empty version; `marked` are placements whose pins and overrides go with their sessions."""
    room = rooms_of({key: (one.starts_at, one.ends_at) for key, one in plan.items()}, rooms)
    made = Placement.objects.bulk_create(
        Placement(
            timetable=row,
            session_id=int(key),
            during=(one.starts_at, one.ends_at),
            room=room[key],
            is_pinned=marked[key].is_pinned if key in marked else False,
            override_reason=marked[key].override_reason if key in marked else "",
            excused=marked[key].excused if key in marked else [],
        )
        for key, one in plan.items()
    )
    pairs = list(zip(made, plan.values(), strict=True))
    PlacementPerson.objects.bulk_create(
        PlacementPerson(placement=placement, timetable=row, person_id=int(key), during=placement.during)
        for placement, one in pairs
        for key in one.people
    )
    PlacementInspector.objects.bulk_create(
        PlacementInspector(placement=placement, timetable=row, inspector_id=int(key), during=placement.during)
        for placement, one in pairs
        for key in one.inspectors
    )
