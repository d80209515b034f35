"""The pages of inspections and programmes, as people meet them."""

import shutil
from datetime import date

import pytest
from django.urls import reverse

from ncpi.inspections import demo, operations, programme_files
from ncpi.inspections.models import Inspection, Milestone
from tests.factories import NOW, client_of, make_force, make_inspection, make_programme, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def coordinator(force):
    return make_user("coordinator", force=force)


@pytest.fixture
def client(coordinator):
    return client_of(coordinator)


@pytest.fixture
def inspection(coordinator):
    return make_inspection(by=coordinator)


def address(name, inspection, *args):
    return reverse(f"inspections:{name}", args=[inspection.ref, *args])


FORM = {
    "name": "Inspection 2021",
    "notice_date": "2021-05-24",
    "fieldwork_start_date": "2021-07-05",
    "fieldwork_end_date": "2021-07-16",
    "evidence_from_date": "2020-07-01",
    "evidence_to_date": "2021-06-30",
    "publication_date": "",
}


def test_opening_an_inspection_leads_to_its_page(client, force):
    answer = client.post(
        reverse("inspections:open"),
        {**FORM, "force": force.pk, "programme": make_programme().pk, "kind": "full"},
    )

    made = Inspection.objects.get()
    assert answer["Location"] == f"/inspections/{made.ref}/"
    assert made.milestones.count() == 8


def test_dates_that_contradict_each_other_stand_at_their_field_with_what_was_typed(client, inspection):
    answer = client.post(
        address("dates", inspection), {**FORM, "version": 1, "fieldwork_end_date": "2021-07-01", "name": "Typed"}
    )

    assert answer.context["form"].errors == {"fieldwork_end_date": ["Fieldwork cannot end before it starts."]}
    assert b'value="Typed"' in answer.content


def test_only_forces_that_the_person_runs_can_be_chosen(client, force):
    other = make_force("Other Police")

    answer = client.post(
        reverse("inspections:open"),
        {**FORM, "force": other.pk, "programme": make_programme().pk, "kind": "full"},
    )

    assert list(answer.context["form"].errors) == ["force"]
    assert Inspection.objects.count() == 0


def test_changed_dates_are_saved_and_said(client, inspection):
    answer = client.post(
        address("dates", inspection), {**FORM, "version": 1, "publication_date": "2021-12-22"}, follow=True
    )

    inspection.refresh_from_db()
    assert inspection.publication_date == date(2021, 12, 22)
    assert [str(message) for message in answer.context["messages"]] == ["Dates saved."]


def test_a_stale_save_of_dates_is_refused_and_shows_both_and_keeps_the_text(client, inspection):
    client.post(address("dates", inspection), {**FORM, "version": 1, "name": "Theirs"})

    answer = client.post(address("dates", inspection), {**FORM, "version": 1, "name": "Mine"})

    assert answer.status_code == 409
    assert answer.context["conflict"] == [("Name of the inspection", "Theirs", "Mine")]
    assert b'value="Mine"' in answer.content
    assert client.post(address("dates", inspection), {**FORM, "version": 2, "name": "Both"}).status_code == 302


def test_the_inspection_page_says_what_comes_next_and_where_it_stands(client, inspection):
    answer = client.get(address("inspection", inspection))

    assert answer.context["next"].milestone.title == "Documents asked for are sent"
    assert [(phase.name, str(phase.state)) for phase in answer.context["phases"]] == [
        ("Notice", "done"),
        ("Preparing", "done"),
        ("Fieldwork", "done"),
        ("Awaiting the report", "current"),
        ("Acting on the report", "ahead"),
    ]


def test_a_milestone_is_done_and_taken_back_from_the_page(client, inspection):
    milestone = inspection.milestones.order_by("due_date", "pk").first()

    client.post(address("finish-milestone", inspection, milestone.pk), {"version": 1, "done_date": "2021-06-07"})
    milestone.refresh_from_db()
    done = milestone.done_date
    client.post(address("reopen-milestone", inspection, milestone.pk), {"version": 2})
    milestone.refresh_from_db()

    assert (done, milestone.done_date) == (date(2021, 6, 7), None)


@pytest.mark.parametrize("version", ["1", "", "x", "9999999999"])
def test_taking_back_with_an_old_or_odd_version_changes_nothing_and_says_so(client, inspection, version):
    milestone = inspection.milestones.order_by("due_date", "pk").first()
    client.post(address("finish-milestone", inspection, milestone.pk), {"version": 1, "done_date": "2021-06-07"})

    answer = client.post(address("reopen-milestone", inspection, milestone.pk), {"version": version}, follow=True)

    milestone.refresh_from_db()
    assert milestone.done_date == date(2021, 6, 7)
    assert "Somebody else saved this while you were working on it." in [str(m) for m in answer.context["messages"]]


def test_moving_and_adding_a_milestone(client, inspection):
    milestone = inspection.milestones.get(rule__key="briefing")

    client.post(
        address("move-milestone", inspection, milestone.pk), {"version": 1, "due_date": "2021-07-02", "note": "x"}
    )
    client.post(address("add-milestone", inspection), {"title": "Mock week", "due_date": "2021-06-21", "note": ""})

    assert list(
        inspection.milestones.filter(is_set_by_hand=True).order_by("due_date").values_list("title", "due_date")
    ) == [("Mock week", date(2021, 6, 21)), ("Inspectors and force meet before fieldwork", date(2021, 7, 2))]


def test_a_closed_inspection_says_so_and_offers_no_changes(client, inspection):
    client.post(address("close", inspection), {"version": 1})

    answer = client.get(address("inspection", inspection))
    refused = client.post(address("add-milestone", inspection), {"title": "More", "due_date": "2021-06-21"})

    assert answer.context["may_manage"] is False
    assert refused.context["form"].non_field_errors() == ["Inspection 2021 is closed."]


def test_another_forces_inspection_does_not_exist(inspection):
    stranger = client_of(make_user("coordinator", force=make_force("Other Police")))
    milestone = inspection.milestones.first()

    found = [
        stranger.get(address("inspection", inspection)),
        stranger.get(address("dates", inspection)),
        stranger.post(address("finish-milestone", inspection, milestone.pk), {"version": 1, "done_date": "2021-06-07"}),
    ]

    assert [answer.status_code for answer in found] == [404, 404, 404]
    assert Milestone.objects.exclude(done_date=None).count() == 0


def test_a_milestone_of_another_inspection_does_not_exist(client, inspection):
    other = make_inspection(name="Other")

    assert client.get(address("move-milestone", inspection, other.milestones.first().pk)).status_code == 404


def test_who_only_reads_cannot_change(force, inspection):
    reader = client_of(make_user("board_member", force=force))

    assert reader.get(address("inspection", inspection)).context["may_manage"] is False
    assert reader.get(address("dates", inspection)).status_code == 403


def test_the_list_shows_own_inspections_only(client, inspection):
    make_inspection(make_force("Other Police"), name="Elsewhere")

    assert [row.name for row, _ in client.get(reverse("inspections:list")).context["rows"]] == ["Inspection 2021"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(
    client, coordinator, django_assert_num_queries, count
):
    for number in range(count):
        make_inspection(by=coordinator, name=f"Inspection {number}")

    client.get(reverse("help"))

    with django_assert_num_queries(6):
        client.get(reverse("inspections:list"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_programmes_asks_the_same_number_of_questions(
    nothing_adopted, client, django_assert_num_queries, count, tmp_path
):
    adopt_editions(count, tmp_path)

    client.get(reverse("help"))

    with django_assert_num_queries(4):
        client.get(reverse("inspections:programmes"))


def adopt_editions(count, tmp_path):
    for number in range(1, count + 1):
        folder = tmp_path / str(number)
        shutil.copytree(demo.PROGRAMMES / "ncpi-2020", folder)
        head = folder / "programme.yaml"
        head.write_text(head.read_text().replace("edition: 1", f"edition: {number}"))
        operations.adopt_programme(by=None, found=programme_files.load_programme(folder), at=NOW)


def test_the_programme_page_shows_basis_and_sources_and_warns(client):
    programme = make_programme()

    text = client.get(reverse("inspections:programme", args=[programme.key, 1])).content.decode()

    assert text.count('class="ncpi-inspections-criteria__item"') == 37
    assert text.count("ncpi-inspections-basis__tag--recalled") == 3
    assert "before relying on this" in text


def test_the_criterion_page_names_its_sources(client):
    programme = make_programme()

    answer = client.get(reverse("inspections:criterion", args=[programme.key, 1, "C20-DET-2"]))

    assert answer.context["criterion"].sources == [
        "https://www.wired-gov.net/wg/news.nsf/articles/wiltshire+police+needs+to+improve+child+protection+05082022152000?open"
    ]
    assert answer.context["basis"] == "Built from published reports"
    assert [kind.key for kind in answer.context["sessions"]] == ["custody"]


@pytest.mark.parametrize("page", ["audit-tool", "session-kinds", "deadlines"])
@pytest.mark.parametrize("key", ["ncpi-2020", "ncpi-2024"])
def test_the_other_pages_of_a_programme_open(client, key, page):
    make_programme(key)

    answer = client.get(reverse(f"inspections:{page}", args=[key, 1]))

    assert answer.context["programme"].key == key
    assert b"before relying on this" in answer.content


def test_two_programmes_are_compared_without_their_files(client):
    first, second = make_programme("ncpi-2020"), make_programme("ncpi-2024")

    start = client.get(reverse("inspections:compare"))
    answer = client.get(start["Location"])

    assert start["Location"] == f"/programmes/compare?first={first.pk}&second={second.pk}"
    assert answer.context["found"].grades_comparable is False
    assert b"Grades are never carried from one to the other" in answer.content


@pytest.mark.parametrize("query", ["", "?first=x&second=1", "?first=99999999999999999999&second=1"])
def test_a_comparison_that_makes_no_sense_leads_back(nothing_adopted, client, query):
    make_programme()

    assert client.get(reverse("inspections:compare") + query)["Location"] == "/programmes/"


def test_an_unknown_programme_or_criterion_does_not_exist(client):
    make_programme()

    assert client.get("/programmes/ncpi-2020/2/").status_code == 404
    assert client.get("/programmes/ncpi-2020/1/criteria/C20-XYZ/").status_code == 404
