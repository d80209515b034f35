"""What one reading of an inspection's cases, gradings and answers counts, for `audits.figure_counts`.

One statement, because every figure of cases needs to know first which gradings stand and which cases are settled: asked
one figure at a time, finding that out cost more than all the counting.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

_STATEMENT = """
WITH corrected AS MATERIALIZED (  -- each part names the inspection, so that no plan looks through other forces' rows
    SELECT corrects_id AS id FROM audits_grading
    WHERE inspection_id = %(inspection)s AND corrects_id IS NOT NULL
), standing AS MATERIALIZED (  -- gradings that no later one corrects, of cases that are in the sample
    SELECT g.case_id, g.capacity, g.grade_id, c.case_type_id, c.candidate_id,
        EXISTS (SELECT 1 FROM audits_audit a
                WHERE a.case_id = g.case_id AND a.inspection_id = %(inspection)s AND a.ended_at IS NULL
                AND a.state <> 'submitted') AS is_awaited,
        EXISTS (SELECT 1 FROM audits_grading second WHERE second.case_id = g.case_id AND second.capacity = 'second'
                AND second.inspection_id = %(inspection)s AND second.id NOT IN (SELECT id FROM corrected)
                AND NOT EXISTS (SELECT 1 FROM audits_moderation m
                    WHERE m.second_id = second.id AND m.inspection_id = %(inspection)s
                    AND m.first_id NOT IN (SELECT id FROM corrected))) AS is_disputed
    FROM audits_grading g JOIN cases_case c ON c.id = g.case_id AND c.replaced_at IS NULL
    WHERE g.inspection_id = %(inspection)s AND c.inspection_id = %(inspection)s
      AND g.id NOT IN (SELECT id FROM corrected)
), settled AS (  -- the grade that counts, of each case that has one
    SELECT * FROM standing WHERE capacity = 'agreed' AND NOT is_awaited AND NOT is_disputed
), counted AS MATERIALIZED (  -- the audits whose answers count: the first auditor's, handed in
    SELECT a.id, a.case_id, a.tool_id FROM audits_audit a JOIN cases_case c ON c.id = a.case_id
    WHERE a.inspection_id = %(inspection)s AND a.capacity = 'first' AND a.state = 'submitted' AND a.ended_at IS NULL
      AND c.inspection_id = %(inspection)s AND c.replaced_at IS NULL
), speaking AS MATERIALIZED (  -- the questions through which a case speaks for an area; the rule is in audits.figures
    SELECT q.id, q.area_id FROM audits_toolquestion q
    WHERE q.tool_id IN (SELECT tool_id FROM counted) AND q.area_id IS NOT NULL AND NOT starts_with(q.key, 'OWN-')
      AND (q.case_type_id IS NOT NULL OR NOT EXISTS (
          SELECT 1 FROM audits_toolquestion own
          WHERE own.tool_id = q.tool_id AND own.area_id = q.area_id AND own.case_type_id IS NOT NULL
            AND NOT starts_with(own.key, 'OWN-')))
), spoken AS (  -- answers are read from their covering index alone
    SELECT DISTINCT n.audit_id, q.area_id FROM audits_answer n JOIN speaking q ON q.id = n.question_id
    WHERE n.inspection_id = %(inspection)s AND n.value IN ('yes', 'partly', 'no')
), answered AS (
    SELECT n.question_id, n.value, count(*) AS n FROM audits_answer n
    WHERE n.inspection_id = %(inspection)s AND n.value <> '' AND n.audit_id IN (SELECT id FROM counted) GROUP BY 1, 2
), by_place AS (
    SELECT s.case_type_id, candidate.district, s.grade_id, count(*) AS n FROM settled s
    JOIN cases_candidate candidate ON candidate.id = s.candidate_id GROUP BY 1, 2, 3
), stated AS (  -- what the record of a settled case is said to hold, by the extract and by the first auditor
    SELECT s.grade_id, fact.trait, CASE fact.held WHEN true THEN 'recorded' WHEN false THEN 'not_recorded'
        ELSE 'not_stated' END AS state
    FROM settled s JOIN cases_candidate candidate ON candidate.id = s.candidate_id CROSS JOIN LATERAL (
        VALUES ('ethnicity', candidate.ethnicity_recorded), ('disability', candidate.disability_recorded)
    ) fact (trait, held)
    UNION ALL SELECT s.grade_id, q.key, CASE n.value WHEN 'yes' THEN 'recorded' WHEN 'no' THEN 'not_recorded'
        ELSE n.value END FROM settled s JOIN counted ON counted.case_id = s.case_id
    JOIN audits_toolquestion q ON q.tool_id = counted.tool_id AND q.kind = 'completeness'
    JOIN audits_answer n ON n.audit_id = counted.id AND n.question_id = q.id AND n.value <> ''
     AND n.inspection_id = %(inspection)s
), by_area AS (
    SELECT spoken.area_id, s.grade_id, count(*) AS n FROM spoken
    JOIN counted ON counted.id = spoken.audit_id JOIN settled s ON s.case_id = counted.case_id GROUP BY 1, 2
), pairs AS (
    SELECT one.capacity, one.grade_id, other.grade_id AS other_id, count(*) AS n
    FROM standing one JOIN standing other ON other.case_id = one.case_id
     AND (one.capacity, other.capacity) IN (('first', 'second'), ('agreed', 'inspector'))
    WHERE one.capacity <> 'agreed' OR NOT (one.is_awaited OR one.is_disputed) GROUP BY 1, 2, 3
), inspected AS (
    SELECT grade_id, false AS is_further FROM standing WHERE capacity = 'inspector'
    UNION ALL SELECT f.grade_id, true FROM audits_furthergrading f WHERE f.inspection_id = %(inspection)s
      AND NOT EXISTS (SELECT 1 FROM audits_furthergrading later
                      WHERE later.corrects_id = f.id AND later.inspection_id = %(inspection)s)
), graded AS (
    SELECT case_id, bool_or(is_disputed) AS is_disputed, bool_or(capacity = 'first') AS first,
        bool_or(capacity = 'second') AS second, bool_or(capacity = 'inspector') AS inspector
    FROM standing GROUP BY 1
)
SELECT 'settled', type.key, district, grade.key, n FROM by_place JOIN ncpi_casetype type ON type.id = case_type_id
    JOIN ncpi_grade grade ON grade.id = grade_id
UNION ALL SELECT 'place', candidate.district, '', '', count(*) FROM cases_case c
    JOIN cases_candidate candidate ON candidate.id = c.candidate_id
    WHERE c.inspection_id = %(inspection)s AND c.replaced_at IS NULL GROUP BY 2
UNION ALL SELECT 'stated', trait, state, grade.key, count(*) FROM stated
    JOIN ncpi_grade grade ON grade.id = stated.grade_id GROUP BY 2, 3, 4
UNION ALL SELECT 'inspected', grade.key, '', '', count(*) FROM inspected
    JOIN ncpi_grade grade ON grade.id = inspected.grade_id GROUP BY 2
UNION ALL SELECT 'work', 'further', '', '', count(*) FROM inspected WHERE is_further
UNION ALL SELECT 'area', area.key, '', grade.key, n FROM by_area JOIN ncpi_area area ON area.id = area_id
    JOIN ncpi_grade grade ON grade.id = grade_id
UNION ALL SELECT 'reply', q.key, coalesce(area.key, ''), value, n FROM answered
    JOIN audits_toolquestion q ON q.id = question_id LEFT JOIN ncpi_area area ON area.id = q.area_id
UNION ALL SELECT 'pair', capacity, one.key, other.key, n FROM pairs JOIN ncpi_grade one ON one.id = grade_id
    JOIN ncpi_grade other ON other.id = other_id
UNION ALL (
    SELECT 'work', unnest(ARRAY['drawn', 'submitted', 'double_graded', 'awaiting_moderation', 'inspector_graded',
            'ethnicity_held', 'ethnicity_known', 'disability_held', 'disability_known']), '', '',
        unnest(ARRAY[count(*), count(*) FILTER (WHERE first), count(*) FILTER (WHERE first AND second),
            count(*) FILTER (WHERE first AND second AND is_disputed), count(*) FILTER (WHERE inspector),
            count(*) FILTER (WHERE ethnicity_recorded), count(ethnicity_recorded),
            count(*) FILTER (WHERE disability_recorded), count(disability_recorded)])
    FROM cases_case c JOIN cases_candidate candidate ON candidate.id = c.candidate_id
    LEFT JOIN graded ON graded.case_id = c.id
    WHERE c.inspection_id = %(inspection)s AND c.replaced_at IS NULL
)
"""


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Settled grades by (case type, district, grade), by (area, grade) and by (fact, state, grade), the sample's
    districts, replies by question and reply, the area of each question, pairs by their first capacity, inspectors'
    grades with how many are of further cases, and work.
    """

    settled: dict[tuple[str, str, str], int]
    places: set[str]
    stated: dict[tuple[str, str, str], int]
    inspected: dict[str, int]
    areas: dict[tuple[str, str], int]
    replies: dict[tuple[str, str], int]
    area_of: dict[str, str]
    pairs: dict[str, dict[tuple[str, str], int]]
    work: dict[str, int]


def case_counts(inspection_id: int) -> CaseCounts:
    """Count one inspection's cases, in one statement."""
    counts = CaseCounts(
        settled={}, places=set(), stated={}, inspected={}, areas={}, replies={}, area_of={}, pairs=defaultdict(dict),
        work={},
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"inspection": inspection_id})
        for kind, first, second, third, number in cursor.fetchall():
            if kind == "settled":
                counts.settled[first, second, third] = number
            elif kind == "place":
                counts.places.add(first)
            elif kind == "stated":
                counts.stated[first, second, third] = number
            elif kind == "inspected":
                counts.inspected[first] = number
            elif kind == "area":
                counts.areas[first, third] = number
            elif kind == "reply":
                # A question has the same key in each version of the tool.
                counts.replies[first, third] = counts.replies.get((first, third), 0) + number
                counts.area_of[first] = second
            elif kind == "pair":
                counts.pairs[first][second, third] = number
            else:
                counts.work[first] = number
    return counts
