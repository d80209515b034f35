"""The work list: whose, which area, what state, what is late, in what order, and as a file."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from ncpi.selfassessment import assignment_operations, operations, thread_operations
from ncpi.selfassessment.models import Judgement
from tests import worlds
from tests.factories import NOW, client_of, judge, make_user
from tests.selfassessment.acts import fresh
from tests.selfassessment.world import World

pytestmark = pytest.mark.django_db


def build():
    """Three criteria of the first area with the lead, due before and after today, one of them returned."""
    world = World()
    people, rows = world.people, world.judgements[:3]
    for row, due in zip(rows, (date(2021, 6, 20), date(2021, 6, 11), None), strict=True):
        changes = {"lead": people["lead"], **({"due_date": due} if due else {})}
        assignment_operations.assign(
            by=people["coordinator"], inspection=row.inspection, versions={row.pk: 1}, changes=changes
        )
    saved = fresh(judge(fresh(rows[0]), by=people["lead"]))
    sent = fresh(operations.send_for_review(by=people["lead"], judgement=saved, version=saved.version, at=NOW))
    operations.return_judgement(
        by=people["reviewer"], judgement=sent, version=sent.version, reason="Which month?", at=NOW
    )
    world.judgements = [fresh(row) for row in rows]
    return world


begun = worlds.copies(build)


@pytest.fixture
def judgements(world, in_its_time):
    return world.judgements


def get(user, judgements, **asked):
    return client_of(user).get(reverse("selfassessment:work", args=[judgements[0].inspection.ref]), asked)


def keys(page):
    return [row.criterion.key for row in page.context["listing"].page.object_list]


def test_a_lead_sees_their_own_by_due_date(judgements, people):
    page = get(people["lead"], judgements)

    assert keys(page) == ["C20-OVR-2", "C20-OVR-1", "C20-OVR-3"]
    assert page.content.decode().count("Returned by The reviewer: Which month?") == 1


def test_a_coordinator_sees_everybodys(judgements, people):
    assert get(people["coordinator"], judgements).context["listing"].page.paginator.count == 37


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"late": "yes"}, ["C20-OVR-2"]),
        ({"state": "returned"}, ["C20-OVR-1"]),
        ({"state": "nonsense", "sort": "area"}, ["C20-OVR-1", "C20-OVR-2", "C20-OVR-3"]),
        ({"sort": "state"}, ["C20-OVR-2", "C20-OVR-3", "C20-OVR-1"]),
        ({"area": "C20-INI"}, []),
        ({"whose": "nobody", "area": "C20-OVR"}, ["C20-OVR-4", "C20-OVR-5", "C20-OVR-6"]),
        ({"whose": "all", "area": "C20-OVR", "sort": "lead"}, [f"C20-OVR-{n}" for n in (4, 5, 6, 1, 2, 3)]),
    ],
)
def test_the_list_shows_what_was_asked_for(judgements, people, asked, found):
    assert keys(get(people["lead"], judgements, **asked)) == found


def test_the_file_holds_what_the_page_shows(judgements, people):
    thread_operations.start_thread(by=people["reviewer"], judgement=judgements[0], kind="question", text="How?", at=NOW)

    response = get(people["lead"], judgements, state="returned", format="csv")

    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["criterion"], row["state"], row["lead"], row["due"], row["overdue"]) for row in rows] == [
        ("C20-OVR-1", "Returned", "The lead", "2021-06-20", "no")
    ]
    assert [(row["open questions"], row["returned by"], row["returned because"]) for row in rows] == [
        ("1", "The reviewer", "Which month?")
    ]


def test_bulk_assigning_offers_one_leads_criteria_all_chosen(judgements, people, force):
    successor = make_user("lead", force=force)
    client = client_of(people["coordinator"])
    where = reverse("selfassessment:assign", args=[judgements[0].inspection.ref])
    page = client.get(where, {"lead": people["lead"].pk, "all": "yes"})
    chosen = [choice for _, choice, is_chosen in page.context["rows"] if is_chosen]

    client.post(where, {"criteria": chosen, "lead": successor.pk, "due_date": "2021-07-01"})

    rows = Judgement.objects.filter(lead=successor, due_date=date(2021, 7, 1))
    assert sorted(row.pk for row in rows) == sorted(row.pk for row in judgements)


@pytest.mark.parametrize(("lead", "count"), [("nobody", 34), ("nonsense", 37), ("9999999", 0)])
def test_assigning_filters_by_who_holds(judgements, people, lead, count):
    where = reverse("selfassessment:assign", args=[judgements[0].inspection.ref])

    page = client_of(people["coordinator"]).get(where, {"lead": lead})

    assert len(page.context["rows"]) == count
