"""Making, keeping and publishing timetables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from ncpi.accounts import journal
from ncpi.fieldwork import checker, problem_queries, queries
from ncpi.fieldwork.models import Placement, PlacementInspector, PlacementPerson, Timetable, TimetableState
from ncpi.fieldwork.operations import invitations
from ncpi.fieldwork.problem import Problem
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
    solution = solver.solve(problem, seconds=seconds, seed=seed, progress=progress, stop=stop)
    return save_timetable(by=by, inspection=inspection, problem=problem, solution=solution, job=job, at=at)


@transaction.atomic
def save_timetable(
    *,
    by: Any,
    inspection: Inspection,
    problem: Problem,
    solution: solver.Solution,
    job: Job | None,
    at: datetime,
) -> Timetable:
    """Keep a solution as a draft, once a job, after the independent check."""
    broken = checker.broken_rules(problem, solution.sessions)
    if broken:
        raise BrokenTimetable(f"{broken[0].subject} {broken[0].text}; {len(broken)} rules broken in all.")
    # The lock keeps two versions from taking one number, and a job delivered twice from saving twice.
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    if job is not None:
        saved = Timetable.objects.filter(job=job).first()
        if saved is not None:
            return saved
    last = Timetable.objects.filter(inspection=inspection).aggregate(last=Max("number"))["last"] or 0
    names = {session.id: session.label for session in problem.sessions}
    row = Timetable.objects.create(
        inspection=inspection,
        number=last + 1,
        job=job,
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
    _place(row, solution)
    journal.record(by=by, verb="made", subject=row, force=inspection.force)
    return row


@transaction.atomic
def publish(*, by: Any, timetable: Timetable, at: datetime, now: datetime, tell: bool) -> Timetable:
    """Make a draft the timetable in force and write everybody's invitations; `tell` also mails those who changed."""
    inspection = (
        Inspection.objects.select_for_update(no_key=True).select_related("force").get(pk=timetable.inspection_id)
    )
    timetable.refresh_from_db()
    if timetable.state != TimetableState.DRAFT:
        raise AlreadyPublished(f"Version {timetable.number} is {timetable.get_state_display().lower()} already.")
    _refuse_out_of_date(inspection, timetable)
    Timetable.objects.filter(inspection=inspection, state=TimetableState.PUBLISHED).update(
        state=TimetableState.SUPERSEDED
    )
    Timetable.objects.filter(pk=timetable.pk).update(state=TimetableState.PUBLISHED, published_at=at, published_by=by)
    timetable.refresh_from_db()
    changed = invitations.write(timetable=timetable, at=at)
    if tell:
        invitations.tell(inspection=inspection, invitations=changed, now=now)
    journal.record(
        by=by, verb="published", subject=timetable, force=inspection.force, detail=f"{len(changed)} invitations changed"
    )
    mark_changed(inspection_id=inspection.pk, at=at)
    return timetable


def _refuse_out_of_date(inspection: Inspection, timetable: Timetable) -> None:
    problem = problem_queries.problem_of(inspection)
    broken = checker.broken_rules(problem, problem_queries.plan_of(timetable))
    if not broken:
        return
    labels = {
        **{f"person {one.id}": one.label for one in problem.people},
        **{f"inspector {one.id}": one.label for one in problem.inspectors},
        **{f"session {one.id}": one.label for one in problem.sessions},
    }
    said = [f"{labels.get(f'{one.kind} {one.subject}', 'Something no longer wanted')} {one.text}" for one in broken[:3]]
    more = f" and {len(broken) - 3} more" if len(broken) > 3 else ""
    raise OutOfDate(f"Since this version was made, things have changed: {'; '.join(said)}{more}. Make a new one.")


def _place(row: Timetable, solution: solver.Solution) -> None:
    made = Placement.objects.bulk_create(
        Placement(timetable=row, session_id=int(key), during=(one.starts_at, one.ends_at))
        for key, one in solution.sessions.items()
    )
    pairs = list(zip(made, solution.sessions.values(), strict=True))
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
