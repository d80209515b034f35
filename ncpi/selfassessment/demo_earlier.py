"""The demonstration's earlier inspection, of 2018: assessed, signed, submitted, closed. It is what "last time" shows.

A return that was submitted can be brought forward, and read as it was; what was asked of the force then has ended.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from ncpi.actions import operations as actions
from ncpi.inspections import demo as base
from ncpi.inspections import operations as inspections
from ncpi.inspections.demo import Demo, moment
from ncpi.inspections.models import Area, Inspection
from ncpi.selfassessment import assignment_operations, operations, queries
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.return_operations import submit_return
from ncpi.selfassessment.signing import STATEMENT

CONTENT = Path(__file__).with_name("demo_earlier.yaml")
NAME = "National Child Protection Inspection 2018"
NOTICE = date(2018, 4, 16)
WRITTEN, AGREED, SIGNED, SUBMITTED = date(2018, 4, 30), date(2018, 5, 3), date(2018, 5, 8), date(2018, 5, 9)
PUBLISHED, CLOSED = date(2018, 9, 18), date(2020, 12, 14)
REPORT = "Inspection of 2018, invented for the demonstration"


@dataclass(frozen=True)
class Event:
    """Something that somebody did at a moment."""

    at: datetime
    act: Callable[[datetime], Any]


class Earlier:
    """Plays the earlier inspection; it is there once it was opened."""

    inspection: Inspection

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.by = demo.people["coordinator"]
        self.content = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))

    def events(self) -> Iterator[Event]:
        yield Event(moment(NOTICE), self._open)
        yield Event(moment(NOTICE, 10), self._begin)
        yield Event(moment(WRITTEN), self._write)
        yield Event(moment(AGREED), self._agree)
        yield Event(moment(SIGNED, 17), self._sign)
        yield Event(moment(SUBMITTED, 10), self._submit)
        yield Event(moment(PUBLISHED, 10), self._ask)
        yield Event(moment(CLOSED, 10), self._close)

    def _open(self, at: datetime) -> None:
        self.inspection = inspections.open_inspection(
            by=self.by,
            force=self.demo.force,
            programme=self.demo.inspection.programme,
            name=NAME,
            notice_date=NOTICE,
            fieldwork_start_date=date(2018, 5, 14),
            fieldwork_end_date=date(2018, 5, 25),
            evidence_from_date=date(2017, 4, 1),
            evidence_to_date=date(2018, 3, 31),
            publication_date=PUBLISHED,
            at=at,
        )

    def _begin(self, at: datetime) -> None:
        operations.begin(by=self.by, inspection=self.inspection, at=at)
        for number in range(1, 5):
            rows = [row for row in self._judgements() if self._lead_of(row) == self.demo.people[f"lead_{number}"]]
            changes = {
                "lead": self.demo.people[f"lead_{number}"],
                "reviewer": self.demo.people["reviewer"],
                "due_date": WRITTEN,
            }
            versions = {row.pk: row.version for row in rows}
            assignment_operations.assign(by=self.by, inspection=self.inspection, versions=versions, changes=changes)

    def _write(self, at: datetime) -> None:
        grades = {grade.key: grade for grade in self.inspection.programme.grades.all()}
        rows = self._judgements()
        for minute, row in enumerate(rows):
            said = self.content["judgements"][row.criterion.key]
            texts = {"narrative": said["narrative"], "impact": "", "gaps": "", "plan": ""}
            operations.save_and_send(
                by=row.lead, judgement=row, version=row.version, grade=grades[said["grade"]], texts=texts,
                at=at + timedelta(minutes=minute),
            )  # fmt: skip
        for piece in self.content["evidence"]:
            self._add(piece, {row.criterion.key: row for row in rows}, at)

    def _add(self, piece: dict[str, Any], rows: dict[str, Judgement], at: datetime) -> None:
        evidence = operations.add_evidence(
            by=self.demo.people["lead_1"],
            inspection=self.inspection,
            at=at,
            fields={
                "title": piece["title"],
                "kind": piece["kind"],
                "period_from_date": piece["from"],
                "period_to_date": piece["to"],
                "link": piece["link"],
            },
        )
        links = [(evidence, rows[key], sentence) for key, sentence in piece["shows"].items()]
        operations.link_many(by=self.demo.people["lead_1"], inspection=self.inspection, links=links, at=at)

    def _agree(self, at: datetime) -> None:
        for minute, row in enumerate(self._judgements()):
            operations.agree(
                by=self.demo.people["reviewer"], judgement=row, version=row.version, at=at + timedelta(minutes=minute)
            )

    def _sign(self, at: datetime) -> None:
        operations.sign(
            by=self.demo.people["chief_officer"],
            inspection=self.inspection,
            area=None,
            shown_digest=queries.scope_to_sign(self.inspection, None).digest,
            name="Deputy Chief Constable",
            statement=STATEMENT,
            at=at,
        )

    def _submit(self, at: datetime) -> None:
        shown = queries.next_return(self.inspection).scope.digest
        submit_return(by=self.by, inspection=self.inspection, shown_digest=shown, at=at)

    def _ask(self, at: datetime) -> None:
        """Enter what was asked then; each had ended before the inspection that the demonstration is about."""
        areas = {area.key: area for area in Area.objects.filter(programme=self.inspection.programme_id)}
        report = actions.enter_report(
            by=self.by, inspection=self.inspection, title=REPORT, published_date=PUBLISHED, publisher="Demonstration"
        )
        for asked in self.content["asked"]:
            row = actions.enter_recommendation(
                by=self.by, inspection=self.inspection, report=report, number=asked["number"], text=asked["text"],
                area=areas[asked["area"]], on=PUBLISHED, at=at,
            )  # fmt: skip
            actions.change_status(
                by=self.by, recommendation=row, version=row.version, status="complete", comment="Its effect held.",
                on_date=asked["ended"], on=CLOSED, at=at,
            )  # fmt: skip

    def _close(self, at: datetime) -> None:
        base.finish_milestones(self.inspection, self.by, at)
        inspections.close_inspection(by=self.by, inspection=self.inspection, version=self.inspection.version, at=at)

    def _lead_of(self, row: Judgement) -> Any:
        """Spread the areas over the four leads, in the programme's order."""
        return self.demo.people[f"lead_{row.criterion.area.order % 4 + 1}"]

    def _judgements(self) -> list[Judgement]:
        rows = Judgement.objects.filter(inspection=self.inspection).select_related(
            "inspection__force", "inspection__programme", "criterion__area", "grade", "lead"
        )
        return list(rows.in_order())
