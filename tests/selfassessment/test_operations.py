"""What people do with judgements, evidence and signatures: one test an exit."""

import io
from datetime import date

import pytest

from ncpi.accounts.models import Draft, JournalEntry
from ncpi.actions import operations as actions
from ncpi.inspections import operations as inspections
from ncpi.inspections.models import ChangeMark
from ncpi.lib import uploads
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import assignment_operations, operations, queries
from ncpi.selfassessment.models import (
    Evidence,
    EvidenceFile,
    EvidenceLink,
    Judgement,
    JudgementState,
    ReviewStep,
    Signature,
)
from ncpi.selfassessment.signing import Status
from tests.factories import (
    NOW,
    agree_all,
    judge,
    make_evidence,
    make_force,
    make_inspection,
)
from tests.selfassessment.acts import fresh, sign

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def pdf(name="Policy.pdf", extra=b""):
    return uploads.inspect(io.BytesIO(PDF.replace(b"/Type", extra + b"/Type")), name)


def in_review(judgement, lead):
    judge(judgement, by=lead)
    return operations.send_for_review(by=lead, judgement=fresh(judgement), version=2, at=NOW)


def area_signed(judgements, lead, reviewer, chief):
    area = judgements[0].criterion.area
    rows = [row for row in judgements if row.criterion.area_id == area.pk]
    agree_all(rows, lead=lead, reviewer=reviewer)
    return rows, sign(judgements[0].inspection, chief, area)


def status(signature):
    return queries.status_now(signature, queries.scope_to_sign(signature.inspection, signature.area).digest)


# Beginning and assigning


@pytest.fixture
def not_begun(force):
    return make_inspection(force, name="Inspection 2022")


def test_beginning_opens_one_judgement_a_criterion(not_begun, lead):
    new = operations.begin(by=lead, inspection=not_begun, at=NOW)

    states = Judgement.objects.filter(inspection=not_begun).values_list("state", flat=True)
    assert (new, list(states)) == (37, ["not_started"] * 37)


def test_beginning_twice_doubles_nothing(not_begun, lead):
    operations.begin(by=lead, inspection=not_begun, at=NOW)

    assert operations.begin(by=lead, inspection=not_begun, at=NOW) == 0
    assert Judgement.objects.filter(inspection=not_begun).count() == 37


def test_a_closed_inspection_cannot_begin(not_begun, lead):
    inspections.close_inspection(by=lead, inspection=not_begun, version=1, at=NOW)

    with pytest.raises(inspections.InspectionClosed):
        operations.begin(by=lead, inspection=not_begun, at=NOW)


def test_assigning_in_bulk_changes_what_was_given_and_nothing_else(inspection, judgements, lead, reviewer):
    chosen = {row.pk: row.version for row in judgements[:3]}

    count = assignment_operations.assign(
        by=reviewer, inspection=inspection, versions=chosen, changes={"lead": lead, "due_date": date(2021, 6, 18)}
    )

    rows = Judgement.objects.filter(lead=lead)
    assert count == 3
    assert sorted(rows.values_list("pk", "due_date", "reviewer", "version")) == sorted(
        (pk, date(2021, 6, 18), None, 2) for pk in chosen
    )


def test_assigning_over_a_change_that_was_not_seen_is_refused_whole(inspection, judgements, lead):
    judge(judgements[1], by=lead)

    with pytest.raises(assignment_operations.CriteriaChanged) as refusal:
        assignment_operations.assign(
            by=lead, inspection=inspection, versions={judgements[0].pk: 1, judgements[1].pk: 1}, changes={"lead": lead}
        )

    assert str(refusal.value) == (
        "Somebody else changed C20-OVR-2 meanwhile. Look again, then assign; nothing was assigned yet."
    )
    assert Judgement.objects.filter(lead=lead).count() == 0


def test_assigning_criteria_of_another_inspection_is_refused(inspection, judgements, lead):
    elsewhere = make_inspection(inspection.force, name="Another inspection")

    with pytest.raises(operations.NotPossibleNow):
        assignment_operations.assign(
            by=lead, inspection=elsewhere, versions={judgements[0].pk: 1}, changes={"lead": lead}
        )


def test_assigning_nothing_is_refused(inspection, judgement, lead):
    with pytest.raises(operations.NotPossibleNow):
        assignment_operations.assign(by=lead, inspection=inspection, versions={judgement.pk: 1}, changes={})


# Saving


def test_saving_writes_grade_and_texts_and_who_and_when(judgement, lead):
    judge(judgement, by=lead, narrative="We answer at once.", plan="More.")

    row = fresh(judgement)
    assert (row.grade.key, row.narrative, row.plan, row.state, row.saved_by, row.saved_at, row.version) == (
        "good", "We answer at once.", "More.", "drafting", lead, NOW, 2,
    )  # fmt: skip
    assert list(JournalEntry.objects.filter(verb="saved judgement").values_list("by", "subject")) == [
        (lead.pk, f"Judgement {judgement.pk}")
    ]
    assert ChangeMark.objects.get(inspection=judgement.inspection).changed_at == NOW


def test_a_stale_save_is_refused_and_writes_nothing(judgement, lead, reviewer):
    seen = fresh(judgement)
    judge(judgement, by=lead, narrative="First")

    with pytest.raises(StaleVersion):
        judge(seen, by=reviewer, narrative="Second")

    assert fresh(judgement).narrative == "First"


def test_a_change_of_lead_meanwhile_is_no_conflict(inspection, judgement, lead, reviewer):
    seen = fresh(judgement)
    assignment_operations.assign(by=reviewer, inspection=inspection, versions={judgement.pk: 1}, changes={"lead": lead})

    judge(seen, by=lead, narrative="Mine")

    row = fresh(judgement)
    assert (row.narrative, row.lead, row.version) == ("Mine", lead, 3)


def test_saving_forgets_the_draft_of_whoever_saved(judgement, lead, reviewer):
    for person in (lead, reviewer):
        operations.keep_draft(by=person, judgement_id=judgement.pk, data={"narrative": "…"}, at=NOW)

    judge(judgement, by=lead)

    assert list(Draft.objects.values_list("user", "form")) == [(reviewer.pk, f"judgement:{judgement.pk}")]


def test_keeping_a_draft_again_replaces_it(judgement, lead):
    for text in ("W", "We"):
        operations.keep_draft(by=lead, judgement_id=judgement.pk, data={"narrative": text}, at=NOW)

    assert list(Draft.objects.values_list("data", flat=True)) == [{"narrative": "We"}]
    assert fresh(judgement).narrative == ""


def test_discarding_a_draft_forgets_it(judgement, lead):
    operations.keep_draft(by=lead, judgement_id=judgement.pk, data={}, at=NOW)

    operations.discard_draft(by=lead, judgement=judgement)

    assert Draft.objects.count() == 0


def test_saving_what_is_in_review_is_refused(judgement, lead):
    row = in_review(judgement, lead)

    with pytest.raises(operations.NotPossibleNow):
        judge(fresh(row), by=lead)


def test_saving_an_agreed_judgement_opens_it_again(judgement, lead, reviewer):
    agree_all([judgement], lead=lead, reviewer=reviewer)

    judge(fresh(judgement), by=lead, narrative="Better")

    assert fresh(judgement).state == JudgementState.DRAFTING
    assert list(ReviewStep.objects.order_by("pk").values_list("step", flat=True)) == ["sent", "agreed", "reopened"]


def test_a_save_takes_four_queries_of_which_two_are_its_savepoint(judgement, lead, django_assert_num_queries):
    row = fresh(judgement)
    grade = row.inspection.programme.grades.get(key="good")

    with django_assert_num_queries(4):
        operations.save_judgement(
            by=lead, judgement=row, version=1, grade=grade, at=NOW,
            texts={"narrative": "x", "impact": "", "gaps": "", "plan": ""},
        )  # fmt: skip


# Review


def test_sending_hands_a_judgement_to_review(judgement, lead):
    row = in_review(judgement, lead)

    assert fresh(row).state == JudgementState.IN_REVIEW
    assert list(ReviewStep.objects.values_list("step", "by", "judgement_version")) == [("sent", lead.pk, 3)]


@pytest.mark.parametrize("missing", ["grade", "narrative"])
def test_sending_what_is_not_graded_or_not_written_is_refused(judgement, lead, missing):
    texts = {"narrative": "" if missing == "narrative" else "x", "impact": "", "gaps": "", "plan": ""}
    grade = None if missing == "grade" else judgement.inspection.programme.grades.get(key="good")

    with pytest.raises(operations.NotPossibleNow):
        operations.save_and_send(by=lead, judgement=judgement, version=1, grade=grade, texts=texts, at=NOW)

    assert fresh(judgement).version == 1


def test_saving_and_sending_is_one_act(judgement, lead):
    texts = {"narrative": "x", "impact": "", "gaps": "", "plan": ""}
    grade = judgement.inspection.programme.grades.get(key="good")

    operations.save_and_send(by=lead, judgement=judgement, version=1, grade=grade, texts=texts, at=NOW)

    assert (fresh(judgement).state, fresh(judgement).version) == ("in_review", 3)


def test_sending_what_was_not_started_is_refused(judgement, lead):
    with pytest.raises(operations.NotPossibleNow):
        operations.send_for_review(by=lead, judgement=judgement, version=1, at=NOW)


def test_a_reviewer_agrees(judgement, lead, reviewer):
    row = in_review(judgement, lead)

    operations.agree(by=reviewer, judgement=fresh(row), version=3, text="Fair.", at=NOW)

    step = ReviewStep.objects.get(step="agreed")
    assert (fresh(row).state, step.by, step.text) == ("agreed", reviewer, "Fair.")


def test_a_reviewer_returns_with_the_reason(judgement, lead, reviewer):
    row = in_review(judgement, lead)

    operations.return_judgement(by=reviewer, judgement=fresh(row), version=3, reason="No evidence.", at=NOW)

    assert (fresh(row).state, ReviewStep.objects.get(step="returned").text) == ("returned", "No evidence.")


def test_returning_without_a_reason_is_refused(judgement, lead, reviewer):
    row = in_review(judgement, lead)

    with pytest.raises(operations.NotPossibleNow):
        operations.return_judgement(by=reviewer, judgement=fresh(row), version=3, reason="  ", at=NOW)


def test_nobody_agrees_what_they_wrote(judgement, lead):
    row = fresh(in_review(judgement, lead))

    with pytest.raises(operations.OwnJudgement):
        operations.agree(by=lead, judgement=row, version=3, at=NOW)


def test_nobody_returns_what_they_wrote(judgement, lead):
    row = fresh(in_review(judgement, lead))

    with pytest.raises(operations.OwnJudgement):
        operations.return_judgement(by=lead, judgement=row, version=3, reason="x", at=NOW)


def test_nobody_reviews_what_they_hold(inspection, judgement, lead, reviewer):
    assignment_operations.assign(by=lead, inspection=inspection, versions={judgement.pk: 1}, changes={"lead": reviewer})
    judge(fresh(judgement), by=lead)
    row = operations.send_for_review(by=lead, judgement=fresh(judgement), version=3, at=NOW)

    with pytest.raises(operations.OwnJudgement):
        operations.agree(by=reviewer, judgement=fresh(row), version=4, at=NOW)


def test_agreeing_what_is_not_in_review_is_refused(judgement, reviewer):
    with pytest.raises(operations.NotPossibleNow):
        operations.agree(by=reviewer, judgement=judgement, version=1, at=NOW)


def test_two_decisions_at_once_are_one_decision(judgement, lead, reviewer):
    row = fresh(in_review(judgement, lead))
    operations.agree(by=reviewer, judgement=fresh(row), version=3, at=NOW)

    with pytest.raises(StaleVersion):
        operations.return_judgement(by=reviewer, judgement=row, version=3, reason="Too late", at=NOW)

    assert fresh(row).state == "agreed"


# Evidence


def test_a_document_is_kept_with_its_digest(inspection, lead, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    evidence = make_evidence_document(inspection, lead)

    file = evidence.files.get()
    assert (file.number, file.file_name, file.size, file.sha256) == (1, "Policy.pdf", len(PDF), pdf().sha256)
    assert (tmp_path / file.stored_name).read_bytes() == PDF


def make_evidence_document(inspection, lead):
    return operations.add_evidence(
        by=lead, inspection=inspection, at=NOW, document=pdf(),
        fields={
            "title": "Policy", "kind": "policy", "period_from_date": date(2021, 1, 1),
            "period_to_date": date(2021, 6, 30), "review_date": None, "marking": "official", "link": "",
        },
    )  # fmt: skip


def test_evidence_is_either_a_document_or_a_link(inspection, lead):
    with pytest.raises(operations.NotPossibleNow):
        make_evidence(inspection, by=lead, link="")


def test_a_new_version_keeps_the_old_one(inspection, lead, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    evidence = make_evidence_document(inspection, lead)

    operations.add_file_version(
        by=lead, evidence=evidence, version=1, document=pdf("Policy 2.pdf", b"/Lang (en) "), at=NOW
    )

    assert list(evidence.files.order_by("number").values_list("number", "file_name")) == [
        (1, "Policy.pdf"),
        (2, "Policy 2.pdf"),
    ]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_kept_file_cannot_be_changed_even_by_sql(inspection, lead, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    evidence = make_evidence_document(inspection, lead)

    with pytest.raises(Exception, match="annot"):
        EvidenceFile.objects.filter(evidence=evidence).update(sha256="0" * 64)


def test_a_link_takes_no_file(inspection, lead):
    evidence = make_evidence(inspection, by=lead)

    with pytest.raises(operations.NotPossibleNow):
        operations.add_file_version(by=lead, evidence=evidence, version=1, document=pdf(), at=NOW)


def test_a_stale_edit_of_evidence_is_refused(inspection, lead):
    evidence = make_evidence(inspection, by=lead)
    seen = fresh(evidence)
    operations.edit_evidence(by=lead, evidence=evidence, version=1, fields={"title": "New"}, at=NOW)

    with pytest.raises(StaleVersion):
        operations.edit_evidence(by=lead, evidence=seen, version=1, fields={"title": "Other"}, at=NOW)

    assert fresh(evidence).title == "New"


def test_evidence_is_linked_with_a_sentence_once_a_judgement(inspection, judgement, lead):
    evidence = make_evidence(inspection, by=lead, judgement=judgement)

    with pytest.raises(operations.AlreadyLinked):
        operations.link_evidence(by=lead, evidence=evidence, judgement=judgement, shows="Again", at=NOW)

    assert list(EvidenceLink.objects.values_list("judgement", "shows")) == [(judgement.pk, "Shows that it works.")]


def test_evidence_of_another_inspection_cannot_be_linked(judgement, lead):
    other = make_evidence(make_inspection(make_force("Wolden Police")), by=lead)

    with pytest.raises(operations.NotPossibleNow):
        operations.link_evidence(by=lead, evidence=other, judgement=judgement, shows="x", at=NOW)


def test_unlinked_evidence_can_be_linked_again(inspection, judgement, lead):
    evidence = make_evidence(inspection, by=lead, judgement=judgement)
    link = evidence.links.get()
    operations.unlink_evidence(by=lead, link=link, version=1, at=NOW)

    operations.link_evidence(by=lead, evidence=evidence, judgement=judgement, shows="Again", at=NOW)

    assert list(EvidenceLink.objects.standing().values_list("shows", flat=True)) == ["Again"]


def test_unlinking_twice_is_refused(inspection, judgement, lead):
    link = make_evidence(inspection, by=lead, judgement=judgement).links.get()
    operations.unlink_evidence(by=lead, link=link, version=1, at=NOW)

    with pytest.raises(operations.NotPossibleNow):
        operations.unlink_evidence(by=lead, link=link, version=2, at=NOW)


def test_withdrawn_evidence_supports_nothing_and_does_not_change(inspection, judgement, lead):
    evidence = make_evidence(inspection, by=lead, judgement=judgement)

    operations.withdraw_evidence(by=lead, evidence=evidence, version=1, at=NOW)

    assert EvidenceLink.objects.standing().count() == 0
    with pytest.raises(operations.NotPossibleNow):
        operations.edit_evidence(by=lead, evidence=fresh(evidence), version=2, fields={"title": "x"}, at=NOW)


def test_linking_many_leaves_standing_links_alone(inspection, judgements, lead):
    evidence = make_evidence(inspection, by=lead, judgement=judgements[0])

    made = operations.link_many(
        by=lead, inspection=inspection, links=[(evidence, row, "New") for row in judgements[:3]], at=NOW
    )

    shown = EvidenceLink.objects.order_by("judgement__criterion__order", "pk").values_list("shows", flat=True)
    assert (made, list(shown)) == (2, ["Shows that it works.", "New", "New"])


# Signatures


def test_a_signature_is_over_the_state_shown(judgements, lead, reviewer, chief):
    _, signature = area_signed(judgements, lead, reviewer, chief)

    scope = queries.scope_to_sign(judgements[0].inspection, judgements[0].criterion.area)
    assert (signature.digest, signature.signed_state, status(signature)) == (scope.digest, scope.text, Status.VALID)


def test_signing_what_is_not_agreed_is_refused(judgements, lead, reviewer, chief):
    agree_all(judgements[1:2], lead=lead, reviewer=reviewer)

    with pytest.raises(operations.NotPossibleNow):
        sign(judgements[0].inspection, chief, judgements[0].criterion.area)


def test_signing_what_changed_while_the_page_was_open_is_refused(judgements, lead, reviewer, chief):
    rows, signature = area_signed(judgements, lead, reviewer, chief)
    shown = signature.digest
    judge(fresh(rows[0]), by=lead, narrative="Changed")

    with pytest.raises(operations.ChangedWhileOpen):
        sign(signature.inspection, chief, signature.area, digest=shown)

    assert Signature.objects.count() == 1


def test_signing_again_supersedes(judgements, lead, reviewer, chief):
    _, first = area_signed(judgements, lead, reviewer, chief)

    second = sign(first.inspection, chief, first.area)

    first.refresh_from_db()
    assert (first.superseded_by, status(first), status(second)) == (second, Status.SUPERSEDED, Status.VALID)


def test_an_area_and_the_whole_return_are_signed_apart(judgements, lead, reviewer, chief):
    agree_all(judgements, lead=lead, reviewer=reviewer)
    inspection = judgements[0].inspection

    area = sign(inspection, chief, judgements[0].criterion.area)
    whole = sign(inspection, chief)

    assert (status(area), status(whole)) == (Status.VALID, Status.VALID)


def test_a_withdrawn_signature_stays_withdrawn_with_its_reason(judgements, lead, reviewer, chief):
    _, signature = area_signed(judgements, lead, reviewer, chief)

    operations.withdraw_signature(by=chief, signature=signature, version=1, reason="Too early.", at=NOW)

    signature.refresh_from_db()
    assert (status(signature), signature.withdrawn_by, signature.withdrawn_reason) == (
        Status.WITHDRAWN,
        chief,
        "Too early.",
    )
    with pytest.raises(operations.NotPossibleNow):
        operations.withdraw_signature(by=chief, signature=signature, version=2, reason="Again", at=NOW)


def test_withdrawing_without_a_reason_is_refused(judgements, lead, reviewer, chief):
    _, signature = area_signed(judgements, lead, reviewer, chief)

    with pytest.raises(operations.NotPossibleNow):
        operations.withdraw_signature(by=chief, signature=signature, version=1, reason=" ", at=NOW)


def test_what_was_signed_cannot_be_rewritten_even_by_sql(judgements, lead, reviewer, chief):
    _, signature = area_signed(judgements, lead, reviewer, chief)

    with pytest.raises(Exception, match="annot"):
        Signature.objects.filter(pk=signature.pk).update(signed_state="{}")


TEXTS = ("narrative", "impact", "gaps", "plan")


@pytest.mark.parametrize("name", TEXTS)
def test_a_changed_text_makes_the_signature_stale_and_changing_it_back_valid(judgements, lead, reviewer, chief, name):
    rows, signature = area_signed(judgements, lead, reviewer, chief)
    before = {field: getattr(fresh(rows[0]), field) for field in TEXTS}

    judge(fresh(rows[0]), by=lead, **{**before, name: "Other words"})
    changed = status(signature)
    judge(fresh(rows[0]), by=lead, **before)

    assert (changed, status(signature)) == (Status.STALE, Status.VALID)


def test_a_changed_grade_makes_the_signature_stale_and_changing_it_back_valid(judgements, lead, reviewer, chief):
    rows, signature = area_signed(judgements, lead, reviewer, chief)

    judge(fresh(rows[0]), by=lead, grade="inadequate")
    changed = status(signature)
    judge(fresh(rows[0]), by=lead, grade="good")

    assert (changed, status(signature)) == (Status.STALE, Status.VALID)


def test_evidence_that_comes_and_goes_makes_the_signature_stale_and_valid(judgements, lead, reviewer, chief):
    rows, signature = area_signed(judgements, lead, reviewer, chief)

    evidence = make_evidence(signature.inspection, by=lead, judgement=rows[0])
    added = status(signature)
    operations.unlink_evidence(by=lead, link=evidence.links.get(), version=1, at=NOW)

    assert (added, status(signature)) == (Status.STALE, Status.VALID)


EVIDENCE_CHANGES = {
    "title": "Other title",
    "kind": "data",
    "period_from_date": date(2020, 8, 1),
    "period_to_date": date(2021, 5, 31),
    "marking": "official_sensitive",
    "link": "https://intranet.test/other",
}


@pytest.mark.parametrize("name", EVIDENCE_CHANGES)
def test_every_material_field_of_evidence_makes_the_signature_stale(
    inspection, judgements, lead, reviewer, chief, name
):
    evidence = make_evidence(inspection, by=lead, judgement=judgements[0])
    _, signature = area_signed(judgements, lead, reviewer, chief)
    before = getattr(evidence, name)

    operations.edit_evidence(by=lead, evidence=evidence, version=1, fields={name: EVIDENCE_CHANGES[name]}, at=NOW)
    changed = status(signature)
    operations.edit_evidence(by=lead, evidence=evidence, version=2, fields={name: before}, at=NOW)

    assert (changed, status(signature)) == (Status.STALE, Status.VALID)


def test_a_review_date_and_an_owner_are_not_material(inspection, judgements, lead, reviewer, chief):
    evidence = make_evidence(inspection, by=lead, judgement=judgements[0])
    _, signature = area_signed(judgements, lead, reviewer, chief)

    fields = {"review_date": date(2022, 1, 1), "owner": reviewer}
    operations.edit_evidence(by=lead, evidence=evidence, version=1, fields=fields, at=NOW)

    assert status(signature) == Status.VALID


def test_a_new_file_version_makes_the_signature_stale(
    inspection, judgements, lead, reviewer, chief, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    evidence = make_evidence_document(inspection, lead)
    operations.link_evidence(by=lead, evidence=evidence, judgement=judgements[0], shows="It says so.", at=NOW)
    _, signature = area_signed(judgements, lead, reviewer, chief)

    operations.add_file_version(by=lead, evidence=evidence, version=1, document=pdf(extra=b"/Lang (en) "), at=NOW)

    assert status(signature) == Status.STALE


def test_an_open_action_on_a_criterion_makes_the_signature_stale(inspection, judgements, lead, reviewer, chief):
    _, signature = area_signed(judgements, lead, reviewer, chief)

    actions.raise_action(
        by=lead, inspection=inspection, criterion=judgements[0].criterion, title="Train", owner=lead,
        due_date=date(2021, 9, 1), on=date(2021, 6, 14), at=NOW,
    )  # fmt: skip

    assert status(signature) == Status.STALE


def test_another_areas_change_leaves_the_signature_alone(judgements, lead, reviewer, chief):
    _, signature = area_signed(judgements, lead, reviewer, chief)

    judge(judgements[-1], by=lead, narrative="Elsewhere")

    assert status(signature) == Status.VALID


def test_evidence_count_is_what_it_says(inspection, lead):
    make_evidence(inspection, by=lead)

    assert Evidence.objects.in_use().count() == 1
