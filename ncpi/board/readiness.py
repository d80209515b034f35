"""The readiness summary: one frozen picture of an inspection at a moment.

It holds figures, and sections that refer to figures; no section holds a number of its own.
There is no overall percentage, and no grade that a person did not give. The same state always
gives the same bytes: draft, approval, release and the summary's number are kept beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ncpi.board.areas import area_row, good_words, whole_force
from ncpi.board.clocks import clocks
from ncpi.board.figures import MEASURES, Book
from ncpi.board.inputs import PublishedFigure, State
from ncpi.board.sentences import assessment_sentence, cases_sentence, promises_sentence
from ncpi.board.tracking import tracking
from ncpi.board.trend import changes, trend
from ncpi.board.wording import LONDON, Sentence, clean, number, one_or_many, text
from ncpi.lib.digests import canonical

FORMAT = "ncpi-summary/1"
OPEN_CONCERNS = "concerns.force.open"
FIELDWORK = "fieldwork: timetable"
CONCERNS = {
    "concerns.force.raised": "Raised",
    "concerns.force.open": "Open",
    "concerns.force.overdue": "Open and overdue",
    "concerns.force.acknowledged": "Acknowledged",
    "concerns.force.closed": "Closed by a second person",
    "concern_minutes.force.to_acknowledge": "Minutes to acknowledge (median)",
    "concern_minutes.force.to_close": "Minutes to close (median)",
}
COVERAGE = {
    "cases_audited.force": "Cases audited, of cases drawn",
    "cases_graded.force": "Cases with a grade, of cases drawn",
    "cases_double_graded.force": "Graded twice, of cases audited",
    "cases_awaiting_moderation.force": "Waiting for the moderator, of cases graded twice",
    "grading_agreement.force": "Both gradings equal, of cases graded twice",
    "cases_graded_by_inspectors.force": "Also graded by inspectors, of cases drawn",
    "grading_agreement.force.inspector": "Graded alike by force and inspectors, of cases graded by both",
}


class StateOfAnotherTime(Exception):
    """A figure was published after the moment that the summary speaks for."""


def local_day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _add_published(book: Book, published: tuple[PublishedFigure, ...], as_at: datetime) -> None:
    for figure in published:
        if figure.as_at > as_at:
            raise StateOfAnotherTime("A figure is newer than the summary.")
        book.carry(replace(figure, source=clean(figure.source)))


def _listed(book: Book, names: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "figure": name} for name, label in names.items() if book.get(name)]


def _concerns(book: Book) -> dict[str, Any]:
    name = OPEN_CONCERNS
    figure = book.get(name)
    sentence: Sentence = [text("No figures on concerns have been published.")]
    if figure is not None and not figure["numerator"]:
        sentence = [text("No concern that a child may not be safe is open.")]
    elif figure is not None:
        sentence = [
            number(name),
            one_or_many(
                figure,
                " concern that a child may not be safe is open.",
                " concerns that a child may not be safe are open.",
            ),
        ]
    return {"sentence": sentence, "rows": _listed(book, CONCERNS)}


def _coverage(book: Book) -> list[dict[str, str]]:
    return _listed(book, COVERAGE)


def _fieldwork(state: State, book: Book) -> dict[str, Any]:
    work = state.fieldwork
    total = sum(len(area.criteria) for area in state.programme.areas)
    add = book.add
    placed = add("sessions", work.sessions_placed, work.sessions_wanted, breakdown="placed", source=FIELDWORK)
    accepted = add("people", work.people_accepted, work.people_invited, breakdown="accepted", source=FIELDWORK)
    declined = add("people", work.people_declined, work.people_invited, breakdown="declined", source=FIELDWORK)
    covered = add("criteria_covered", work.criteria_covered, total, source=FIELDWORK)
    sentence: Sentence = [text("No sessions have been asked for yet.")]
    if work.sessions_wanted:
        sentence = [
            number(placed),
            text(" of "),
            number(placed, "denominator"),
            text(" interviews and focus groups have a time, and "),
            number(covered),
            text(" of "),
            number(covered, "denominator"),
            text(" criteria are spoken to by at least one."),
        ]
    rows = [
        {"label": "Sessions with a time, of sessions wanted", "figure": placed},
        {"label": "People who accepted, of people invited", "figure": accepted},
        {"label": "People who declined, of people invited", "figure": declined},
        {"label": "Criteria spoken to, of all criteria", "figure": covered},
    ]
    if work.sessions_held:
        held = add("sessions", work.sessions_held, work.sessions_placed, breakdown="held", source=FIELDWORK)
        sentence += [text(" So far "), number(held), text(" of those with a time took place.")]
        rows.insert(1, {"label": "Sessions that took place, of sessions with a time", "figure": held})
    return {"state": work.state, "sentence": sentence, "rows": rows}


def _asks(state: State) -> list[dict[str, str]]:
    ordered = sorted(state.asks, key=lambda ask: (ask.position, ask.id))
    return [{"id": ask.id, "kind": ask.kind, "text": clean(ask.text)} for ask in ordered]


def _programme(state: State) -> dict[str, Any]:
    programme = state.programme
    return {
        "id": programme.id,
        "title": clean(programme.title),
        "graded": programme.graded,
        "good": good_words(programme),
        "grades": [
            {"id": g.id, "label": clean(g.label), "meets": g.meets}
            for g in sorted(programme.grades, key=lambda grade: grade.order)
        ],
    }


def _inspection(state: State) -> dict[str, str]:
    inspection = state.inspection
    return {
        "ref": inspection.ref,
        "force": clean(inspection.force),
        "title": clean(inspection.title),
        "phase": phase(state, local_day(state.as_at)),
        "notice_date": _iso(inspection.notice_date),
        "fieldwork_start_date": inspection.fieldwork_start_date.isoformat(),
        "fieldwork_end_date": inspection.fieldwork_end_date.isoformat(),
        "publication_date": _iso(inspection.publication_date),
        "evidence_from_date": _iso(inspection.evidence_from_date),
    }


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def phase(state: State, on: date) -> str:
    """Name where the inspection stands on a day."""
    inspection = state.inspection
    if on < inspection.fieldwork_start_date:
        return "Preparing for fieldwork"
    if on <= inspection.fieldwork_end_date:
        return "Fieldwork under way"
    if inspection.publication_date is None or on < inspection.publication_date:
        return "Awaiting the report"
    return "Report published"


def content_of(state: State) -> dict[str, Any]:
    """Compile the summary's content from a state."""
    book = Book(state.as_at)
    on = local_day(state.as_at)
    _add_published(book, state.published, state.as_at)
    areas = [area_row(state, book, area, on) for area in state.programme.areas]
    whole = whole_force(state, book, areas)
    tracked = tracking(state, book, on)
    concern = OPEN_CONCERNS if book.get(OPEN_CONCERNS) else None
    good = good_words(state.programme)
    dates = clocks(state, book, on)
    fieldwork = _fieldwork(state, book)
    series = trend(state, book)
    changed = changes(state, book, areas)
    cases = whole["cases"]["good"]
    sentences = [
        assessment_sentence(book, whole, good),
        cases_sentence(book, cases, whole["flagged"], good),
        promises_sentence(book, tracked["totals"], concern),
    ]
    return {
        "format": FORMAT,
        "programme": _programme(state),
        "inspection": _inspection(state),
        "as_at": book.as_at,
        "sentences": sentences,
        "areas": areas,
        "whole": whole,
        "coverage": _coverage(book),
        "concerns": _concerns(book),
        "fieldwork": fieldwork,
        "tracking": tracked,
        "clocks": dates,
        "trend": series,
        "changes": changed,
        "asks": _asks(state),
        "measures": {measure: MEASURES.get(measure, "") for measure in sorted({f["measure"] for f in book})},
        "figures": list(book),
    }


def summary_bytes(state: State) -> bytes:
    """Return the canonical bytes of the summary of a state."""
    return canonical(content_of(state))
