"""The evidence library as a list: each filter, each order, its pages, and what is taken away."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from ncpi.lib.listing import PAGE_SIZE
from ncpi.selfassessment import operations
from ncpi.selfassessment.models import Evidence
from ncpi.selfassessment.queries import LIBRARY_SORTS, LibraryFilter
from tests.factories import NOW, client_of, make_evidence, make_force, make_inspection, make_user

# The rule


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "poem", "marking": "secret", "use": "x", "review": "x", "sort": "pk"},
        {"owner": "1; DROP", "from": "yesterday", "to": "2021-02-30"},
        {"owner": "٣", "from": ""},
        {"owner": "9" * 10},
    ],
)
def test_what_makes_no_sense_asks_for_nothing(asked):
    assert LibraryFilter.of(asked) == LibraryFilter()


@pytest.mark.parametrize(
    ("asked", "is_open", "is_any"),
    [
        ({"sort": "title"}, False, False),
        ({"text": "visit"}, False, True),
        ({"owner": "7"}, True, True),
        ({"marking": "official"}, True, True),
        ({"from": "2021-06-01"}, True, True),
    ],
)
def test_the_folded_filters_are_open_once_they_are_used(asked, is_open, is_any):
    found = LibraryFilter.of(asked)

    assert (found.is_open, found.is_any) == (is_open, is_any)


# The page


@pytest.fixture
def library(inspection, judgement, people):
    """Four pieces in use and one withdrawn; the lead owns all but one."""
    by = people["lead"]
    make_evidence(inspection, by=by, title="Linked", judgement=judgement, kind="voice")
    make_evidence(
        inspection, by=by, title="Loose", review_date=date(2021, 7, 1), marking="official_sensitive", kind="data"
    )
    make_evidence(
        inspection, by=by, title="Old", period_from_date=date(2019, 1, 1), period_to_date=date(2019, 12, 31),
        review_date=date(2020, 6, 1),
    )  # fmt: skip
    make_evidence(
        inspection, by=people["coordinator"], title="May", kind="policy", period_from_date=date(2021, 5, 1),
        period_to_date=date(2021, 5, 31), review_date=date(2099, 1, 1),
    )  # fmt: skip
    gone = make_evidence(inspection, by=by, title="Gone")
    operations.withdraw_evidence(by=by, evidence=gone, version=1, at=NOW)
    return inspection


def get(inspection, user, **asked):
    return client_of(user).get(reverse("selfassessment:library", args=[inspection.ref]), asked)


def titles(page):
    return [row.title for row in page.context["listing"].page]


@pytest.mark.django_db
def test_every_filter_lets_through_what_it_says(library, judgement, people):
    reader, owner = people["reviewer"], people["coordinator"].pk
    wanted = [
        ({}, ["Linked", "Loose", "May", "Old"]),
        ({"use": "unlinked"}, ["Loose", "May", "Old"]),
        ({"use": "outside"}, ["Old"]),
        ({"use": "withdrawn"}, ["Gone"]),
        ({"kind": "voice"}, ["Linked"]),
        ({"text": "OLD"}, ["Old"]),
        ({"owner": owner}, ["May"]),
        ({"marking": "official_sensitive"}, ["Loose"]),
        ({"criterion": judgement.criterion.key}, ["Linked"]),
        ({"criterion": "C20-OVR-2"}, []),
        ({"review": "fieldwork"}, ["Loose", "Old"]),
        ({"review": "passed"}, ["Loose", "Old"]),
        ({"review": "none"}, ["Linked"]),
        ({"from": "2019-12-31", "to": "2019-12-31"}, ["Old"]),
        ({"from": "2021-06-01"}, ["Linked", "Loose"]),
        ({"to": "2020-07-01"}, ["Linked", "Loose", "Old"]),
        ({"review": "fieldwork", "use": "outside", "kind": "audit"}, ["Old"]),
    ]

    found = [(asked, titles(get(library, reader, **asked))) for asked, _ in wanted]

    assert found == wanted


@pytest.mark.django_db
def test_every_order_is_what_it_says(library, people):
    found = {sort: titles(get(library, people["lead"], sort=sort)) for sort in LIBRARY_SORTS}

    assert found == {
        "newest": ["Linked", "Loose", "May", "Old"],
        "oldest": ["Old", "May", "Linked", "Loose"],
        "title": ["Linked", "Loose", "May", "Old"],
        "review": ["Old", "Loose", "May", "Linked"],
        "owner": ["May", "Linked", "Loose", "Old"],
        "uses": ["Loose", "May", "Old", "Linked"],
    }


@pytest.mark.django_db
def test_what_is_taken_away_is_what_is_shown_with_the_criteria_it_supports(library, judgements, people):
    other = make_evidence(library, by=people["lead"], title="Both", judgement=judgements[1], kind="voice")
    operations.link_evidence(by=people["lead"], evidence=other, judgement=judgements[0], shows="x", at=NOW)
    asked = {"kind": "voice", "sort": "title"}

    csv = get(library, people["lead"], format="csv", **asked).content.decode("utf-8-sig").splitlines()
    book = load_workbook(io.BytesIO(get(library, people["lead"], format="xlsx", **asked).content)).active

    assert csv[0] == "title,kind,from,to,review by,marking,owner,link,file,version,criteria,supports"
    assert [line.split(",")[0] for line in csv[1:]] == ["Both", "Linked"]
    assert [line.split(",")[-2:] for line in csv[1:]] == [["2", "C20-OVR-1 C20-OVR-2"], ["1", "C20-OVR-1"]]
    assert [[row[0].value, row[-1].value] for row in book.iter_rows(min_row=2)] == [
        ["Both", "C20-OVR-1 C20-OVR-2"],
        ["Linked", "C20-OVR-1"],
    ]


@pytest.mark.django_db
def test_a_long_library_is_cut_into_pages_that_keep_the_filter(inspection, lead):
    Evidence.objects.bulk_create(
        Evidence(
            inspection=inspection, title=f"Piece {number:02}", kind="data", period_from_date=date(2021, 1, 1),
            period_to_date=date(2021, 2, 1), owner=lead, added_at=NOW,
        )
        for number in range(PAGE_SIZE + 2)
    )  # fmt: skip

    page = get(inspection, lead, kind="data", page=2)

    assert titles(page) == [f"Piece {PAGE_SIZE}", f"Piece {PAGE_SIZE + 1}"]
    assert page.context["listing"].query == "kind=data"


@pytest.mark.django_db
def test_the_choices_name_no_owner_of_another_force(library, people):
    elsewhere = make_inspection(make_force("Wolden Police"))
    make_evidence(elsewhere, by=make_user("lead", force=elsewhere.force, name="Somebody else"), title="Theirs")

    page = get(library, people["lead"])

    assert [person.name for person in page.context["owners"]] == ["The coordinator", "The lead"]
    assert titles(page) == ["Linked", "Loose", "May", "Old"]
