"""Submitting the return, and what inspectors read of it: operations one test an exit, then the pages."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings

from ncpi.accounts.models import JournalEntry
from ncpi.inspections import operations as inspections
from ncpi.lib import uploads
from ncpi.selfassessment import operations, queries
from ncpi.selfassessment.models import EvidenceFile
from ncpi.selfassessment.return_models import SubmittedEvidence, SubmittedReturn
from ncpi.selfassessment.return_operations import NotSigned, SubmittedAlready
from tests import worlds
from tests.factories import (
    NOW,
    client_of,
    make_agreed,
    make_evidence,
    make_force,
    make_user,
)
from tests.selfassessment.acts import address, change, sign, submit, words
from tests.selfassessment.world import World

pytestmark = pytest.mark.django_db
ROLES = ("coordinator", "lead", "reviewer", "chief_officer", "inspector")


@pytest.fixture(scope="module", autouse=True)
def _media(tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


def build():
    """Every criterion agreed; the first has a document, the second a link."""
    world = World()
    inspection, lead = world.inspection, world.people["lead"]
    rows = world.judgements = make_agreed(inspection, lead=lead)
    make_evidence(inspection, by=lead, judgement=rows[0], title="Visits", link="", document=csv("June,12"))
    make_evidence(inspection, by=lead, judgement=rows[1], title="Dip sample")
    return world


begun = worlds.copies(build)


def csv(line):
    return uploads.inspect(io.BytesIO(f"Month,Visits\n{line}\n".encode()), "Visits.csv")


# Submitting


def test_submitting_freezes_exactly_what_was_signed(inspection, judgements, people):
    signature = sign(inspection, people["chief_officer"])

    submitted = submit(inspection, people["coordinator"])

    assert (submitted.number, submitted.digest, submitted.state, submitted.changes) == (
        1, signature.digest, signature.signed_state, None,
    )  # fmt: skip
    assert (submitted.signature, submitted.submitted_by, submitted.submitted_at) == (
        signature, people["coordinator"], NOW,
    )  # fmt: skip
    found = SubmittedEvidence.objects.filter(submitted=submitted).values_list("link__evidence__title", "file__number")
    assert sorted(found) == [("Dip sample", None), ("Visits", 1)]
    entry = JournalEntry.objects.get(verb="submitted")
    assert (entry.by, entry.detail) == (people["coordinator"], f"return 1 {submitted.digest}")


def test_nothing_is_submitted_without_a_signature_over_the_whole(inspection, judgements, people):
    sign(inspection, people["chief_officer"], judgements[0].criterion.area)

    with pytest.raises(NotSigned):
        submit(inspection, people["coordinator"])

    assert SubmittedReturn.objects.count() == 0


def test_nothing_is_submitted_under_a_stale_signature(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    change(judgements[0], people, narrative="Other words.")

    with pytest.raises(NotSigned):
        submit(inspection, people["coordinator"])


def test_nothing_is_submitted_under_a_withdrawn_signature(inspection, judgements, people):
    signature = sign(inspection, people["chief_officer"])
    operations.withdraw_signature(
        by=people["chief_officer"], signature=signature, version=1, reason="Too early.", at=NOW
    )

    with pytest.raises(NotSigned):
        submit(inspection, people["coordinator"])


def test_submitting_the_same_state_twice_is_refused(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])

    with pytest.raises(SubmittedAlready, match="since return 1"):
        submit(inspection, people["coordinator"])

    assert SubmittedReturn.objects.count() == 1


def test_signing_the_same_state_again_makes_it_no_new_return(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    sign(inspection, people["chief_officer"])

    with pytest.raises(SubmittedAlready):
        submit(inspection, people["coordinator"])


def test_submitting_what_the_page_did_not_show_is_refused(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    shown = queries.next_return(inspection).scope.digest
    change(judgements[0], people, narrative="Other words.")
    sign(inspection, people["chief_officer"])

    with pytest.raises(operations.ChangedWhileOpen):
        submit(inspection, people["coordinator"], digest=shown)


def test_a_closed_inspection_submits_nothing(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    shown = queries.next_return(inspection).scope.digest
    inspections.close_inspection(by=people["coordinator"], inspection=inspection, version=1, at=NOW)

    with pytest.raises(inspections.InspectionClosed):
        submit(inspection, people["coordinator"], digest=shown)


def test_a_later_return_has_the_next_number_and_counts_its_differences(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    change(judgements[0], people, narrative="Other words.", plan="A plan.")
    sign(inspection, people["chief_officer"])

    second = submit(inspection, people["coordinator"])

    assert (second.number, second.changes) == (2, 2)


def test_a_return_names_the_file_version_of_its_day(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    first = submit(inspection, people["coordinator"])
    evidence = EvidenceFile.objects.get().evidence
    operations.add_file_version(by=people["lead"], evidence=evidence, version=1, document=csv("July,14"), at=NOW)
    sign(inspection, people["chief_officer"])

    second = submit(inspection, people["coordinator"])

    numbers = [[file.number for file in queries.submitted_files(row).values()] for row in (first, second)]
    assert (numbers, second.changes) == ([[1], [2]], 1)


def test_a_state_that_comes_back_is_a_return_of_its_own(inspection, judgements, people):
    for narrative in ("We do this.", "Other words.", "We do this."):
        change(judgements[0], people, narrative=narrative)
        sign(inspection, people["chief_officer"])
        submit(inspection, people["coordinator"])

    rows = SubmittedReturn.objects.order_by("number").values_list("number", "digest")
    assert [number for number, _ in rows] == [1, 2, 3]
    assert rows[0][1] == rows[2][1] != rows[1][1]


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("model", [SubmittedReturn, SubmittedEvidence])
def test_a_return_cannot_be_changed_even_by_sql(inspection, judgements, people, model, act):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    rows = model.objects.all()

    with pytest.raises(Exception, match="annot update or delete"), transaction.atomic():
        rows.update(id=0) if act == "update" else rows._raw_delete("default")

    assert model.objects.count() > 0


def test_a_further_return_must_differ(inspection, judgements, people):
    signature = sign(inspection, people["chief_officer"])

    with pytest.raises(Exception, match="differs_from_the_one_before"), transaction.atomic():
        SubmittedReturn.objects.create(
            inspection=inspection, number=2, state="{}", digest="0" * 64, changes=0, signature=signature,
            submitted_by=people["coordinator"], submitted_at=NOW,
        )  # fmt: skip


# The pages


def test_the_coordinator_submits_from_the_page(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    client = client_of(people["coordinator"])
    page = client.get(address("submit", inspection))

    response = client.post(
        address("submit", inspection), {"digest": page.context["form"]["digest"].value(), "is_final": "on"}
    )

    assert response["Location"] == address("return", inspection, number=1)
    assert SubmittedReturn.objects.get().submitted_by == people["coordinator"]


def test_what_changed_while_the_page_was_open_is_not_submitted_and_said(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    client = client_of(people["chief_officer"])
    page = client.get(address("submit", inspection))
    change(judgements[0], people, narrative="Other words.")

    response = client.post(
        address("submit", inspection), {"digest": page.context["form"]["digest"].value(), "is_final": "on"}
    )

    assert (response.status_code, SubmittedReturn.objects.count()) == (409, 0)
    assert response.context["form"].non_field_errors() == [
        "Something changed while this page was open. Nothing was submitted."
    ]


def test_what_is_not_signed_offers_no_button(inspection, judgements, people):
    page = client_of(people["coordinator"]).get(address("submit", inspection))

    assert 'name="is_final"' not in page.content.decode()
    assert "A chief officer must sign the whole return" in words(page)


@pytest.mark.parametrize("role", ["lead", "reviewer", "inspector"])
def test_who_may_not_submit_is_refused(inspection, judgements, people, role):
    assert client_of(people[role]).post(address("submit", inspection)).status_code == 403


def test_an_inspector_reads_the_return_and_no_draft(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    change(judgements[0], people, narrative="Not for inspectors yet.")
    client = client_of(people["inspector"])

    overview = client.get(address("overview", inspection))
    page = client.get(address("return", inspection, number=1))

    assert [row.number for row in overview.context["returns"]] == [1]
    assert [len(part.criteria) for part in page.context["areas"]] == [6, 4, 5, 5, 3, 2, 4, 3, 5]
    assert ("We do this." in words(page), "Not for inspectors yet." in words(page)) == (True, False)


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [("criterion", {"criterion": "C20-OVR-1"}), ("library", {}), ("gaps", {}), ("area", {"area": "C20-OVR"})],
)
def test_an_inspector_opens_no_page_of_drafts(inspection, judgements, people, name, kwargs):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])

    assert client_of(people["inspector"]).get(address(name, inspection, **kwargs)).status_code == 403


def test_an_inspector_opens_no_signature(inspection, judgements, people):
    signature = sign(inspection, people["chief_officer"])

    response = client_of(people["inspector"]).get(address("signature", inspection, pk=signature.pk))

    assert response.status_code == 403


def test_a_signed_return_that_nobody_submitted_is_not_there_for_inspectors(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    client = client_of(people["inspector"])

    assert list(client.get(address("returns", inspection)).context["returns"]) == []
    assert client.get(address("return", inspection, number=1)).status_code == 404


def test_an_inspector_downloads_the_very_versions_that_a_return_names(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    lead = people["lead"]
    evidence = EvidenceFile.objects.get().evidence
    operations.add_file_version(by=lead, evidence=evidence, version=1, document=csv("July,14"), at=NOW)
    make_evidence(inspection, by=lead, judgement=judgements[2], title="Later", link="", document=csv("May,9"))
    client = client_of(people["inspector"])

    files = list(EvidenceFile.objects.order_by("pk"))
    answers = [client.get(address("download", inspection, pk=file.pk)) for file in files]

    assert [(file.evidence.title, file.number) for file in files] == [("Visits", 1), ("Visits", 2), ("Later", 1)]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert b"".join(answers[0].streaming_content) == b"Month,Visits\nJune,12\n"


def test_a_file_that_was_signed_and_not_submitted_is_not_there_for_inspectors(inspection, judgements, people):
    sign(inspection, people["chief_officer"])

    file = EvidenceFile.objects.get()

    assert client_of(people["inspector"]).get(address("download", inspection, pk=file.pk)).status_code == 404


def test_a_later_return_lists_what_is_different(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    change(judgements[0], people, grade="inadequate")
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])

    page = client_of(people["inspector"]).get(address("return", inspection, number=2))

    changes = [(row.criterion, row.what, row.signed, row.now) for row in page.context["differences"]]
    assert changes == [(judgements[0].criterion.key, "Grade", "Good", "Inadequate")]
    assert f'href="#criterion-{judgements[0].criterion.key}"' in page.content.decode()


def test_a_return_whose_signature_was_withdrawn_says_so(inspection, judgements, people):
    signature = sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    operations.withdraw_signature(by=people["chief_officer"], signature=signature, version=1, reason="Secret", at=NOW)

    page = words(client_of(people["inspector"]).get(address("return", inspection, number=1)))

    assert ("The signature under this return was withdrawn" in page, "Secret" in page) == (True, False)


def test_the_return_of_another_force_does_not_exist(inspection, judgements, people):
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    stranger = client_of(make_user("inspector", force=make_force("Wolden Police")))

    assert stranger.get(address("return", inspection, number=1)).status_code == 404
    assert stranger.get(address("returns", inspection)).status_code == 404


def test_text_in_a_return_is_escaped(inspection, judgements, people):
    change(judgements[0], people, narrative="<script>alert(1)</script>")
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])

    page = client_of(people["inspector"]).get(address("return", inspection, number=1)).content.decode()

    assert "<script>alert(1)</script>" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_few_queries(inspection, judgements, people, rows, django_assert_num_queries):
    for number in range(rows):
        change(judgements[0], people, narrative=f"Writing {number}")
        sign(inspection, people["chief_officer"])
        submit(inspection, people["coordinator"])
    client = client_of(people["inspector"])
    client.get(address("returns", inspection))

    with django_assert_num_queries(5):
        client.get(address("returns", inspection))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_return_takes_the_same_few_queries(inspection, judgements, people, rows, django_assert_num_queries):
    for number in range(rows):
        document = uploads.inspect(SimpleUploadedFile("a.csv", b"a,%d\n" % number), "a.csv")
        make_evidence(
            inspection, by=people["lead"], judgement=judgements[number], title="x", link="", document=document
        )
    sign(inspection, people["chief_officer"])
    submit(inspection, people["coordinator"])
    client = client_of(people["inspector"])
    client.get(address("return", inspection, number=1))

    with django_assert_num_queries(8):
        client.get(address("return", inspection, number=1))
