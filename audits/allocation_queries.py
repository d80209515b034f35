"""Who has which case, who may take one, and what is still without an auditor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from audits import allocation
from audits.models import Answer, Audit, Auditor, AuditQuerySet, AuditState, Capacity, Concern, Finding, Grading
from cases.models import Candidate, Case, CaseQuerySet, Sample
from ncpi.accounts.access import colleagues
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import CaseType, Grade, Inspection


def cases_of(inspection: Inspection) -> CaseQuerySet:
    """Return the sample's cases of every round, with what an allocation asks of them."""
    rows = Case.objects.in_sample().filter(inspection=inspection)
    return rows.select_related("candidate", "case_type").order_by("case_type__order", "rank", "pk")


def piece(case: Case, capacity: str) -> allocation.Piece:
    return allocation.Piece(case.pk, str(capacity), case.case_type.key, case.candidate.team)


def piece_of(audit: Audit) -> allocation.Piece:
    return piece(audit.case, audit.capacity)


def wanted(inspection: Inspection) -> list[allocation.Piece]:
    """List the readings that nobody has: first ones, then those of the share that is graded twice."""
    cases = list(cases_of(inspection))
    have = set(Audit.objects.current().filter(inspection=inspection).values_list("case_id", "capacity"))
    twice = _graded_twice(inspection, cases) | at_extremes(inspection)
    first = [piece(case, Capacity.FIRST) for case in cases if (case.pk, Capacity.FIRST) not in have]
    second = [
        piece(case, Capacity.SECOND) for case in cases if case.pk in twice and (case.pk, Capacity.SECOND) not in have
    ]
    return [*first, *second]


def _graded_twice(inspection: Inspection, cases: Sequence[Case]) -> set[int]:
    """Choose each round's share by that round's own seed."""
    found: set[int] = set()
    for sample in Sample.objects.filter(inspection=inspection, drawn_at__isnull=False).order_by("round", "pk"):
        of_round = {case.candidate.reference: case.pk for case in cases if case.sample_id == sample.pk}
        chosen = allocation.chosen_for_second(of_round, seed=sample.seed, percent=sample.second_grading_percent)
        found |= {of_round[reference] for reference in chosen}
    return found


def extreme_grades(programme_id: int) -> set[int]:
    """Give the best and the worst grade of the programme's scale."""
    grades = list(Grade.objects.filter(programme_id=programme_id).order_by("order", "pk").values_list("pk", flat=True))
    return {grades[0], grades[-1]}


def at_extremes(inspection: Inspection) -> set[int]:
    """Choose the cases whose first grade is the best or the worst, where their round's plan has those graded twice."""
    rows = Grading.objects.standing().filter(
        inspection=inspection,
        capacity=Capacity.FIRST,
        grade__in=extreme_grades(inspection.programme_id),
        case__sample__second_at_extremes=True,
    )
    return set(rows.values_list("case_id", flat=True))


def untouched(inspection: Inspection) -> AuditQuerySet:
    """Return audits that nobody has begun and nobody gave by hand. Whoever has written anything has begun."""
    rows = Audit.objects.current().filter(inspection=inspection, state=AuditState.ALLOCATED, is_pinned=False)
    for written in (Answer, Finding, Concern):
        rows = rows.exclude(Exists(written.objects.filter(audit=OuterRef("pk"))))
    rows = rows.select_related("case__candidate", "case__case_type", "inspection__force")
    return rows.order_by("case__case_type__order", "case__rank", "capacity", "pk").select_for_update(
        no_key=True, of=("self",)
    )


def people(inspection: Inspection, users: Iterable[Any]) -> list[allocation.Person]:
    """Give these people as the rules know them, in their own order."""
    known = {row.user_id: row for row in Auditor.objects.filter(inspection=inspection)}
    return [_person(user.pk, known.get(user.pk)) for user in users]


def _person(key: int, row: Auditor | None) -> allocation.Person:
    if row is None:
        return allocation.Person(key)
    return allocation.Person(key, team=row.team, specialisms=frozenset(row.specialisms), share=row.share)


def had_and_load(inspection: Inspection, *, ignoring: Sequence[int] = ()) -> tuple[dict[int, set[int]], dict[int, int]]:
    """Say who has ever had each case, and how much each person has now, but for these audits."""
    had: dict[int, set[int]] = {}
    rows = Audit.objects.filter(inspection=inspection).exclude(pk__in=ignoring)
    for case_id, auditor in rows.values_list("case_id", "auditor_id"):
        had.setdefault(case_id, set()).add(auditor)
    counts = rows.current().values("auditor_id").annotate(n=Count("pk")).order_by()
    return had, {row["auditor_id"]: row["n"] for row in counts}


# What the page shows


def allocation_rows(inspection: Inspection) -> QuerySet[Case]:
    """Return the sample's cases with who audits them and how far they are, and nothing of what they found."""

    def audit(capacity: str) -> QuerySet[Audit]:
        return Audit.objects.filter(case=OuterRef("pk"), capacity=capacity, ended_at=None)

    rows = cases_of(inspection)
    for capacity in Capacity.of_auditors():
        rows = rows.annotate(
            **{
                f"{capacity}_auditor": Subquery(audit(capacity).values("auditor__name")[:1]),
                f"{capacity}_state": Subquery(audit(capacity).values("state")[:1]),
                f"{capacity}_pinned": Subquery(audit(capacity).values("is_pinned")[:1]),
            }
        )
    return rows


@dataclass(frozen=True)
class AuditorRow:
    """One auditor: what allocation knows of them, and how much they have and have handed in."""

    key: int
    name: str
    team: str
    specialisms: tuple[str, ...]
    share: int | None
    all: int
    done: int


def auditors(inspection: Inspection) -> list[AuditorRow]:
    """List who may audit or has audited, by name; three queries."""
    rows = Audit.objects.current().filter(inspection=inspection).values("auditor_id", "auditor__name")
    rows = rows.annotate(n=Count("pk"), done=Count("pk", filter=Q(state=AuditState.SUBMITTED))).order_by()
    counts = {row["auditor_id"]: row for row in rows}
    names = {user.pk: user.name for user in colleagues(inspection.force, Permission.AUDIT_DO)}
    names |= {key: row["auditor__name"] for key, row in counts.items()}
    known = {row.user_id: row for row in Auditor.objects.filter(inspection=inspection)}
    titles = dict(CaseType.objects.filter(programme=inspection.programme_id).values_list("key", "title"))
    return [
        AuditorRow(
            key=key,
            name=name,
            team=known[key].team if key in known else "",
            specialisms=tuple(titles.get(kind, kind) for kind in known[key].specialisms) if key in known else (),
            share=known[key].share if key in known else None,
            all=counts[key]["n"] if key in counts else 0,
            done=counts[key]["done"] if key in counts else 0,
        )
        for key, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0]))
    ]


def given_back() -> QuerySet[Audit]:
    """Return audits that were given back for a conflict and that nobody has taken since, the newest first."""
    again = Audit.objects.current().filter(case=OuterRef("case"), capacity=OuterRef("capacity"))
    rows = Audit.objects.filter(has_conflict=True, case__replaced_at=None).exclude(Exists(again))
    return rows.select_related("case", "auditor").order_by("-ended_at", "-pk")


def teams(inspection: Inspection) -> list[str]:
    """Name the teams that ran the cases of the frame."""
    rows = Candidate.objects.filter(frame__inspection=inspection, frame__discarded_at=None)
    return list(rows.order_by("team").values_list("team", flat=True).distinct())
