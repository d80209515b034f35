"""Inspectors' gradings: a list of them, further cases, corrections, and what of them is compared with ours."""

import io

import pytest
from django.urls import reverse

from audits import inspector_operations, operations
from audits.agreement_queries import AGREED_INSPECTOR, pairs_of
from audits.figure_counts import all_figures
from audits.inspector_rows import GradesRefused, Known, read_grades
from audits.models import Capacity, FurtherGrading, GradeList, Grading
from audits.names import check_text
from cases.models import Case
from ncpi.lib.tables import Sheet as Page
from ncpi.lib.tables import read_csv, write_xlsx
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give, grade_of, graded, hand_in, two_gradings
from tests.factories import client_of, make_user

KNOWN = Known(
    by_code={"7f3k": 1, "9g4m": 2},
    by_reference={"fn1/21": 1, "fn2/21": 2},
    grades={"good": 10, "inadequate": 12, "requires improvement": 11, "requires_improvement": 11},
    case_types={"missing": 5, "missing children": 5},
    graded=frozenset({2, "FN8/21"}),
)


def read(text, look=check_text):
    return read_grades(read_csv(text.encode()), KNOWN, look=look)


def problems(text):
    with pytest.raises(GradesRefused) as refused:
        read(text)
    return [(found.row, found.column, found.message) for found in refused.value.problems]


def test_a_row_is_a_case_of_the_sample_by_code_or_reference_or_else_a_further_case():
    rows = read(
        "Case,Reference,Case type,Grade,Reason\n"
        "7f3k,,,Good,Seen and heard.\n"
        ",FN7/21,Missing children,Requires improvement,\n"
    )

    assert [(row.case, row.reference, row.case_type, row.grade) for row in rows] == [
        (1, "", None, 10),
        (None, "FN7/21", 5, 11),
    ]
    assert [row.reason for row in rows] == ["Seen and heard.", "The inspectors' list gives no reason."]
    assert [row.case for row in read("reference,grade\nfn1/21,good\n")] == [1]


ALREADY = "has the inspectors' grade already. Correct it on its own page."
NEITHER = "is missing, and so is reference: one of them says which case it is."
COLUMNS = "is not a column of this list (those are case, reference, case_type, grade, reason)."
NAME = "looks like a name. Take the column out: a case is known by its reference only."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("case,grade\n", [(0, "", "The list has a header and no row.")]),
        ("reason\nx\n", [(1, "case", NEITHER), (1, "grade", "is missing.")]),
        ("case,grade,colour\n7F3K,good,red\n", [(1, "colour", COLUMNS)]),
        ("case,grade,officer\n7F3K,good,x\n", [(1, "officer", NAME)]),
        ("case,grade\nZZZZ,good\n", [(2, "case", "is no case of the sample.")]),
        ("case,grade\n7F3K,fine\n", [(2, "grade", "is no grade of this programme's scale.")]),
        ("case,grade\n7F3K,\n", [(2, "grade", "is empty.")]),
        ("case,reference,grade\n7F3K,FN2/21,good\n", [(2, "reference", "is not the reference of that case.")]),
        ("case,reference,grade\n,,good\n", [(2, "case", "is empty, and so is reference.")]),
        ("case,grade\n9G4M,good\n", [(2, "case", ALREADY)]),
        ("reference,case_type,grade\nfn8/21,missing,good\n", [(2, "reference", ALREADY)]),
        ("reference,grade\nFN9/21,good\n", [(2, "case_type", "is needed: the force did not draw this.")]),
        ("reference,case_type,grade\nFN9/21,x,good\n", [(2, "case_type", "is no case type of the programme.")]),
        ("case,reference,grade\n7F3K,,good\n,FN1/21,good\n", [(3, "case", "is the same case as in row 2.")]),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(text, said):
    assert problems(text) == said


def test_a_name_in_a_reason_is_refused_until_somebody_has_looked():
    text = "case,grade,reason\n7F3K,good,PC Smith did not see Mrs Jones on 03/04/2011.\n"

    assert {(row, column) for row, column, _ in problems(text)} == {(2, "reason")}
    assert len(read(text, look=lambda reason: ())) == 1


drawn = worlds.copies(lambda: drawn_sample(cases=3))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def inspector(sampled):
    return make_user("inspector", force=sampled.force)


def address(sampled, name, *args):
    return reverse(f"audits:{name}", args=[sampled.inspection.ref, *args])


def bring(client, sampled, data, name="list.csv"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(address(sampled, "import-inspector-gradings"), {"file": file})


def list_of(sampled, *more):
    rows = [(case.code, "", "", "good", "Seen.") for case in sampled.cases[:2]]
    return [*rows, ("", "FN9999/21", "missing", "inadequate", "Not seen."), *more]


HEADER = ("case", "reference", "case_type", "grade", "reason")


@pytest.mark.parametrize("role", ["inspector", "coordinator"])
def test_a_workbook_is_imported_whole_and_the_same_file_once(sampled, role):
    client = client_of(make_user(role, force=sampled.force))
    data = write_xlsx(Page("Grades", HEADER, list_of(sampled)))

    first = bring(client, sampled, data, "list.xlsx")
    again = bring(client, sampled, data, "list.xlsx")

    assert first.url == address(sampled, "inspector-gradings")
    assert list(Grading.objects.values_list("capacity", "grade__key")) == [("inspector", "good")] * 2
    assert list(FurtherGrading.objects.values_list("reference", "grade__key")) == [("FN9999/21", "inadequate")]
    assert again.context["form"].errors["file"] == ["This file was imported already: it is list 1."]
    assert list(GradeList.objects.values_list("drawn", "further")) == [(2, 1)]


def test_one_wrong_row_keeps_the_whole_list_out(sampled, inspector):
    text = "\n".join([",".join(HEADER), *(",".join(row) for row in list_of(sampled, ("XXXX", "", "", "good", "")))])

    page = bring(client_of(inspector), sampled, text.encode())

    assert [(found.row, found.column) for found in page.context["problems"]] == [(5, "case")]
    assert (Grading.objects.count(), FurtherGrading.objects.count(), GradeList.objects.count()) == (0, 0, 0)


def test_a_correction_stands_and_the_grade_before_stays_on_record(sampled, inspector):
    client, case = client_of(inspector), sampled.cases[0]
    url = address(sampled, "grade-as-inspector", case.code)
    client.post(url, {"grade": grade_of(sampled.inspection, "good").pk, "reason": "Seen."})

    client.post(url, {"grade": grade_of(sampled.inspection, "inadequate").pk, "reason": "Read again."})
    page = client.get(url)

    assert [(row.grade.key, row.reason) for row in page.context["history"]] == [
        ("inadequate", "Read again."),
        ("good", "Seen."),
    ]
    assert Grading.objects.standing().get().grade.key == "inadequate"


def test_a_further_case_is_graded_and_corrected_and_one_of_the_sample_is_not(sampled, inspector):
    client, url = client_of(inspector), address(sampled, "grade-further")
    given = {
        "grade": grade_of(sampled.inspection, "good").pk,
        "reason": "Seen.",
        "case_type": sampled.cases[0].case_type_id,
    }
    drawn = client.post(url, given | {"reference": sampled.cases[0].candidate.reference.lower()})
    client.post(url, given | {"reference": "FN9999/21"})
    twice = client.post(url, given | {"reference": "fn9999/21"})
    first = FurtherGrading.objects.get()

    correct = address(sampled, "further-grading", first.pk)
    client.post(correct, {"grade": grade_of(sampled.inspection, "inadequate").pk, "reason": "Read again."})

    assert drawn.context["form"].non_field_errors() == ["The force drew this case: grade it in the list of the sample."]
    assert twice.context["form"].non_field_errors() == ["An inspector has graded this case already."]
    assert [row.grade.key for row in FurtherGrading.objects.standing()] == ["inadequate"]
    assert client.get(correct).status_code == 404  # it is its correction's page that stands now


def test_of_two_corrections_at_once_one_is_refused(sampled, inspector):
    given = {"by": inspector, "reason": "Seen.", "at": AT}
    first = inspector_operations.grade_as_inspector(
        case=sampled.cases[0], grade=grade_of(sampled.inspection, "good"), **given
    )
    worse = {"grading": first, "grade": grade_of(sampled.inspection, "inadequate"), **given}
    inspector_operations.correct_inspector_grading(**worse)

    with pytest.raises(inspector_operations.NothingToCorrect, match="same moment"):
        inspector_operations.correct_inspector_grading(**worse)


def test_an_agreed_grade_that_is_open_again_is_not_compared_with_the_inspectors(sampled, inspector):
    auditors = [make_user("auditor", force=sampled.force) for _ in range(2)]
    hand_in(give(sampled, sampled.cases[0], auditors[0]))
    two_gradings(sampled, sampled.cases[1], "good", "inadequate", auditors=auditors)
    good = grade_of(sampled.inspection, "good")
    operations.moderate(
        by=make_user("moderator", force=sampled.force), case=Case.objects.get(pk=sampled.cases[1].pk), grade=good,
        reason="x", criterion_key="C20-INI-1", question=None, at=AT,
    )  # fmt: skip
    for case in sampled.cases[:2]:
        inspector_operations.grade_as_inspector(by=inspector, case=case, grade=good, reason="Seen.", at=AT)
    settled = len(pairs_of(sampled.inspection)[AGREED_INSPECTOR])

    give(sampled, sampled.cases[0], auditors[1], Capacity.SECOND)
    awaited = len(pairs_of(sampled.inspection)[AGREED_INSPECTOR])
    before = Grading.objects.standing().get(case=sampled.cases[1], capacity=Capacity.FIRST)
    graded(sampled, sampled.cases[1], Capacity.FIRST, "requires_improvement", by=auditors[0], corrects=before)

    assert (settled, awaited, len(pairs_of(sampled.inspection)[AGREED_INSPECTOR])) == (2, 1, 0)
    shares = [share for share in all_figures(sampled.inspection, at=AT) if share.breakdown == "inspector"]
    assert [(share.measure, share.numerator) for share in shares] == [("grading_pairs", 0)]
