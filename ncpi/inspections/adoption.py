"""Turning a programme's files into the rows that everything else points to.

An adopted programme never changes: the database refuses it. A corrected one is a new edition.
"""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from ncpi.accounts import journal
from ncpi.inspections import programme_content as content
from ncpi.inspections.models import (
    Area,
    CaseType,
    Criterion,
    DeadlineRule,
    Grade,
    Programme,
    ProgrammeFiles,
    ProgrammePart,
    Question,
    SessionKind,
)

Part = TypeVar("Part", bound=ProgrammePart)


class EditionChanged(Exception):
    """The same edition was adopted with other content; a corrected programme needs a new edition number."""


class AlreadyAdopted(Exception):
    """Exactly this programme has been adopted; there is nothing to do."""


@transaction.atomic
def adopt_programme(*, by: Any, found: content.ProgrammeFile, at: datetime) -> Programme:
    """Write a checked programme down for good."""
    head = found.programme
    earlier = Programme.objects.filter(key=head.id, edition=head.edition).first()
    if earlier and earlier.digest == found.digest:
        raise AlreadyAdopted(f"{head.id}, edition {head.edition}, has been adopted already.")
    if earlier:
        raise EditionChanged(
            f"{head.id}, edition {head.edition}, was adopted with other content. Give the changed files a new edition."
        )
    programme = _programme(found, at)
    _grades(programme, found)
    areas = _areas(programme, found)
    criteria = _criteria(areas, found)
    _questions(programme, found, areas, _case_types(programme, found))
    _session_kinds(programme, found, areas, criteria)
    _deadline_rules(programme, found)
    journal.record(by=by, verb="adopted", subject=programme, force=None, detail=found.digest)
    return programme


def _programme(found: content.ProgrammeFile, at: datetime) -> Programme:
    head = found.programme
    asked = {switch.id: switch.on for switch in head.switches}
    programme = Programme.objects.create(
        key=head.id,
        edition=head.edition,
        title=head.title,
        version_label=head.version,
        source_title=head.source_title,
        source_address=head.source_address,
        source_note=head.note,
        graded=head.graded,
        self_assessment_asked=asked["self_assessment_asked"],
        case_audit_asked=asked["case_audit_asked"],
        switches_basis="\n".join(f"{switch.id}: {switch.grounds.note}" for switch in head.switches),
        word_limit=head.word_limit,
        in_force_from=head.in_force_from,
        in_force_to=head.in_force_to,
        digest=found.digest,
        adopted_at=at,
    )
    ProgrammeFiles.objects.create(programme=programme, content=found.content)
    return programme


def _part(item: Any, order: int) -> dict[str, Any]:
    grounds = item.grounds
    return {
        "key": item.id,
        "order": order,
        "basis": grounds.basis,
        "sources": list(grounds.seen_in),
        "note": grounds.note,
    }


def _by_key(model: type[Part], rows: list[Part]) -> dict[str, Part]:
    return {row.key: row for row in model._default_manager.bulk_create(rows)}


def _grades(programme: Programme, found: content.ProgrammeFile) -> None:
    """Only grades that can be given become rows; one that is kept for reading old figures stays in the content."""
    in_use = [grade for grade in found.grades if grade.in_use]
    Grade.objects.bulk_create(
        Grade(programme=programme, label=grade.title, is_good_side=grade.is_good, **_part(grade, order))
        for order, grade in enumerate(in_use, start=1)
    )


def _areas(programme: Programme, found: content.ProgrammeFile) -> dict[str, Area]:
    return _by_key(
        Area,
        [
            Area(programme=programme, title=area.title, summary=area.summary, **_part(area, order))
            for order, area in enumerate(found.areas, start=1)
        ],
    )


def _criteria(areas: dict[str, Area], found: content.ProgrammeFile) -> dict[str, Criterion]:
    return _by_key(
        Criterion,
        [
            Criterion(area=areas[item.area], title=item.title, looks_for=list(item.looks_for), **_part(item, order))
            for order, item in enumerate(found.criteria, start=1)
        ],
    )


def _case_types(programme: Programme, found: content.ProgrammeFile) -> dict[str, CaseType]:
    return _by_key(
        CaseType,
        [
            CaseType(
                programme=programme,
                title=item.title,
                report_label=item.report_label,
                default_sample=item.sample,
                default_sample_basis=item.sample_basis,
                **_part(item, order),
            )
            for order, item in enumerate(found.case_types, start=1)
        ],
    )


def _questions(
    programme: Programme, found: content.ProgrammeFile, areas: dict[str, Area], case_types: dict[str, CaseType]
) -> None:
    Question.objects.bulk_create(
        Question(
            programme=programme,
            case_type=case_types.get(item.case_type),
            area=areas[item.area],
            section=item.section,
            ask=item.ask,
            kind=item.answer,
            is_required=item.required,
            follow_up=item.follow_up,
            escalates=item.escalates,
            part_of=item.part_of,
            **_part(item, order),
        )
        for order, item in enumerate(found.questions, start=1)
    )


def _session_kinds(
    programme: Programme, found: content.ProgrammeFile, areas: dict[str, Area], criteria: dict[str, Criterion]
) -> None:
    kinds = _by_key(
        SessionKind,
        [
            SessionKind(
                programme=programme,
                title=item.title,
                form=item.form,
                who=item.who,
                minutes=item.minutes,
                size=item.size,
                inspectors=item.inspectors,
                wanted=item.wanted,
                priority=item.priority,
                after=list(item.after),
                **_part(item, order),
            )
            for order, item in enumerate(found.session_kinds, start=1)
        ],
    )
    area_of = {item.id: item.area for item in found.criteria}
    within: dict[str, list[str]] = {}
    for item in found.criteria:
        within.setdefault(item.area, []).append(item.id)
    touched = {item.id: {area_of.get(name, name) for name in item.covers} for item in found.session_kinds}
    covered = {
        item.id: {key for name in item.covers for key in within.get(name, [name])} for item in found.session_kinds
    }
    _link(SessionKind.areas.through, "area", kinds, areas, touched)
    _link(SessionKind.criteria.through, "criterion", kinds, criteria, covered)


def _link(
    through: Any, field: str, kinds: dict[str, SessionKind], rows: dict[str, Any], names: dict[str, set[str]]
) -> None:
    through._default_manager.bulk_create(
        through(sessionkind_id=kind.pk, **{f"{field}_id": rows[name].pk})
        for key, kind in kinds.items()
        for name in sorted(names[key])
    )


def _deadline_rules(programme: Programme, found: content.ProgrammeFile) -> None:
    DeadlineRule.objects.bulk_create(
        DeadlineRule(
            programme=programme,
            title=item.title,
            use=item.kind,
            counts_from=item.anchor,
            days=item.days,
            months=item.months,
            is_fixed_date=item.id == "fixed_date",
            counting=item.counting,
            roll=item.roll,
            asked_when=item.asked_when,
            **_part(item, order),
        )
        for order, item in enumerate(found.deadlines, start=1)
    )
