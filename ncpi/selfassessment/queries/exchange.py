"""What the return's workbook and Word document are made of, and what a brought-back workbook would change."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ncpi.inspections.models import Area, Grade, Inspection
from ncpi.lib.written_dates import day, moment
from ncpi.selfassessment import proposals, word, workbook
from ncpi.selfassessment.canonical import TEXTS
from ncpi.selfassessment.models import Evidence, EvidenceLink, Judgement, JudgementState, Marking, Proposal
from ncpi.selfassessment.queries.evidence import evidence_in_use, links_with
from ncpi.selfassessment.queries.judgements import VERSIONS
from ncpi.selfassessment.queries.signatures import UNSIGNED, Standing, standings
from ncpi.selfassessment.queries.whole import Return, whole_return


def grades_of(inspection: Inspection) -> list[Grade]:
    return list(Grade.objects.filter(programme=inspection.programme_id).order_by("order", "pk"))


def criterion_keys(inspection: Inspection) -> list[str]:
    rows = Judgement.objects.filter(inspection=inspection).in_order()
    return list(rows.values_list("criterion__key", flat=True))


def workbook_contents(inspection: Inspection, *, taken_on: str) -> workbook.Contents:
    """Return what the workbook of a return holds, in four queries."""
    rows = list(Judgement.objects.filter(inspection=inspection).select_related("criterion__area", "grade").in_order())
    links = _links(inspection, rows)
    return workbook.Contents(
        force=inspection.force.name,
        inspection=inspection.name,
        ref=inspection.ref,
        programme=inspection.programme.title,
        taken_on=taken_on,
        marking=marking_of(link.evidence for link in links),
        grades=[grade.label for grade in grades_of(inspection)],
        lines=[_line(row) for row in rows],
        supports=[_support(link) for link in links],
        word_limit=inspection.programme.word_limit,
    )


def word_contents(inspection: Inspection, *, as_at: datetime) -> word.Contents:
    """Return what the Word document of a return holds, in five queries."""
    whole = whole_return(inspection)
    standing = standings([whole])
    links = [link for rows in whole.links.values() for link in rows]
    return word.Contents(
        force=inspection.force.name,
        inspection=inspection.name,
        programme=inspection.programme.title,
        marking=marking_of(link.evidence for link in links),
        standing=_signed(standing.get((inspection.pk, None), UNSIGNED)),
        as_at=as_at,
        as_at_in_words=moment(as_at),
        areas=[_area(whole, area, standing.get((inspection.pk, area.pk), UNSIGNED)) for area in whole.areas()],
    )


def marking_of(pieces: Iterable[Evidence]) -> str:
    """Return the highest marking of these pieces: what holds them all is marked like the most sensitive of them."""
    is_sensitive = any(piece.marking == Marking.OFFICIAL_SENSITIVE for piece in pieces)
    return str((Marking.OFFICIAL_SENSITIVE if is_sensitive else Marking.OFFICIAL).label)


def values_of(row: Any) -> dict[str, str]:
    """Return a judgement's row, or an earlier version of it, as a workbook has it: the grade by its label."""
    return {"grade": row.grade.label if row.grade else "", **{name: getattr(row, name) for name in TEXTS}}


def proposal_of(user: Any, inspection: Inspection, *, at: datetime) -> Proposal | None:
    return Proposal.objects.waiting(at).filter(user=user, inspection=inspection).first()


def compared(proposal: Proposal) -> tuple[proposals.Comparison, dict[str, Judgement]]:
    """Return what a proposal would change now, with the judgements as they are now, in two queries."""
    rows = [proposals.Row(**row) for row in proposal.rows]
    judgements = Judgement.objects.filter(inspection=proposal.inspection_id).select_related("criterion", "grade")
    by_key = {row.criterion.key: row for row in judgements}
    then = _as_taken_away(proposal, rows, by_key)
    saved = {row.key: _saved(by_key[row.key], row, then) for row in rows if row.key in by_key}
    return proposals.compare(rows, saved), by_key


def words_over_the_limit(inspection: Inspection, rows: Iterable[proposals.Row]) -> list[proposals.CellProblem]:
    """Name the cells that would change to more words than the programme allows."""
    limit = inspection.programme.word_limit
    if limit is None:
        return []
    unsaved = Proposal(inspection=inspection, rows=[row.as_json() for row in rows])
    return proposals.over_the_limit(compared(unsaved)[0], word_limit=limit)


def _as_taken_away(
    proposal: Proposal, rows: Iterable[proposals.Row], by_key: dict[str, Judgement]
) -> dict[tuple[str, int], Any]:
    """Return each row's judgement at the version that the workbook names, from the database's own history."""
    keys = {by_key[row.key].pk: row.key for row in rows if row.key in by_key}
    versions = {row.version for row in rows}
    events = VERSIONS.objects.filter(pgh_obj__inspection=proposal.inspection_id, version__in=versions)
    found: dict[tuple[str, int], Any] = {}
    for event in events.select_related("grade").order_by("pgh_id"):
        found.setdefault((keys.get(event.pgh_obj_id, ""), event.version), event)
    return found


def _saved(judgement: Judgement, row: proposals.Row, then: dict[tuple[str, int], Any]) -> proposals.Saved:
    event = then.get((row.key, row.version))
    return proposals.Saved(
        key=row.key,
        title=judgement.criterion.title,
        version=judgement.version,
        values=values_of(judgement),
        state=judgement.get_state_display(),
        is_open=judgement.is_editable,
        is_agreed=judgement.state == JudgementState.AGREED,
        base=proposals.base_of(row, values_of(event) if event else None),
    )


def _line(row: Judgement) -> workbook.Line:
    return workbook.Line(
        key=row.criterion.key,
        area=row.criterion.area.title,
        title=row.criterion.title,
        looks_for=row.criterion.looks_for,
        state=row.get_state_display(),
        version=row.version,
        is_open=row.is_editable,
        values=values_of(row),
    )


def _links(inspection: Inspection, judgements: Iterable[Judgement]) -> list[EvidenceLink]:
    """Return what supports these judgements, in their order."""
    places = {row.pk: (place, row) for place, row in enumerate(judgements)}
    links = links_with(evidence_in_use([inspection]), [inspection])
    found = [link for link in links if link.judgement_id in places]
    for link in found:
        link.judgement = places[link.judgement_id][1]
    return sorted(found, key=lambda link: (places[link.judgement_id][0], link.evidence.period_to_date, link.pk))


def _support(link: Any) -> workbook.Support:
    evidence = link.evidence
    return workbook.Support(
        key=link.judgement.criterion.key,
        title=link.judgement.criterion.title,
        evidence=evidence.title,
        shows=link.shows,
        kind=evidence.get_kind_display(),
        period_from_date=evidence.period_from_date,
        period_to_date=evidence.period_to_date,
        review_date=evidence.review_date,
        marking=evidence.get_marking_display(),
        owner=evidence.owner.name,
        where=_where(link),
    )


def _area(whole: Return, area: Area, standing: Standing) -> word.AreaPart:
    rows = whole.of_area(area)
    counts = Counter(row.grade.label if row.grade else word.NOT_GRADED for row in rows)
    order = {row.grade.label: row.grade.order for row in rows if row.grade}
    labels = sorted(counts, key=lambda label: order.get(label, len(counts) + 99))
    return word.AreaPart(
        key=area.key,
        title=area.title,
        summary=area.summary,
        signature=_signed(standing),
        grades=", ".join(f"{counts[label]} {label.lower()}" for label in labels),
        criteria=[_criterion(whole, row) for row in rows],
    )


def _criterion(whole: Return, row: Judgement) -> word.CriterionPart:
    return word.CriterionPart(
        key=row.criterion.key,
        title=row.criterion.title,
        grade=row.grade.label if row.grade else "",
        state=row.get_state_display(),
        texts=[(label, getattr(row, name)) for name, label in TEXTS.items()],
        evidence=[_evidence_line(link) for link in whole.links[row.pk]],
        actions=[f"{action.title} (due {day(action.due_date)})" for action in whole.actions[row.criterion_id]],
    )


def _evidence_line(link: Any) -> word.EvidenceLine:
    evidence = link.evidence
    return word.EvidenceLine(
        title=evidence.title,
        kind=evidence.get_kind_display(),
        period=f"{day(evidence.period_from_date)} to {day(evidence.period_to_date)}",
        marking=evidence.get_marking_display() if evidence.marking != Marking.OFFICIAL else "",
        where=_where(link),
        shows=link.shows,
    )


def _where(link: Any) -> str:
    return link.evidence.link or f"{link.newest_name}, version {link.newest_number}"


def _signed(standing: Standing) -> str:
    """Return what stands under a scope, in words."""
    signature = standing.signature
    if signature is None:
        return standing.status.label
    return f"{standing.status.label}. Signed by {signature.signed_name} on {day(signature.signed_at)}"
