"""A grade corrected after it was handed in: the old one stays, and a moderation over it is stale."""

import pytest
from django.urls import reverse

from audits import correction_operations, operations
from audits.figure_counts import all_figures
from audits.models import Audit, Capacity, Grading, Moderation
from audits.queries import cases_to_moderate
from cases.models import Case
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give, grade_of, hand_in, two_gradings
from tests.factories import client_of, make_user

pytestmark = pytest.mark.django_db


drawn = worlds.copies(lambda: drawn_sample(cases=1))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditors(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(2)]


@pytest.fixture
def moderator(sampled):
    return make_user("moderator", force=sampled.force)


def correct(sampled, auditor, key):
    audit = Audit.objects.select_related("inspection__force").get(auditor=auditor)
    return correction_operations.correct_grading(
        by=auditor, audit=audit, grade=grade_of(sampled.inspection, key), reason="Read again.", at=AT
    )


def decide(sampled, moderator, key):
    return operations.moderate(
        by=moderator, case=Case.objects.select_related("inspection__force").get(), reason="Not seen.", question=None,
        grade=grade_of(sampled.inspection, key), criterion_key="C20-INI-1", at=AT,
    )  # fmt: skip


def counted(sampled):
    return {
        (figure.measure, figure.breakdown): figure.numerator
        for figure in all_figures(sampled.inspection, at=AT)
        if figure.measure in ("audit_grade", "cases_awaiting_moderation") and not figure.area and figure.numerator
    }


@pytest.mark.parametrize(("who", "key"), [(0, "good"), (1, "inadequate")])
def test_a_change_of_either_grading_makes_the_moderation_stale(sampled, auditors, moderator, who, key):
    two_gradings(sampled, sampled.cases[0], "inadequate", "good", auditors=auditors)
    decide(sampled, moderator, "requires_improvement")
    settled = ([case.is_moderated for case in cases_to_moderate()], counted(sampled))

    correct(sampled, auditors[who], key)
    agreeing = ([case.is_moderated for case in cases_to_moderate()], Moderation.objects.order_by("-pk")[0].rule)

    assert settled == ([True], {("audit_grade", "requires_improvement"): 1})
    assert agreeing == ([], "equal")
    assert Grading.objects.filter(capacity="agreed").count() == 2


def test_a_stale_moderation_counts_no_more_and_is_decided_again(sampled, auditors, moderator):
    two_gradings(sampled, sampled.cases[0], "inadequate", "good", auditors=auditors)
    decide(sampled, moderator, "requires_improvement")

    correct(sampled, auditors[0], "requires_improvement")
    waiting = ([case.is_moderated for case in cases_to_moderate()], counted(sampled))
    page = client_of(moderator).get(reverse("audits:moderate", args=[sampled.inspection.ref, sampled.cases[0].code]))
    decide(sampled, moderator, "good")

    assert waiting == ([False], {("cases_awaiting_moderation", ""): 1})
    assert (page.context["settled"], page.context["stale"].reason) == (None, "Not seen.")
    assert page.context["pair"].first.grade.key == "requires_improvement"
    assert [case.is_moderated for case in cases_to_moderate()] == [True]
    assert counted(sampled) == {("audit_grade", "good"): 1}


def test_the_grading_that_was_handed_in_stays_as_it_was(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")

    correct(sampled, auditors[0], "inadequate")

    firsts = Grading.objects.filter(capacity=Capacity.FIRST).order_by("pk")
    assert [(row.grade.key, row.reason) for row in firsts] == [
        ("good", "What the record shows."),
        ("inadequate", "Read again."),
    ]
    assert counted(sampled) == {("audit_grade", "inadequate"): 1}


def test_what_cannot_be_corrected_is_refused(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    grade = grade_of(sampled.inspection, "good")

    for by in (auditors[0], auditors[1]):
        with pytest.raises(correction_operations.NothingToCorrect):
            correction_operations.correct_grading(by=by, audit=audit, grade=grade, reason="x", at=AT)
    audit = hand_in(audit, "good")
    with pytest.raises(correction_operations.NothingToCorrect, match="already"):
        correction_operations.correct_grading(by=auditors[0], audit=audit, grade=grade, reason="x", at=AT)
    with pytest.raises(correction_operations.NothingToCorrect, match="you handed in"):
        correction_operations.correct_grading(by=auditors[1], audit=audit, grade=grade, reason="x", at=AT)

    assert Grading.objects.filter(capacity=Capacity.FIRST).count() == 1


def test_an_auditor_corrects_on_a_page_with_a_reason(sampled, auditors):
    audit = hand_in(give(sampled, sampled.cases[0], auditors[0]), "good")
    client, url = client_of(auditors[0]), reverse("audits:correct-grade", args=[sampled.inspection.ref, audit.pk])
    grade = grade_of(sampled.inspection, "inadequate").pk

    without = client.post(url, {"grade": grade})
    done = client.post(url, {"grade": grade, "reason": "Read again."})

    assert list(without.context["form"].errors) == ["reason"]
    assert (done.status_code, Grading.objects.standing().get(capacity="first").grade.key) == (302, "inadequate")
