"""The journal: complete, searchable, taken away with a trace, and unchangeable."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import InternalError, connection, transaction

from ncpi.accounts import journal, queries
from ncpi.accounts.models import JournalEntry
from tests.factories import client_of, make_force, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2021, 6, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def force():
    return make_force()


@pytest.fixture
def governance(force):
    return make_user("information_governance", force=force)


def write(count, *, force, by, verb="read"):
    """Write lines a minute apart, the newest last."""
    rows = [
        JournalEntry(
            at=AT + timedelta(minutes=number), by=by, force=force, verb=verb, subject_type="cases.case",
            subject_id=number, subject=f"Case {number:04}",
        )
        for number in range(count)
    ]  # fmt: skip
    return JournalEntry.objects.bulk_create(rows)


def subjects(response):
    return [entry.subject for entry in response.context["entries"]]


@pytest.mark.parametrize("act", [lambda rows: rows.update(verb="did nothing"), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_a_line(act, force, governance):
    line = write(1, force=force, by=governance)[0]

    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        act(JournalEntry.objects.filter(pk=line.pk))

    assert JournalEntry.objects.get(pk=line.pk).verb == "read"


def test_raw_sql_is_refused_too(force, governance):
    write(1, force=force, by=governance)

    with pytest.raises(InternalError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from ncpi_journalentry")


def test_pages_follow_each_other_without_gap_or_overlap(force, governance):
    write(120, force=force, by=governance)
    browser = client_of(governance)

    first = browser.get("/journal?verb=read")
    second = browser.get("/journal", {"verb": "read", "before": first.context["older"]})
    third = browser.get("/journal", {"verb": "read", "before": second.context["older"]})

    seen = subjects(first) + subjects(second) + subjects(third)
    assert seen == [f"Case {number:04}" for number in reversed(range(120))]
    assert third.context["older"] == ""


@pytest.mark.parametrize("place", ["nonsense", "2021-06-14_1", "2021-06-14T09:00:00+00:00_", "_" * 5, "9" * 40])
def test_a_place_that_makes_no_sense_is_the_beginning(place, force, governance):
    write(2, force=force, by=governance)

    page = client_of(governance).get("/journal", {"verb": "read", "before": place})

    assert subjects(page) == ["Case 0001", "Case 0000"]


def test_a_search_finds_by_person_act_subject_and_day(force, governance):
    auditor = make_user("auditor", force=force, name="Case Auditor 1")
    write(3, force=force, by=auditor)
    write(1, force=force, by=governance, verb="drew sample")
    browser = client_of(governance)

    assert subjects(browser.get("/journal?person=auditor 1&verb=read")) == ["Case 0002", "Case 0001", "Case 0000"]
    assert subjects(browser.get("/journal?verb=drew sample")) == ["Case 0000"]
    assert subjects(browser.get("/journal?subject=0002")) == ["Case 0002"]
    assert subjects(browser.get("/journal?to_date=2021-06-13")) == []
    assert subjects(browser.get("/journal?from_date=nonsense&subject=0001")) == ["Case 0001"]


def test_lines_of_another_force_are_not_there(force, governance):
    other = make_force("Wessmouth Police")
    write(1, force=other, by=make_user("auditor", force=other))
    browser = client_of(governance)

    assert subjects(browser.get("/journal?verb=read")) == []
    assert b"Case 0000" not in b"".join(browser.get("/journal/export.csv").streaming_content)


def test_taking_the_journal_away_is_itself_a_line(force, governance):
    write(2, force=force, by=governance)

    exported = b"".join(client_of(governance).get("/journal/export.csv?verb=read").streaming_content)

    assert len(exported.decode("utf-8-sig").splitlines()) == 3
    line = JournalEntry.objects.get(verb="exported journal")
    assert (line.by, line.force, "verb='read'" in line.detail) == (governance, force, True)


def test_who_opened_most_comes_first(force, governance):
    auditor = make_user("auditor", force=force, name="Case Auditor 1")
    write(3, force=force, by=auditor)
    write(1, force=force, by=governance)

    readings = queries.readings_of(governance, at=AT + timedelta(days=1))

    assert readings == [
        queries.Reading("Case Auditor 1", total=3, days=1, busiest=3),
        queries.Reading(governance.name, total=1, days=1, busiest=1),
    ]
    assert queries.readings_of(governance, at=AT + timedelta(days=60)) == []


def test_where_an_act_came_from_is_kept(force, governance):
    browser = client_of(governance)

    browser.get("/journal/export.csv", REMOTE_ADDR="192.0.2.7")

    assert JournalEntry.objects.get(verb="exported journal").address == "192.0.2.7"
    assert journal.address.get() is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_journal_asks_the_same_of_the_database_whatever_its_length(
    count, force, governance, django_assert_num_queries
):
    write(count, force=force, by=governance)
    browser = client_of(governance)
    browser.get("/journal")

    with django_assert_num_queries(5):
        browser.get("/journal")
