"""The pages of recommendations and actions, as people meet them."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import tiles_of, work_of
from ncpi.actions import operations
from ncpi.actions.models import Action, Recommendation
from tests import worlds
from tests.factories import NOW, client_of, make_action, make_force, make_inspection, make_recommendation, make_user

pytestmark = pytest.mark.django_db


def make_world():
    force = make_force()
    coordinator = make_user("coordinator", force=force)
    owner = make_user("action_owner", force=force, name="Action Owner 1")
    inspection = make_inspection(by=coordinator)
    return {
        "force": force,
        "coordinator": coordinator,
        "owner": owner,
        "inspection": inspection,
    }


made = worlds.copies(make_world)


@pytest.fixture
def world(made, db):
    return made()


@pytest.fixture
def force(world):
    return world["force"]


@pytest.fixture
def coordinator(world):
    return world["coordinator"]


@pytest.fixture
def owner(world):
    return world["owner"]


@pytest.fixture
def inspection(world):
    return world["inspection"]


@pytest.fixture
def client(coordinator):
    return client_of(coordinator)


@pytest.fixture
def action(inspection, coordinator, owner):
    return make_action(inspection, by=coordinator, owner=owner)


def address(name, inspection, *args):
    return reverse(f"actions:{name}", args=[inspection.ref, *args])


def test_an_action_is_raised_from_a_recommendation(client, inspection, coordinator, owner):
    behind = make_recommendation(inspection, by=coordinator)
    page = address("raise", inspection)

    offered = client.get(f"{page}?recommendation={behind.pk}")
    answer = client.post(
        page,
        {"title": "Act", "owner": owner.pk, "due_date": "2099-01-01", "recommendation": behind.pk, "detail": ""},
    )

    made = Action.objects.get()
    assert offered.context["form"].initial == {"recommendation": behind.pk}
    assert answer["Location"] == address("action", inspection, made.pk)
    assert (made.title, made.recommendation_id, made.owner_id) == ("Act", behind.pk, owner.pk)


@pytest.mark.parametrize("odd", ["x", "", "-1", "99999999999999999999"])
def test_an_odd_recommendation_in_the_address_is_passed_over(client, inspection, odd):
    answer = client.get(f"{address('raise', inspection)}?recommendation={odd}")

    assert answer.context["form"].initial == {}


def test_a_refusal_stands_on_the_page_with_what_was_typed(client, inspection, owner):
    answer = client.post(
        address("raise", inspection), {"title": "Too late", "owner": owner.pk, "due_date": "2001-01-01"}
    )

    assert answer.context["form"].non_field_errors() == ["The action cannot be due before today."]
    assert b'value="Too late"' in answer.content


def test_an_owner_updates_their_own_action_and_sees_nobody_elses_form(inspection, coordinator, owner, action):
    other = make_action(inspection, by=coordinator, title="Not theirs")
    client = client_of(owner)
    typed = {"version": 1, "text": "Begun", "next_step": "Go on", "status": "in_progress"}

    own = client.post(address("update", inspection, action.pk), typed)
    others = client.post(address("update", inspection, other.pk), typed)

    assert (own.status_code, others.status_code) == (302, 404)
    assert client.get(address("action", inspection, action.pk)).context["may_update"] is True
    assert client.get(address("action", inspection, other.pk)).context["may_update"] is False


def test_a_stale_update_is_refused_and_keeps_the_text(client, inspection, action):
    page = address("update", inspection, action.pk)
    client.post(page, {"version": 1, "text": "Theirs", "next_step": "Theirs", "status": "in_progress"})

    answer = client.post(page, {"version": 1, "text": "My long text", "next_step": "Mine", "status": "in_progress"})

    assert answer.status_code == 409
    assert answer.context["conflict"] == [("Next step", "Theirs", "Mine")]
    assert b"My long text" in answer.content
    assert action.updates.count() == 1


def test_one_rendered_form_posted_twice_makes_one_action(client, inspection, owner):
    typed = {
        "title": "Act",
        "owner": owner.pk,
        "due_date": "2099-01-01",
        "once": "6f0c7f0e-0f0a-4a55-9d0c-0b8f6b6f7a11",
    }

    first = client.post(address("raise", inspection), typed)
    second = client.post(address("raise", inspection), typed)

    assert first["Location"] == second["Location"]
    assert Action.objects.count() == 1


def test_the_way_of_an_action_through_the_pages(inspection, owner, action, force):
    mine, chief = client_of(owner), client_of(make_user("chief_officer", force=force))
    file = SimpleUploadedFile("proof.txt", b"what was done")

    mine.post(address("add-proof", inspection, action.pk), {"text": "Shows it", "link": "", "file": file})
    mine.post(address("ask", inspection, action.pk), {"version": 1, "text": "Done"})
    chief.post(address("decide", inspection, action.pk), {"version": 2, "worked": "yes", "test_of_effect": "Read ten"})

    action.refresh_from_db()
    assert action.status == "closed"
    page = chief.get(address("action", inspection, action.pk))
    assert [line.what for line in page.context["story"]] == ["Closed: it worked", "Update", "Proof added"]


def test_a_proof_is_given_back_as_an_attachment_that_no_browser_runs(client, inspection, owner, action):
    file = SimpleUploadedFile("proof.txt", b"Thirty cases were read.")
    client_of(owner).post(address("add-proof", inspection, action.pk), {"text": "Shows it", "file": file})

    answer = client.get(address("proof-file", inspection, action.pk, action.proofs.get().pk))

    assert b"".join(answer.streaming_content) == b"Thirty cases were read."
    assert answer["Content-Disposition"] == 'attachment; filename="proof.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_program_is_not_taken_as_proof(inspection, owner, action):
    file = SimpleUploadedFile("proof.exe", b"MZ")

    answer = client_of(owner).post(address("add-proof", inspection, action.pk), {"text": "Shows it", "file": file})

    assert list(answer.context["form"].errors) == ["file"]
    assert action.proofs.count() == 0


def test_recommendations_are_imported_and_the_same_file_twice_says_so(client, inspection):
    raw = b"number,report,published_on,text,deadline\n1,NCPI,2021-03-01,Act,immediately\n"
    page = address("import", inspection)

    first = client.post(page, {"file": SimpleUploadedFile("r.csv", raw)})
    second = client.post(page, {"file": SimpleUploadedFile("r.csv", raw)})

    assert first["Location"] == address("recommendations", inspection)
    assert second.context["form"].errors == {
        "file": ["Nothing was imported: all of it is in the tracker already. Was this file sent before?"]
    }
    assert Recommendation.objects.count() == 1


def test_a_bad_file_is_refused_whole_with_its_mistakes_on_the_page(client, inspection):
    raw = b"number,report,published_on,text,deadline\n1,NCPI,2021-03-01,Act,immediately\n2,NCPI,x,,now\n"

    answer = client.post(address("import", inspection), {"file": SimpleUploadedFile("r.csv", raw)})

    assert [str(problem).split(":")[0] for problem in answer.context["problems"]] == [
        "row 3, column deadline",
        "row 3, column published_on",
        "row 3, column text",
    ]
    assert Recommendation.objects.count() == 0


def test_the_example_file_can_be_imported_as_it_is(client, inspection):
    sample = client.get(address("import-sample", inspection)).content

    answer = client.post(address("import", inspection), {"file": SimpleUploadedFile("r.csv", sample)})

    assert answer.status_code == 302
    assert Recommendation.objects.get().due_date == date(2022, 11, 5)


def test_a_recommendation_is_entered_with_a_date_of_its_own(client, inspection):
    typed = {"report": "PEEL", "number": "7", "text": "Act", "kind": "recommendation", "deadline_kind": "fixed_date"}

    refused = client.post(address("enter", inspection), typed)
    client.post(address("enter", inspection), {**typed, "stated_date": "2021-11-30"})

    assert list(refused.context["form"].errors) == ["stated_date"]
    assert Recommendation.objects.get().due_date == date(2021, 11, 30)


def test_owner_status_and_repeat_of_a_recommendation_change_on_their_pages(client, inspection, coordinator, owner):
    earlier = make_recommendation(inspection, by=coordinator, number="1")
    row = make_recommendation(inspection, by=coordinator, number="2")

    client.post(
        address("edit-recommendation", inspection, row.pk),
        {"version": 1, "owner": owner.pk, "due_date": "2021-08-01", "theme": "voice", "area": ""},
    )
    today = client.get(address("change-status", inspection, row.pk)).context["form"].initial["on_date"]
    client.post(
        address("change-status", inspection, row.pk),
        {"version": 2, "status": "being_progressed", "on_date": today.isoformat(), "comment": "Begun"},
    )
    client.post(address("link-repeat", inspection, row.pk), {"version": 3, "repeats": earlier.pk})

    row.refresh_from_db()
    assert (row.owner_id, row.status, row.repeats_id) == (owner.pk, "being_progressed", earlier.pk)
    page = client.get(address("recommendation", inspection, earlier.pk))
    assert [later.pk for later in page.context["repeated_by"]] == [row.pk]


def test_another_forces_tracker_does_not_exist(inspection, coordinator, action):
    row = make_recommendation(inspection, by=coordinator)
    stranger = client_of(make_user("coordinator", force=make_force("Other Police")))

    answers = [
        stranger.get(address("list", inspection)),
        stranger.get(address("action", inspection, action.pk)),
        stranger.get(address("recommendation", inspection, row.pk)),
        stranger.get(address("export-csv", inspection)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_row_of_another_force_is_not_reached_through_ones_own_inspection(client, inspection):
    stranger = make_user("coordinator", force=make_force("Other Police"))
    elsewhere = make_inspection(make_force("Other Police"), name="Other")
    action = make_action(elsewhere, by=stranger)
    row = make_recommendation(elsewhere, by=stranger)

    assert client.get(address("action", inspection, action.pk)).status_code == 404
    assert client.get(address("recommendation", inspection, row.pk)).status_code == 404


def test_filters_show_what_they_say(client, inspection, coordinator, action):
    make_action(inspection, by=coordinator, title="Mine and later", due_date=date(2099, 1, 1))
    titles = {
        query: [row.title for row, *_ in client.get(address("list", inspection) + query).context["rows"]]
        for query in ("", "?position=overdue", "?whose=mine", "?words=later", "?status=closed", "?position=nonsense")
    }

    assert titles == {
        "": ["Review the response", "Mine and later"],
        "?position=overdue": ["Review the response"],
        "?whose=mine": ["Mine and later"],
        "?words=later": ["Mine and later"],
        "?status=closed": [],
        "?position=nonsense": ["Review the response", "Mine and later"],
    }


def test_what_leaves_is_what_the_filter_shows(client, inspection, coordinator, action):
    make_action(inspection, by=coordinator, title="=HYPERLINK(1)", due_date=date(2099, 1, 1))

    text = client.get(address("export-csv", inspection) + "?words=HYPER").content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(client.get(address("export-xlsx", inspection)).content))

    assert text.splitlines()[0].split(",")[:3] == ["action", "title", "owner"]
    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["'=HYPERLINK(1)"]
    assert [cell.value for cell in book.active["B"]] == ["title", "Review the response", "'=HYPERLINK(1)"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_recommendations_leave_as_tables(client, inspection, coordinator, kind):
    make_recommendation(inspection, by=coordinator)

    answer = client.get(address(f"recommendations-{kind}", inspection))

    assert answer["Content-Disposition"] == f'attachment; filename="{inspection.ref}-recommendations.{kind}"'
    assert len(answer.content) > 100


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_ask_the_same_number_of_questions_whatever_their_length(
    client, inspection, coordinator, django_assert_num_queries, count
):
    for number in range(count):
        row = make_recommendation(inspection, by=coordinator, number=str(number), owner=coordinator)
        make_action(inspection, by=coordinator, recommendation=row)
    client.get(reverse("help"))

    with django_assert_num_queries(7):
        client.get(address("list", inspection))
    with django_assert_num_queries(8):
        client.get(address("recommendations", inspection))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_an_action_asks_the_same_number_of_questions(
    client, inspection, action, owner, django_assert_num_queries, count
):
    for number in range(count):
        operations.update_action(
            by=owner, action=action, version=number + 1, text="x", next_step="", status="open", at=NOW
        )
        operations.add_proof(by=owner, action=action, text="x", at=NOW)
    client.get(reverse("help"))

    with django_assert_num_queries(9):
        client.get(address("action", inspection, action.pk))


def test_an_overdue_action_is_first_on_its_owners_work_list(inspection, owner, action):
    work = work_of(owner)

    assert [(item.title, item.urgency, item.is_overdue) for item in work] == [("Review the response", 0, True)]


def test_a_closure_to_decide_is_on_the_list_of_a_second_person_only(inspection, owner, action, force):
    chief = make_user("chief_officer", force=force)
    operations.add_proof(by=owner, action=action, text="x", at=NOW)
    operations.ask_for_closure(by=owner, action=action, version=1, text="x", at=NOW)

    assert [item.kind for item in work_of(chief)] == ["Closure to decide"]
    assert work_of(owner) == []


def test_the_tile_counts_what_is_open_and_warns_of_what_is_late(inspection, action):
    tile = next(tile for tile in tiles_of(inspection, {Permission.ACTION_VIEW}) if tile.title == "Actions")

    assert (tile.count, tile.text, tile.is_warning) == ("1", "open, 1 of them overdue", True)
