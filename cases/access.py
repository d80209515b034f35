"""The only way to a frame's rows and to a case: checks who asks, writes the reading down, hands it out.

Data Protection Act 2018 section 62 asks a controller to log consultation and disclosure: every list, case and
file that leaves here has its line in the journal.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from cases import list_queries, queries
from cases.models import Case, Extract, Frame, Sample
from cases.record import DrawRecord
from cases.sampling import used_file
from ncpi.accounts import journal
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Inspection


def get_frame(user: Any, ref: str, number: int, permission: Permission) -> Frame:
    """Return a frame without its rows; a discarded one does not exist."""
    rows = Frame.objects.visible_to(user, permission).filter(discarded_at=None)
    rows = rows.select_related("inspection__force", "inspection__programme", "imported_by", "frozen_by")
    return get_object_or_404(rows, inspection__ref=ref, number=number)


def get_extract(user: Any, ref: str, number: int) -> Extract:
    """Return a file that was brought, with the first rows that the person chose its columns by."""
    rows = Extract.objects.visible_to(user, Permission.SAMPLE_MANAGE).defer("problems")
    rows = rows.select_related("inspection__force", "inspection__programme", "brought_by", "frame")
    return get_object_or_404(rows, inspection__ref=ref, number=number)


def export_problems(user: Any, ref: str, number: int) -> tuple[Extract, bytes]:
    """Return all that was wrong with a file, packed, and write down that it left."""
    extract = get_extract(user, ref, number)
    if not extract.problem_count:
        raise Http404
    journal.record(by=user, verb="exported", subject=extract, force=extract.inspection.force, detail="problems")
    return extract, bytes(extract.problems)


def get_round(user: Any, ref: str, number: int) -> Sample:
    """Return a round of the draw; before it is drawn there is none."""
    rows = Sample.objects.visible_to(user, Permission.SAMPLE_VIEW).filter(frame__discarded_at=None)
    rows = rows.filter(inspection__ref=ref, round=number, drawn_at__isnull=False)
    rows = rows.select_related("inspection__force", "inspection__programme", "frame", "plan_fixed_by", "drawn_by")
    return get_object_or_404(rows)


def get_case(user: Any, ref: str, code: str, permission: Permission) -> Case:
    """Return one case and write down that it was read."""
    case = get_object_or_404(_cases(user, permission), inspection__ref=ref, code=code.upper())
    journal.record(by=user, verb="read", subject=case, force=case.inspection.force)
    return case


def read_cases(user: Any, ref: str, filters: dict[str, Any]) -> tuple[Inspection, QuerySet[Case]]:
    """Return the inspection and its cases as filtered, and write down that the list was read."""
    inspection = get_inspection(user, ref, Permission.SAMPLE_VIEW)
    journal.record(by=user, verb="read cases of", subject=inspection, force=inspection.force, detail=_as_text(filters))
    return inspection, list_queries.case_rows(inspection, filters)


def export_cases(user: Any, ref: str, filters: dict[str, Any]) -> tuple[Inspection, QuerySet[Case]]:
    """Return the cases as filtered for a file, and write down that they left."""
    inspection = get_inspection(user, ref, Permission.SAMPLE_VIEW)
    journal.record(
        by=user, verb="exported cases of", subject=inspection, force=inspection.force, detail=_as_text(filters)
    )
    return inspection, list_queries.case_rows(inspection, filters)


def export_frame(user: Any, ref: str, number: int) -> tuple[Frame, bytes]:
    """Return a frame in its canonical form, and write down that it left."""
    frame = get_frame(user, ref, number, Permission.SAMPLE_VIEW)
    journal.record(by=user, verb="exported", subject=frame, force=frame.inspection.force, detail="canonical form")
    return frame, queries.canonical_bytes(frame)


@dataclass(frozen=True)
class Certificate:
    """What the certificate of a round prints: draw, replacements, and how to redo it. It names no reference."""

    sample: Sample
    record: DrawRecord
    plan: list[queries.PlanRow]
    replaced: list[Case]

    @property
    def size(self) -> int:
        return sum(row.size for row in self.plan)

    @property
    def files(self) -> dict[str, str]:
        return self.record.files_of(self.sample.round)

    @property
    def drawn_digest(self) -> str:
        return self.record.round(self.sample.round).drawn_digest

    @property
    def used_digest(self) -> str:
        return self.files["used.csv"]

    @property
    def used(self) -> int:
        return len(self.record.used_before(self.sample.round))

    @property
    def set_aside(self) -> int:
        """How many cases were set aside between this round and the next."""
        return sum(one.after == self.sample.round for one in self.record.set_aside)

    @property
    def commands(self) -> str:
        return self.record.commands(self.sample.round)


def read_certificate(user: Any, ref: str, number: int) -> Certificate:
    """Return the certificate of a round, and write down that it was read."""
    sample = get_round(user, ref, number)
    journal.record(by=user, verb="read certificate of", subject=sample, force=sample.inspection.force)
    return Certificate(
        sample=sample,
        record=queries.draw_record(sample.frame),
        plan=queries.asked_rows(sample),
        replaced=queries.replacements(sample),
    )


def export_record(user: Any, ref: str) -> DrawRecord:
    """Return the drawn references of every round for a file, and write down that they left."""
    sample = get_round(user, ref, 1)
    journal.record(
        by=user, verb="exported", subject=sample.frame, force=sample.inspection.force, detail="record of the draw"
    )
    return queries.draw_record(sample.frame)


def export_round(user: Any, ref: str, number: int, *, what: str) -> bytes:
    """Return one of a round's files, and write down that it left."""
    sample = get_round(user, ref, number)
    journal.record(by=user, verb="exported", subject=sample, force=sample.inspection.force, detail=what)
    if what == "places":
        if not sample.places_digest:
            raise Http404
        return queries.places_bytes(sample.frame, sample.spread)
    record = queries.draw_record(sample.frame)
    return record.round(number).drawn_file if what == "drawn cases" else used_file(record.used_before(number))


def _cases(user: Any, permission: Permission) -> QuerySet[Case]:
    rows = Case.objects.visible_to(user, permission)
    return rows.select_related(
        "inspection__force",
        "inspection__programme",
        "sample__frame",
        "case_type",
        "candidate",
        "replaces",
        "replaced_by",
    )


def _as_text(filters: dict[str, Any]) -> str:
    """Say how a list was filtered. The journal outlives the cases, so that it names no place of theirs."""
    said = {**filters, "district": "one"} if filters.get("district") else filters
    return ", ".join(f"{key}: {value}" for key, value in sorted(said.items()) if value and key != "find")
