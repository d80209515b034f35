"""The page of an audit as long as one gets: sixty questions, all answered, half of them in words as well."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from audits.management.bench.measure import beside, count
from ncpi.accounts import operations as accounts

ASKED = 60
MOST_QUERIES = 8

_ROWS = """
WITH tool AS (
    INSERT INTO audits_tool (force_id, programme_id, number, digest, made_by_id, made_at)
    SELECT force_id, programme_id, 1000, repeat('6', 64), %(by)s, now() FROM ncpi_inspection WHERE id = %(inspection)s
    RETURNING id
), questions AS (
    INSERT INTO audits_toolquestion (tool_id, key, section, ask, kind, is_required, follow_up, escalates, "order")
    SELECT tool.id, 'sixty-' || n, 'Section ' || n / 10, 'Was it done, and is it written down when and why? ' || n,
        CASE WHEN n %% 10 = 0 THEN 'text' ELSE 'scale' END, true,
        CASE WHEN n %% 2 = 0 THEN 'What kept it from being done?' ELSE '' END, n %% 7 = 0, n
    FROM tool CROSS JOIN generate_series(0, {asked} - 1) n RETURNING id, kind, "order"
), audit AS (
    INSERT INTO audits_audit (version, inspection_id, case_id, tool_id, auditor_id, capacity, state, due_date,
        strengths, learning, grade_reason, allocated_by_id, allocated_at, started_at, ended_reason, is_pinned,
        has_conflict)
    SELECT 1, c.inspection_id, c.id, tool.id, %(by)s, 'second', 'started', '2021-07-20', repeat('Well done. ', 30), '',
        '', %(by)s, now(), now(), '', false, false
    FROM tool CROSS JOIN cases_case c
    WHERE c.inspection_id = %(inspection)s AND c.replaced_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM audits_audit a WHERE a.case_id = c.id AND a.capacity = 'second')
        AND NOT EXISTS (SELECT 1 FROM audits_concern o WHERE o.case_id = c.id)
    ORDER BY c.id LIMIT 1 RETURNING id
)
INSERT INTO audits_answer (version, inspection_id, audit_id, question_id, value, text, answered_at)
SELECT 2, %(inspection)s, audit.id, q.id, CASE WHEN q.kind = 'text' THEN '' ELSE 'partly' END,
    CASE WHEN q."order" %% 2 = 0 THEN 'Recorded on the day & read by the supervisor.' ELSE '' END, now()
FROM audit CROSS JOIN questions q RETURNING audit_id;
"""


class SixtyQuestions:
    """Opening an audit of sixty questions, beside the bare page."""

    def __init__(self, demo: Any, bare: Callable[[], Any]) -> None:
        self.bare = bare
        person = accounts.invite(
            by=None, force=demo.force, email="sixty@bench.example", name="Bench Auditor", at=demo.at
        )
        accounts.give_role(by=None, user=person, force=demo.force, role="auditor", on=date(2020, 1, 1))
        self.client = Client()
        self.client.force_login(person, backend="ncpi.accounts.backends.MembersBackend")
        self.address = reverse("audits:audit", args=[demo.inspection.ref, self._audit(demo.inspection, person)])
        self.sizes: dict[str, Any] = {}

    def measure(self, size: str) -> None:
        self.open()
        counted = count(self.open)
        self.sizes[size] = {
            "queries": counted.queries,
            "buffers": counted.buffers,
            "beside bare": beside(self.open, self.bare).as_json(),
        }

    def gates(self) -> list[str]:
        return [
            f"Audit of sixty questions: {row['queries']} queries at {size}, at most {MOST_QUERIES}."
            for size, row in self.sizes.items()
            if row["queries"] > MOST_QUERIES
        ]

    def open(self) -> None:
        answer = self.client.get(self.address)
        shown = answer.content.count(b"data-question=")
        if (answer.status_code, shown) != (200, ASKED):
            raise AssertionError(f"{self.address} answered {answer.status_code} with {shown} questions.")

    @transaction.atomic
    def _audit(self, inspection: Any, person: Any) -> int:
        with connection.cursor() as cursor:
            # As in the other bulk data: neither history nor references are checked.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(_ROWS.format(asked=ASKED), {"inspection": inspection.pk, "by": person.pk})
            (found,) = cursor.fetchone()
            return int(found)
