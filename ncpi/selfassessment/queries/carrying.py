"""The force's last inspection, as far as it can be brought forward into this one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ncpi.inspections.models import Grade, Inspection, Programme
from ncpi.selfassessment import canonical, carrying
from ncpi.selfassessment.models import Judgement, JudgementState
from ncpi.selfassessment.queries.returns import latest_return
from ncpi.selfassessment.return_models import SubmittedReturn


@dataclass(frozen=True)
class Earlier:
    """One criterion of the earlier return: its row, and what was said."""

    judgement: Judgement
    grade: str
    texts: Mapping[str, str]

    @property
    def key(self) -> str:
        return self.judgement.criterion.key

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(label, self.texts[name]) for name, label in canonical.TEXTS.items() if self.texts[name]]


@dataclass(frozen=True)
class Source:
    """The last inspection's return: the one submitted last, or without any the judgements as they stand."""

    inspection: Inspection
    submitted: SubmittedReturn | None
    criteria: Mapping[str, Earlier]
    carries_grades: bool
    line: str
    grades: Mapping[str, Grade]

    @property
    def is_same_line(self) -> bool:
        return self.inspection.programme.key == self.line

    def match(self, key: str) -> str:
        """Return the earlier criterion of the same key in the same line of programme, or nothing."""
        earlier_line = self.inspection.programme.key
        return carrying.matching_key(key, earlier=self.criteria, earlier_line=earlier_line, later_line=self.line)


def inspection_before(inspection: Inspection) -> Inspection | None:
    """Return the force's last inspection before this one that has a self-assessment."""
    rows = Inspection.objects.filter(
        force=inspection.force_id, notice_date__lt=inspection.notice_date, judgements__isnull=False
    )
    return rows.select_related("programme").order_by("-notice_date", "-pk").first()


def source_of(inspection: Inspection) -> Source | None:
    """Return what can be brought forward into an inspection, in five queries, or nothing."""
    before = inspection_before(inspection)
    if before is None:
        return None
    submitted = latest_return(before)
    rows = Judgement.objects.filter(inspection=before).select_related("criterion__area", "grade").in_order()
    stated: dict[str, Any] = json.loads(submitted.state)["criteria"] if submitted else {}
    found = [_stated(row, stated[row.criterion.key]) for row in rows if row.criterion.key in stated]
    if submitted is None:
        found = [_standing(row) for row in rows if row.grade or any(getattr(row, name) for name in canonical.TEXTS)]
    steps = Grade.objects.filter(programme__in={before.programme_id, inspection.programme_id})
    scales = list(steps)
    return Source(
        inspection=before,
        submitted=submitted,
        criteria={row.key: row for row in found},
        carries_grades=carrying.carries_grades(_scale(before.programme, scales), _scale(inspection.programme, scales)),
        line=inspection.programme.key,
        grades={row.label: row for row in scales if row.programme_id == before.programme_id},
    )


def grade_carried(source: Source, label: str, programme: Programme) -> Grade | None:
    """Return the grade of that label on the later scale, where grades may be carried at all."""
    if not source.carries_grades or not label:
        return None
    return Grade.objects.filter(programme=programme, label=label).first()


def not_started(inspection: Inspection) -> list[Judgement]:
    """Return the judgements into which something may be brought."""
    rows = Judgement.objects.filter(inspection=inspection, state=JudgementState.NOT_STARTED)
    return list(rows.select_related("criterion__area").in_order())


def _stated(row: Judgement, said: Mapping[str, Any]) -> Earlier:
    return Earlier(row, said["grade"], {name: said[name] for name in canonical.TEXTS})


def _standing(row: Judgement) -> Earlier:
    return Earlier(row, row.grade.label if row.grade else "", {name: getattr(row, name) for name in canonical.TEXTS})


def _scale(programme: Programme, grades: list[Grade]) -> carrying.Scale:
    steps = [
        carrying.Step(row.key, row.label, row.order, row.is_good_side)
        for row in grades
        if row.programme_id == programme.pk
    ]
    return carrying.scale(programme.key, steps)
