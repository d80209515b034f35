from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits import (
    concern_operations,
    figure_operations,
    inspector_operations,
    operations,
    published_queries,
    tool_operations,
)
from audits.figure_counts import BY_DISTRICT, BY_FACT, all_figures
from audits.models import Capacity
from ncpi.board.models import Figure
from ncpi.inspections.marks import mark_changed
from ncpi.inspections.models import Area, ChangeMark
from ncpi.jobs import operations as jobs
from ncpi.jobs.models import Job
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give, grade_of, graded, hand_in, own_question, two_gradings
from tests.factories import client_of, make_force, make_inspection, make_user

pytestmark = pytest.mark.django_db


drawn = worlds.copies(lambda: drawn_sample(cases=3))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditors(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(2)]


def figures_of(inspection, measure, area="", at=AT):
    return {
        share.breakdown: (share.numerator, share.denominator)
        for share in all_figures(inspection, at=at)
        if (share.measure, share.area) == (measure, area)
    }


def publish(sampled, at=AT):
    return figure_operations.publish_figures(by=None, inspection=sampled.inspection, as_at=at)


def test_grades_are_those_that_count_and_a_case_in_dispute_has_none(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    two_gradings(sampled, sampled.cases[1], "requires_improvement", "inadequate", auditors=auditors)
    two_gradings(sampled, sampled.cases[2], "good", "inadequate", auditors=auditors)

    assert figures_of(sampled.inspection, "audit_grade") == {
        "good": (1, 2),
        "requires_improvement": (0, 2),
        "inadequate": (1, 2),
    }
    assert figures_of(sampled.inspection, "cases_awaiting_moderation") == {"": (1, 2)}


def test_a_settled_grade_does_not_count_while_a_second_grading_is_awaited(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    give(sampled, sampled.cases[0], auditors[1], Capacity.SECOND)

    assert figures_of(sampled.inspection, "audit_grade") == {}
    assert figures_of(sampled.inspection, "cases_graded") == {"": (0, 3)}


def test_a_moderated_grade_counts_in_place_of_both(sampled, auditors):
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)
    operations.moderate(
        by=make_user("moderator", force=sampled.force), case=sampled.cases[0],
        grade=grade_of(sampled.inspection, "requires_improvement"), reason="x", criterion_key="C20-INI-1",
        question=None, at=AT,
    )  # fmt: skip

    assert figures_of(sampled.inspection, "audit_grade")["requires_improvement"] == (1, 1)


def test_an_area_has_only_cases_that_answered_one_of_its_questions(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    hand_in(give(sampled, sampled.cases[1], auditors[0]), "inadequate", value="not_applicable")

    assert figures_of(sampled.inspection, "audit_grade", "C20-INI") == {
        "good": (1, 1),
        "requires_improvement": (0, 1),
        "inadequate": (0, 1),
    }


@pytest.mark.parametrize(
    ("area", "speaks"),
    [
        ("C20-INI", True),  # it asks missing children's cases something of their own
        ("C20-DEC", False),  # it does so for other types; these cases have answered its common question
        ("C20-OVR", True),  # it has common questions only
        ("C20-DET", False),  # it asks these cases nothing
    ],
)
def test_a_case_speaks_for_an_area_by_the_questions_for_its_own_type_where_there_are_any(
    sampled, auditors, area, speaks
):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")

    answered = figures_of(sampled.inspection, "answers_by_area", area).get("yes", (0, 0))
    assert (answered[0] > 0) is (area != "C20-DET")
    assert bool(figures_of(sampled.inspection, "audit_grade", area)) is speaks


def test_a_question_common_to_all_types_does_not_make_a_case_speak(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    hand_in(audit, "good", value="not_applicable")
    common = audit.answers.filter(question__case_type=None, question__area__key="C20-INI", question__kind="scale")

    common.update(value="yes")

    assert common.count() > 0
    assert figures_of(sampled.inspection, "audit_grade", "C20-INI") == {}


def test_answers_are_the_first_auditors(sampled, auditors):
    one = give(sampled, sampled.cases[0], auditors[0])
    other = give(sampled, sampled.cases[0], auditors[1], Capacity.SECOND)
    hand_in(one, "good", value="yes")
    hand_in(other, "good", value="not_applicable")

    answers = figures_of(sampled.inspection, "answers", "C20-INI")

    assert answers["Q-ALL-1.yes"] == (1, 1)
    assert answers["Q-ALL-1.not_applicable"] == (0, 1)


def test_a_district_is_held_back_when_it_is_small_and_not_there_before_all_is_graded(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    publish(sampled)
    before = Figure.objects.filter(measure=BY_DISTRICT).count()
    for case in sampled.cases[1:]:
        hand_in(give(sampled, case, auditors[0]), "good")
    publish(sampled)

    districts = Figure.objects.filter(measure=BY_DISTRICT)
    assert before == 0
    assert {(row.numerator, row.denominator, row.value, row.is_suppressed) for row in districts} == {
        (None, None, None, True)
    }


def test_concerns_and_their_times_are_counted(sampled, auditors):
    concern = concern_operations.raise_concern(
        by=auditors[0], case=sampled.cases[0], audit=None, text="x", at=AT, now=AT
    )
    concern_operations.acknowledge_concern(
        by=sampled.coordinator, concern=concern, version=1, at=AT + timedelta(minutes=25)
    )
    concern_operations.raise_concern(by=auditors[0], case=sampled.cases[1], audit=None, text="x", at=AT, now=AT)

    later = AT + timedelta(hours=2)
    assert figures_of(sampled.inspection, "concerns", at=later) == {
        "raised": (2, 2),
        "acknowledged": (1, 2),
        "open": (2, 2),
        "overdue": (1, 2),
        "closed": (0, 2),
    }
    assert figures_of(sampled.inspection, "concern_minutes", at=later) == {"to_acknowledge": (25, None)}


def test_agreement_with_five_pairs_is_published_with_its_kappa():
    sampled = drawn_sample(cases=5)
    auditors = [make_user("auditor", force=sampled.force) for _ in range(2)]
    grades = [
        ("good", "good"),
        ("good", "good"),
        ("inadequate", "inadequate"),
        ("good", "inadequate"),
        ("good", "good"),
    ]
    for case, pair in zip(sampled.cases, grades, strict=True):
        two_gradings(sampled, case, *pair, auditors=auditors)

    assert figures_of(sampled.inspection, "grading_agreement") == {"": (4, 5)}
    assert figures_of(sampled.inspection, "grading_kappa") == {"": (None, 5)}


def test_publishing_twice_adds_nothing_and_a_change_adds_what_changed(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    first = publish(sampled)
    again = publish(sampled)

    hand_in(give(sampled, sampled.cases[1], auditors[0]), "good")
    publish(sampled, AT + timedelta(days=1))

    history = Figure.objects.filter(measure="audit_grade", area="", breakdown="good").order_by("as_at")
    assert (first > 0, again) == (True, 0)
    assert [(row.numerator, row.denominator) for row in history] == [(1, 1), (2, 2)]


def test_the_figures_of_one_force_read_nothing_of_another(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    other = drawn_sample(make_inspection(make_force("Wolden Police")), cases=2)
    stranger = make_user("auditor", force=other.force)
    for case in other.cases:
        hand_in(give(other, case, stranger), "inadequate")

    assert figures_of(sampled.inspection, "audit_grade")["inadequate"] == (0, 1)
    assert figures_of(other.inspection, "audit_grade")["inadequate"] == (2, 2)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_cases(sampled, auditors, count):
    for case in sampled.cases[:count]:
        hand_in(give(sampled, case, auditors[0]), "good")

    with CaptureQueriesContext(connection) as captured:
        all_figures(sampled.inspection, at=AT)

    assert len(captured) == 3


def test_the_task_publishes_as_at_the_last_change_and_once_when_delivered_twice(sampled, auditors):
    from audits.tasks import publish_figures

    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    changed_at = ChangeMark.objects.get().changed_at
    job = jobs.enqueue(
        by=sampled.coordinator, kind="compile_summary", key="x", args={"inspection": sampled.inspection.pk},
        force=sampled.force, at=AT,
    )  # fmt: skip

    publish_figures(job_id=job.pk)
    published = Figure.objects.count()
    publish_figures(job_id=job.pk)

    assert (Job.objects.get().steps_done, Figure.objects.count()) == (1, published)
    assert published > 50
    assert changed_at <= Figure.objects.order_by("-as_at")[0].as_at


def test_whole_force_grades_equal_a_count_by_hand(sampled, auditors):
    for case, grade in zip(sampled.cases, ["good", "inadequate", "inadequate"], strict=True):
        hand_in(give(sampled, case, auditors[0]), grade)
    publish(sampled)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.key, count(*) FROM audits_grading a JOIN ncpi_grade g ON g.id = a.grade_id"
            " WHERE a.capacity = 'first' GROUP BY g.key"
        )
        by_hand = dict(cursor.fetchall())

    figures = Figure.objects.filter(measure="audit_grade", area="").exclude(numerator=0)
    assert dict(figures.values_list("breakdown", "numerator")) == by_hand == {"good": 1, "inadequate": 2}


def published(sampled, measure):
    rows = Figure.objects.filter(inspection=sampled.inspection, measure=measure).latest()
    return {row.breakdown: (row.numerator, row.is_suppressed, row.as_at) for row in rows}


def graded_whole(auditors, *, inspection=None, cases, threshold):
    """A sample every case of which is graded good; about half is of District 1, with its ethnicity recorded."""
    sampled = drawn_sample(inspection, cases=cases, outside=0)
    sampled.force.suppression_threshold = threshold
    sampled.force.save(update_fields=["suppression_threshold"])
    sampled.inspection.refresh_from_db()
    for case in sampled.cases:
        for capacity in (Capacity.FIRST, Capacity.AGREED):
            graded(sampled, case, capacity, "good", by=auditors[0])
    publish(sampled)
    return sampled


def test_one_corrected_grade_does_not_change_what_is_shown_by_district_or_by_what_the_record_holds(auditors):
    sampled = graded_whole(auditors, cases=8, threshold=3)
    before = [published(sampled, measure) for measure in (BY_DISTRICT, BY_FACT)]

    for capacity in (Capacity.FIRST, Capacity.AGREED):
        old = sampled.cases[7].gradings.get(capacity=capacity)
        graded(sampled, sampled.cases[7], capacity, "inadequate", by=auditors[0], corrects=old)
    mark_changed(inspection_id=sampled.inspection.pk, at=AT)
    publish(sampled, at=AT + timedelta(hours=1))

    assert [published(sampled, measure) for measure in (BY_DISTRICT, BY_FACT)] == before
    assert {name: found[0] for name, found in before[0].items() if found[0]} == {
        "District 0.good": 4,
        "District 1.good": 4,
    }
    assert {name: found[0] for name, found in before[1].items() if found[0]} == {
        "ethnicity.not_recorded.good": 4,
        "ethnicity.recorded.good": 4,
    }
    overall = Figure.objects.filter(measure="audit_grade", area="").latest()
    assert {row.breakdown: row.numerator for row in overall if row.numerator} == {"good": 7, "inadequate": 1}


def test_the_threshold_is_the_forces_own(auditors):
    other = make_inspection(make_force("Wolden Police"))
    samples = [
        graded_whole(auditors, cases=8, threshold=3),
        graded_whole(auditors, inspection=other, cases=8, threshold=6),
    ]

    shown = [published(sampled, BY_FACT) for sampled in samples]

    assert [{is_held for _, is_held, _ in table.values()} for table in shown] == [{False}, {True}]


def test_what_the_auditor_found_recorded_breaks_grades_down_too(sampled, auditors):
    sampled.inspection.force.suppression_threshold = 3
    for case in sampled.cases:
        hand_in(give(sampled, case, auditors[0]), "good")

    found = figures_of(sampled.inspection, BY_FACT)

    asked = {name.removesuffix(".recorded.good"): pair for name, pair in found.items() if pair[0]}
    assert {pair for name, pair in asked.items() if name != "ethnicity"} == {(3, 3)}
    assert len(asked) > 1


def test_inspectors_grades_are_counted_with_their_further_cases(sampled, auditors):
    inspector = make_user("inspector", force=sampled.force)
    given = {"by": inspector, "grade": grade_of(sampled.inspection, "good"), "reason": "Seen.", "at": AT}
    inspector_operations.grade_as_inspector(case=sampled.cases[0], **given)
    inspector_operations.grade_further_case(
        inspection=sampled.inspection, reference="FN9999/21", case_type=sampled.cases[0].case_type, **given
    )

    assert figures_of(sampled.inspection, "inspector_grade")["good"] == (2, 2)
    assert figures_of(sampled.inspection, "inspectors_further_cases") == {"": (1, 2)}


def test_an_own_question_counts_in_its_area_by_question_and_makes_no_case_speak(sampled, auditors):
    area = Area.objects.get(programme=sampled.inspection.programme, key="C20-DET")
    own_question(sampled.inspection, sampled.coordinator, area=area)
    tool_operations.put_to_use(by=sampled.coordinator, inspection=sampled.inspection, at=AT)
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")

    assert figures_of(sampled.inspection, "answers", "C20-DET")["OWN-1.yes"] == (1, 1)
    assert figures_of(sampled.inspection, "answers_by_area", "C20-DET") == {}
    assert figures_of(sampled.inspection, "audit_grade", "C20-DET") == {}


def test_the_page_of_published_figures_says_what_is_held_back(auditors):
    sampled = graded_whole(auditors, cases=8, threshold=6)
    client = client_of(sampled.coordinator)
    url = reverse("audits:published-figures", args=[sampled.inspection.ref])
    client.get(url)  # the first request of a session notes when it was seen

    with CaptureQueriesContext(connection) as captured:
        page = client.get(url).context["published"]

    tables = {table.title: table.lines for table in page.tables}

    assert [cell[1] for cell in tables["Overall"][0].cells] == [8, 0, 0]
    assert [(line.label, [cell[1] for cell in line.cells]) for line in tables["By what the record holds"]] == [
        ("Ethnicity, by the extract: not recorded", [None] * 3),
        ("Ethnicity, by the extract: recorded", [None] * 3),
    ]
    assert len(captured) == 9


def test_the_page_lists_answers_by_question_in_their_order_and_how_long_concerns_took(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    given = {"case": sampled.cases[0], "audit": None, "text": "x", "at": AT, "now": AT}
    concern = concern_operations.raise_concern(by=auditors[0], **given)
    later = AT + timedelta(minutes=25)
    concern_operations.acknowledge_concern(by=sampled.coordinator, concern=concern, version=1, at=later)
    publish(sampled, later)

    page = published_queries.published(sampled.inspection)

    answers = next(table for table in page.tables if table.title == "Answers by question")
    asked = operations.questions_of(sampled.cases[0].audits.get()).exclude(kind="text").order_by("order", "pk")
    assert [line.label for line in answers.lines] == list(asked.values_list("ask", flat=True))
    assert [cell[1:] for cell in answers.lines[0].cells] == [(1, "(100%)"), (0, ""), (0, ""), (0, ""), (0, "")]
    assert [one.shows for one in page.singles if "Minutes" in one.says] == ["25"]
