from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audits import concern_operations, finding_operations, inspector_operations, operations
from audits.models import Audit, Capacity, Concern, Finding, Grading, Moderation
from audits.work import my_work, tile
from ncpi.accounts.access import permissions_in
from ncpi.actions.models import Action
from ncpi.inspections.models import Criterion
from ncpi.lib.clocks import Clock
from tests import worlds
from tests.audits.factories import AT, drawn_sample, give, grade_of, hand_in, two_gradings
from tests.factories import TODAY, client_of, make_user

pytestmark = pytest.mark.django_db

CLOCK = Clock(offset=timedelta(0), at=AT, on=TODAY)


drawn = worlds.copies(lambda: drawn_sample(cases=3, percent=34))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditors(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(2)]


@pytest.fixture
def moderator(sampled):
    return make_user("moderator", force=sampled.force)


def address(sampled, name, *parts):
    return reverse(f"audits:{name}", args=[sampled.inspection.ref, *parts])


def queries_of(client, url):
    client.get(url)  # the first request of a session notes when it was seen
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# Allocation


def test_the_coordinator_allocates_the_sample_with_one_button(sampled, auditors):
    client = client_of(sampled.coordinator)

    response = client.post(address(sampled, "allocation"), {"way": "equal"})
    page = client.get(response.url)

    assert Audit.objects.count() == 5
    assert (page.context["unallocated"], sorted(row.all for row in page.context["auditors"])) == (0, [2, 3])


def test_allocating_without_auditors_says_so(sampled):
    page = client_of(sampled.coordinator).post(address(sampled, "allocation"), {"way": "equal"}, follow=True)

    assert [str(message) for message in page.context["messages"]] == ["There is no auditor who may take these."]


def test_one_case_is_given_to_somebody_by_hand(sampled, auditors):
    url = address(sampled, "reallocate", sampled.cases[0].code, "second")
    client = client_of(sampled.coordinator)

    client.post(url, {"auditor": auditors[1].pk})
    refused = client.post(address(sampled, "reallocate", sampled.cases[0].code, "first"), {"auditor": auditors[1].pk})

    assert Audit.objects.get().auditor == auditors[1]
    assert refused.context["form"].non_field_errors() == ["That person has had this case already."]


def test_a_capacity_that_is_no_auditors_is_not_found(sampled):
    response = client_of(sampled.coordinator).get(address(sampled, "reallocate", sampled.cases[0].code, "agreed"))

    assert response.status_code == 404


# Moderation


def test_a_case_appears_only_when_both_gradings_are_in_and_differ(sampled, auditors, moderator):
    client = client_of(moderator)
    one = give(sampled, sampled.cases[0], auditors[0])
    other = give(sampled, sampled.cases[0], auditors[1], Capacity.SECOND)
    page = address(sampled, "moderate", sampled.cases[0].code)

    hand_in(one, "good")
    before = (client.get(page).status_code, client.get(address(sampled, "moderation")).context["waiting"])
    hand_in(other, "inadequate")
    after = (client.get(page).status_code, client.get(address(sampled, "moderation")).context["waiting"])

    assert (before, after) == ((404, []), (200, [sampled.cases[0]]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_moderation_list_asks_as_much_for_three_as_for_one(sampled, auditors, moderator, count):
    for case in sampled.cases[:count]:
        two_gradings(sampled, case, "good", "inadequate", auditors=auditors)

    assert queries_of(client_of(moderator), address(sampled, "moderation")) == 6


def test_a_moderator_settles_with_a_reason_and_a_criterion(sampled, auditors, moderator):
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)
    client, url = client_of(moderator), address(sampled, "moderate", sampled.cases[0].code)
    criterion = Criterion.objects.filter(area__programme=sampled.inspection.programme).first()
    decision = {"grade": grade_of(sampled.inspection, "inadequate").pk, "criterion": criterion.pk}

    without = client.post(url, decision)
    done = client.post(url, decision | {"reason": "Nobody saw the child."})

    assert list(without.context["form"].errors) == ["reason"]
    assert done.url == address(sampled, "moderation")
    assert (Moderation.objects.get().criterion_key, Moderation.objects.get().by) == (criterion.key, moderator)


def test_a_settled_case_shows_its_decision_and_takes_no_second(sampled, auditors, moderator):
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)
    operations.moderate(
        by=moderator, case=sampled.cases[0], grade=grade_of(sampled.inspection, "inadequate"), reason="Not seen.",
        criterion_key="C20-INI-1", question=None, at=AT,
    )  # fmt: skip

    page = client_of(moderator).get(address(sampled, "moderate", sampled.cases[0].code))

    assert "Not seen." in page.content.decode()
    assert "Settle the grade" not in page.content.decode()


# Agreement


def test_agreement_is_silent_under_five_pairs(sampled, auditors, moderator):
    two_gradings(sampled, sampled.cases[0], "good", "inadequate", auditors=auditors)

    page = client_of(moderator).get(address(sampled, "agreement"))

    results = [comparison["result"] for comparison in page.context["comparisons"]]
    assert [(result.pairs, result.exact, result.kappa) for result in results] == [
        (1, None, None),
        (0, None, None),
        (0, None, None),
    ]


def test_agreement_counts_pairs_of_the_same_cases(auditors, moderator, sampled):
    inspector = make_user("inspector", force=sampled.force)
    for case, ours, theirs in zip(
        sampled.cases, ["good", "good", "inadequate"], ["good", "inadequate", "inadequate"], strict=True
    ):
        hand_in(give(sampled, case, auditors[0]), ours)
        inspector_operations.grade_as_inspector(
            by=inspector, case=case, grade=grade_of(sampled.inspection, theirs), reason="Seen.", at=AT
        )

    page = client_of(moderator).get(address(sampled, "agreement"))

    assert [comparison["result"].counts for comparison in page.context["comparisons"]] == [
        ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
        ((1, 0, 1), (0, 0, 0), (0, 0, 1)),
        ((1, 0, 1), (0, 0, 0), (0, 0, 1)),
    ]


# Inspectors


def test_an_inspector_sees_the_sample_and_no_grade_of_the_force(sampled, auditors):
    hand_in(give(sampled, sampled.cases[0], auditors[0]), "inadequate")
    inspector = make_user("inspector", force=sampled.force)

    body = client_of(inspector).get(address(sampled, "inspector-gradings")).content.decode()

    assert sampled.cases[0].code in body
    assert "Inadequate" not in body
    assert auditors[0].name not in body


def test_an_inspector_grades_a_case_once(sampled):
    client = client_of(make_user("inspector", force=sampled.force))
    url = address(sampled, "grade-as-inspector", sampled.cases[0].code)
    given = {"grade": grade_of(sampled.inspection, "good").pk, "reason": "Seen and heard."}

    first = client.post(url, given)
    second = client.post(url, given)

    assert first.url == address(sampled, "inspector-gradings")
    assert second.context["form"].non_field_errors() == ["That is the grade already."]
    assert Grading.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_inspectors_list_asks_as_much_for_three_as_for_one(count):
    sampled = drawn_sample(cases=count)
    inspector = make_user("inspector", force=sampled.force)

    assert queries_of(client_of(inspector), address(sampled, "inspector-gradings")) == 8


# Concerns


@pytest.fixture
def concern(sampled, auditors):
    return concern_operations.raise_concern(
        by=auditors[0], case=sampled.cases[0], audit=None, text="Not seen for five weeks.", at=AT, now=AT
    )


def test_a_concern_goes_from_raised_to_closed_through_two_people(sampled, concern):
    one = client_of(sampled.coordinator)
    two = client_of(make_user("chief_officer", force=sampled.force))

    one.post(address(sampled, "acknowledge-concern", concern.pk), {"version": 1})
    one.post(address(sampled, "resolve-concern", concern.pk), {"version": 2, "done": "Seen and safe."})
    own = one.post(address(sampled, "close-concern", concern.pk), {"version": 3}, follow=True)
    two.post(address(sampled, "close-concern", concern.pk), {"version": 3})

    assert [str(message) for message in own.context["messages"]][-1] == (
        "You said what was done, so somebody else has to look and close it."
    )
    concern.refresh_from_db()
    assert (concern.state, concern.done) == ("closed", "Seen and safe.")


def test_two_people_who_answer_at_once_lose_no_text(sampled, concern):
    client = client_of(sampled.coordinator)
    client.post(address(sampled, "acknowledge-concern", concern.pk), {"version": 1})

    stale = client.post(address(sampled, "resolve-concern", concern.pk), {"version": 1, "done": "I rang."})

    assert stale.status_code == 409
    assert "I rang." in stale.content.decode()


def test_a_moderator_reads_concerns_and_does_not_handle_them(sampled, concern, moderator):
    client = client_of(moderator)

    page = client.get(address(sampled, "concern", concern.pk))
    act = client.post(address(sampled, "acknowledge-concern", concern.pk), {"version": 1})

    assert (page.context["may_handle"], act.status_code) == (False, 403)


def test_an_overdue_concern_is_marked_in_the_list(sampled, concern):
    Concern.objects.update(due_at=AT - timedelta(hours=1))

    body = client_of(sampled.coordinator).get(address(sampled, "concerns")).content.decode()

    assert "ncpi-table__row--urgent" in body
    assert "Overdue" in body


@pytest.mark.parametrize("count", [1, 3])
def test_the_concerns_list_asks_as_much_for_three_as_for_one(sampled, auditors, count):
    for case in sampled.cases[:count]:
        concern_operations.raise_concern(by=auditors[0], case=case, audit=None, text="x", at=AT, now=AT)

    assert queries_of(client_of(sampled.coordinator), address(sampled, "concerns")) == 6


# Findings


def test_a_finding_leads_to_an_action_once(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    finding = finding_operations.record_finding(by=auditors[0], audit=audit, text="Plans in e-mail.", area=None, at=AT)
    owner = make_user("action_owner", force=sampled.force)
    client, url = client_of(sampled.coordinator), address(sampled, "finding-action", finding.pk)
    given = {"title": "Keep plans on the system", "owner": owner.pk, "due_date": "2099-01-01", "version": 1}

    first = client.post(url, given)
    second = client.post(url, given | {"version": 2})

    assert first.url == address(sampled, "findings")
    assert second.context["form"].non_field_errors() == ["An action was raised from this finding already."]
    assert (Action.objects.count(), Finding.objects.get().action_id) == (1, Action.objects.get().pk)


def test_an_action_due_in_the_past_is_refused(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    finding = finding_operations.record_finding(by=auditors[0], audit=audit, text="x", area=None, at=AT)
    owner = make_user("action_owner", force=sampled.force)

    page = client_of(sampled.coordinator).post(
        address(sampled, "finding-action", finding.pk),
        {"title": "x", "owner": owner.pk, "due_date": "2020-01-01", "version": 1},
    )

    assert (page.status_code, Action.objects.count()) == (200, 0)


# The work list and the tile


def test_each_person_has_their_own_work(sampled, auditors, moderator, concern):
    two_gradings(sampled, sampled.cases[1], "good", "inadequate", auditors=auditors)
    audit = give(sampled, sampled.cases[2], auditors[0])

    work = {
        person.pk: [item.title for item in my_work(person, clock=CLOCK)]
        for person in (auditors[0], moderator, sampled.coordinator)
    }

    assert work == {
        auditors[0].pk: [f"Audit case {audit.case.code}: Missing children"],
        moderator.pk: ["Settle gradings that differ"],
        sampled.coordinator.pk: [f"Acknowledge the concern about case {sampled.cases[0].code}"],
    }


def test_work_of_forces_with_another_clock_is_not_mixed_in(sampled, auditors):
    give(sampled, sampled.cases[0], auditors[0])
    elsewhere = Clock(offset=timedelta(days=1), at=AT, on=TODAY)

    assert my_work(auditors[0], clock=elsewhere) == []


def test_the_tile_counts_audited_cases_and_open_concerns(sampled, auditors, concern):
    hand_in(give(sampled, sampled.cases[1], auditors[0]))
    held = permissions_in(sampled.coordinator, sampled.force.pk)

    shown = tile(sampled.inspection, held, clock=Clock(timedelta(0), AT + timedelta(hours=2), TODAY))

    assert (shown.count, shown.text, shown.is_warning) == ("1", "of 3 cases audited, 1 concern open (1 overdue)", True)
    assert tile(sampled.inspection, set(), clock=CLOCK) is None
