"""The figures that case audits publish: counts in, figures out.

A figure is a numerator over a denominator with what it counts. Counting is done by the database; this module
decides what a count means, gives it an interval, and holds back what is too small.

**Which grade counts.** One grade a case: the moderator's, else the two that agree by rule, else the only
grading (`audits.agreement.standing_grade`). A case waiting for a moderator has no grade yet and is in no
denominator of grades.

**An area's case figures.** The 2020 programme grades cases, not areas, and so do these figures: no area is
graded here. An audit question may be linked with an area. Where an area has questions for cases of one type, a
graded case speaks for the area when its audit answered at least one of those with yes, partly or no: custody
cases speak for detention, missing children for the first contact. The questions common to all cases do not
count there: they reach most areas from every case, and those areas would all show the grades of the whole
sample. An area that only common questions reach has nothing else, so there one of them is enough, and its
grades are close to the overall ones. The area's grades are the grades of the cases that speak for it. A case
can speak for several areas, so areas overlap and never add up to the total. What is asked of every case still
tells in the other figure: the answers to the area's questions, common ones among them.

**Whose answers count.** The first auditor's: a second reading is there to test the grade, and counting it would give
some cases two voices.

**Intervals** are Wilson's at 95% (E. B. Wilson, JASA 22, 1927): how much a share could move by which cases
were drawn. They say nothing about the other forces or about grading errors.

**Small numbers.** Grades by district or by a child's characteristic could point at a child: what is small is held back
by `audits.holding_back`, in one table and across time. Whole-force totals and case types are not held back: a grade
names nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from audits.agreement import Agreement
from audits.holding_back import Published, may_replace, published

DEFAULT_THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Share:
    """One figure before it is dated and published. A held-back figure has no number at all."""

    measure: str
    numerator: int | None
    denominator: int | None
    area: str = ""
    breakdown: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    is_held_back: bool = False


def breakdown(*parts: str) -> str:
    """Name what is counted, from the wider to the narrower: `missing.good`."""
    return ".".join(parts)


@lru_cache(maxsize=4096)
def wilson(numerator: int, denominator: int) -> tuple[float, float] | None:
    """Give the 95% Wilson interval of a share, or nothing for an empty denominator."""
    if denominator <= 0:
        return None
    if not 0 <= numerator <= denominator:
        raise ValueError("A share counts part of its denominator.")
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 slow import

    low, high = proportion_confint(numerator, denominator, alpha=0.05, method="wilson")
    return round(max(0.0, float(low)), 6), round(min(1.0, float(high)), 6)


def share(measure: str, numerator: int, denominator: int, *, area: str = "", by: str = "") -> Share:
    """Make a figure of a part and its whole, with interval."""
    interval = wilson(numerator, denominator)
    return Share(
        measure=measure,
        area=area,
        breakdown=by,
        numerator=numerator,
        denominator=denominator,
        value=round(numerator / denominator, 6) if denominator else None,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
    )


def count(measure: str, number: int, of: int | None = None, *, by: str = "") -> Share:
    """Make a figure of everything there is: it was not drawn, so it has no interval."""
    return Share(
        measure=measure,
        breakdown=by,
        numerator=number,
        denominator=of,
        value=round(number / of, 6) if of else None,
    )


# Grades and answers


def overall_grades(grades: Sequence[str], counts: Mapping[str, int]) -> tuple[Share, ...]:
    total = sum(counts.values())
    return tuple(share("audit_grade", counts.get(grade, 0), total, by=grade) for grade in grades)


def grades_by_case_type(grades: Sequence[str], counts: Mapping[tuple[str, str], int]) -> tuple[Share, ...]:
    """Take counts by case type and grade."""
    return tuple(
        share("audit_grade_by_type", row[place], sum(row), by=breakdown(case_type, grade))
        for case_type, row in _table(grades, counts).items()
        for place, grade in enumerate(grades)
    )


def grades_by_area(grades: Sequence[str], counts: Mapping[tuple[str, str], int]) -> tuple[Share, ...]:
    """Take counts by area and grade of the distinct cases that speak for the area."""
    return tuple(
        share("audit_grade", row[place], sum(row), area=area, by=grade)
        for area, row in _table(grades, counts).items()
        for place, grade in enumerate(grades)
    )


def answers_by_question(
    replies: Sequence[str], counts: Mapping[tuple[str, str], int], *, areas: Mapping[str, str]
) -> tuple[Share, ...]:
    """Take counts by question and reply; `areas` gives the area of a question that has one."""
    return tuple(
        share(
            "answers",
            row[place],
            sum(row),
            area=areas.get(question, ""),
            by=breakdown(question, reply),
        )
        for question, row in _table(replies, counts).items()
        for place, reply in enumerate(replies)
    )


def answers_by_area(
    replies: Sequence[str], counts: Mapping[tuple[str, str], int], *, areas: Mapping[str, str]
) -> tuple[Share, ...]:
    """Add the answers of an area's questions: the share of each reply among all its answers."""
    added: dict[tuple[str, str], int] = {}
    for (question, reply), count in counts.items():
        area = areas.get(question, "")
        if area:
            added[area, reply] = added.get((area, reply), 0) + count
    return tuple(
        share("answers_by_area", row[place], sum(row), area=area, by=reply)
        for area, row in _table(replies, added).items()
        for place, reply in enumerate(replies)
    )


# How far the audit is, and how it was done


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many cases were drawn, and how many of those came how far."""

    drawn: int
    submitted: int
    graded: int
    double_graded: int
    awaiting_moderation: int
    inspector_graded: int


def work(counts: WorkCounts) -> tuple[Share, ...]:
    return (
        count("cases_audited", counts.submitted, counts.drawn),
        count("cases_graded", counts.graded, counts.drawn),
        count("cases_double_graded", counts.double_graded, counts.submitted),
        count("cases_awaiting_moderation", counts.awaiting_moderation, counts.double_graded),
        count("cases_graded_by_inspectors", counts.inspector_graded, counts.drawn),
    )


def completeness(counts: Mapping[str, tuple[int, int]]) -> tuple[Share, ...]:
    """Take, for each fact, how many drawn cases have it recorded, of how many that say either way."""
    return tuple(share("recorded", held, known, by=fact) for fact, (held, known) in sorted(counts.items()))


def agreement_shares(between: str, result: Agreement) -> tuple[Share, ...]:
    """Publish how two sets of gradings compare; under five pairs only their number."""
    by = between
    if result.exact is None or result.within_one is None or result.row_higher is None:
        return (count("grading_pairs", result.pairs, by=by),)
    figures = [
        share("grading_agreement", result.exact, result.pairs, by=by),
        share("grading_within_one", result.within_one, result.pairs, by=by),
        share("grading_first_higher", result.row_higher, result.pairs, by=by),
    ]
    if result.kappa:
        kappa = result.kappa
        figures.append(
            Share(
                measure="grading_kappa",
                breakdown=by,
                numerator=None,
                denominator=result.pairs,
                value=round(kappa.value, 6),
                low=round(kappa.low, 6),
                high=round(kappa.high, 6),
            )
        )
    return tuple(figures)


@dataclass(frozen=True, slots=True)
class ConcernCounts:
    """Concerns of one inspection; times are medians, missing where there are none."""

    raised: int
    acknowledged: int
    closed: int
    overdue: int
    median_minutes_to_acknowledge: int | None
    median_minutes_to_close: int | None


def concerns(counts: ConcernCounts) -> tuple[Share, ...]:
    found = {
        "raised": counts.raised,
        "acknowledged": counts.acknowledged,
        "open": counts.raised - counts.closed,
        "overdue": counts.overdue,
        "closed": counts.closed,
    }
    minutes = {
        "to_acknowledge": counts.median_minutes_to_acknowledge,
        "to_close": counts.median_minutes_to_close,
    }
    return (
        *(count("concerns", number, counts.raised, by=kind) for kind, number in found.items()),
        *(count("concern_minutes", number, by=kind) for kind, number in minutes.items() if number is not None),
    )


def inspector_grades(grades: Sequence[str], counts: Mapping[str, int], *, further: int) -> tuple[Share, ...]:
    """Take how inspectors graded: the force's sample and further cases of theirs together."""
    total = sum(counts.values())
    if not total:
        return ()
    return (
        *(share("inspector_grade", counts.get(grade, 0), total, by=grade) for grade in grades),
        count("inspectors_further_cases", further, total),
    )


# Breakdowns that could point at a child


@dataclass(frozen=True)
class Split:
    """Grades by place, or by one fact of the record; `categories` are there whether or not a case is in them.

    `prefix` names the fact; with `sums_known` readers know the size of each category.
    """

    measure: str
    counts: Mapping[tuple[str, str], int]
    categories: frozenset[str]
    prefix: str = ""
    sums_known: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.measure, self.prefix


def split_grades(
    split: Split,
    grades: Sequence[str],
    *,
    is_complete: bool,
    threshold: int = DEFAULT_THRESHOLD,
    earlier: Published | None = None,
) -> tuple[Share, ...]:
    """Break grades down, holding back what is small.

    While not every case has its grade, and where the new table would give away something of the one that its readers
    have, that one stands.
    """
    table = earlier
    if is_complete and split.counts:
        rows = _table(grades, split.counts, rows=split.categories)
        new = published(rows, threshold=threshold, sums_known=split.sums_known)
        if earlier is None or may_replace(earlier, new, threshold=threshold):
            table = new
    return tuple(_shares_of(table, split, grades)) if table else ()


def _shares_of(table: Published, split: Split, grades: Sequence[str]) -> Iterable[Share]:
    for category in sorted({*table.shown, *table.held}):
        row = table.shown.get(category)
        for place, grade in enumerate(grades):
            by = breakdown(*filter(None, (split.prefix, category, grade)))
            if row is None:
                yield Share(split.measure, None, None, breakdown=by, is_held_back=True)
            else:
                yield share(split.measure, row[place], sum(row), by=by)


def _table(
    columns: Sequence[str], counts: Mapping[tuple[str, str], int], *, rows: Iterable[str] = ()
) -> dict[str, tuple[int, ...]]:
    """Lay counts out as one row a category, refusing a column that nobody named."""
    found: dict[str, dict[str, int]] = {category: {} for category in rows}
    for (category, column), count in counts.items():
        if column not in columns:
            raise ValueError(f"{column!r} is not one of {', '.join(columns)}.")
        found.setdefault(category, {})[column] = count
    return {category: tuple(found[category].get(column, 0) for column in columns) for category in sorted(found)}
