"""What the list of drawn cases shows, and what it can be narrowed by."""

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from cases.models import Case
from ncpi.inspections.models import CaseType, Inspection

# From one district of the frame to the next along their index, and for each whether a case was drawn there: reading the
# district of every drawn case cost more than all the rest of the page.
_DISTRICTS = """
WITH RECURSIVE frame AS (
    SELECT DISTINCT frame_id AS id FROM cases_sample WHERE inspection_id = %(inspection)s AND drawn_at IS NOT NULL
), place (frame_id, name) AS (
    SELECT frame.id, (SELECT min(district) FROM cases_candidate WHERE frame_id = frame.id) FROM frame
    UNION ALL
    SELECT place.frame_id, (SELECT min(next.district) FROM cases_candidate next
        WHERE next.frame_id = place.frame_id AND next.district > place.name) FROM place WHERE place.name IS NOT NULL
)
SELECT DISTINCT name FROM place WHERE name IS NOT NULL AND (
    SELECT true FROM cases_case drawn JOIN cases_candidate candidate ON candidate.id = drawn.candidate_id
    WHERE drawn.inspection_id = %(inspection)s AND candidate.district = place.name LIMIT 1
) ORDER BY name
"""


def case_rows(inspection: Inspection, filters: dict[str, Any]) -> QuerySet[Case]:
    """Choose and order the cases that a list shows; only `access` calls this."""
    rows = Case.objects.filter(inspection=inspection).select_related(
        "case_type", "candidate", "replaced_by", "replaces"
    )
    if filters.get("case_type"):
        rows = rows.filter(case_type__key=filters["case_type"])
    if filters.get("district"):
        rows = rows.filter(candidate__district=filters["district"])
    if filters.get("state") == "in_sample":
        rows = rows.in_sample()
    if filters.get("state") == "replaced":
        rows = rows.filter(replaced_at__isnull=False)
    if filters.get("find"):
        found = Q(code__iexact=filters["find"]) | Q(candidate__reference__icontains=filters["find"])
        rows = rows.filter(found)
    # As they came into the sample, which an index follows from any place in the list.
    return rows.order_by("pk")


def districts(inspection: Inspection) -> list[str]:
    """Name the districts of the drawn cases; what it costs does not grow with their number."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTRICTS, {"inspection": inspection.pk})
        return [name for (name,) in cursor.fetchall()]


def case_types(inspection: Inspection) -> list[tuple[str, str]]:
    """Give the programme's case types as (key, title)."""
    rows = CaseType.objects.filter(programme_id=inspection.programme_id).order_by("order", "pk")
    return list(rows.values_list("key", "title"))
