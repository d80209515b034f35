"""Gathering the state of an inspection from every open room, in a constant number of queries."""

import json
from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, F, Max, Min, Prefetch, Q
from django.utils.timezone import localdate

from ncpi.actions.models import Action, ActionStatus, Recommendation, RecommendationStatus
from ncpi.board import inputs
from ncpi.board.models import Ask, Figure, Meeting, Publication, Summary
from ncpi.board.paper import Meeting as MeetingFacts
from ncpi.board.trend import MOST_EARLIER
from ncpi.fieldwork.models import Invitation, Placement, Reply, Session, SessionState, TimetableState
from ncpi.inspections.models import Area, ChangeMark, Criterion, Grade, Inspection, Milestone
from ncpi.lib.dates import combine
from ncpi.selfassessment.models import EvidenceLink, Judgement
from ncpi.selfassessment.queries import standings, whole_return

MIDNIGHT = time(0)


def moment_of(inspection: Inspection, on: date) -> datetime:
    """Return the moment that a summary compiled now speaks for: the last change, or the day's first minute.

    The day counts because what is overdue and how far off a date is changes at midnight without anybody's doing.
    """
    marks = ChangeMark.objects.filter(inspection=inspection).aggregate(at=Max("changed_at"))
    figures = Figure.objects.filter(inspection=inspection).aggregate(at=Max("as_at"))
    known = [at for at in (marks["at"], figures["at"]) if at is not None]
    return max([combine(on, MIDNIGHT), *known])


def changes_of(inspection: Inspection) -> int:
    """Count the changes of an inspection so far, to be asked before anything is counted for a publication."""
    return ChangeMark.objects.filter(inspection=inspection).values_list("changes", flat=True).first() or 0


def stands(inspection: Inspection, *, source: str, terms: str, at: datetime) -> bool:
    """Say whether what this source published last would come out the same now; one query."""
    published = Publication.objects.filter(
        inspection=inspection, source=source, terms=terms, changes=F("inspection__mark__changes"), as_at__lte=at
    )
    return published.filter(Q(holds_until=None) | Q(holds_until__gte=at)).exists()


def state_of(inspection: Inspection, *, as_at: datetime, on: date) -> inputs.State:
    """Return everything that a summary is made of, as it stands; what is dated after the moment is left out."""
    areas = _areas(inspection)
    return inputs.State(
        programme=_programme(inspection, areas),
        inspection=_inspection(inspection),
        as_at=as_at,
        judgements=_judgements(inspection, as_at),
        signatures=_signatures(inspection, as_at),
        published=_published(inspection, as_at),
        recommendations=_recommendations(inspection, on),
        actions=_actions(inspection),
        fieldwork=_fieldwork(inspection),
        milestones=_milestones(inspection, on),
        earlier=_earlier(inspection, as_at),
        asks=_asks(inspection),
    )


def _areas(inspection: Inspection) -> tuple[inputs.Area, ...]:
    criteria = Criterion.objects.order_by("order", "pk")
    rows = Area.objects.filter(programme=inspection.programme_id).prefetch_related(Prefetch("criteria", criteria))
    return tuple(
        inputs.Area(row.key, row.title, tuple(criterion.key for criterion in row.criteria.all()))
        for row in rows.order_by("order", "pk")
    )


def _programme(inspection: Inspection, areas: tuple[inputs.Area, ...]) -> inputs.Programme:
    programme = inspection.programme
    grades = Grade.objects.filter(programme=programme).order_by("order", "pk")
    return inputs.Programme(
        id=f"{programme.key}-edition-{programme.edition}" if programme.edition > 1 else programme.key,
        title=programme.title,
        graded=programme.graded,
        grades=tuple(inputs.Grade(g.key, g.label, g.order, g.is_good_side) for g in grades),
        areas=areas,
    )


def _inspection(inspection: Inspection) -> inputs.Inspection:
    return inputs.Inspection(
        ref=inspection.ref,
        force=inspection.force.name,
        title=inspection.name,
        notice_date=inspection.notice_date,
        fieldwork_start_date=inspection.fieldwork_start_date,
        fieldwork_end_date=inspection.fieldwork_end_date,
        publication_date=inspection.publication_date,
        evidence_from_date=inspection.evidence_from_date,
    )


def _judgements(inspection: Inspection, as_at: datetime) -> tuple[inputs.Judgement, ...]:
    links = EvidenceLink.objects.filter(removed_at=None, evidence__withdrawn_at=None, added_at__lte=as_at)
    rows = Judgement.objects.filter(inspection=inspection, saved_at__lte=as_at)
    rows = rows.select_related("criterion__area", "grade")
    rows = rows.prefetch_related(Prefetch("evidence_links", links.select_related("evidence").order_by("pk")))
    return tuple(
        inputs.Judgement(
            criterion=row.criterion.key,
            area=row.criterion.area.key,
            state=row.state,
            grade=row.grade.key if row.grade else None,
            evidence=tuple(
                inputs.Evidence(
                    link.evidence.kind,
                    link.evidence.period_from_date,
                    link.evidence.period_to_date,
                    link.evidence.review_date,
                )
                for link in row.evidence_links.all()
            ),
        )
        for row in rows.defer("narrative", "impact", "gaps", "plan").order_by("pk")
    )


def _signatures(inspection: Inspection, as_at: datetime) -> tuple[inputs.Signature, ...]:
    """Return what the newest signature over each area is worth; one over the whole return stands for every area."""
    whole = whole_return(inspection)
    found = standings([whole])
    over_all = found.get((inspection.pk, None))
    rows = ((area, found.get((inspection.pk, area.pk), over_all)) for area in whole.areas())
    return tuple(
        inputs.Signature(area.key, str(row.status), row.signature.signed_name, localdate(row.signature.signed_at))
        for area, row in rows
        if row and row.signature and row.signature.signed_at <= as_at
    )


def _published(inspection: Inspection, as_at: datetime) -> tuple[inputs.PublishedFigure, ...]:
    rows = Figure.objects.filter(inspection=inspection, as_at__lte=as_at).latest()
    return tuple(
        inputs.PublishedFigure(
            measure=row.measure,
            area=row.area,
            breakdown=row.breakdown,
            numerator=row.numerator,
            denominator=row.denominator,
            as_at=row.as_at,
            source=row.source,
            value=row.value,
            low=row.low,
            high=row.high,
        )
        for row in rows
        if not row.is_withdrawn
    )


def _recommendations(inspection: Inspection, on: date) -> tuple[inputs.Recommendation, ...]:
    ended = [RecommendationStatus.COMPLETE, RecommendationStatus.SUPERSEDED]
    rows = Recommendation.objects.filter(force=inspection.force_id).filter(
        Q(inspection=None) | Q(inspection=inspection)
    )
    rows = rows.select_related("report", "area", "repeats__report").annotate(
        first_date=Min("trail__on_date"), ended_date=Max("trail__on_date", filter=Q(trail__status__in=ended))
    )
    return tuple(
        inputs.Recommendation(
            ref=row.number,
            title=row.text,
            source=row.report.title,
            areas=(row.area.key,) if row.area else (),
            deadline_kind=row.deadline_kind or "none",
            opened_date=min(row.first_date or row.report.published_date or on, on),
            due_date=row.due_date,
            closed_date=None if row.is_open else min(row.ended_date or on, on),
            repeats=f"{row.repeats.number} ({row.repeats.report.title})" if row.repeats else "",
        )
        for row in rows.order_by("pk")
    )


def _actions(inspection: Inspection) -> tuple[inputs.Action, ...]:
    rows = Action.objects.filter(inspection=inspection).exclude(status=ActionStatus.NOT_ADOPTED)
    rows = rows.select_related("owner", "criterion__area", "recommendation__area")
    return tuple(
        inputs.Action(
            ref=f"A{row.pk}",
            title=row.title,
            owner=row.owner.name,
            areas=_areas_of_action(row),
            opened_date=row.raised_date,
            due_date=row.due_date,
            closed_date=row.closed_date,
            recommendation=row.recommendation.number if row.recommendation else "",
        )
        for row in rows.order_by("pk")
    )


def _areas_of_action(row: Action) -> tuple[str, ...]:
    if row.criterion:
        return (row.criterion.area.key,)
    return (row.recommendation.area.key,) if row.recommendation and row.recommendation.area else ()


def _fieldwork(inspection: Inspection) -> inputs.Fieldwork:
    wanted = Session.objects.filter(inspection=inspection).exclude(state=SessionState.CANCELLED)
    placed = Placement.objects.filter(
        timetable__inspection=inspection, timetable__state=TimetableState.PUBLISHED, session__in=wanted
    )
    covered = Criterion.objects.filter(
        Q(pk__in=wanted.values("kind__criteria")) | Q(area__in=wanted.values("areas"))
    ).filter(area__programme=inspection.programme_id)
    replies = Invitation.objects.filter(session__inspection=inspection, is_cancelled=False).aggregate(
        invited=Count("pk"),
        accepted=Count("pk", filter=Q(reply=Reply.ACCEPTED)),
        declined=Count("pk", filter=Q(reply__in=Reply.not_coming())),
    )
    return inputs.Fieldwork(
        sessions_wanted=wanted.count(),
        sessions_placed=placed.count(),
        people_invited=replies["invited"],
        people_accepted=replies["accepted"],
        people_declined=replies["declined"],
        criteria_covered=covered.distinct().count(),
        sessions_held=placed.filter(session__record__took_place=True).count(),
    )


def _milestones(inspection: Inspection, on: date) -> tuple[inputs.Milestone, ...]:
    rows = Milestone.objects.filter(inspection=inspection).select_related("rule").order_by("due_date", "pk")
    found = [
        inputs.Milestone(
            row.rule.key if row.rule else f"milestone-{row.pk}", row.title, row.due_date, bool(row.done_date)
        )
        for row in rows
    ]
    dates = {
        "fieldwork-start": ("Fieldwork starts", inspection.fieldwork_start_date),
        "fieldwork-end": ("Fieldwork ends", inspection.fieldwork_end_date),
        "publication": ("Report published", inspection.publication_date),
    }
    known = defaultdict(set)
    for row in found:
        known[row.on].add(row.label)
    events = [
        inputs.Milestone(f"date-{key}", label, day, is_event=True)
        for key, (label, day) in dates.items()
        if day and label not in known[day]
    ]
    meetings = Meeting.objects.filter(inspection=inspection).order_by("held_date", "pk")
    events += [
        inputs.Milestone(f"meeting-{row.held_date}", f"{row.to} meets", row.held_date, is_event=True)
        for row in meetings
    ]
    return (*found, *events)


def _earlier(inspection: Inspection, as_at: datetime) -> tuple[inputs.Earlier, ...]:
    rows = Summary.objects.filter(inspection=inspection, as_at__lt=as_at).released()
    rows = rows.order_by("-as_at", "-pk")[:MOST_EARLIER]
    return tuple(inputs.Earlier(row.as_at, json.loads(row.content)) for row in rows)


def _asks(inspection: Inspection) -> tuple[inputs.Ask, ...]:
    rows = Ask.objects.filter(inspection=inspection, withdrawn_at=None).order_by("order", "pk")
    return tuple(inputs.Ask(f"ask-{row.pk}", row.kind, row.text, row.order) for row in rows)


def meeting_of(inspection: Inspection, on: date) -> Meeting | None:
    """Return the meeting that a summary of a day goes to: the next one, or the last there was."""
    rows = Meeting.objects.filter(inspection=inspection)
    return rows.filter(held_date__gte=on).order_by("held_date").first() or rows.order_by("-held_date").first()


def meeting_facts(meeting: Meeting | None, on: date) -> MeetingFacts:
    """Return what stands at the head of a paper; without a meeting, the house's usual words."""
    if meeting is None:
        return MeetingFacts(on=on)
    return MeetingFacts(
        to=meeting.to,
        sender=meeting.sender,
        on=meeting.held_date,
        agenda_item=meeting.agenda_item,
        title=meeting.title,
        marking=meeting.marking.upper(),
    )


def figure_history(inspection: Inspection, figure: Any) -> list[Figure]:
    """Return the published history of a measure, newest first."""
    rows = Figure.objects.filter(
        inspection=inspection, measure=figure["measure"], area=figure["area"], breakdown=figure["breakdown"]
    )
    return list(rows.order_by("-as_at", "-pk")[:50])
