"""Other forces' audits in bulk, by `INSERT … SELECT generate_series`: what the measured force must not feel."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from ncpi.accounts import operations as accounts
from ncpi.inspections import demo as base
from ncpi.inspections import operations as inspections
from ncpi.inspections.models import Inspection, Programme

FORCES = 9
QUESTIONS = 50
FIRST_ID = 10_000_000

_FRAMES = """
INSERT INTO cases_frame (id, version, inspection_id, number, file_name, file_sha256, rows, imported_by_id, imported_at,
    frozen_by_id, frozen_at, digest)
SELECT {first} + i.id, 1, i.id, 1, 'bulk.csv', repeat('0', 64), 0, %(by)s, now(), %(by)s, now(), repeat('0', 64)
FROM ncpi_inspection i WHERE i.id = ANY(%(inspections)s);
INSERT INTO cases_sample (id, version, inspection_id, frame_id, number, round, spread, places_digest,
    second_grading_percent, plan_fixed_by_id, plan_fixed_at, seed, drawn_by_id, drawn_at)
SELECT {first} + i.id, 1, i.id, {first} + i.id, 1, 1, 'type', '', 20, %(by)s, now(), 'bulk', %(by)s, now()
FROM ncpi_inspection i WHERE i.id = ANY(%(inspections)s);
INSERT INTO audits_tool (id, force_id, programme_id, number, digest, made_by_id, made_at)
SELECT {first} + i.id, i.force_id, i.programme_id, 1, repeat('0', 64), %(by)s, now()
FROM ncpi_inspection i WHERE i.id = ANY(%(inspections)s);
INSERT INTO audits_toolquestion (id, tool_id, key, area_id, section, ask, kind, is_required, follow_up,
    escalates, "order")
SELECT {first} + i.id * 100 + q, {first} + i.id, 'q' || q, area.id, 'Section ' || q / 10, 'Was it done?', 'scale',
    false, '', false, q
FROM ncpi_inspection i CROSS JOIN generate_series(1, {questions}) q
JOIN LATERAL (
    SELECT id FROM ncpi_area a WHERE a.programme_id = i.programme_id ORDER BY a."order" OFFSET q %% 6 LIMIT 1
) area ON true
WHERE i.id = ANY(%(inspections)s);
"""

_AUDITS = """
INSERT INTO cases_candidate (id, frame_id, reference, case_type_id, district, team, reported_on, outcome,
    ethnicity_recorded, disability_recorded)
SELECT {first} + n, {first} + i, 'S' || n, t, 'District ' || n %% 6, 'Team ' || n %% 20, '2021-01-01', '', n %% 3 = 0,
    n %% 4 = 0 FROM ({numbers}) numbers;
INSERT INTO cases_case (id, version, inspection_id, sample_id, candidate_id, case_type_id, place, code, rank, drawn_at,
    replaced_reason)
SELECT {first} + n, 1, i, {first} + i, {first} + n, t, '', upper(to_hex(n)), n, now(), '' FROM ({numbers}) numbers;
INSERT INTO audits_audit (id, version, inspection_id, case_id, tool_id, auditor_id, capacity, state, strengths,
    learning, grade_id, grade_reason, allocated_by_id, allocated_at, started_at, submitted_at, ended_reason,
    is_pinned, has_conflict)
SELECT {first} + n, 1, i, {first} + n, {first} + i, %(by)s, 'first', 'submitted', '', '', g, 'Because.', %(by)s,
    now(), now(), now(), '', false, false FROM ({numbers}) numbers;
INSERT INTO audits_answer (version, inspection_id, audit_id, question_id, value, text, answered_at)
SELECT 1, i, {first} + n, {first} + i * 100 + q,
    (ARRAY['yes', 'partly', 'no', 'not_applicable', 'cannot_tell'])[1 + (n * 7 + q * q) %% 5], '', now()
FROM ({numbers}) numbers CROSS JOIN generate_series(1, {questions}) q;
INSERT INTO audits_grading (id, inspection_id, case_id, audit_id, capacity, grade_id, reason, by_id, at)
SELECT {first} + n, i, {first} + n, {first} + n, 'first', g, 'Because.', %(by)s, now() FROM ({numbers}) numbers;
INSERT INTO audits_grading (id, inspection_id, case_id, capacity, grade_id, reason, by_id, at)
SELECT {first} * 2 + n, i, {first} + n, 'agreed', g, 'Because.', %(by)s, now() FROM ({numbers}) numbers;
INSERT INTO audits_moderation (inspection_id, case_id, first_id, agreed_id, rule, reason, criterion_key, by_id, at)
SELECT i, {first} + n, {first} + n, {first} * 2 + n, 'single', '', '', %(by)s, now() FROM ({numbers}) numbers;
INSERT INTO ncpi_journalentry (at, by_id, force_id, verb, subject_type, subject_id, subject, detail)
SELECT now(), %(by)s, f, 'read', 'cases.case', {first} + n, 'Case ' || n, '' FROM ({numbers}) numbers
CROSS JOIN generate_series(1, 5);
"""

# Which audit belongs to which inspection, case type and grade.
_NUMBERS = """
SELECT n, (%(inspections)s)[1 + n %% {forces}] AS i, (%(forces)s)[1 + n %% {forces}] AS f,
    (%(types)s)[1 + n / {forces} %% 9] AS t, (%(grades)s)[1 + (n %% 3) * (n %% 3) %% 3] AS g
FROM generate_series(%(low)s, %(high)s) n
"""


class Bulk:
    """Nine forces whose audits grow on demand."""

    def __init__(self, demo: Any) -> None:
        self.programme: Programme = base.programme("ncpi-2020")
        self.audits = 0
        self.by = demo.people["coordinator"]
        self.inspections = [self._inspection(number) for number in range(1, FORCES + 1)]
        self._run(_FRAMES)

    def grow(self, audits: int) -> None:
        """Bring the number of audits in the other forces to this."""
        if audits > self.audits:
            self._run(_AUDITS, low=self.audits + 1, high=audits)
            self.audits = audits
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _inspection(self, number: int) -> Inspection:
        at = timezone.now()
        force = inspections.add_force(by=None, name=f"Bulk Force {number}", slug=f"bulk-{number}", clock_offset=at - at)
        email = f"coordinator@bulk-{number}.example"
        user = accounts.invite(by=None, force=force, email=email, name="Bulk Co-ordinator", at=at)
        accounts.give_role(by=None, user=user, force=force, role="coordinator", on=date(2020, 1, 1))
        return inspections.open_inspection(
            by=user,
            force=force,
            programme=self.programme,
            name="Bulk inspection",
            notice_date=date(2021, 5, 24),
            fieldwork_start_date=date(2021, 7, 5),
            fieldwork_end_date=date(2021, 7, 16),
            evidence_from_date=date(2020, 7, 1),
            evidence_to_date=date(2021, 6, 30),
            at=at,
        )

    @transaction.atomic
    def _run(self, script: str, **values: Any) -> None:
        numbers = _NUMBERS.format(forces=FORCES)
        sql = script.format(first=FIRST_ID, questions=QUESTIONS, numbers=numbers)
        keys = {
            "by": self.by.pk,
            "inspections": [row.pk for row in self.inspections],
            "forces": [row.force_id for row in self.inspections],
            "types": list(self.programme.case_types.order_by("order").values_list("pk", flat=True)),
            "grades": list(self.programme.grades.order_by("order").values_list("pk", flat=True)),
        }
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            # The rows are made in order and nothing is to be kept of them: neither history nor references are checked.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql, keys | values)
