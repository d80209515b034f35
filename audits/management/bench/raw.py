"""The same figures by one statement over the same rows, without the ORM: the floor of compiling.

It counts everything that `audits.figure_counts` counts, each thing once, as well as it is known how: what a figure
needs and the statement leaves out would make the floor too low.
"""

from typing import Any

from django.db import connection

_STATEMENT = """
WITH standing AS MATERIALIZED (
    SELECT g.case_id, g.capacity, gr.key AS grade, ct.key AS case_type, ca.district,
        EXISTS (SELECT 1 FROM audits_audit a
                WHERE a.case_id = c.id AND a.ended_at IS NULL AND a.state <> 'submitted') AS is_awaited,
        EXISTS (SELECT 1 FROM audits_grading s WHERE s.case_id = c.id AND s.capacity = 'second'
                AND NOT EXISTS (SELECT 1 FROM audits_moderation m WHERE m.second_id = s.id)) AS is_disputed
    FROM audits_grading g
    JOIN cases_case c ON c.id = g.case_id AND c.replaced_at IS NULL
    JOIN cases_candidate ca ON ca.id = c.candidate_id
    JOIN ncpi_casetype ct ON ct.id = c.case_type_id
    JOIN ncpi_grade gr ON gr.id = g.grade_id
    WHERE g.inspection_id = %(i)s AND NOT EXISTS (SELECT 1 FROM audits_grading n WHERE n.corrects_id = g.id)
), settled AS (
    SELECT * FROM standing WHERE capacity = 'agreed' AND NOT is_awaited AND NOT is_disputed
), counted AS MATERIALIZED (
    SELECT a.id, a.case_id, a.tool_id FROM audits_audit a
    JOIN cases_case c ON c.id = a.case_id AND c.replaced_at IS NULL
    WHERE a.inspection_id = %(i)s AND a.state = 'submitted' AND a.capacity = 'first' AND a.ended_at IS NULL
), asked AS MATERIALIZED (
    SELECT q.id, q.key, area.key AS area, q.case_type_id IS NOT NULL
        OR NOT bool_or(q.case_type_id IS NOT NULL) OVER (PARTITION BY q.tool_id, q.area_id) AS speaks
    FROM audits_toolquestion q LEFT JOIN ncpi_area area ON area.id = q.area_id
    WHERE q.tool_id IN (SELECT tool_id FROM counted)
), answered AS (
    SELECT n.question_id, n.value, count(*) AS n FROM audits_answer n
    WHERE n.inspection_id = %(i)s AND n.value <> '' AND n.audit_id IN (SELECT id FROM counted) GROUP BY 1, 2
), spoken AS (
    SELECT DISTINCT n.audit_id, q.area FROM audits_answer n JOIN asked q ON q.id = n.question_id
    WHERE n.inspection_id = %(i)s AND n.value IN ('yes', 'partly', 'no') AND q.area IS NOT NULL AND q.speaks
)
SELECT 'grade_by_type_and_district', case_type, district || '|' || grade, count(*)::float FROM settled GROUP BY 2, 3
UNION ALL SELECT 'grade_by_area', spoken.area, s.grade, count(*) FROM spoken
    JOIN counted ON counted.id = spoken.audit_id JOIN settled s ON s.case_id = counted.case_id GROUP BY 2, 3
UNION ALL SELECT 'answers', q.key, n.value, sum(n.n) FROM answered n JOIN asked q ON q.id = n.question_id GROUP BY 2, 3
UNION ALL SELECT 'question', key, area, 0 FROM asked
UNION ALL (
    SELECT 'work', unnest(ARRAY['drawn', 'first', 'second', 'disputed', 'inspector', 'ethnicity', 'ethnicity known',
        'disability', 'disability known']), '', unnest(ARRAY[count(*), count(s.first), count(s.first + s.second),
        count(s.first + s.second) FILTER (WHERE is_disputed), count(s.inspector),
        count(*) FILTER (WHERE ca.ethnicity_recorded), count(ca.ethnicity_recorded),
        count(*) FILTER (WHERE ca.disability_recorded), count(ca.disability_recorded)])
    FROM cases_case c JOIN cases_candidate ca ON ca.id = c.candidate_id LEFT JOIN (
        SELECT case_id, bool_or(is_disputed) AS is_disputed, min(1) FILTER (WHERE capacity = 'first') AS first,
            min(1) FILTER (WHERE capacity = 'second') AS second,
            min(1) FILTER (WHERE capacity = 'inspector') AS inspector
        FROM standing GROUP BY 1
    ) s ON s.case_id = c.id
    WHERE c.inspection_id = %(i)s AND c.replaced_at IS NULL
)
UNION ALL SELECT 'pairs ' || f.capacity, f.grade, s.grade, count(*) FROM standing f JOIN standing s
    ON s.case_id = f.case_id AND (f.capacity, s.capacity) IN (('first', 'second'), ('agreed', 'inspector'))
    GROUP BY f.capacity, 2, 3
UNION ALL (
    SELECT 'concerns', unnest(ARRAY['raised', 'acknowledged', 'closed', 'overdue', 'to acknowledge', 'to close']), '',
        unnest(ARRAY[count(*), count(acknowledged_at), count(closed_at),
        count(*) FILTER (WHERE closed_at IS NULL AND due_at < now()),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - raised_at)),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - raised_at))])
    FROM audits_concern WHERE inspection_id = %(i)s
)
"""


def raw_counts(inspection_id: int) -> dict[tuple[str, str, str], float]:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"i": inspection_id})
        return {(kind, first, second): number for kind, first, second, number in cursor.fetchall()}


def disagreements(shares: Any, inspection_id: int) -> list[str]:
    """Say where figures and the statement count differently; nothing means that they are the same figures."""
    theirs = _comparable(raw_counts(inspection_id))
    ours = {}
    for share in shares:
        if share.measure == "audit_grade" and share.area:
            ours["grade_by_area", share.area, share.breakdown] = share.numerator
        elif share.measure in _SPLIT:
            ours[_SPLIT[share.measure], *share.breakdown.split(".", 1)] = share.numerator
        elif share.measure in _WORK:
            ours["work", _WORK[share.measure], ""] = share.numerator
    ours = {key: number for key, number in ours.items() if number}
    return sorted(
        f"{key}: {ours.get(key, 0)} published, {theirs.get(key, 0)} by hand"
        for key in {*ours, *theirs}
        if ours.get(key) != theirs.get(key)
    )


_SPLIT = {"audit_grade_by_type": "grade_by_type", "answers": "answers"}
_WORK = {
    "cases_audited": "first",
    "cases_double_graded": "second",
    "cases_awaiting_moderation": "disputed",
    "cases_graded_by_inspectors": "inspector",
}


def _comparable(raw: dict[tuple[str, str, str], float]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for (kind, first, second), number in raw.items():
        if kind == "grade_by_type_and_district":
            kind, second = "grade_by_type", second.rsplit("|", 1)[1]
        compared = kind in ("grade_by_type", "grade_by_area", "answers") or (kind == "work" and first in _WORK.values())
        if number and compared:
            found[kind, first, second] = found.get((kind, first, second), 0) + int(number)
    return found
