"""What people do with the case sample: import, freeze, plan, draw, replace."""

import io
import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.db import connection, transaction

from cases import queries, sampling
from cases.checking import Checked, check_extract
from cases.codes import new_codes
from cases.copying import COLUMNS
from cases.hooks import tell_replaced
from cases.models import Candidate, Case, Frame, PlanLine, Retention, Sample, Spread
from cases.retention import first_review
from ncpi.accounts import journal
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import CaseType, Inspection
from ncpi.inspections.operations import InspectionClosed, refuse_closed
from ncpi.lib.digests import sha256
from ncpi.lib.tables import Problem
from ncpi.lib.versions import swap

SECURE = random.SystemRandom()


class ExtractRefused(Exception):
    """The extract is not valid; nothing of it was kept."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("Nothing was imported. Put the file right and import it again.")
        self.problems = problems


class ImportedAlready(Exception):
    """This very file is the frame already."""


class FrameIsFrozen(Exception):
    """A frozen frame takes no other extract."""


@transaction.atomic
def import_extract(*, by: Any, inspection: Inspection, file_name: str, data: bytes, at: datetime) -> Frame:
    """Check a case extract and keep all of it as the frame, or none of it; its columns have the service's names.

    People bring theirs on a page and have it checked in the background (`extract_operations`).
    """
    refuse_closed(inspection)
    with check_extract(io.BytesIO(data), "csv", mapping=None, **types_of(inspection)) as checked:
        if not checked.is_valid:
            raise ExtractRefused(tuple(checked.first_problems))
        return keep_frame(
            by=by, inspection=inspection, file_name=file_name, sha256=sha256(data), checked=checked, at=at
        )


@transaction.atomic
def keep_frame(
    *, by: Any, inspection: Inspection, file_name: str, sha256: str, checked: Checked, at: datetime
) -> Frame:
    """Keep what was found valid as the frame. An earlier unfrozen frame gives way."""
    hold(inspection)
    before = Frame.objects.filter(inspection=inspection, discarded_at=None).first()
    refuse_imported(before, sha256)
    if before:
        _discard(by, before, version=before.version, at=at)
    frame = Frame.objects.create(
        inspection=inspection,
        number=Frame.objects.filter(inspection=inspection).count() + 1,
        file_name=file_name[:200],
        file_sha256=sha256,
        rows=checked.rows,
        imported_by=by,
        imported_at=at,
    )
    _copy(frame, checked)
    journal.record(by=by, verb="imported", subject=frame, force=inspection.force, detail=f"{frame.rows} cases")
    return frame


def refuse_imported(before: Frame | None, digest: str) -> None:
    """Refuse a file that is the frame already, and any file beside a frozen frame."""
    if before and before.file_sha256 == digest:
        raise ImportedAlready(f"This file was imported already: it is frame {before.number}, {before.rows:,} cases.")
    if before and before.is_frozen:
        raise FrameIsFrozen(f"Frame {before.number} is frozen. Discard it first, if nothing was drawn from it.")


class NotInUse(Exception):
    """The frame was discarded."""


@transaction.atomic
def freeze_frame(*, by: Any, frame: Frame, version: int, at: datetime) -> Frame:
    """Fix the frame: its digest is that of its canonical form, and no row can come or go."""
    hold(frame.inspection)
    frame.refresh_from_db()
    if frame.discarded_at:
        raise NotInUse("This frame was discarded.")
    if frame.is_frozen:
        raise FrameIsFrozen("The frame is frozen already.")
    digest = sampling.frame_digest(queries.canonical_bytes(frame))
    swap(frame, version=version, frozen_by=by, frozen_at=at, digest=digest)
    journal.record(by=by, verb="froze", subject=frame, force=frame.inspection.force, detail=digest)
    return frame


class DrawnFrom(Exception):
    """Cases were drawn from the frame: it stays."""


@transaction.atomic
def discard_frame(*, by: Any, frame: Frame, version: int, at: datetime) -> Frame:
    """Take a frame out of use and erase its rows; its digest and the journal keep that it was there."""
    hold(frame.inspection)
    if Sample.objects.filter(frame=frame, drawn_at__isnull=False).exists():
        raise DrawnFrom("Cases were drawn from this frame. It cannot be discarded.")
    return _discard(by, frame, version=version, at=at)


class NotFrozen(Exception):
    """A plan needs a frozen frame."""


class PlanIsFixed(Exception):
    """The seed is known: the plan cannot change any more."""


@transaction.atomic
def fix_plan(
    *,
    by: Any,
    frame: Frame,
    sizes: Mapping[str, int],
    second_grading_percent: int,
    second_at_extremes: bool = False,
    spread: str = Spread.TYPE,
    round_number: int = 1,
    at: datetime,
) -> Sample:
    """Fix how many cases of each type a round draws, before its seed is known; `spread` divides each type by place.

    Until the draw a new plan may take the place of the last one; both stay on record.
    """
    hold(frame.inspection)
    frame.refresh_from_db()
    if not frame.is_frozen or frame.discarded_at:
        raise NotFrozen("Freeze the frame before you fix the plan.")
    _refuse_round(frame, round_number)
    _check_plan(frame, sizes)
    sample = Sample.objects.create(
        inspection=frame.inspection,
        frame=frame,
        number=Sample.objects.filter(inspection=frame.inspection).count() + 1,
        round=round_number,
        spread=spread,
        places_digest=_places_digest(frame, spread),
        second_grading_percent=second_grading_percent,
        second_at_extremes=second_at_extremes,
        plan_fixed_by=by,
        plan_fixed_at=at,
    )
    PlanLine.objects.bulk_create(_plan_lines(sample, sizes))
    detail = ", ".join(f"{key} {size}" for key, size in sizes.items())
    journal.record(by=by, verb="fixed the plan of", subject=sample, force=frame.inspection.force, detail=detail)
    return sample


def _plan_lines(sample: Sample, sizes: Mapping[str, int]) -> Iterator[PlanLine]:
    case_types = _case_types(sample.inspection)
    if sample.spread == Spread.TYPE:
        for row in case_types:
            yield PlanLine(sample=sample, case_type=row, size=sizes.get(row.key, 0))
        return
    left = queries.left_by_place(sample.frame, sample.spread)
    for row in case_types:
        for place, size in sampling.spread(sizes.get(row.key, 0), left.get(row.key, {})).items():
            if size:
                yield PlanLine(sample=sample, case_type=row, place=place, size=size)


class AlreadyDrawn(Exception):
    """The sample was drawn; a draw is made once."""


class PlanSuperseded(Exception):
    """A later plan has taken this one's place."""


class FrameChanged(Exception):
    """The frame's rows no longer have its digest."""


@transaction.atomic
def draw_sample(*, by: Any, sample: Sample, seed: str, at: datetime, rng: random.Random = SECURE) -> Sample:
    """Draw the plan with this seed, once. Two draws at once wait for each other and the second is refused."""
    sampling.check_seed(seed)
    hold(sample.inspection)
    sample.refresh_from_db()
    if sample.is_drawn:
        raise AlreadyDrawn("The sample is drawn already.")
    if Sample.objects.filter(inspection=sample.inspection, number__gt=sample.number).exists():
        raise PlanSuperseded("A later plan was fixed. Draw that one.")
    if sample.frame.discarded_at or _digests(sample) != (sample.frame.digest, sample.places_digest):
        raise FrameChanged("The frame is not what it was when it was frozen. Nothing was drawn.")
    plan = {row.stratum: row.size for row in queries.plan_rows(sample)}
    entries = queries.strata_entries(sample.frame, sample.spread)
    drawn = sampling.draw(entries, plan=plan, seed=seed, used=queries.used_references(sample.frame))
    _make_cases(sample, drawn, at=at, rng=rng)
    swap(sample, version=sample.version, seed=seed, drawn_by=by, drawn_at=at)
    review_date = first_review(sample.inspection.fieldwork_end_date)
    Retention.objects.get_or_create(inspection=sample.inspection, defaults={"review_date": review_date})
    mark_changed(inspection_id=sample.inspection_id, at=at)
    detail = f"{len(drawn.references)} cases, seed {seed}"
    journal.record(by=by, verb="drew", subject=sample, force=sample.inspection.force, detail=detail)
    return sample


def _digests(sample: Sample) -> tuple[str, str]:
    return sha256(queries.canonical_bytes(sample.frame)), _places_digest(sample.frame, sample.spread)


def _places_digest(frame: Frame, spread: str) -> str:
    return "" if spread == Spread.TYPE else sha256(queries.places_bytes(frame, spread))


class ReasonMissing(Exception):
    """A replacement needs a reason."""


class AlreadyReplaced(Exception):
    """The case was replaced before."""


@transaction.atomic
def replace_case(*, by: Any, case: Case, version: int, reason: str, at: datetime, rng: random.Random = SECURE) -> Case:
    """Take a case out of the sample for a reason and put the next of the declared order in its place."""
    if not reason.strip():
        raise ReasonMissing("Give the reason.")
    hold(case.inspection)
    case.refresh_from_db()
    if case.is_replaced:
        raise AlreadyReplaced("This case was replaced already.")
    replacement = _next_case(case, at=at, rng=rng)
    swap(case, version=version, replaced_at=at, replaced_reason=reason.strip())
    tell_replaced(by=by, case=case, at=at)
    mark_changed(inspection_id=case.inspection_id, at=at)
    journal.record(by=by, verb="replaced", subject=case, force=case.inspection.force, detail=f"by {replacement}")
    return replacement


class CasesErased(InspectionClosed):
    """The cases were erased: the inspection takes no others, and its pages say so as of a closed one."""


def hold(inspection: Inspection) -> None:
    """Let one act at a time on the sample of an open inspection: two imports, two plans or two draws at once."""
    refuse_closed(Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk))
    if queries.is_erased(inspection):
        raise CasesErased(f"The cases of {inspection.name} were erased. It takes no others.")


def _case_types(inspection: Inspection) -> list[CaseType]:
    return list(CaseType.objects.filter(programme_id=inspection.programme_id).order_by("order", "pk"))


class Types(TypedDict):
    """The programme's case types as a check needs them: titles and rows by key."""

    case_types: dict[str, str]
    case_type_ids: dict[str, int]


def types_of(inspection: Inspection) -> Types:
    """Give the programme's case types as a check needs them."""
    rows = _case_types(inspection)
    return {
        "case_types": {row.key: row.title for row in rows},
        "case_type_ids": {row.key: row.pk for row in rows},
    }


def _copy(frame: Frame, checked: Checked) -> None:
    """Bring the rows to a table of this transaction's own, then into the frame by one statement."""
    columns = ", ".join(COLUMNS)
    with connection.cursor() as cursor:
        # Our own column names.
        like = f"SELECT {columns} FROM cases_candidate"  # noqa: S608
        cursor.execute(f"CREATE TEMPORARY TABLE cases_arriving ON COMMIT DROP AS {like} WITH NO DATA")
        cursor.copy_expert(f"COPY cases_arriving ({columns}) FROM STDIN", checked.lines)
        cursor.execute(
            f"INSERT INTO cases_candidate (frame_id, {columns}) SELECT %s, {columns} FROM cases_arriving",  # noqa: S608
            [frame.pk],
        )
        cursor.execute("DROP TABLE cases_arriving")


def _discard(by: Any, frame: Frame, *, version: int, at: datetime) -> Frame:
    swap(frame, version=version, discarded_at=at)
    # Without the ORM: it would fetch every row to see what hangs on it. The database checks that nothing does.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_candidate WHERE frame_id = %s", [frame.pk])
    journal.record(by=by, verb="discarded", subject=frame, force=frame.inspection.force)
    return frame


def _refuse_round(frame: Frame, number: int) -> None:
    drawn = Sample.objects.filter(frame=frame, drawn_at__isnull=False).count()
    if number <= drawn:
        raise PlanIsFixed("The seed is known and the sample is drawn: the plan cannot change.")
    if number > drawn + 1:
        raise PlanIsFixed(f"Round {drawn + 1} comes first.")


def _check_plan(frame: Frame, sizes: Mapping[str, int]) -> None:
    case_types = _case_types(frame.inspection)
    unknown = sorted(set(sizes) - {row.key for row in case_types})
    if unknown:
        raise sampling.PlanBeyondFrame(f"The programme has no case type {', '.join(unknown)}.")
    if any(size < 0 for size in sizes.values()) or not sum(sizes.values()):
        raise sampling.PlanBeyondFrame("A plan asks for at least one case, and for no negative number.")
    missing = sampling.shortfalls(queries.frame_entries(frame), sizes, used=queries.used_references(frame))
    if missing:
        titles = {row.key: row.title for row in case_types}
        told = "; ".join(f"{titles[key]}: {asked} asked, {held} there" for key, (asked, held) in missing.items())
        raise sampling.PlanBeyondFrame(f"The frame holds too few cases. {told}.")


def _make_cases(sample: Sample, drawn: sampling.Draw, *, at: datetime, rng: random.Random) -> None:
    rows = Candidate.objects.filter(frame=sample.frame, reference__in=drawn.references)
    candidates = {row.reference: row for row in rows}
    places = [(key, reference) for key in drawn.plan for reference in drawn.drawn(key)]
    codes = new_codes(len(places), taken=_codes(sample.inspection_id), rng=rng)
    Case.objects.bulk_create(
        Case(
            inspection_id=sample.inspection_id,
            sample=sample,
            candidate=candidates[reference],
            case_type_id=candidates[reference].case_type_id,
            place=sampling.place_of(key),
            code=code,
            rank=drawn.order[key].index(reference) + 1,
            drawn_at=at,
        )
        for (key, reference), code in zip(places, codes, strict=True)
    )


def _next_case(case: Case, *, at: datetime, rng: random.Random) -> Case:
    """Make a case of the next candidate in the order of this case's own round and stratum."""
    sample = case.sample
    entries = queries.stratum_entries(sample, case_type_id=case.case_type_id, place=case.place)
    order = next(iter(sampling.draw(entries, plan={}, seed=sample.seed).order.values()))
    reference = sampling.next_in_order(order, used=queries.used_references(sample.frame))
    (code,) = new_codes(1, taken=_codes(case.inspection_id), rng=rng)
    return Case.objects.create(
        inspection_id=case.inspection_id,
        sample_id=case.sample_id,
        candidate=Candidate.objects.get(frame_id=sample.frame_id, reference=reference),
        case_type_id=case.case_type_id,
        place=case.place,
        code=code,
        rank=order.index(reference) + 1,
        drawn_at=at,
        replaces=case,
    )


def _codes(inspection_id: int) -> set[str]:
    return set(Case.objects.filter(inspection_id=inspection_id).values_list("code", flat=True))
