"""Cases shared out, pinned, given back and shared out again."""

import pytest
from django.urls import reverse

from audits import allocation_operations
from audits.models import Audit, Auditor, Capacity, Moderation
from cases import operations as samples
from ncpi.accounts.models import JournalEntry
from ncpi.lib.versions import StaleVersion
from tests import worlds
from tests.audits.factories import AT, drawn_sample, fill, give, hand_in
from tests.factories import NOW, TODAY, client_of, make_force, make_user

pytestmark = pytest.mark.django_db


drawn = worlds.copies(lambda: drawn_sample(cases=6))


@pytest.fixture
def sampled(drawn, db):
    return drawn()


@pytest.fixture
def auditors(sampled):
    return [make_user("auditor", force=sampled.force) for _ in range(3)]


def allocate(sampled, **more):
    return allocation_operations.allocate_cases(
        by=sampled.coordinator, inspection=sampled.inspection, on=TODAY, at=AT, **more
    )


def describe(sampled, user, *, version=0, team="", specialisms=(), share=None):
    return allocation_operations.describe_auditor(
        by=sampled.coordinator,
        inspection=sampled.inspection,
        user=user,
        version=version,
        team=team,
        specialisms=specialisms,
        share=share,
    )


def current():
    """Who has each case first, by the auditor's number."""
    return dict(Audit.objects.current().filter(capacity="first").values_list("case_id", "auditor_id"))


def test_nobody_is_given_a_case_of_their_own_team(sampled, auditors):
    describe(sampled, auditors[0], team="team 1")

    allocate(sampled)

    assert set(current().values()) == {auditors[1].pk, auditors[2].pk}
    with pytest.raises(allocation_operations.NoAuditor, match="works in the team that ran the case"):
        give(sampled, sampled.cases[0], auditors[0])


def test_the_rest_is_filled_around_what_was_given_by_hand(sampled, auditors):
    for case in sampled.cases[:2]:
        give(sampled, case, auditors[0])

    done = allocate(sampled)

    counts = [list(current().values()).count(auditor.pk) for auditor in auditors]
    assert (len(done.made), counts, Audit.objects.filter(is_pinned=True).count()) == (4, [2, 2, 2], 2)


def test_sharing_out_again_moves_only_what_nobody_has_begun(sampled, auditors):
    pinned = give(sampled, sampled.cases[0], auditors[0])
    allocate(sampled)
    begun, done, *others = Audit.objects.exclude(pk=pinned.pk).order_by("pk")
    fill(begun)
    hand_in(done)
    kept = {row.pk: row.auditor_id for row in (pinned, begun, done)}
    for user, share in zip(auditors, (0, 0, 100), strict=True):
        describe(sampled, user, share=share)

    again = allocate(sampled, way="percent", again=True)

    assert {row.pk: row.auditor_id for row in Audit.objects.filter(pk__in=kept)} == kept
    assert set(Audit.objects.filter(pk__in=[row.pk for row in others]).values_list("auditor_id", flat=True)) == {
        auditors[2].pk
    }
    assert (again.made, Audit.objects.count(), begun.answers.count() > 0) == ([], 6, True)
    assert JournalEntry.objects.filter(verb="allocated").count() == 6 + len(again.moved)


def test_sharing_out_again_never_gives_one_person_a_case_twice(auditors, sampled):
    samples.fix_plan(
        by=sampled.coordinator,
        frame=sampled.sample.frame,
        sizes={"missing": 2},
        second_grading_percent=100,
        round_number=2,
        at=NOW,
    )
    plan = sampled.sample.frame.samples.get(round=2)
    samples.draw_sample(by=sampled.coordinator, sample=plan, seed="second", at=NOW)
    allocate(sampled)
    for shares in ((100, 100, 0), (0, 100, 100), (100, 0, 100), (10, 80, 10)):
        for user, share in zip(auditors, shares, strict=True):
            row = Auditor.objects.filter(user=user).first()
            describe(sampled, user, share=share, version=row.version if row else 0)

        allocate(sampled, way="percent", again=True)

        assert Audit.objects.current().values("case", "auditor").distinct().count() == 10
    assert Audit.objects.count() == 10


def test_by_percentage_needs_a_percentage(sampled, auditors):
    with pytest.raises(allocation_operations.NoAuditor, match="No auditor has a percentage yet"):
        allocate(sampled, way="percent")


def test_what_nobody_may_take_is_said(sampled, auditors):
    for user in auditors:
        describe(sampled, user, team="Team 1")
    other = make_user("auditor", force=sampled.force)
    give(sampled, sampled.cases[0], other)

    allocate(sampled)
    second = [allocation_operations.ask_second_grading, {"by": sampled.coordinator, "on": TODAY, "at": AT}]

    with pytest.raises(allocation_operations.NoAuditor):
        second[0](case=sampled.cases[0], **second[1])


def test_a_conflict_gives_the_case_back_and_it_goes_to_another(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    fill(audit)

    allocation_operations.declare_conflict(by=auditors[0], audit=audit, reason=" I led the case. ", at=AT)
    allocate(sampled)

    audit.refresh_from_db()
    assert (audit.ended_at, audit.ended_reason, audit.has_conflict) == (AT, "I led the case.", True)
    assert (audit.answers.count() > 0, current()[sampled.cases[0].pk] != auditors[0].pk) == (True, True)
    with pytest.raises(allocation_operations.NoAuditor, match="has had this case already"):
        give(sampled, sampled.cases[0], auditors[0], Capacity.SECOND)


def test_a_conflict_is_declared_in_time_and_by_whoever_has_the_case(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    done = hand_in(give(sampled, sampled.cases[1], auditors[0]))

    for by, row in ((auditors[1], audit), (auditors[0], done)):
        with pytest.raises(allocation_operations.TooLate):
            allocation_operations.declare_conflict(by=by, audit=row, reason="Mine.", at=AT)


def test_what_is_known_of_an_auditor_is_not_overwritten_unseen(sampled, auditors):
    describe(sampled, auditors[0], team="Team 1")

    with pytest.raises(StaleVersion):
        describe(sampled, auditors[0], team="Team 2")

    changed = describe(sampled, auditors[0], version=1, specialisms=["s47", "missing"], share=40)
    assert (changed.team, changed.specialisms, changed.share) == ("", ["missing", "s47"], 40)


# Pages


def address(sampled, name, *args):
    return reverse(f"audits:{name}", args=[sampled.inspection.ref, *args])


def test_an_auditor_gives_a_case_back_and_the_coordinator_sees_it(sampled, auditors):
    audit = give(sampled, sampled.cases[0], auditors[0])
    mine, coordinator = client_of(auditors[0]), client_of(sampled.coordinator)

    empty = mine.post(address(sampled, "conflict", audit.pk), {"reason": ""})
    given = mine.post(address(sampled, "conflict", audit.pk), {"reason": "I led the case."})
    gone = mine.get(address(sampled, "conflict", audit.pk))
    overview = coordinator.get(reverse("inspections:inspection", args=[sampled.inspection.ref])).content
    before = coordinator.get(address(sampled, "allocation"))
    work = [item.title for item in coordinator.get("/").context["work"] if item.kind == "Allocation"]
    coordinator.post(address(sampled, "allocation"), {"way": "equal"})
    after = coordinator.get(address(sampled, "allocation"))

    assert empty.context["form"].errors["reason"] == ["Say what the conflict is."]
    assert (given.url, gone.status_code) == (address(sampled, "my-cases"), 404)
    assert b"1 to allocate again" in overview
    assert work == ["Find another auditor for a case that was given back"]
    assert [row.pk for row in before.context["given_back"]] == [audit.pk]
    assert b"I led the case." in before.content
    assert after.context["given_back"] == []


def test_an_auditor_is_described_on_a_page(sampled, auditors):
    client = client_of(sampled.coordinator)
    page = address(sampled, "auditor", auditors[0].pk)
    said = {"team": "Team 1", "specialisms": ["missing"], "share": "40", "version": "0"}

    saved = client.post(page, said)
    stale = client.post(page, {**said, "share": "50"})
    shown = client.get(address(sampled, "allocation")).context["auditors"]
    stranger = client.get(address(sampled, "auditor", make_user("auditor", force=make_force("Wolden Police")).pk))

    assert (saved.url, stranger.status_code) == (address(sampled, "allocation"), 404)
    assert stale.context["form"].non_field_errors() == ["Somebody else saved this while you were working on it."]
    row = next(row for row in shown if row.key == auditors[0].pk)
    assert (row.team, row.specialisms, row.share) == ("Team 1", ("Missing children",), 40)


def test_an_unknown_way_of_sharing_is_refused(sampled, auditors):
    page = client_of(sampled.coordinator).post(address(sampled, "allocation"), {"way": "luck"}, follow=True)

    assert [str(message) for message in page.context["messages"]] == ["Choose how the work is shared."]


@pytest.mark.parametrize("given", [1, 3])
def test_the_allocation_page_asks_the_same_number_of_queries(sampled, auditors, django_assert_num_queries, given):
    for number in range(given):
        give(sampled, sampled.cases[number], auditors[number])
    client = client_of(sampled.coordinator)
    client.get(address(sampled, "allocation"))

    with django_assert_num_queries(11):
        client.get(address(sampled, "allocation"))


@pytest.mark.parametrize(("grade", "asked"), [("good", 1), ("requires_improvement", 0), ("inadequate", 1)])
def test_where_the_plan_says_so_a_grade_at_either_end_is_given_a_second_time_before_it_counts(grade, asked):
    sampled = drawn_sample(cases=1, extremes=True)
    auditors = [make_user("auditor", force=sampled.force) for _ in range(2)]

    hand_in(give(sampled, sampled.cases[0], auditors[0]), grade)

    seconds = Audit.objects.filter(capacity=Capacity.SECOND)
    assert list(seconds.values_list("auditor", flat=True)) == [auditors[1].pk] * asked
    assert Moderation.objects.count() == 1 - asked


def test_a_second_that_nobody_could_take_is_asked_for_with_the_next_allocation():
    sampled = drawn_sample(cases=1, extremes=True)
    hand_in(give(sampled, sampled.cases[0], make_user("auditor", force=sampled.force)), "good")
    late = make_user("auditor", force=sampled.force)

    allocation_operations.allocate_cases(by=sampled.coordinator, inspection=sampled.inspection, on=TODAY, at=AT)

    assert Audit.objects.get(capacity=Capacity.SECOND).auditor == late
