"""The same figures by one statement over the same rows: the floor of compiling."""

from typing import Any

from django.db import connection

_STATEMENT = """
WITH settled AS (
    SELECT g.case_id, gr.key AS grade, ct.key AS case_type, ca.district
    FROM audits_grading g
    JOIN cases_case c ON c.id = g.case_id AND c.replaced_at IS NULL
    JOIN cases_candidate ca ON ca.id = c.candidate_id
    JOIN ncpi_casetype ct ON ct.id = c.case_type_id
    JOIN ncpi_grade gr ON gr.id = g.grade_id
    WHERE g.inspection_id = %(i)s AND g.capacity = 'agreed'
      AND NOT EXISTS (SELECT 1 FROM audits_grading n WHERE n.corrects_id = g.id)
      AND NOT EXISTS (SELECT 1 FROM audits_audit a
                      WHERE a.case_id = c.id AND a.ended_at IS NULL AND a.state <> 'submitted')
      AND NOT EXISTS (SELECT 1 FROM audits_grading s WHERE s.case_id = c.id AND s.capacity = 'second'
                      AND NOT EXISTS (SELECT 1 FROM audits_moderation m WHERE m.second_id = s.id))
), answered AS (
    SELECT n.audit_id, n.question_id, n.value, a.case_id FROM audits_answer n
    JOIN audits_audit a ON a.id = n.audit_id
    JOIN cases_case c ON c.id = a.case_id AND c.replaced_at IS NULL
    WHERE n.inspection_id = %(i)s AND n.value <> ''
      AND a.state = 'submitted' AND a.capacity = 'first' AND a.ended_at IS NULL
)
SELECT 'grade_by_type', case_type, grade, count(*) FROM settled GROUP BY 2, 3
UNION ALL SELECT 'grade_by_district', district, grade, count(*) FROM settled GROUP BY 2, 3
UNION ALL SELECT 'grade_by_area', ar.key, s.grade, count(DISTINCT s.case_id) FROM settled s
    JOIN answered n ON n.case_id = s.case_id AND n.value IN ('yes', 'partly', 'no')
    JOIN audits_toolquestion q ON q.id = n.question_id JOIN ncpi_area ar ON ar.id = q.area_id GROUP BY 2, 3
UNION ALL SELECT 'answers', q.key, n.value, count(*) FROM answered n
    JOIN audits_toolquestion q ON q.id = n.question_id GROUP BY 2, 3
UNION ALL SELECT 'work', g.capacity, '', count(*) FROM audits_grading g WHERE g.inspection_id = %(i)s GROUP BY 2
UNION ALL SELECT 'recorded', ca.ethnicity_recorded::text, ca.disability_recorded::text, count(*) FROM cases_case c
    JOIN cases_candidate ca ON ca.id = c.candidate_id
    WHERE c.inspection_id = %(i)s AND c.replaced_at IS NULL GROUP BY 2, 3
UNION ALL SELECT 'pairs', f.grade_id::text, s.grade_id::text, count(*) FROM audits_grading f
    JOIN audits_grading s ON s.case_id = f.case_id
     AND (f.capacity, s.capacity) IN (('first', 'second'), ('agreed', 'inspector'))
    WHERE f.inspection_id = %(i)s GROUP BY 2, 3
UNION ALL SELECT 'concerns', state, '', count(*) FROM audits_concern WHERE inspection_id = %(i)s GROUP BY 2
"""


def raw_counts(inspection_id: int) -> dict[tuple[str, str, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"i": inspection_id})
        return {(kind, first, second): number for kind, first, second, number in cursor.fetchall()}


def disagreements(shares: Any, inspection_id: int) -> list[str]:
    """Say where figures and the statement count differently; nothing means that they are the same figures."""
    raw = raw_counts(inspection_id)
    ours = {
        (kind, *share.breakdown.split(".", 1)): share.numerator
        for share in shares
        for measure, kind in (("audit_grade_by_type", "grade_by_type"), ("answers", "answers"))
        if share.measure == measure and share.numerator
    }
    theirs = {key: number for key, number in raw.items() if key[0] in ("grade_by_type", "answers")}
    return sorted(
        f"{key}: {ours.get(key, 0)} published, {theirs.get(key, 0)} by hand"
        for key in {*ours, *theirs}
        if ours.get(key) != theirs.get(key)
    )
