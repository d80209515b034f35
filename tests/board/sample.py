"""A made-up force's state, built by hand from plain values: no real force, child, officer or case."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ncpi.board import inputs
from ncpi.board.intervals import share, wilson
from ncpi.board.readiness import content_of

AREAS = (
    ("C20-OVR", "Overall assessment of the response to help and protect children", 6),
    ("C20-INI", "Initial contact", 4),
    ("C20-AAH", "Assessment and help", 5),
    ("C20-INV", "Investigation", 5),
    ("C20-DEC", "Decision-making", 3),
    ("C20-TRU", "Trusted adult", 2),
    ("C20-RSK", "Managing those posing a risk to children", 4),
    ("C20-DET", "Police detention", 3),
    ("C20-LMG", "Leadership, management and governance", 5),
)
GRADES = (
    inputs.Grade("good", "Good", 1, True),
    inputs.Grade("requires_improvement", "Requires improvement", 2, False),
    inputs.Grade("inadequate", "Inadequate", 3, False),
)
PROGRAMME = inputs.Programme(
    id="ncpi-2020",
    title="National Child Protection Inspection, criteria of July 2020",
    graded="case",
    grades=GRADES,
    areas=tuple(inputs.Area(ref, title, tuple(f"{ref}-{n}" for n in range(1, size + 1))) for ref, title, size in AREAS),
)
INSPECTION = inputs.Inspection(
    ref="fenshire-2021",
    force="Fenshire Constabulary",
    title="National Child Protection Inspection",
    notice_date=date(2021, 5, 10),
    fieldwork_start_date=date(2021, 7, 5),
    fieldwork_end_date=date(2021, 7, 16),
    evidence_from_date=date(2021, 1, 1),
)
AS_AT = datetime(2021, 7, 12, 17, 0, tzinfo=UTC)

G, R, I, N = "good", "requires_improvement", "inadequate", None
CLAIMS = {
    "C20-OVR": (G, R, None, None, R, None),
    "C20-INI": (G, G, R, G),
    "C20-AAH": (G, R, R, R, I),
    "C20-INV": (G, R, R, G, R),
    "C20-DEC": (G, G, R),
    "C20-TRU": (G, G),
    "C20-RSK": (R, G, R, R),
    "C20-DET": (G, R, G),
    "C20-LMG": (G, R, G, G, R),
}
CASES = {
    "": (9, 13, 9),
    "C20-INI": (6, 9, 7),
    "C20-AAH": (5, 9, 7),
    "C20-INV": (8, 7, 6),
    "C20-DEC": (2, 1, 1),
    "C20-RSK": (2, 1, 0),
    "C20-DET": (1, 3, 4),
    "C20-LMG": (14, 11, 6),
}
SIGNED = {"C20-INI": "valid", "C20-AAH": "valid", "C20-INV": "stale", "C20-RSK": "valid", "C20-TRU": "valid"}
KINDS = ("policy", "data", "audit", "voice", "partner", "training")


def _evidence(place: int, size: int) -> tuple[inputs.Evidence, ...]:
    start = date(2020, 10, 1) + timedelta(days=29 * (place % 7))
    return tuple(
        inputs.Evidence(KINDS[(place + n) % len(KINDS)], start, start + timedelta(days=45 + 20 * n))
        for n in range(size)
    )


def judgements(claims: dict[str, tuple[str | None, ...]]) -> tuple[inputs.Judgement, ...]:
    found = []
    for place, (area, grades) in enumerate(claims.items()):
        for n, grade in enumerate(grades, 1):
            pieces = 0 if grade is None else (place + 2 * n) % 4
            state = "not_started" if grade is None else ("agreed" if n % 3 else "in_review")
            found.append(inputs.Judgement(f"{area}-{n}", area, state, grade, _evidence(place + n, pieces)))
    return tuple(found)


def interval(count: int, total: int) -> tuple[float | None, float | None]:
    found = wilson(count, total)
    return (found.low, found.high) if found else (None, None)


def published(cases: dict[str, tuple[int, int, int]], as_at: datetime) -> tuple[inputs.PublishedFigure, ...]:
    found = [
        inputs.PublishedFigure(
            "audit_grade",
            area,
            grade.id,
            count,
            sum(counts),
            as_at,
            "case audits",
            share(count, sum(counts)),
            *interval(count, sum(counts)),
        )
        for area, counts in cases.items()
        for grade, count in zip(GRADES, counts, strict=True)
    ]
    counts = {
        ("concerns", "raised"): (4, 4),
        ("concerns", "open"): (1, 4),
        ("concerns", "overdue"): (0, 4),
        ("concerns", "acknowledged"): (4, 4),
        ("concerns", "closed"): (3, 4),
        ("cases_audited", ""): (sum(cases[""]), 33),
        ("cases_double_graded", ""): (12, sum(cases[""])),
        ("grading_agreement", ""): (7, 12),
    }
    found += [
        inputs.PublishedFigure(measure, "", by, part, whole, as_at, "case audits", share(part, whole))
        for (measure, by), (part, whole) in counts.items()
    ]
    found += [
        inputs.PublishedFigure("concern_minutes", "", "to_close", 1830, None, as_at, "case audits"),
        inputs.PublishedFigure("grading_kappa", "", "", None, 12, as_at, "case audits", 0.41, 0.1, 0.7),
        inputs.PublishedFigure("audit_grade_by_district", "", "north.good", None, None, as_at, "case audits"),
    ]
    return tuple(found)


RECOMMENDATIONS = (
    (
        "R1",
        "Review how the control room responds to incidents involving children, so that the response matches the "
        "risk as it continues or rises",
        "C20-INI",
        "immediately",
        None,
        "R-2018-3",
    ),
    (
        "R2",
        "Make sure children's concerns and views are obtained and written down",
        "C20-INI",
        "within_3_months",
        date(2021, 6, 1),
        "R-2018-5",
    ),
    (
        "R3",
        "Review missing-person arrangements so that the response is effective for the whole episode",
        "C20-AAH",
        "immediately",
        None,
        "",
    ),
    (
        "R4",
        "Review whether concerns about children reach statutory partners effectively",
        "C20-AAH",
        "within_3_months",
        date(2021, 8, 27),
        "",
    ),
    ("R5", "Improve child protection and exploitation investigations", "C20-INV", "immediately", None, "R-2018-1"),
    (
        "R6",
        "Get relevant information recorded and findable in every child-welfare case",
        "C20-DEC",
        "within_3_months",
        date(2021, 5, 30),
        "",
    ),
    (
        "R7",
        "Keep detention of children short and ask for other accommodation after charge",
        "C20-DET",
        "within_6_months",
        date(2021, 11, 30),
        "",
    ),
    (
        "R8",
        "Tell leaders about quality and outcomes, not only numbers",
        "C20-LMG",
        "within_6_months",
        date(2021, 11, 30),
        "",
    ),
)
OWNERS = ("Head of Public Protection", "Head of Contact", "Safeguarding Lead", "Custody Chief Inspector")


def recommendations() -> tuple[inputs.Recommendation, ...]:
    return tuple(
        inputs.Recommendation(
            ref,
            title,
            "National child protection inspection of an earlier year",
            (area,),
            kind,
            date(2021, 2, 27),
            due,
            date(2021, 6, 20) if ref == "R3" else None,
            repeats,
        )
        for ref, title, area, kind, due, repeats in RECOMMENDATIONS
    )


def actions() -> tuple[inputs.Action, ...]:
    found = []
    for n in range(1, 27):
        opened = date(2021, 3, 1) + timedelta(days=4 * n)
        due = opened + timedelta(days=60 + 7 * (n % 9))
        closed = opened + timedelta(days=40 + 3 * n) if n % 3 == 0 and n < 19 else None
        area = AREAS[n % len(AREAS)]
        found.append(
            inputs.Action(
                f"A{n}",
                f"Strengthen {area[1].lower()}: step {n}",
                OWNERS[n % 4],
                (area[0],),
                opened,
                due,
                closed,
                f"R{n % 8 + 1}",
            )
        )
    return tuple(found)


MILESTONES = (
    inputs.Milestone("notice", "Notice of inspection", date(2021, 5, 10), True),
    inputs.Milestone("return", "Self-assessment submitted", date(2021, 7, 2), False, "Set by the force"),
    inputs.Milestone("fieldwork_start", "Fieldwork starts", date(2021, 7, 5), True),
    inputs.Milestone("board", "Business Coordination Board meets", date(2021, 7, 13)),
    inputs.Milestone("fieldwork_end", "Fieldwork ends and feedback is given", date(2021, 7, 16)),
)
ASKS = (
    inputs.Ask("note", "note", "note the contents of this report;", 1),
    inputs.Ask(
        "priority",
        "ask",
        "ask the Chief Constable how initial contact will be re-tested on cases before the report is published;",
        2,
    ),
    inputs.Ask(
        "capacity",
        "decide",
        "decide whether to bring forward funding for two more child abuse investigators from the autumn.",
        3,
    ),
)


def past(at: datetime, gap: int) -> inputs.Earlier:
    """Build an earlier summary from an earlier, thinner state."""
    claims = {
        area: tuple(grade if n + gap < 5 else None for n, grade in enumerate(grades)) for area, grades in CLAIMS.items()
    }
    cases = {area: tuple(max(0, count - gap) for count in counts) for area, counts in CASES.items()}
    state = inputs.State(
        programme=PROGRAMME,
        inspection=INSPECTION,
        as_at=at,
        judgements=judgements(claims),
        published=published(cases, at),  # type: ignore[arg-type]
        recommendations=recommendations(),
        actions=actions(),
        milestones=MILESTONES,
    )
    return inputs.Earlier(at, content_of(state))


def earlier() -> tuple[inputs.Earlier, ...]:
    return (
        past(datetime(2021, 5, 31, 17, 0, tzinfo=UTC), 3),
        past(datetime(2021, 6, 14, 17, 0, tzinfo=UTC), 2),
        past(datetime(2021, 6, 28, 17, 0, tzinfo=UTC), 1),
    )


def state() -> inputs.State:
    signatures = tuple(
        inputs.Signature(area, standing, "Deputy Chief Constable", date(2021, 7, 1))
        for area, standing in SIGNED.items()
    )
    return inputs.State(
        programme=PROGRAMME,
        inspection=INSPECTION,
        as_at=AS_AT,
        judgements=judgements(CLAIMS),
        signatures=signatures,
        published=published(CASES, AS_AT),
        recommendations=recommendations(),
        actions=actions(),
        fieldwork=inputs.Fieldwork(24, 23, 90, 71, 3, 34, "published"),
        milestones=MILESTONES,
        earlier=earlier(),
        asks=ASKS,
    )
