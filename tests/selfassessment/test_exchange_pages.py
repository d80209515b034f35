"""The return as a file, through a browser's requests: happy, refused, another force, and how many queries."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from ncpi.selfassessment.models import Judgement, Proposal
from tests.factories import client_of, judge, make_force, make_user
from tests.selfassessment.acts import address
from tests.selfassessment.workbooks import brought_back, taken_away, typed_into

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(lead):
    return client_of(lead)


def upload(client, inspection, data, name="Return.xlsx", **options):
    return client.post(address("workbook", inspection), {"workbook": SimpleUploadedFile(name, data)}, **options)


def shown(client, inspection):
    """Return the changes page and the hidden values of its form."""
    page = client.get(address("workbook-changes", inspection))
    return page, {name: page.context["form"].initial[name] for name in ("shown", "file")}


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_the_whole_way_from_taking_away_to_applying(client, inspection, judgements, lead):
    taken = client.get(address("workbook-file", inspection))
    data = typed_into(taken.content, {"F2": "Good", "G2": "Typed offline."})
    uploaded = upload(client, inspection, data)

    page, fields = shown(client, inspection)
    done = client.post(address("workbook-changes", inspection), fields, follow=True)

    row = Judgement.objects.get(pk=judgements[0].pk)
    assert taken["Content-Disposition"] == f'attachment; filename="self-assessment-{inspection.ref}.xlsx"'
    assert uploaded.url == address("workbook-changes", inspection)
    assert page.context["counts"] == {"change": 2, "conflict": 0, "closed": 0}
    assert (row.narrative, row.grade.key) == ("Typed offline.", "good")
    assert (done.redirect_chain[-1][0], said(done)) == (
        address("overview", inspection), "2 cells of 1 criterion changed.",
    )  # fmt: skip


def test_a_conflict_shows_both_texts_and_keeps_the_saved_one_unless_chosen(client, inspection, judgements, lead):
    data = typed_into(taken_away(inspection), {"G2": "Typed offline.", "G3": "Also offline."})
    judge(judgements[0], by=lead, narrative="Saved online.")
    judge(judgements[1], by=lead, narrative="Saved online, too.")
    upload(client, inspection, data)

    page, fields = shown(client, inspection)
    client.post(address("workbook-changes", inspection), {**fields, "take": "G3"})

    texts = [Judgement.objects.get(pk=row.pk).narrative for row in judgements[:2]]
    body = page.content.decode()
    assert [words in body for words in ("Typed offline.", "Saved online.", "Judgements!G2")] == [True] * 3
    assert texts == ["Saved online.", "Also offline."]


def test_what_changed_since_the_page_is_shown_again_and_the_choice_is_kept(client, inspection, judgements, lead):
    judge(judgements[0], by=lead, narrative="At first.")
    data = typed_into(taken_away(inspection), {"G2": "Typed offline."})
    upload(client, inspection, data)
    _, fields = shown(client, inspection)
    judgements[0].refresh_from_db()
    judge(judgements[0], by=lead, narrative="Saved meanwhile.")

    refused = client.post(address("workbook-changes", inspection), {**fields, "take": "G2"})

    row = Judgement.objects.get(pk=judgements[0].pk)
    assert (refused.status_code, row.narrative) == (409, "Saved meanwhile.")
    assert refused.context["refusal"] == (
        "Something was saved while you were reading. Look at the changes again, then apply them."
    )
    assert (refused.context["counts"]["conflict"], refused.context["taken"]) == (1, ["G2"])


def test_a_page_of_an_earlier_workbook_applies_nothing(client, inspection, judgements):
    data = taken_away(inspection)
    upload(client, inspection, typed_into(data, {"G2": "First."}))
    _, fields = shown(client, inspection)
    upload(client, inspection, typed_into(data, {"G2": "Second."}))

    refused = client.post(address("workbook-changes", inspection), fields)

    assert (refused.status_code, Judgement.objects.exclude(narrative="").count()) == (409, 0)
    assert refused.context["refusal"].startswith("Another workbook was brought back")


def test_mistakes_are_listed_by_cell_and_nothing_waits(client, inspection, judgements):
    page = upload(client, inspection, typed_into(taken_away(inspection), {"F2": "Splendid", "G5": "=1+1"}))

    assert [str(problem) for problem in page.context["problems"]] == [
        "Judgements!F2 must be one of: Good, Requires improvement, Inadequate.",
        "Judgements!G5 holds a formula. Type it as text.",
    ]
    assert (page.status_code, Proposal.objects.count()) == (422, 0)


def test_no_more_than_a_hundred_mistakes_are_listed(client, inspection, judgements):
    cells = {f"{letter}{number}": "=1" for letter in "GHIJ" for number in range(2, 39)}

    page = upload(client, inspection, typed_into(taken_away(inspection), cells))

    assert (len(page.context["problems"]), page.context["count"]) == (100, 148)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("Return.csv", b"Key,Grade\n", "The file must be .xlsx."),
        ("Return.xlsm", b"PK\x03\x04", "The file must be .xlsx."),
        ("Return.xlsx", b"not a workbook", "The file is not the Office document that its name says."),
        ("Return.xlsx", b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_workbook_is_refused_beside_the_field(client, inspection, judgements, name, data, says):
    page = upload(client, inspection, data, name)

    assert (page.status_code, page.context["form"].errors["workbook"]) == (422, [says])


def test_a_workbook_of_something_else_is_refused(client, inspection, judgements):
    out = io.BytesIO()
    Workbook().save(out)

    page = upload(client, inspection, out.getvalue())

    assert [str(problem) for problem in page.context["problems"]] == [
        "There is no sheet “Judgements” in the workbook, only “Sheet”."
    ]


def test_putting_it_aside_leads_back_and_changes_nothing(client, inspection, judgements, lead):
    upload(client, inspection, typed_into(taken_away(inspection), {"G2": "Offline."}))

    page = client.post(address("put-workbook-aside", inspection), follow=True)

    assert (said(page), Proposal.objects.count()) == ("The workbook is put aside. Nothing was changed.", 0)


def test_without_a_workbook_the_changes_page_leads_to_where_it_is_brought_back(client, inspection, judgements):
    page = client.get(address("workbook-changes", inspection), follow=True)

    assert page.redirect_chain == [(address("workbook", inspection), 302)]
    assert said(page) == "No workbook of yours is waiting. Bring it back here."


def test_somebody_elses_workbook_is_not_there_for_me(inspection, judgements, lead):
    brought_back(inspection, typed_into(taken_away(inspection), {"G2": "Theirs."}), by=lead, at=timezone.now())
    other = client_of(make_user("lead", force=inspection.force))

    page = other.get(address("workbook-changes", inspection))

    assert page.status_code == 302


@pytest.mark.parametrize("name", ["workbook", "workbook-file", "workbook-changes"])
def test_another_forces_return_does_not_exist(inspection, judgements, name):
    stranger = make_user("lead", force=make_force("Wolden Police"))

    assert client_of(stranger).get(address(name, inspection)).status_code == 404


def test_a_reader_takes_the_workbook_away_and_brings_nothing_back(inspection, judgements):
    reviewer = client_of(make_user("reviewer", force=inspection.force))

    statuses = [
        reviewer.get(address("workbook-file", inspection)).status_code,
        reviewer.get(address("workbook", inspection)).status_code,
        upload(reviewer, inspection, taken_away(inspection)).status_code,
    ]

    assert (statuses, Proposal.objects.count()) == ([200, 403, 403], 0)


def test_text_of_a_workbook_is_escaped_on_the_page(client, inspection, judgements):
    upload(client, inspection, typed_into(taken_away(inspection), {"G2": "<script>alert(1)</script>"}))

    page, _ = shown(client, inspection)

    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_take_the_same_few_queries(client, inspection, judgements, rows, django_assert_num_queries):
    cells = {f"G{number + 2}": "Offline." for number in range(rows)}
    upload(client, inspection, typed_into(taken_away(inspection), cells))
    page, _ = shown(client, inspection)

    with django_assert_num_queries(8):
        client.get(address("workbook-file", inspection))
    with django_assert_num_queries(7):
        client.get(address("workbook-changes", inspection))

    assert len(page.context["comparison"].lines) == rows


def test_a_file_that_was_taken_away_opens_on_the_judgements(client, inspection, judgements):
    book = load_workbook(io.BytesIO(client.get(address("workbook-file", inspection)).content))

    assert book.active.title == "Judgements"
