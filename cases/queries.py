"""What the pages of the sample show: counts and states, never a case. Cases are read through `access`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from cases import sampling
from cases.models import Candidate, Case, Extract, Frame, PlanLine, Retention, RetentionState, Sample, SetAside, Spread
from cases.record import Aside, DrawRecord, Replaced, Round
from cases.retention import first_review
from ncpi.inspections.models import CaseType, Inspection
from ncpi.jobs.models import Job


@dataclass(frozen=True)
class TypeRow:
    """One case type: how many the frame holds, the plan asks for, were drawn, and were replaced."""

    key: str
    title: str
    default: int
    in_frame: int
    asked: int
    in_sample: int
    replaced: int
    set_aside: int

    @property
    def left(self) -> int:
        """How many a further round could still draw."""
        return self.in_frame - self.in_sample - self.replaced - self.set_aside


@dataclass(frozen=True)
class SampleState:
    """How far the sample is: the rounds that were drawn, and the plan of the next one if it is fixed."""

    frame: Frame | None
    rounds: tuple[Sample, ...]
    planned: Sample | None
    types: tuple[TypeRow, ...]
    earlier_plans: int
    discarded_frames: int
    extract: Extract | None = None
    retention: Retention | None = None

    @property
    def is_erased(self) -> bool:
        return self.retention is not None and self.retention.is_erased

    @property
    def stage(self) -> str:
        """The next thing to do: extract, freeze, plan, draw or drawn."""
        if self.frame is None:
            return "extract"
        if not self.frame.is_frozen:
            return "freeze"
        if self.rounds:
            return "drawn"
        return "draw" if self.planned else "plan"

    @property
    def sample(self) -> Sample | None:
        """The plan that waits for its seed, or else the last round."""
        return self.planned or (self.rounds[-1] if self.rounds else None)

    @property
    def next_round(self) -> int:
        return len(self.rounds) + 1

    @property
    def total_in_frame(self) -> int:
        return sum(row.in_frame for row in self.types)

    @property
    def total_asked(self) -> int:
        return sum(row.asked for row in self.types)

    @property
    def total_default(self) -> int:
        return sum(row.default for row in self.types)

    @property
    def total_in_sample(self) -> int:
        return sum(row.in_sample for row in self.types)

    @property
    def total_replaced(self) -> int:
        return sum(row.replaced for row in self.types)


def sample_state(inspection: Inspection) -> SampleState:
    """Gather the state of an inspection's sample; the number of queries does not depend on its size."""
    frames = list(
        Frame.objects.filter(inspection=inspection).select_related("imported_by", "frozen_by").order_by("-number", "pk")
    )
    frame = next((row for row in frames if row.discarded_at is None), None)
    samples = list(
        Sample.objects.filter(inspection=inspection)
        .select_related("plan_fixed_by", "drawn_by", "frame")
        .order_by("-number", "pk")
    )
    of_frame = [row for row in samples if frame and row.frame_id == frame.pk]
    rounds = sorted((row for row in of_frame if row.is_drawn), key=lambda row: row.round)
    planned = next((row for row in of_frame if row.round > len(rounds)), None)
    return SampleState(
        frame=frame,
        rounds=tuple(rounds),
        planned=planned,
        types=_type_rows(inspection, frame, planned or (rounds[-1] if rounds else None)),
        earlier_plans=len([row for row in samples if row != planned and row not in rounds]),
        discarded_frames=len([row for row in frames if row.discarded_at]),
        extract=Extract.objects.open().filter(inspection=inspection).only("number", "file_name", "state").first(),
        retention=retention_of(inspection),
    )


def _type_rows(inspection: Inspection, frame: Frame | None, sample: Sample | None) -> tuple[TypeRow, ...]:
    held = _counts(Candidate.objects.filter(frame=frame)) if frame else {}
    lines = PlanLine.objects.filter(sample=sample).values("case_type_id").order_by("case_type_id")
    asked = dict(lines.annotate(asked=Sum("size")).values_list("case_type_id", "asked")) if sample else {}
    cases = Case.objects.filter(sample__frame=frame).values("case_type_id") if sample else Case.objects.none()
    counted = cases.annotate(
        counting=Count("pk", filter=Q(replaced_at=None)), replaced=Count("pk", filter=~Q(replaced_at=None))
    )
    rows = counted.order_by("case_type_id").values_list("case_type_id", "counting", "replaced")
    drawn = {case_type: (counting, replaced) for case_type, counting, replaced in rows}
    types = CaseType.objects.filter(programme_id=inspection.programme_id).order_by("order", "pk")
    return tuple(
        TypeRow(
            key=row.key,
            title=row.title,
            default=row.default_sample,
            in_frame=held.get(row.pk, (0, 0))[0],
            asked=asked.get(row.pk, 0),
            in_sample=drawn.get(row.pk, (0, 0))[0],
            replaced=drawn.get(row.pk, (0, 0))[1],
            set_aside=held.get(row.pk, (0, 0))[1],
        )
        for row in types
    )


def _counts(rows: QuerySet[Any]) -> dict[int, tuple[int, int]]:
    """Count the candidates of each type, and those set aside."""
    grouped = rows.values("case_type_id").annotate(n=Count("pk"), aside=Count("set_aside")).order_by("case_type_id")
    return {row["case_type_id"]: (row["n"], row["aside"]) for row in grouped}


@dataclass(frozen=True)
class Composition:
    """A frame by case type and district, with what its records lack."""

    districts: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    totals: tuple[int, ...]
    total: int
    ethnicity_asked: int
    ethnicity_recorded: int
    disability_asked: int
    disability_recorded: int


def composition(frame: Frame) -> Composition:
    """Count the frame's rows by case type and district; two queries whatever its size."""
    rows = Candidate.objects.filter(frame=frame)
    grouped = (
        rows.values("case_type__order", "case_type__title", "district")
        .annotate(n=Count("pk"))
        .order_by("case_type__order", "district")
    )
    cells = [(row["case_type__title"], row["district"], row["n"]) for row in grouped]
    districts = tuple(sorted({district for _, district, _ in cells}))
    titles = tuple(dict.fromkeys(title for title, _, _ in cells))
    count = {(title, district): n for title, district, n in cells}
    table = tuple((title, tuple(count.get((title, name), 0) for name in districts)) for title in titles)
    complete = rows.aggregate(
        ethnicity_asked=Count("ethnicity_recorded"),
        ethnicity_recorded=Count("pk", filter=Q(ethnicity_recorded=True)),
        disability_asked=Count("disability_recorded"),
        disability_recorded=Count("pk", filter=Q(disability_recorded=True)),
    )
    return Composition(
        districts=districts,
        rows=tuple((title, numbers, sum(numbers)) for title, numbers in table),
        totals=tuple(sum(numbers[place] for _, numbers in table) for place in range(len(districts))),
        total=sum(n for _, _, n in cells),
        **complete,
    )


def frame_entries(frame: Frame) -> list[tuple[str, str]]:
    """Give each candidate's reference and case type, in no order."""
    return list(Candidate.objects.filter(frame=frame).values_list("reference", "case_type__key"))


def retention_of(inspection: Inspection) -> Retention:
    """Return how long the cases are kept; before anybody decided, as the first review would have it."""
    row = Retention.objects.filter(inspection=inspection).select_related("held_by", "proposed_by", "erased_by").first()
    return row or Retention(inspection=inspection, review_date=first_review(inspection.fieldwork_end_date))


def is_erased(inspection: Inspection) -> bool:
    return Retention.objects.filter(inspection=inspection, state=RetentionState.ERASED).exists()


@dataclass(frozen=True)
class Held:
    """What is held about an inspection's cases, in numbers."""

    candidates: int
    cases: int
    extracts: int


def what_is_held(inspection: Inspection) -> Held:
    return Held(
        candidates=Candidate.objects.filter(frame__inspection=inspection).count(),
        cases=Case.objects.filter(inspection=inspection).count(),
        extracts=Extract.objects.filter(inspection=inspection).exclude(stored_name="").count(),
    )


def job_of(extract: Extract) -> Job | None:
    """Return the work on an extract, the newest first."""
    rows = Job.objects.filter(kind="import_extract", key=f"extract-{extract.pk}")
    return rows.order_by("-pk").first()


def canonical_bytes(frame: Frame) -> bytes:
    """Give the frame's canonical form from its rows."""
    return sampling.canonical_frame(frame_entries(frame))


def strata_entries(frame: Frame, spread: str) -> list[tuple[str, str]]:
    """Give each candidate's reference and stratum, in no order."""
    if spread == Spread.TYPE:
        return frame_entries(frame)
    rows = Candidate.objects.filter(frame=frame).values_list("reference", "case_type__key", spread)
    return [(reference, sampling.stratum(key, sampling.place_label(place))) for reference, key, place in rows]


def stratum_entries(sample: Sample, *, case_type_id: int, place: str) -> list[tuple[str, str]]:
    """Give the candidates of one stratum of a round."""
    of_type = Candidate.objects.filter(frame_id=sample.frame_id, case_type_id=case_type_id)
    if sample.spread == Spread.TYPE:
        return [(reference, "") for reference in of_type.values_list("reference", flat=True)]
    rows = of_type.values_list("reference", sample.spread)
    return [(reference, "") for reference, text in rows if sampling.place_label(text) == place]


def places_bytes(frame: Frame, spread: str) -> bytes:
    """Give the file that says which reference is at which district or team."""
    return sampling.canonical_places(Candidate.objects.filter(frame=frame).values_list("reference", spread))


def left_by_place(frame: Frame, spread: str) -> dict[str, dict[str, int]]:
    """Count what is not drawn, used or set aside yet, by case type and place."""
    rows = Candidate.objects.filter(frame=frame, case=None, set_aside=None).values_list("case_type__key", spread)
    left: dict[str, dict[str, int]] = {}
    for key, text, count in rows.annotate(n=Count("pk")).order_by():
        places = left.setdefault(key, {})
        label = sampling.place_label(text)
        places[label] = places.get(label, 0) + count
    return left


def used_references(frame: Frame) -> frozenset[str]:
    """Give every reference of the frame that was drawn, used or set aside, in any round; one query."""
    drawn = Case.objects.filter(sample__frame=frame).values_list("candidate__reference", flat=True)
    aside = SetAside.objects.filter(frame=frame).values_list("candidate__reference", flat=True)
    return frozenset(drawn.union(aside, all=True))


@dataclass(frozen=True)
class PlanRow:
    """How many cases of one stratum the plan asks for."""

    key: str
    title: str
    place: str
    size: int

    @property
    def stratum(self) -> str:
        return sampling.stratum(self.key, self.place)


def plan_rows(sample: Sample) -> list[PlanRow]:
    """List the plan in the programme's order."""
    return plans([sample])[sample.pk]


def asked_rows(sample: Sample) -> list[PlanRow]:
    """List the strata of which the plan asks for any."""
    return [row for row in plan_rows(sample) if row.size]


def plans(samples: Iterable[Sample]) -> dict[int, list[PlanRow]]:
    """List the plan of each of these rounds; one query."""
    found: dict[int, list[PlanRow]] = {sample.pk: [] for sample in samples}
    lines = PlanLine.objects.filter(sample__in=found).order_by("case_type__order", "place", "pk")
    columns = ("sample_id", "case_type__key", "case_type__title", "place", "size")
    for pk, key, title, place, size in lines.values_list(*columns):
        found[pk].append(PlanRow(key, title, place, size))
    return found


def drawn_rounds(frame: Frame) -> list[Sample]:
    """List the rounds that were drawn from a frame, in order."""
    rows = Sample.objects.filter(frame=frame, drawn_at__isnull=False).select_related("plan_fixed_by", "drawn_by")
    return list(rows.order_by("round", "pk"))


def draw_record(frame: Frame) -> DrawRecord:
    """Give every round of a frame by reference; only `access` calls this. Four queries.

    Draws and replacements wait for each other, so that their rows' numbers are in the order of time.
    """
    rounds = drawn_rounds(frame)
    plan_of = plans(rounds)
    number_of = {sample.pk: sample.round for sample in rounds}
    drawn: dict[int, dict[str, list[str]]] = {
        sample.pk: {row.stratum: [] for row in plan_of[sample.pk]} for sample in rounds
    }
    replaced: list[Replaced] = []
    after = 0
    rows: Any = Case.objects.filter(sample__frame=frame).order_by("pk")
    columns = ("sample_id", "case_type__key", "place", "candidate__reference", "replaces_id")
    for sample_pk, key, place, reference, replaces in rows.values_list(*columns):
        stratum = sampling.stratum(key, place)
        if replaces is None:
            after = number_of[sample_pk]
            drawn[sample_pk].setdefault(stratum, []).append(reference)
        else:
            replaced.append(Replaced(number_of[sample_pk], after, stratum, reference))
    return DrawRecord(
        frame_digest=frame.digest,
        rounds=tuple(
            Round(
                number=sample.round,
                spread=sample.spread,
                places_digest=sample.places_digest,
                plan={row.stratum: row.size for row in plan_of[sample.pk]},
                seed=sample.seed,
                drawn={key: tuple(references) for key, references in drawn[sample.pk].items()},
            )
            for sample in rounds
        ),
        replaced=tuple(replaced),
        set_aside=tuple(set_aside(frame)),
    )


def set_aside(frame: Frame) -> list[Aside]:
    """List what no draw takes any more, by reference."""
    rows = SetAside.objects.filter(frame=frame).order_by("after", "candidate__reference", "pk")
    return [Aside(after, reference) for after, reference in rows.values_list("after", "candidate__reference")]


def replacements(sample: Sample) -> list[Case]:
    """List the replaced cases of a round with what came in their place, in order of time."""
    rows = Case.objects.filter(sample=sample, replaced_at__isnull=False).select_related("case_type", "replaced_by")
    return list(rows.order_by("replaced_at", "pk"))
