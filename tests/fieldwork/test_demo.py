"""The demonstration's fortnight."""

import random

import pytest
from django.urls import reverse

from ncpi.accounts.models import JournalEntry
from ncpi.fieldwork import checker, problem_queries, queries, reply_queries
from ncpi.fieldwork import demo as fieldwork
from ncpi.fieldwork.models import Duty, Invitation, Person, Reply, Timetable
from ncpi.fieldwork.operations import invitations
from ncpi.inspections import demo as base
from tests.factories import client_of
from tests.fieldwork.rfc5545 import events_of


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demonstration_fortnight_is_published_whole_and_breaks_no_rule():
    demo = base.build(stage="fieldwork", rng=random.Random(7))

    fieldwork.build(demo, stage="fieldwork")

    first, timetable = Timetable.objects.filter(inspection=demo.inspection).order_by("number")
    assert Person.objects.filter(force=demo.force).count() == 90
    imports = JournalEntry.objects.filter(verb__startswith="imported").order_by("pk").values_list("verb", "detail")
    assert list(imports) == [
        ("imported people for", "90 people added"),
        ("imported rotas for", "88 rotas, 1224 shifts"),
        ("imported times for", "40 new times"),
        ("imported sessions for", "24 sessions added"),
    ]
    assert Duty.objects.filter(person__force=demo.force, kind="duty").count() > 1_000
    assert (first.state, first.outcome, first.unplaced) == ("superseded", "optimal", [])
    assert (timetable.state, timetable.based_on, timetable.unplaced) == ("published", first, [])
    assert timetable.cost == timetable.bound
    assert len(problem_queries.plan_of(timetable)) == 24
    assert queries.uncovered_areas(demo.inspection) == []
    assert Invitation.objects.filter(reply=Reply.DECLINED).count() == 3
    now = base.moment(*base.NOW["fieldwork"])
    waiting = queries.replies_of(demo.inspection, since=now).filter(reply__in=Reply.not_coming())
    steps = reply_queries.rows_of(demo.inspection, waiting, reply_queries.replan_of(demo.inspection, at=now), at=now)
    assert sorted(one.step for one in steps) == ["stand_in", "times"]
    # Nothing is broken but by these two, who would now have to come although they said that they cannot.
    broken = checker.broken_rules(problem_queries.problem_of(demo.inspection), problem_queries.plan_of(timetable))
    assert {(one.rule, one.subject) for one in broken} == {("busy", str(row.person_id)) for row in waiting}
    files = _exported(demo, timetable)
    assert [one[:4] for one in files] == [b"%PDF", b"PK\x03\x04", b"BEGI"]
    assert len(events_of(files[-1])) == 24
    asked = Invitation.objects.select_related("person", "session__inspection")
    organiser = queries.organiser_of(demo.inspection)
    sent = [(row, events_of(invitations.calendar_of(row, organiser, at=now))) for row in asked]
    assert [(row.is_cancelled, event.method) for row, (event,) in sent] == [
        (row.is_cancelled, "CANCEL" if row.is_cancelled else "REQUEST") for row, _ in sent
    ]
    assert [event.attendees for row, (event,) in sent] == [[row.person.email] for row, _ in sent]


def _exported(demo, timetable):
    """Take the published timetable away in each form, as its co-ordinator does."""
    client = client_of(demo.people["coordinator"])
    names = (f"fieldwork:timetable-{kind}" for kind in ("pdf", "xlsx", "ics"))
    return [client.get(reverse(name, args=[demo.inspection.ref, timetable.number])).content for name in names]


@pytest.mark.django_db
def test_before_the_fieldwork_the_timetable_is_a_draft():
    demo = base.build(stage="audit", rng=random.Random(7))

    fieldwork.build(demo, stage="audit")

    assert Timetable.objects.get(inspection=demo.inspection).state == "draft"
    assert not Invitation.objects.exists()
