import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cases import operations, queries, sampling
from cases.models import Candidate, Case, Frame, PlanLine, Sample
from ncpi.accounts.models import JournalEntry
from ncpi.inspections.models import ChangeMark, Inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.versions import StaleVersion
from tests.factories import NOW, make_extract, make_frame, make_inspection, make_plan, make_sample, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection():
    return make_inspection()


@pytest.fixture
def by(inspection):
    return make_user("coordinator", force=inspection.force)


def imported(inspection, by, data=None, name="extract.csv"):
    return operations.import_extract(by=by, inspection=inspection, file_name=name, data=data or make_extract(), at=NOW)


def journal():
    return [
        (row.verb, row.subject) for row in JournalEntry.objects.order_by("pk") if row.subject_type.startswith("cases")
    ]


def test_an_extract_is_kept_whole_as_the_frame(inspection, by):
    frame = imported(inspection, by)

    row = Candidate.objects.select_related("case_type").get(frame=frame, reference="FNS47004/21")
    assert (frame.number, frame.rows, frame.candidates.count()) == (1, 54, 54)
    assert (row.case_type.key, row.district, row.team, str(row.reported_on)) == ("s47", "North", "Team 1", "2021-01-05")
    assert (row.finalised_on, row.outcome, row.ethnicity_recorded, row.disability_recorded) == (
        None,
        "",
        None,
        None,
    )
    assert journal() == [("imported", "Frame 1")]


def test_text_that_copy_could_misread_is_kept_as_it_was(inspection, by):
    data = (
        "reference,case_type,district,team,reported_on,finalised_on,outcome,ethnicity_recorded\n"
        'A1,s47,N\\A,"a\tb",2021-01-01,2021-01-02,"\\N",no\n'
    )

    frame = imported(inspection, by, data.encode())

    row = frame.candidates.get()
    assert (row.district, row.team, row.outcome, row.ethnicity_recorded) == ("N\\A", "a\tb", "\\N", False)


def test_nothing_is_imported_unless_all_is_valid(inspection, by):
    data = make_extract() + b"\nSMITH-1,s47,North,Team 1,2021-01-01,,\nA2,unheard,North,Team 1,2021-01-01,,"

    with pytest.raises(operations.ExtractRefused) as refused:
        imported(inspection, by, data)

    assert [(problem.row, problem.column) for problem in refused.value.problems] == [
        (56, "reference"),
        (57, "case_type"),
    ]
    assert (Frame.objects.count(), Candidate.objects.count(), journal()) == (0, 0, [])


def test_the_same_file_twice_says_so(inspection, by):
    imported(inspection, by)

    with pytest.raises(operations.ImportedAlready) as refused:
        imported(inspection, by)

    assert str(refused.value) == "This file was imported already: it is frame 1, 54 cases."
    assert Frame.objects.count() == 1


def test_an_unfrozen_frame_gives_way_to_another_file(inspection, by):
    first = imported(inspection, by)

    second = imported(inspection, by, make_extract(each=2))

    first.refresh_from_db()
    assert (first.discarded_at, first.candidates.count(), second.number, second.candidates.count()) == (NOW, 0, 2, 18)
    assert journal() == [("imported", "Frame 1"), ("discarded", "Frame 1"), ("imported", "Frame 2")]


def test_a_frozen_frame_takes_no_other_extract(inspection, by):
    make_frame(inspection, by=by)

    with pytest.raises(operations.FrameIsFrozen):
        imported(inspection, by, make_extract(each=2))


def test_a_closed_inspection_keeps_its_sample(inspection, by):
    Inspection.objects.filter(pk=inspection.pk).update(closed_at=NOW)

    with pytest.raises(InspectionClosed):
        imported(inspection, by)


def test_freezing_fixes_the_digest_of_the_canonical_form(inspection, by):
    frame = imported(inspection, by)

    operations.freeze_frame(by=by, frame=frame, version=1, at=NOW)

    references = sorted(frame.candidates.values_list("reference", "case_type__key"))
    canonical = "reference,case_type\n" + "".join(f"{reference},{kind}\n" for reference, kind in references)
    assert frame.digest == sampling.frame_digest(canonical.encode())
    assert (frame.frozen_by, frame.frozen_at, frame.version) == (by, NOW, 2)


def test_freezing_twice_is_refused(inspection, by):
    frame = make_frame(inspection, by=by)

    with pytest.raises(operations.FrameIsFrozen):
        operations.freeze_frame(by=by, frame=frame, version=frame.version, at=NOW)


def test_freezing_a_discarded_frame_is_refused(inspection, by):
    frame = make_frame(inspection, by=by, frozen=False)
    operations.discard_frame(by=by, frame=frame, version=1, at=NOW)

    with pytest.raises(operations.NotInUse):
        operations.freeze_frame(by=by, frame=frame, version=2, at=NOW)


def test_freezing_what_somebody_changed_meanwhile_is_refused(inspection, by):
    frame = make_frame(inspection, by=by, frozen=False)

    with pytest.raises(StaleVersion):
        operations.freeze_frame(by=by, frame=frame, version=7, at=NOW)

    frame.refresh_from_db()
    assert frame.frozen_at is None


def test_the_database_lets_no_row_come_to_a_frozen_frame(inspection, by):
    frame = make_frame(inspection, by=by)
    row = frame.candidates.first()

    with pytest.raises(IntegrityError, match="no row can come or go"), transaction.atomic():
        Candidate.objects.create(
            frame=frame,
            reference="NEW1",
            case_type_id=row.case_type_id,
            district="N",
            team="T",
            reported_on=row.reported_on,
        )


def test_the_database_lets_no_row_go_from_a_frozen_frame(inspection, by):
    frame = make_frame(inspection, by=by)

    with pytest.raises(IntegrityError, match="no row can come or go"), transaction.atomic():
        frame.candidates.all().delete()


def test_the_database_lets_no_row_change(inspection, by):
    frame = make_frame(inspection, by=by, frozen=False)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        frame.candidates.update(district="Elsewhere")


def test_a_frozen_frame_can_be_discarded_until_something_is_drawn(inspection, by):
    sample = make_plan(inspection, by=by)

    operations.discard_frame(by=by, frame=sample.frame, version=2, at=NOW)

    assert sample.frame.candidates.count() == 0
    assert sample.frame.digest != ""


def test_a_frame_that_was_drawn_from_stays(inspection, by):
    frame = make_sample(inspection, by=by).frame

    with pytest.raises(operations.DrawnFrom):
        operations.discard_frame(by=by, frame=frame, version=2, at=NOW)

    assert frame.candidates.count() == 54


def test_a_plan_needs_a_frozen_frame(inspection, by):
    frame = make_frame(inspection, by=by, frozen=False)

    with pytest.raises(operations.NotFrozen):
        operations.fix_plan(by=by, frame=frame, sizes={"s47": 1}, second_grading_percent=20, at=NOW)


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({"s47": 7}, "The frame holds too few cases. Child protection enquiry (section 47): 7 asked, 6 there."),
        ({"s47": 0}, "A plan asks for at least one case, and for no negative number."),
        ({"s47": -1, "missing": 2}, "A plan asks for at least one case, and for no negative number."),
        ({"unheard": 1}, "The programme has no case type unheard."),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused(inspection, by, sizes, says):
    frame = make_frame(inspection, by=by)

    with pytest.raises(sampling.PlanBeyondFrame) as refused:
        operations.fix_plan(by=by, frame=frame, sizes=sizes, second_grading_percent=20, at=NOW)

    assert str(refused.value) == says
    assert Sample.objects.count() == 0


def test_before_the_draw_another_plan_takes_the_place_of_the_first(inspection, by):
    first = make_plan(inspection, by=by)

    second = operations.fix_plan(by=by, frame=first.frame, sizes={"s47": 3}, second_grading_percent=10, at=NOW)

    assert (second.number, queries.sample_state(inspection).total_asked) == (2, 3)
    with pytest.raises(operations.PlanSuperseded):
        operations.draw_sample(by=by, sample=first, seed="a", at=NOW)


def test_changing_the_plan_after_the_seed_is_refused(inspection, by):
    sample = make_sample(inspection, by=by)

    with pytest.raises(operations.PlanIsFixed):
        operations.fix_plan(by=by, frame=sample.frame, sizes={"s47": 1}, second_grading_percent=20, at=NOW)


@pytest.mark.parametrize("change", [lambda rows: rows.update(size=9), lambda rows: rows.delete()])
def test_the_database_keeps_a_plan_as_it_was_fixed(inspection, by, change):
    sample = make_plan(inspection, by=by)

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        change(PlanLine.objects.filter(sample=sample))


def test_the_draw_takes_the_first_of_the_declared_order(inspection, by):
    sample = make_plan(inspection, by=by, sizes={"s47": 3, "missing": 1})

    operations.draw_sample(by=by, sample=sample, seed="dice 6 1", at=NOW)

    expected = sampling.draw(
        [(f"FN{key[:3].upper()}{number:03d}/21", key) for key in ("s47", "missing") for number in range(6)],
        plan={"s47": 3, "missing": 1},
        seed="dice 6 1",
    )
    drawn = Case.objects.order_by("case_type__order", "rank")
    assert list(drawn.values_list("candidate__reference", "rank")) == [
        *zip(expected.drawn("s47"), (1, 2, 3), strict=True),
        *zip(expected.drawn("missing"), (1,), strict=True),
    ]
    assert (sample.seed, sample.drawn_by, sample.drawn_at) == ("dice 6 1", by, NOW)
    assert ChangeMark.objects.get(inspection=inspection).changed_at == NOW
    assert journal()[-1] == ("drew", "Sample 1")


def test_codes_are_random_and_never_given_twice(inspection, by):
    make_sample(inspection, by=by)

    codes = list(Case.objects.values_list("code", flat=True))
    assert len(set(codes)) == 18
    assert {len(code) for code in codes} == {4}


def test_drawing_twice_is_refused(inspection, by):
    sample = make_sample(inspection, by=by)

    with pytest.raises(operations.AlreadyDrawn):
        operations.draw_sample(by=by, sample=sample, seed="another", at=NOW)

    assert (Case.objects.count(), Sample.objects.get().seed) == (18, "a seed")


def test_a_seed_nobody_can_type_is_refused(inspection, by):
    sample = make_plan(inspection, by=by)

    with pytest.raises(sampling.UnusableSeed):
        operations.draw_sample(by=by, sample=sample, seed=" é", at=NOW)


def test_nothing_is_drawn_from_a_frame_that_lost_its_digest(inspection, by):
    sample = make_plan(inspection, by=by)
    Frame.objects.filter(pk=sample.frame_id).update(digest="0" * 64)

    with pytest.raises(operations.FrameChanged):
        operations.draw_sample(by=by, sample=sample, seed="a", at=NOW)

    assert Case.objects.count() == 0


def test_a_replacement_is_the_next_in_the_order(inspection, by):
    sample = make_sample(inspection, by=by, sizes={"s47": 2})
    case = sample.cases.get(rank=1)

    replacement = operations.replace_case(
        by=by, case=case, version=1, reason=" Sealed by a court. ", at=NOW + timedelta(days=1)
    )

    order = sampling.draw(queries.frame_entries(sample.frame), plan={}, seed="a seed").order["s47"]
    assert (replacement.rank, replacement.candidate.reference, replacement.replaces) == (3, order[2], case)
    assert (case.replaced_reason, case.replaced_at, case.version) == ("Sealed by a court.", NOW + timedelta(days=1), 2)
    assert list(Case.objects.in_sample().order_by("rank").values_list("rank", flat=True)) == [2, 3]
    assert journal()[-1] == ("replaced", str(case))


def test_a_replacement_can_be_replaced_until_the_order_ends(inspection, by):
    sample = make_sample(inspection, by=by, sizes={"s47": 5})
    case = sample.cases.get(rank=5)

    last = operations.replace_case(by=by, case=case, version=1, reason="Sealed.", at=NOW)

    assert last.rank == 6
    with pytest.raises(sampling.OrderExhausted):
        operations.replace_case(by=by, case=last, version=1, reason="Sealed.", at=NOW)
    assert Case.objects.in_sample().count() == 5


def test_a_replacement_needs_a_reason(inspection, by):
    case = make_sample(inspection, by=by).cases.first()

    with pytest.raises(operations.ReasonMissing):
        operations.replace_case(by=by, case=case, version=1, reason="  ", at=NOW)


def test_a_case_is_replaced_once(inspection, by):
    case = make_sample(inspection, by=by).cases.first()
    operations.replace_case(by=by, case=case, version=1, reason="Sealed.", at=NOW)

    with pytest.raises(operations.AlreadyReplaced):
        operations.replace_case(by=by, case=case, version=2, reason="Sealed.", at=NOW)


def test_replacing_what_somebody_changed_meanwhile_is_refused(inspection, by):
    case = make_sample(inspection, by=by).cases.first()

    with pytest.raises(StaleVersion):
        operations.replace_case(by=by, case=case, version=9, reason="Sealed.", at=NOW)


def test_the_record_of_a_draw_with_replacements_reproduces(inspection, by):
    sample = make_sample(inspection, by=by)
    for case in sample.cases.filter(rank=1):
        operations.replace_case(by=by, case=case, version=1, reason="Sealed.", at=NOW, rng=random.Random(1))

    record = queries.draw_record(sample.frame)

    assert record.differences(queries.canonical_bytes(sample.frame)) == ()
    assert len(record.replaced) == 9


def test_a_plan_spread_over_districts_is_fixed_by_district(inspection, by):
    data = make_extract(each=8).replace(b"North,Team 2", b"South,Team 2")
    frame = imported(inspection, by, data)
    frame = operations.freeze_frame(by=by, frame=frame, version=1, at=NOW)

    sample = operations.fix_plan(
        by=by, frame=frame, sizes={"s47": 3, "missing": 2}, second_grading_percent=0, spread="district", at=NOW
    )
    operations.draw_sample(by=by, sample=sample, seed="7", at=NOW)

    lines = [(row.stratum, row.size) for row in queries.plan_rows(sample)]
    assert lines == [("s47,North", 2), ("s47,South", 1), ("missing,North", 1), ("missing,South", 1)]
    drawn = Case.objects.values_list("case_type__key", "candidate__district", "place", "rank").order_by("pk")
    assert list(drawn) == [
        ("s47", "North", "North", 1),
        ("s47", "North", "North", 2),
        ("s47", "South", "South", 1),
        ("missing", "North", "North", 1),
        ("missing", "South", "South", 1),
    ]
    assert sample.places_digest == sampling.frame_digest(queries.places_bytes(frame, "district"))


def test_a_replacement_comes_from_the_same_district(inspection, by):
    sample = make_sample(inspection, by=by, spread="team", sizes={"s47": 2})
    case = sample.cases.get(place="Team 1")

    replacement = operations.replace_case(by=by, case=case, version=1, reason="Sealed.", at=NOW)

    assert (replacement.candidate.team, replacement.place, replacement.rank) == ("Team 1", "Team 1", 2)


def second_round(sample, by, **sizes):
    plan = operations.fix_plan(by=by, frame=sample.frame, sizes=sizes, second_grading_percent=0, round_number=2, at=NOW)
    return operations.draw_sample(by=by, sample=plan, seed="another", at=NOW)


def test_a_further_round_adds_and_changes_nothing_that_was_drawn(inspection, by):
    first = make_sample(inspection, by=by, sizes={"s47": 2})
    operations.replace_case(by=by, case=first.cases.get(rank=1), version=1, reason="Sealed.", at=NOW)
    before = list(Case.objects.order_by("pk").values())

    second = second_round(first, by, s47=3)

    assert list(Case.objects.filter(sample=first).order_by("pk").values()) == before
    assert (second.round, second.cases.count(), Case.objects.values("candidate").distinct().count()) == (2, 3, 6)
    assert queries.draw_record(first.frame).differences(queries.canonical_bytes(first.frame)) == ()
    with pytest.raises(sampling.OrderExhausted):
        operations.replace_case(by=by, case=second.cases.first(), version=1, reason="Sealed.", at=NOW)


def test_a_further_round_takes_no_more_than_is_left(inspection, by):
    sample = make_sample(inspection, by=by, sizes={"s47": 5})

    with pytest.raises(sampling.PlanBeyondFrame, match="2 asked, 1 there"):
        second_round(sample, by, s47=2)
    with pytest.raises(operations.PlanIsFixed, match="Round 2 comes first"):
        operations.fix_plan(
            by=by, frame=sample.frame, sizes={"s47": 1}, second_grading_percent=0, round_number=3, at=NOW
        )


def test_the_database_lets_no_line_come_to_a_plan_whose_seed_is_known(inspection, by):
    line = make_sample(inspection, by=by).plan.first()

    with pytest.raises(IntegrityError, match="The seed is known"), transaction.atomic():
        PlanLine.objects.create(sample=line.sample, case_type=line.case_type, place="North", size=1)
