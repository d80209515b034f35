"""The picture by area: what the force says, what the cases say, what others found, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from ncpi.board.figures import WHOLE_FORCE, Book, moment, name_of
from ncpi.board.flags import Standing, flags
from ncpi.board.inputs import Area, Judgement, Programme, PublishedFigure, Recommendation, State
from ncpi.board.wording import Sentence, clean, number, one_or_many

CLAIMS = "self-assessment: judgements"
EVIDENCE = "self-assessment: evidence"
SIGNATURES = "self-assessment: signatures"
REPORTS = "actions: recommendations"
VOICE = "voice"


def good_words(programme: Programme) -> str:
    """Name the good side of the scale: `good`, or `good or better` where there is better."""
    meets = sorted((g for g in programme.grades if g.meets), key=lambda grade: grade.order)
    if not meets:
        return "good"
    lowest = clean(meets[-1].label).lower()
    return lowest if len(meets) == 1 else f"{lowest} or better"


def _has_any(judgement: Judgement) -> bool:
    return bool(judgement.evidence)


def covers(judgement: Judgement, from_date: date | None) -> bool:
    """Return whether any evidence speaks for the period the inspectors look at."""
    return any(from_date is None or e.period_to_date >= from_date for e in judgement.evidence)


def _missing_tests(from_date: date | None) -> dict[str, tuple[Callable[[Judgement], bool], str, str]]:
    return {
        "judgement": (lambda j: j.grade is None, " criterion not judged yet", " criteria not judged yet"),
        "evidence": (
            lambda j: j.grade is not None and not _has_any(j),
            " criterion without any evidence",
            " criteria without any evidence",
        ),
        "recent_evidence": (
            lambda j: _has_any(j) and not covers(j, from_date),
            " criterion with evidence from before the period only",
            " criteria with evidence from before the period only",
        ),
        "voice": (
            lambda j: _has_any(j) and all(e.kind != VOICE for e in j.evidence),
            " criterion without a child's voice",
            " criteria without a child's voice",
        ),
        "second_kind": (
            lambda j: len(j.evidence) > 0 and len({e.kind for e in j.evidence}) == 1,
            " criterion resting on one kind of evidence",
            " criteria resting on one kind of evidence",
        ),
    }


def _missing(state: State, book: Book, area: Area, judged: list[Judgement]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for reason, (test, one, many) in _missing_tests(state.inspection.evidence_from_date).items():
        count = sum(1 for judgement in judged if test(judgement))
        name = book.add("missing", count, len(judged), area=area.id, breakdown=reason, source=EVIDENCE)
        if count:
            sentence: Sentence = [number(name), one_or_many(book[name], one, many)]
            rows.append({"reason": reason, "figure": name, "sentence": sentence})
    return rows


def _claims(programme: Programme, book: Book, area: str, judged: list[Judgement]) -> list[dict[str, str]]:
    return [
        {
            "grade": grade.id,
            "figure": book.add(
                "claim_grade",
                sum(1 for j in judged if j.grade == grade.id),
                len(judged),
                area=area,
                breakdown=grade.id,
                source=CLAIMS,
            ),
        }
        for grade in programme.grades
    ]


def meeting_grades(programme: Programme) -> set[str]:
    return {grade.id for grade in programme.grades if grade.meets}


def case_grades(state: State, book: Book, area: str, published: Iterable[PublishedFigure]) -> dict[str, Any]:
    """Return the audited cases of an area by grade, with the share on the good side."""
    mine = [f for f in published if f.measure == "audit_grade" and f.area == area]
    counts = {f.breakdown: f for f in mine}
    totals = {f.denominator or 0 for f in mine}
    if len(totals) > 1:
        raise ValueError("The grades of one area have different totals.")
    total = totals.pop() if totals else 0
    meets = meeting_grades(state.programme)
    source = min((clean(f.source) for f in mine), default="case audits")
    good = book.add(
        "audit_good",
        sum(counts[grade].numerator or 0 for grade in meets & counts.keys()),
        total,
        area=area,
        source=source,
        as_at=moment(max((f.as_at for f in mine), default=state.as_at)),
        sampled=True,
    )
    names = [
        {"grade": g.id, "figure": name_of("audit_grade", area, g.id)} for g in state.programme.grades if g.id in counts
    ]
    return {"grades": names, "good": good}


def _others(book: Book, area: str, recommendations: Iterable[Recommendation], on: date) -> dict[str, str]:
    mine = [r for r in recommendations if area in r.areas and r.closed_date is None]
    add = lambda kind, count: book.add(  # noqa: E731
        "recommendations", count, len(mine), area=area, breakdown=kind, source=REPORTS
    )
    return {
        "open": add("open", len(mine)),
        "overdue": add("overdue", sum(1 for r in mine if r.due_date and r.due_date < on)),
        "repeated": add("repeated", sum(1 for r in mine if r.repeats)),
    }


def _signature(state: State, area: str) -> dict[str, str]:
    for signature in state.signatures:
        if signature.area == area:
            return {"state": signature.state, "by": clean(signature.by), "date": signature.on.isoformat()}
    return {"state": "none", "by": "", "date": ""}


def _newest(judged: list[Judgement]) -> str:
    days = [evidence.period_to_date for judgement in judged for evidence in judgement.evidence]
    return max(days).isoformat() if days else ""


def area_row(state: State, book: Book, area: Area, on: date) -> dict[str, Any]:
    """Build one area's row."""
    known = {judgement.criterion: judgement for judgement in state.judgements}
    judged = [known.get(c) or Judgement(c, area.id, "not_started") for c in area.criteria]
    meets = meeting_grades(state.programme)
    claims = _claims(state.programme, book, area.id, judged)
    claimed = [j for j in judged if j.grade in meets]
    from_date = state.inspection.evidence_from_date
    claimed_name = book.add("claim_good", len(claimed), len(judged), area=area.id, source=CLAIMS)
    judged_name = book.add("judged", sum(1 for j in judged if j.grade), len(judged), area=area.id, source=CLAIMS)
    cases = case_grades(state, book, area.id, state.published)
    missing = _missing(state, book, area, judged)
    standing = Standing(
        claimed=claimed_name,
        cases=str(cases["good"]),
        unsupported=book.add(
            "missing",
            sum(1 for j in claimed if not covers(j, from_date)),
            len(claimed),
            area=area.id,
            breakdown="support",
            source=EVIDENCE,
        ),
        without_evidence=f"missing.{area.id}.evidence",
        good=good_words(state.programme),
    )
    return {
        "area": area.id,
        "title": clean(area.title),
        "claims": claims,
        "claimed_good": claimed_name,
        "judged": judged_name,
        "signature": _signature(state, area.id),
        "cases": cases,
        "others": _others(book, area.id, state.recommendations, on),
        "missing": missing,
        "newest_evidence": _newest(judged),
        "flags": flags(book, standing),
    }


def whole_force(state: State, book: Book, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Add the figures of the whole force that the sentences and the trend speak of."""
    listed = {criterion for area in state.programme.areas for criterion in area.criteria}
    judged = [j for j in state.judgements if j.criterion in listed]
    total = len(listed)
    meets = meeting_grades(state.programme)
    from_date = state.inspection.evidence_from_date
    add = lambda measure, count, source: book.add(measure, count, total, source=source)  # noqa: E731
    return {
        "judged": add("judged", sum(1 for j in judged if j.grade), CLAIMS),
        "agreed": add("agreed", sum(1 for j in judged if j.state == "agreed"), CLAIMS),
        "claimed_good": add("claim_good", sum(1 for j in judged if j.grade in meets), CLAIMS),
        "evidenced": add("evidenced", sum(1 for j in judged if covers(j, from_date)), EVIDENCE),
        "signed": book.add(
            "areas_signed",
            sum(1 for row in rows if row["signature"]["state"] == "valid"),
            len(rows),
            source=SIGNATURES,
        ),
        "cases": case_grades(state, book, WHOLE_FORCE, state.published),
        "flagged": {kind: _flagged(book, rows, kind) for kind in ("contradicted", "unsupported", "untested")},
    }


def _flagged(book: Book, rows: list[dict[str, Any]], kind: str) -> str:
    count = sum(1 for row in rows if any(flag["kind"] == kind for flag in row["flags"]))
    return book.add("areas_flagged", count, len(rows), breakdown=kind, source="this summary: warnings")
