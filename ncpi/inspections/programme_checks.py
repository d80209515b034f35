"""What must hold between the items of a programme: references, order, sums, no circles."""

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ncpi.inspections.located_yaml import Problem
from ncpi.inspections.programme_content import Grade, ProgrammeFile


@dataclass(frozen=True)
class Place:
    """Where an item stands, for problems that only show when the whole is seen."""

    file: str
    line: int
    who: str

    def problem(self, what: str) -> Problem:
        return Problem(self.file, self.line, f"{self.who}: {what}")


Places = Mapping[tuple[str, str], Place]


def problems_between(found: ProgrammeFile, places: Places, spoiled: Collection[str]) -> Iterator[Problem]:
    """Yield every problem that shows only when the whole programme is seen.

    Orders and sums are left alone in a spoiled file: its mistakes are named already.
    """
    yield from _references(found, places)
    yield from _circles(places, "session kind", {item.id: item.after for item in found.session_kinds})
    if "grades.yaml" not in spoiled:
        yield from _grade_order(found.grades, places)
    if "case_types.yaml" not in spoiled:
        yield from _sample_total(found, places)


def _references(found: ProgrammeFile, places: Places) -> Iterator[Problem]:
    case_types = {item.id for item in found.case_types}
    areas = {item.id for item in found.areas}
    coverable = areas | {item.id for item in found.criteria}
    sessions = {item.id for item in found.session_kinds}
    questions = {item.id for item in found.questions}
    for question in found.questions:
        place = places["question", question.id]
        yield from _unknown(place, "case type", [question.case_type], case_types)
        yield from _unknown(place, "area", [question.area], areas)
        if question.part_of in questions:
            yield place.problem(f"is part of {question.part_of!r}, which is itself asked")
    for kind in found.session_kinds:
        place = places["session kind", kind.id]
        yield from _unknown(place, "criterion or area", kind.covers, coverable)
        yield from _unknown(place, "session kind", kind.after, sessions)


def _unknown(place: Place, noun: str, named: Iterable[str], known: set[str]) -> Iterator[Problem]:
    for name in named:
        if name and name not in known:
            yield place.problem(f"unknown {noun} {name!r}")


def _circles(places: Places, noun: str, follows: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    for start in follows:
        reached: set[str] = set()
        waiting = list(follows[start])
        while waiting:
            name = waiting.pop()
            if name in follows and name not in reached:
                reached.add(name)
                waiting.extend(follows[name])
        if start in reached:
            yield places[noun, start].problem("comes after itself")


def _grade_order(grades: tuple[Grade, ...], places: Places) -> Iterator[Problem]:
    for before, grade in itertools.pairwise(grades):
        place = places["grade", grade.id]
        if grade.order <= before.order:
            yield place.problem(f"order {grade.order} does not follow {before.order}: best grade first")
        if grade.is_good and not before.is_good:
            yield place.problem("is on the good side, below a grade that is not")
    if grades and not any(grade.is_good and grade.in_use for grade in grades):
        yield places["grade", grades[0].id].problem("no grade in use is on the good side")


def _sample_total(found: ProgrammeFile, places: Places) -> Iterator[Problem]:
    planned = sum(item.sample for item in found.case_types)
    if planned != found.sample.total:
        place = places["sample", ""]
        yield place.problem(f"the total is {found.sample.total}, but the case types add up to {planned}")
