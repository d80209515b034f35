"""The pages of hand changes, versions and re-plans: happy, refused, stale."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ncpi.fieldwork import problem_queries
from ncpi.fieldwork.models import Placement, Session, Timetable
from ncpi.fieldwork.operations import changes, people
from ncpi.inspections.models import Force
from tests import worlds
from tests.factories import NOW, client_of, make_inspection, make_user
from tests.fieldwork import makers
from tests.fieldwork.test_pages import said

pytestmark = pytest.mark.django_db


def make_world():
    """A draft of two sessions; the second person is on duty until noon."""
    inspection = make_inspection()
    # Before the fieldwork: what has started is moved no more.
    Force.objects.filter(pk=inspection.force_id).update(is_demonstration=True, clock_offset=timezone.now() - NOW)
    by = make_user("coordinator", force=inspection.force)
    makers.make_inspector(inspection, by=by)
    makers.make_inspector(inspection, by=by, number=2)
    for number, until in ((1, "17:00"), (2, "12:00")):
        person = makers.make_person(inspection.force, by=by, number=number, times=[makers.hours("09:00", until)])
        makers.make_session(inspection, by=by, number=number, fixed=[person])
    makers.make_timetable(inspection, by=by)
    return {"inspection": inspection, "by": by}


made = worlds.world(make_world)


@pytest.fixture
def inspection(made, db):
    return made["inspection"]


@pytest.fixture
def by(made, db):
    return made["by"]


@pytest.fixture
def draft(inspection):
    return Timetable.objects.select_related("inspection__force").get(inspection=inspection)


@pytest.fixture
def client(by):
    return client_of(by)


def address(name, draft, number=None):
    kwargs = {"ref": draft.inspection.ref, "number": draft.number}
    if number is not None:
        kwargs["pk"] = session_of(draft, number).pk
    return reverse(f"fieldwork:{name}", kwargs=kwargs)


def session_of(draft, number):
    return Session.objects.get(inspection=draft.inspection, reference=f"S{number}")


def placed(draft, number=1):
    return Placement.objects.get(timetable=draft, session=session_of(draft, number))


def posted(draft, number=1, start="2021-07-05T15:00", **fields):
    row = placed(draft, number)
    return {
        "start": start,
        "version": row.version,
        "chosen": "on",
        "inspectors": [one.inspector_id for one in row.inspectors.all()],
        "people": [one.person_id for one in row.people.all()],
    } | fields


def test_the_starts_that_work_are_listed_and_one_is_chosen_with_whom_it_works(client, draft):
    page = client.get(address("move", draft, 2), {"start": "2021-07-05T11:00"})

    (day, moments), *rest = page.context["starts"]
    assert (rest, [f"{day}", f"{moments[0]:%H:%M}", f"{moments[-1]:%H:%M}"]) == ([], ["2021-07-05", "09:00", "11:00"])
    assert page.context["clashes"] == []
    assert [one.name for one in page.context["team"] if one.is_chosen] == [
        placed(draft, 2).inspectors.get().inspector.name
    ]


def test_any_other_start_shows_its_clashes_with_their_rules_before_anything_is_saved(client, draft):
    page = client.get(address("move", draft, 2), {"day": "2021-07-05", "clock": "14:00"})

    assert [(one.title, one.words) for one in page.context["clashes"]] == [
        ("People are asked when on duty", "Response Constable 2 is not on duty."),
        ("Nobody within the rest after a shift", "Response Constable 2 is within the rest after a shift."),
    ]
    assert (page.context["is_barred"], placed(draft, 2).version) == (False, 1)


def test_a_time_that_the_clocks_skip_is_said_where_it_was_typed(client, draft):
    page = client.get(address("move", draft, 2), {"day": "2027-03-28", "clock": "01:30"})

    assert page.context["form"].errors["clock"] == [
        "01:30 on 28 March 2027 does not exist: the clocks go forward. Choose a time before 01:00 or from 02:00."
    ]


def test_who_is_ticked_is_looked_at_again_without_saving(client, draft):
    page = client.post(address("move", draft, 1), posted(draft, inspectors=[], look="on"))

    assert [one.rule for one in page.context["clashes"]] == ["team"]
    assert placed(draft).version == 1


def test_a_session_dragged_to_another_inspector_is_proposed_with_them(client, draft):
    mine = placed(draft).inspectors.get().inspector_id
    other = draft.inspection.inspectors.exclude(pk=mine).get()

    page = client.get(address("move", draft, 1), {"start": "2021-07-05T15:00", "inspector": other.pk, "instead": mine})

    assert [one.name for one in page.context["team"] if one.is_chosen] == [other.name]


def test_the_starts_are_answered_for_those_who_drag(client, draft):
    answer = client.get(address("starts", draft, 2)).json()

    assert (answer["minutes"], answer["starts"][0], answer["starts"][-1]) == (
        60,
        "2021-07-05T09:00",
        "2021-07-05T11:00",
    )


def test_a_move_is_saved(client, draft):
    response = client.post(address("move", draft, 1), posted(draft))

    assert said(response) == ["Interview 1 is on Monday 5 July 15:00."]
    assert placed(draft).during.lower == makers.hours("15:00")[0]


def test_a_clash_without_a_reason_is_refused_and_with_one_it_is_saved_and_marked(client, draft):
    outside = posted(draft, 2, "2021-07-05T14:00")

    refused = client.post(address("move", draft, 2), outside)
    saved = client.post(
        address("move", draft, 2), outside | {"seen": refused.context["seen"], "reason": "Agreed with the sergeant"}
    )

    assert (refused.status_code, refused.context["is_refused"], said(saved)[-1]) == (
        200,
        True,
        "Interview 2 is on Monday 5 July 14:00.",
    )
    page = client.get(address("timetable", draft), {"by": "list"}).content.decode()
    # Once in the list, once in the week for paper.
    assert page.count("Against a rule: Agreed with the sergeant") == 2


def test_a_stale_move_says_where_the_session_is_and_keeps_what_was_chosen(client, draft):
    old = posted(draft)
    client.post(address("move", draft, 1), posted(draft, start="2021-07-05T16:00"))

    page = client.post(address("move", draft, 1), old)

    assert page.status_code == 409
    assert page.context["stale"].during.lower == makers.hours("16:00", "17:00")[0]
    assert page.context["to"].starts_at == makers.hours("15:00")[0]
    again = client.post(address("move", draft, 1), old | {"version": page.context["stale"].version})
    assert said(again)[-1] == "Interview 1 is on Monday 5 July 15:00."


def test_a_session_is_pinned_unpinned_and_taken_out(client, draft):
    pinned = client.post(address("pin", draft, 1), {"version": 1})
    unpinned = client.post(address("unpin", draft, 1), {"version": 2})
    stale = client.post(address("pin", draft, 1), {"version": 1})
    out = client.post(address("take-out", draft, 1), {"version": 3})

    assert [said(one)[-1] for one in (pinned, unpinned, stale, out)] == [
        "Interview 1 is pinned.",
        "Interview 1 is no longer pinned.",
        "Somebody else saved this while you were working on it.",
        "Interview 1 is taken out. It waits to be placed.",
    ]
    assert client.post(address("pin", draft, 1), {}).status_code == 302
    assert client.get(address("move", draft, 1)).context["board"].version == 0


def test_what_is_published_is_changed_in_a_draft_of_its_own(client, draft, by):
    makers.publish(draft, by=by)
    refused = client.post(address("move", draft, 1), posted(draft))

    response = client.post(address("start-draft", draft))

    assert said(refused)[-1] == "Version 1 is published. Start a draft from it to change anything."
    assert response.url == reverse("fieldwork:timetable", args=[draft.inspection.ref, 2])


def test_a_session_no_longer_wanted_is_not_moved(client, draft):
    session_of(draft, 1)
    Session.objects.filter(inspection=draft.inspection, reference="S1").update(state="cancelled")

    response = client.get(address("move", draft, 1))

    assert said(response) == ["Interview 1 is no longer wanted."]


# --- versions and re-plans ---


@pytest.fixture
def replan(draft, by):
    """Version 1 published; the first person is at court then; version 2 moves them and adds a session."""
    makers.publish(draft, by=by)
    row = placed(draft)
    people.add_duty(by=by, person=row.people.get().person, kind="court", during=(row.during.lower, row.during.upper))
    third = makers.make_person(draft.inspection.force, by=by, number=3)
    makers.make_session(draft.inspection, by=by, number=3, fixed=[third])
    makers.make_timetable(draft.inspection, by=by)
    return Timetable.objects.select_related("inspection__force").get(inspection=draft.inspection, number=2)


def test_the_page_of_a_replan_shows_what_moves_who_is_told_and_the_proof(client, replan):
    found = client.get(address("changes", replan)).context["changes"]

    assert [one.words for one in found.differences] == [
        "Interview 1 moves from Monday 5 July 09:00 to Monday 5 July 10:00.",
        "Interview 3 is new, on Monday 5 July 10:30.",
    ]
    assert [one.name for one in found.again] == ["Response Constable 1"]
    assert [one.name for one in found.first] == ["Response Constable 3"]
    assert found.again[0].notice > timedelta(days=1)
    assert (found.is_proved, [one.words for one in found.stages][:2]) == (
        True,
        ["placing what matters most", "telling as few people again as possible"],
    )


def test_some_of_a_replan_is_accepted_and_the_rest_stays(client, replan):
    third = session_of(replan, 3)

    response = client.post(address("accept", replan), {"sessions": [third.pk], "version": replan.version})

    assert said(response) == ["1 accepted, 1 left as published. Nobody is told before you publish."]
    after = client.get(address("changes", replan)).context["changes"]
    assert [one.title for one in after.differences] == ["Interview 3"]
    check = client.get(address("check", replan))
    assert [one.words for one in check.context["clashes"]] == ["Response Constable 1 is elsewhere."]


def test_what_breaks_a_rule_together_is_named_and_stays_ticked(client, replan):
    third, first = session_of(replan, 3), placed(replan.based_on)
    row = Placement.objects.get(timetable=replan, session=third)
    hour = (first.during.lower, first.during.upper)
    inspector = first.inspectors.get().inspector
    Placement.objects.filter(timetable=replan, session=third).update(during=hour)
    row.people.update(during=hour)
    row.inspectors.all().delete()
    placed(replan).inspectors.all().delete()
    row.inspectors.create(timetable=replan, inspector=inspector, during=hour)

    page = client.post(address("accept", replan), {"sessions": [third.pk], "version": replan.version})

    assert "inspector overlap" in [one.rule for one in page.context["refused"]]
    assert page.context["ticked"] == {str(third.pk)}
    assert Timetable.objects.get(pk=replan.pk).version == replan.version


def test_none_of_a_replan_is_accepted(client, replan):
    stale = client.post(address("discard", replan), {"version": 99})
    response = client.post(address("discard", replan), {"version": replan.version})

    assert said(stale) == [
        "Somebody changed this draft meanwhile. Here it is as it stands; choose again.",
    ]
    assert said(response)[-1] == "Version 2 is discarded. What is published stays in force."
    again = client.post(address("accept", replan), {"version": replan.version})
    assert said(again)[-1] == "Somebody changed this draft meanwhile. Here it is as it stands; choose again."
    assert client.post(address("discard", replan), {}).status_code == 302
    assert client.post(address("accept", replan), {}).status_code == 302


def test_two_versions_are_compared_in_words(client, draft, by):
    copy = changes.start_draft(by=by, timetable=draft, at=NOW)
    client.post(address("move", copy, 1), posted(copy, start="2021-07-05T15:00"))
    where = reverse("fieldwork:versions", args=[draft.inspection.ref])
    start = problem_queries.plan_of(draft)[str(session_of(draft, 1).pk)].starts_at

    page = client.get(where, {"before": 1, "after": 2})
    nonsense = client.get(where, {"before": "x", "after": 7})

    assert [one.words for one in page.context["changes"].differences] == [
        f"Interview 1 moves from Monday 5 July {start.astimezone(makers.dates.LONDON):%H:%M} to Monday 5 July 15:00."
    ]
    assert nonsense.context["changes"] is None


def test_an_inspector_compares_versions_and_changes_nothing(draft):
    own = client_of(make_user("inspector", force=draft.inspection.force))

    statuses = [
        own.get(reverse("fieldwork:versions", args=[draft.inspection.ref])).status_code,
        own.get(address("move", draft, 1)).status_code,
        own.post(address("start-draft", draft)).status_code,
    ]

    assert statuses == [200, 403, 403]


@pytest.mark.parametrize(("name", "count"), [("timetable", 12), ("changes", 9), ("check", 11), ("move", 12)])
def test_the_pages_of_a_draft_ask_a_fixed_number_of_questions(client, draft, name, count, django_assert_num_queries):
    where = address(name, draft, 1 if name == "move" else None)
    client.get(where)

    with django_assert_num_queries(count):
        client.get(where)
