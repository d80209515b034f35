"""The pages through a browser's requests: happy, refused, another force, and how many queries they take."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from ncpi.accounts.models import Draft
from ncpi.lib.uploads import ACCEPTED_IN_WORDS
from ncpi.selfassessment import operations
from ncpi.selfassessment.models import Evidence, EvidenceLink, Judgement, Signature
from tests.factories import (
    NOW,
    agree_all,
    client_of,
    judge,
    make_evidence,
    make_force,
    make_inspection,
    make_user,
)
from tests.selfassessment.acts import address, fresh, sign, words

pytestmark = pytest.mark.django_db


def grade(judgement, key="good"):
    return str(judgement.inspection.programme.grades.get(key=key).pk)


def typed(judgement, **changes):
    texts = {"narrative": "We answer at once.", "impact": "", "gaps": "", "plan": ""}
    return {"version": fresh(judgement).version, "grade": grade(judgement), **texts, **changes}


def messages_of(client, address):
    page = client.get(address)
    return [str(message) for message in page.context["messages"]]


# The criterion's page


def test_saving_a_judgement_leads_back_to_its_page(judgement, people):
    client = client_of(people["lead"])

    response = client.post(address("save", judgement), typed(judgement))

    row = fresh(judgement)
    assert (response.status_code, response["Location"]) == (302, address("criterion", judgement))
    assert (row.narrative, row.grade.key, row.saved_by) == ("We answer at once.", "good", people["lead"])


def test_line_ends_are_kept_the_same_whatever_the_browser_sends(judgement, people):
    client_of(people["lead"]).post(address("save", judgement), typed(judgement, narrative="One\r\nTwo"))

    assert fresh(judgement).narrative == "One\nTwo"


def test_a_stale_save_shows_both_texts_and_keeps_the_typed_one(judgement, people):
    seen = fresh(judgement).version
    judge(judgement, by=people["reviewer"], narrative="Stored by somebody else.")

    response = client_of(people["lead"]).post(
        address("save", judgement), typed(judgement, version=seen, narrative="Typed by me.")
    )

    sides = {side.name: (side.stored, side.typed, side.is_taken_over) for side in response.context["sides"]}
    assert response.status_code == 409
    assert sides == {"narrative": ("Stored by somebody else.", "Typed by me.", False)}
    assert response.context["form"]["narrative"].value() == "Typed by me."
    assert response.context["form"]["version"].value() == str(fresh(judgement).version)
    assert fresh(judgement).narrative == "Stored by somebody else."


def test_a_save_after_the_conflict_was_shown_goes_through(judgement, people):
    judge(judgement, by=people["reviewer"], narrative="Stored by somebody else.")
    client = client_of(people["lead"])
    shown = client.post(address("save", judgement), typed(judgement, version=1, narrative="Typed by me."))

    client.post(
        address("save", judgement),
        typed(judgement, version=shown.context["form"]["version"].value(), narrative="Both of us."),
    )

    assert fresh(judgement).narrative == "Both of us."


def test_what_only_the_other_person_changed_is_taken_over(judgement, people):
    judge(judgement, by=people["lead"], narrative="Both saw this.", plan="")
    seen = fresh(judgement).version
    judge(fresh(judgement), by=people["reviewer"], narrative="Both saw this.", plan="A new plan.")

    response = client_of(people["lead"]).post(
        address("save", judgement), typed(judgement, version=seen, narrative="Mine.", plan="")
    )

    form = response.context["form"]
    assert (form["narrative"].value(), form["plan"].value()) == ("Mine.", "A new plan.")


def test_a_grade_in_conflict_is_shown_by_its_label(judgement, people):
    judge(judgement, by=people["reviewer"], grade="inadequate", narrative="We answer at once.")

    response = client_of(people["lead"]).post(address("save", judgement), typed(judgement, version=1))

    sides = [(side.label, side.stored, side.typed) for side in response.context["sides"]]
    assert sides == [("Our grade", "Inadequate", "Good")]


def test_saving_and_sending_hands_it_to_review(judgement, people):
    client_of(people["lead"]).post(address("save", judgement), typed(judgement, then="send"))

    assert fresh(judgement).state == "in_review"


def test_sending_without_a_text_is_refused_and_keeps_the_grade_typed(judgement, people):
    response = client_of(people["lead"]).post(address("save", judgement), typed(judgement, then="send", narrative=""))

    form = response.context["form"]
    assert form.non_field_errors() == ["Give a grade and say what you do before you send this for review."]
    assert form["grade"].value() == grade(judgement)
    assert fresh(judgement).version == 1


def test_saving_what_went_to_review_meanwhile_shows_what_was_typed(judgement, people):
    judge(judgement, by=people["lead"])
    operations.send_for_review(by=people["lead"], judgement=fresh(judgement), version=2, at=NOW)

    response = client_of(people["lead"]).post(address("save", judgement), typed(judgement, narrative="Typed too late."))

    assert response.status_code == 200
    assert response.context["form"]["narrative"].value() == "Typed too late."
    assert "Typed too late." in words(response)


@pytest.mark.parametrize("role", ["coordinator", "reviewer", "chief_officer"])
def test_who_only_reads_cannot_save(judgement, people, role):
    response = client_of(people[role]).post(address("save", judgement), typed(judgement))

    assert (response.status_code, fresh(judgement).version) == (403, 1)


def test_a_judgement_of_another_force_does_not_exist(judgement):
    stranger = make_user("lead", force=make_force("Wolden Police"))

    response = client_of(stranger).post(address("save", judgement), typed(judgement))

    assert (response.status_code, fresh(judgement).version) == (404, 1)


def test_text_from_the_database_is_escaped(judgement, people):
    judge(judgement, by=people["lead"], narrative="<script>alert(1)</script>", plan="</textarea><b>x</b>")

    page = client_of(people["lead"]).get(address("criterion", judgement)).content.decode()

    assert "<script>alert(1)</script>" not in page
    assert "</textarea><b>x</b>" not in page


# Drafts


def test_typing_is_kept_and_offered_again(judgement, people):
    client = client_of(people["lead"])
    kept = client.post(address("keep-draft", judgement), typed(judgement, narrative="Half a sen"))

    form = client.get(address("criterion", judgement)).context["form"]

    assert kept.status_code == 204
    assert form["narrative"].value() == "Half a sen"
    assert fresh(judgement).narrative == ""


def test_a_draft_over_an_older_version_leads_to_the_conflict_page(judgement, people):
    client = client_of(people["lead"])
    client.post(address("keep-draft", judgement), typed(judgement, narrative="Mine"))
    judge(judgement, by=people["reviewer"], narrative="Theirs")

    page = client.get(address("criterion", judgement))
    form = page.context["form"]
    response = client.post(
        address("save", judgement),
        typed(judgement, version=form["version"].value(), narrative=form["narrative"].value()),
    )

    assert page.context["draft_is_behind"] is True
    assert (response.status_code, response.context["form"]["narrative"].value()) == (409, "Mine")


def test_somebody_elses_draft_is_not_shown_but_that_they_are_there_is(judgement, people):
    other = make_user("lead", force=judgement.inspection.force, name="Second Lead")
    operations.keep_draft(by=other, judgement_id=judgement.pk, data={"narrative": "Secret half"}, at=NOW)

    page = client_of(people["lead"]).get(address("criterion", judgement))

    assert [row.user for row in page.context["others"]] == [other]
    assert "Secret half" not in page.content.decode()


def test_a_discarded_draft_shows_what_is_saved(judgement, people):
    client = client_of(people["lead"])
    judge(judgement, by=people["lead"], narrative="Saved")
    client.post(address("keep-draft", judgement), typed(judgement, narrative="Typed"))

    client.post(address("discard-draft", judgement))

    assert client.get(address("criterion", judgement)).context["form"]["narrative"].value() == "Saved"


def test_keeping_a_draft_takes_four_queries(judgement, people, django_assert_num_queries):
    client = client_of(people["lead"])
    data = typed(judgement)
    client.post(address("keep-draft", judgement), data)

    with django_assert_num_queries(4):
        client.post(address("keep-draft", judgement), data)


def test_keeping_a_draft_of_another_forces_judgement_keeps_nothing(judgement):
    stranger = make_user("lead", force=make_force("Wolden Police"))

    response = client_of(stranger).post(address("keep-draft", judgement), typed(judgement))

    assert (response.status_code, Draft.objects.count()) == (404, 0)


def test_keeping_a_draft_without_the_right_is_refused(judgement, people):
    response = client_of(people["reviewer"]).post(address("keep-draft", judgement), typed(judgement))

    assert (response.status_code, Draft.objects.count()) == (403, 0)


# Review


def test_a_reviewer_returns_and_the_lead_reads_why(judgement, people):
    client_of(people["lead"]).post(address("save", judgement), typed(judgement, then="send"))
    data = {"version": fresh(judgement).version, "decision": "return", "text": "Where is the child's voice?"}

    client_of(people["reviewer"]).post(address("review", judgement), data)

    page = client_of(people["lead"]).get(address("criterion", judgement))
    assert fresh(judgement).state == "returned"
    assert "Returned by The reviewer: Where is the child's voice?" in words(page)


def test_a_decision_on_what_changed_is_refused_and_keeps_the_comment(judgement, people):
    client_of(people["lead"]).post(address("save", judgement), typed(judgement, then="send"))
    data = {"version": 1, "decision": "return", "text": "My comment"}

    response = client_of(people["reviewer"]).post(address("review", judgement), data)

    form = response.context["form"]
    assert (fresh(judgement).state, form["text"].value()) == ("in_review", "My comment")
    assert form.non_field_errors() == [
        "Somebody changed this judgement while you were reading. Read it again, then decide."
    ]


def test_a_return_needs_its_reason(judgement, people):
    client_of(people["lead"]).post(address("save", judgement), typed(judgement, then="send"))
    data = {"version": fresh(judgement).version, "decision": "return", "text": " "}

    response = client_of(people["reviewer"]).post(address("review", judgement), data)

    assert response.context["form"].errors == {"text": ["Say why you return it."]}


def test_the_history_shows_what_each_version_changed(judgement, people):
    judge(judgement, by=people["lead"], narrative="We answer.")
    judge(fresh(judgement), by=people["lead"], narrative="We answer quickly.")

    page = client_of(people["reviewer"]).get(address("history", judgement))

    newest = page.context["changes"][0]
    assert newest.version.number == 3
    assert [(label, [(part.kind, part.text) for part in parts]) for label, parts in newest.fields] == [
        ("What we do", [("same", "We "), ("removed", "answer."), ("added", "answer quickly.")])
    ]


# The whole


def test_the_coordinator_begins_from_the_overview(force, people):
    inspection = make_inspection(force, name="Inspection 2022")
    client = client_of(people["coordinator"])

    client.post(address("begin", inspection))

    assert Judgement.objects.filter(inspection=inspection).count() == 37
    assert client.get(address("overview", inspection)).context["overview"].total == 37


def test_the_overview_counts_states_and_grades(inspection, judgements, people):
    judge(judgements[0], by=people["lead"])
    judge(judgements[1], by=people["lead"], grade="inadequate")

    overview = client_of(people["coordinator"]).get(address("overview", inspection)).context["overview"]

    first = overview.lines[0]
    assert overview.states == (("not_started", "Not started", 35), ("drafting", "Being written", 2))
    assert [(part.label, part.count) for part in first.spread] == [
        ("Good", 1),
        ("Inadequate", 1),
        ("Not graded", len(first.judgements) - 2),
    ]
    assert overview.weak == 2


def test_the_overview_exports_every_judgement(inspection, judgements, people):
    judge(judgements[0], by=people["lead"], narrative="=1+1")

    response = client_of(people["coordinator"]).get(address("overview", inspection), {"format": "xlsx"})

    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet.max_row == 38
    assert [cell.value for cell in sheet[2]][8] == "'=1+1"


def test_assigning_from_the_page(inspection, judgements, people):
    rows = judgements[:2]
    data = {
        "criteria": [f"{row.pk}:{row.version}" for row in rows],
        "lead": people["lead"].pk,
        "due_date": "2021-06-18",
    }

    response = client_of(people["coordinator"]).post(address("assign", inspection), data)

    assert response.status_code == 302
    assert Judgement.objects.filter(lead=people["lead"], due_date=date(2021, 6, 18)).count() == 2


def test_only_people_with_the_right_can_be_given_a_criterion(inspection, judgements, people):
    data = {"criteria": [f"{judgements[0].pk}:1"], "lead": people["reviewer"].pk}

    response = client_of(people["coordinator"]).post(address("assign", inspection), data)

    assert list(response.context["form"].errors) == ["lead"]


def test_assigning_what_changed_meanwhile_is_refused(inspection, judgements, people):
    judge(judgements[0], by=people["lead"])
    data = {"criteria": [f"{judgements[0].pk}:1"], "lead": people["lead"].pk}

    response = client_of(people["coordinator"]).post(address("assign", inspection), data)

    assert response.context["form"].errors == {
        "criteria": [
            "Somebody else changed C20-OVR-1 meanwhile. The page shows how they are now: look, choose them again if "
            "you still mean it, then assign."
        ]
    }
    assert fresh(judgements[0]).lead is None


def test_gaps_are_listed_with_their_reasons(inspection, judgements, people):
    judge(judgements[0], by=people["lead"])

    found = client_of(people["coordinator"]).get(address("gaps", inspection)).context["found"]

    assert [(row.weakness.claim.key, [line.gap.reason for line in row.gaps]) for row in found] == [
        ("C20-OVR-1", ["Graded good, and no evidence is linked."])
    ]


# Evidence


def evidence_data(people, **changes):
    return {
        "title": "Visits in June", "kind": "data", "period_from_date": "2021-06-01", "period_to_date": "2021-06-30",
        "review_date": "", "marking": "official", "owner": people["lead"].pk, "link": "", **changes,
    }  # fmt: skip


def test_a_document_added_from_a_criterion_is_linked_there(inspection, judgement, people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("Visits.csv", b"Month,Visits\nJune,12\n")
    data = evidence_data(people, document=file, shows="Every child was visited.")

    response = client_of(people["lead"]).post(
        address("add-evidence", inspection) + f"?criterion={judgement.criterion.key}", data
    )

    link = EvidenceLink.objects.get()
    assert response["Location"] == address("criterion", judgement) + "#evidence"
    assert (link.judgement, link.shows, link.evidence.files.get().file_name) == (
        judgement,
        "Every child was visited.",
        "Visits.csv",
    )


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({}, {"document": ["Give either a document or a link."]}),
        ({"link": "javascript:alert(1)"}, {"link": ["Enter a valid URL."]}),
        ({"link": "ftp://files.test/x"}, {"link": ["Enter a valid URL."]}),
        (
            {"link": "https://x.test", "period_to_date": "2021-05-01"},
            {"period_to_date": ["The period cannot end before it starts."]},
        ),
        (
            {"document": SimpleUploadedFile("Tool.exe", b"MZ")},
            {"document": [f"The file must be {ACCEPTED_IN_WORDS}."]},
        ),
    ],
)  # fmt: skip
def test_bad_evidence_is_refused_in_plain_words(inspection, people, changes, errors):
    response = client_of(people["lead"]).post(address("add-evidence", inspection), evidence_data(people, **changes))

    assert response.context["form"].errors == errors
    assert Evidence.objects.count() == 0


def test_a_file_is_given_back_as_an_attachment(inspection, people, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = client_of(people["lead"])
    client.post(
        address("add-evidence", inspection),
        evidence_data(people, document=SimpleUploadedFile("Visits.csv", b"Month,Visits\n")),
    )
    file = Evidence.objects.get().files.get()

    response = client.get(address("download", inspection, pk=file.pk))

    assert b"".join(response.streaming_content) == b"Month,Visits\n"
    assert response["Content-Disposition"] == 'attachment; filename="Visits.csv"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_stale_edit_of_evidence_shows_both_and_keeps_the_typed_one(inspection, people):
    evidence = make_evidence(inspection, by=people["lead"])
    operations.edit_evidence(by=people["lead"], evidence=evidence, version=1, fields={"title": "Stored"}, at=NOW)
    data = evidence_data(people, version=1, title="Typed", kind="audit", link="https://intranet.test/dip-sample")
    data.update(period_from_date="2020-07-01")

    response = client_of(people["lead"]).post(address("edit-evidence", inspection, pk=evidence.pk), data)

    assert response.status_code == 409
    assert response.context["conflict"] == [("Title", "Stored", "Typed")]
    assert response.context["form"]["title"].value() == "Typed"


def test_linking_and_unlinking_from_the_library(inspection, judgement, people):
    evidence = make_evidence(inspection, by=people["lead"])
    client = client_of(people["lead"])

    client.post(address("link-evidence", judgement), {"evidence": evidence.pk, "shows": "It works."})
    link = EvidenceLink.objects.get()
    client.post(address("unlink-evidence", inspection, pk=link.pk), {"version": 1})

    link.refresh_from_db()
    assert (link.shows, link.removed_at is not None) == ("It works.", True)


def test_changing_what_evidence_shows(inspection, judgement, people):
    link = make_evidence(inspection, by=people["lead"], judgement=judgement).links.get()

    client_of(people["lead"]).post(
        address("evidence-link", inspection, pk=link.pk), {"version": 1, "shows": "Something else."}
    )

    link.refresh_from_db()
    assert link.shows == "Something else."


def test_withdrawing_evidence_with_a_stale_button_is_refused(inspection, people):
    evidence = make_evidence(inspection, by=people["lead"])
    client = client_of(people["lead"])
    operations.edit_evidence(by=people["lead"], evidence=evidence, version=1, fields={"title": "New"}, at=NOW)

    response = client.post(address("withdraw-evidence", inspection, pk=evidence.pk), {"version": 1})

    assert messages_of(client, response["Location"]) == ["Somebody else saved this while you were working on it."]
    assert Evidence.objects.in_use().count() == 1


# Signing


def sign_data(page):
    form = page.context["form"]
    return {"digest": form["digest"].value(), "state": form["state"].value(), "name": "DCC", "is_read": "on"}


@pytest.fixture
def agreed_area(judgements, people):
    area = judgements[0].criterion.area
    rows = [row for row in judgements if row.criterion.area_id == area.pk]
    agree_all(rows, lead=people["lead"], reviewer=people["reviewer"])
    return area, rows


def test_a_chief_officer_signs_what_the_page_shows(inspection, agreed_area, people):
    area, _ = agreed_area
    client = client_of(people["chief_officer"])
    page = client.get(address("sign-area", inspection, area=area.key))

    response = client.post(address("sign-area", inspection, area=area.key), sign_data(page))

    signature = Signature.objects.get()
    assert response["Location"] == address("signature", inspection, pk=signature.pk)
    assert (signature.area, signature.signed_by, signature.signed_name) == (area, people["chief_officer"], "DCC")


def test_a_state_that_changed_while_the_page_was_open_is_not_signed_and_the_change_is_shown(
    inspection, agreed_area, people
):
    area, rows = agreed_area
    client = client_of(people["chief_officer"])
    page = client.get(address("sign-area", inspection, area=area.key))
    judge(fresh(rows[0]), by=people["lead"], narrative="Other words.")
    agree_again(rows[0], people)

    response = client.post(address("sign-area", inspection, area=area.key), sign_data(page))

    moved = [(row.criterion, row.what, row.signed, row.now) for row in response.context["moved"]]
    assert (response.status_code, Signature.objects.count()) == (409, 0)
    assert moved == [(rows[0].criterion.key, "What we do", "We do this.", "Other words.")]


def agree_again(judgement, people):
    row = fresh(judgement)
    row = operations.send_for_review(by=people["lead"], judgement=row, version=row.version, at=NOW)
    operations.agree(by=people["reviewer"], judgement=fresh(row), version=row.version, at=NOW)


def test_after_reading_the_change_it_can_be_signed(inspection, agreed_area, people):
    area, rows = agreed_area
    client = client_of(people["chief_officer"])
    where = address("sign-area", inspection, area=area.key)
    page = client.get(where)
    judge(fresh(rows[0]), by=people["lead"], narrative="Other words.")
    agree_again(rows[0], people)
    page = client.post(where, sign_data(page))

    client.post(where, sign_data(page))

    assert "Other words." in Signature.objects.get().signed_state


def test_a_stale_signature_shows_exactly_what_changed(inspection, agreed_area, people):
    area, rows = agreed_area
    signature = sign(inspection, people["chief_officer"], area)
    judge(fresh(rows[0]), by=people["lead"], grade="requires_improvement", narrative="We do this.")

    page = client_of(people["chief_officer"]).get(address("signature", inspection, pk=signature.pk))

    changes = [(row.what, row.signed, row.now) for row in page.context["differences"]]
    assert (page.context["status"].value, changes) == ("stale", [("Grade", "Good", "Requires improvement")])


def test_withdrawing_a_signature_needs_a_reason(inspection, agreed_area, people):
    signature = sign(inspection, people["chief_officer"], agreed_area[0])
    client = client_of(people["chief_officer"])
    where = address("withdraw-signature", inspection, pk=signature.pk)

    refused = client.post(where, {"version": 1, "reason": ""})
    client.post(where, {"version": 1, "reason": "Too early."})

    signature.refresh_from_db()
    assert list(refused.context["form"].errors) == ["reason"]
    assert signature.withdrawn_reason == "Too early."


# How many queries


PAGES = {"overview": 12, "gaps": 10, "assign": 9, "library": 8, "area": 11, "work": 7}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("rows", [1, 3])
def test_list_pages_take_the_same_few_queries_whatever_is_in_them(
    inspection, judgements, people, name, rows, django_assert_num_queries
):
    for row in judgements[:rows]:
        judge(row, by=people["lead"])
        make_evidence(inspection, by=people["lead"], title=f"For {row.criterion.key}", judgement=row)
    extra = {"area": judgements[0].criterion.area.key} if name == "area" else {}
    client = client_of(people["coordinator"])
    client.get(address(name, inspection, **extra))

    with django_assert_num_queries(PAGES[name]):
        client.get(address(name, inspection, **extra))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_criterions_page_takes_the_same_few_queries(inspection, judgement, people, rows, django_assert_num_queries):
    for number in range(rows):
        make_evidence(inspection, by=people["lead"], title=f"Piece {number}", judgement=judgement)
    client = client_of(people["lead"])
    client.get(address("criterion", judgement))

    with django_assert_num_queries(12):
        client.get(address("criterion", judgement))
