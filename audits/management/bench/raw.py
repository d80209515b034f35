"""The same figures by one statement over the same rows, without the ORM: the floor of compiling.

It counts everything that `audits.figure_counts` counts, each thing once, as well as it is known how: what a figure
needs and the statement leaves out would make the floor too low. `disagreements` sees that it does.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from audits.case_counts import case_counts

_STATEMENT = """
WITH standing AS MATERIALIZED (
    SELECT g.case_id, g.capacity, gr.key AS grade, ct.key AS case_type, ca.district, ca.ethnicity_recorded,
        ca.disability_recorded,
        EXISTS (SELECT 1 FROM audits_audit a
                WHERE a.case_id = c.id AND a.ended_at IS NULL AND a.state <> 'submitted') AS is_awaited,
        EXISTS (SELECT 1 FROM audits_grading s WHERE s.case_id = c.id AND s.capacity = 'second'
                AND NOT EXISTS (SELECT 1 FROM audits_grading n WHERE n.corrects_id = s.id)
                AND NOT EXISTS (SELECT 1 FROM audits_moderation m WHERE m.second_id = s.id
                    AND NOT EXISTS (SELECT 1 FROM audits_grading n WHERE n.corrects_id = m.first_id))) AS is_disputed
    FROM audits_grading g
    JOIN cases_case c ON c.id = g.case_id AND c.replaced_at IS NULL
    JOIN cases_candidate ca ON ca.id = c.candidate_id
    JOIN ncpi_casetype ct ON ct.id = c.case_type_id
    JOIN ncpi_grade gr ON gr.id = g.grade_id
    WHERE g.inspection_id = %(i)s AND NOT EXISTS (SELECT 1 FROM audits_grading n WHERE n.corrects_id = g.id)
), settled AS MATERIALIZED (
    SELECT * FROM standing WHERE capacity = 'agreed' AND NOT is_awaited AND NOT is_disputed
), counted AS MATERIALIZED (
    SELECT a.id, a.case_id, a.tool_id FROM audits_audit a
    JOIN cases_case c ON c.id = a.case_id AND c.replaced_at IS NULL
    WHERE a.inspection_id = %(i)s AND a.state = 'submitted' AND a.capacity = 'first' AND a.ended_at IS NULL
), asked AS MATERIALIZED (
    SELECT q.id, q.key, q.kind, area.key AS area,
        q.key NOT LIKE 'OWN-%%' AND (q.case_type_id IS NOT NULL OR NOT bool_or(
        q.case_type_id IS NOT NULL AND q.key NOT LIKE 'OWN-%%') OVER (PARTITION BY q.tool_id, q.area_id)) AS speaks
    FROM audits_toolquestion q LEFT JOIN ncpi_area area ON area.id = q.area_id
    WHERE q.tool_id IN (SELECT tool_id FROM counted)
), answered AS (
    SELECT n.question_id, n.value, count(*) AS n FROM audits_answer n
    WHERE n.inspection_id = %(i)s AND n.value <> '' AND n.audit_id IN (SELECT id FROM counted) GROUP BY 1, 2
), spoken AS (
    SELECT DISTINCT n.audit_id, q.area FROM audits_answer n JOIN asked q ON q.id = n.question_id
    WHERE n.inspection_id = %(i)s AND n.value IN ('yes', 'partly', 'no') AND q.area IS NOT NULL AND q.speaks
), recorded AS (
    SELECT q.key, n.value, n.audit_id FROM audits_answer n JOIN asked q ON q.id = n.question_id
    WHERE n.inspection_id = %(i)s AND q.kind = 'completeness' AND n.value <> ''
)
SELECT 'settled', case_type, district, grade, count(*)::float FROM settled GROUP BY 2, 3, 4
UNION ALL SELECT 'place', ca.district, '', '', count(*) FROM cases_case c JOIN cases_candidate ca
    ON ca.id = c.candidate_id WHERE c.inspection_id = %(i)s AND c.replaced_at IS NULL GROUP BY 2
UNION ALL SELECT 'stated', 'ethnicity', coalesce(ethnicity_recorded::text, 'not_stated'), grade, count(*)
    FROM settled GROUP BY 3, 4
UNION ALL SELECT 'stated', 'disability', coalesce(disability_recorded::text, 'not_stated'), grade, count(*)
    FROM settled GROUP BY 3, 4
UNION ALL SELECT 'stated', r.key, r.value, s.grade, count(*) FROM recorded r JOIN counted ON counted.id = r.audit_id
    JOIN settled s ON s.case_id = counted.case_id GROUP BY 2, 3, 4
UNION ALL SELECT 'area', spoken.area, s.grade, '', count(*) FROM spoken
    JOIN counted ON counted.id = spoken.audit_id JOIN settled s ON s.case_id = counted.case_id GROUP BY 2, 3
UNION ALL SELECT 'reply', q.key, n.value, '', sum(n.n) FROM answered n JOIN asked q ON q.id = n.question_id
    GROUP BY 2, 3
UNION ALL SELECT 'question', key, area, '', 0 FROM asked
UNION ALL SELECT 'inspected', grade, '', '', count(*) FROM (
    SELECT grade FROM standing WHERE capacity = 'inspector' UNION ALL
    SELECT gr.key FROM audits_furthergrading f JOIN ncpi_grade gr ON gr.id = f.grade_id WHERE f.inspection_id = %(i)s
        AND NOT EXISTS (SELECT 1 FROM audits_furthergrading n WHERE n.corrects_id = f.id)
) given (grade) GROUP BY 2
UNION ALL SELECT 'work', 'further', '', '', count(*) FROM audits_furthergrading f WHERE f.inspection_id = %(i)s
    AND NOT EXISTS (SELECT 1 FROM audits_furthergrading n WHERE n.corrects_id = f.id)
UNION ALL (
    SELECT 'work', unnest(ARRAY['drawn', 'submitted', 'double_graded', 'awaiting_moderation', 'inspector_graded',
        'ethnicity_held', 'ethnicity_known', 'disability_held', 'disability_known']), '', '',
        unnest(ARRAY[count(*), count(s.first), count(s.first + s.second),
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
UNION ALL SELECT 'pair', one.capacity, one.grade, other.grade, count(*) FROM standing one JOIN standing other
    ON other.case_id = one.case_id
    AND (one.capacity, other.capacity) IN (('first', 'second'), ('agreed', 'inspector'))
    WHERE one.capacity = 'first' OR NOT (one.is_awaited OR one.is_disputed) GROUP BY 2, 3, 4
UNION ALL (
    SELECT 'concerns', unnest(ARRAY['raised', 'acknowledged', 'closed', 'overdue', 'to acknowledge', 'to close']), '',
        '', unnest(ARRAY[count(*), count(acknowledged_at), count(closed_at),
        count(*) FILTER (WHERE closed_at IS NULL AND due_at < now()),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM acknowledged_at - raised_at)),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM closed_at - raised_at))])
    FROM audits_concern WHERE inspection_id = %(i)s
)
"""
# What an auditor answers to a question of completeness, in the words of what the record holds.
_STATES = {"true": "recorded", "false": "not_recorded", "yes": "recorded", "no": "not_recorded"}
# Counted, but not by `case_counts`.
_BESIDES = ("question", "concerns", "place")

Counts = dict[tuple[str, str, str, str], float]


def raw_counts(inspection_id: int) -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"i": inspection_id})
        return {(kind, one, two, three): number for kind, one, two, three, number in cursor.fetchall()}


def disagreements(inspection_id: int) -> list[str]:
    """Say where the figures' counts and the statement differ; nothing means that they count the same."""
    ours = {key: number for key, number in _counted(case_counts(inspection_id)) if number}
    theirs: dict[tuple[str, ...], int] = {}
    for (kind, one, two, three), number in raw_counts(inspection_id).items():
        if number and kind not in _BESIDES:
            key = (kind, one, _STATES.get(two, two) if kind == "stated" else two, three)
            theirs[key] = theirs.get(key, 0) + int(number)
    return sorted(
        f"{' '.join(filter(None, key))}: {ours.get(key, 0)} counted, {theirs.get(key, 0)} by hand"
        for key in {*ours, *theirs}
        if ours.get(key) != theirs.get(key)
    )


def _counted(counts: Any) -> Iterator[tuple[tuple[str, ...], int]]:
    """Name what `case_counts` counted as the statement names it."""
    for kind, table in {"settled": counts.settled, "stated": counts.stated}.items():
        yield from (((kind, *key), number) for key, number in table.items())
    for kind, table in {"area": counts.areas, "reply": counts.replies}.items():
        yield from (((kind, *key, ""), number) for key, number in table.items())
    for kind, table in {"inspected": counts.inspected, "work": counts.work}.items():
        yield from (((kind, key, "", ""), number) for key, number in table.items())
    for capacity, table in counts.pairs.items():
        yield from ((("pair", capacity, *key), number) for key, number in table.items())
