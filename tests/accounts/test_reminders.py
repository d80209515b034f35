"""One mail a person and force and day, and only when something presses."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from ncpi.accounts import reminder_operations, tasks
from ncpi.accounts.models import User
from ncpi.accounts.reminders import Line, reminder_of, subject_of, text_of
from ncpi.accounts.work import WorkItem
from ncpi.inspections import operations as inspections
from ncpi.jobs.models import Job, Mail
from ncpi.lib.clocks import clock_of
from ncpi.selfassessment import assignment_operations, operations, thread_operations
from tests.factories import (
    NOW,
    client_of,
    judge,
    make_action,
    make_force,
    make_inspection,
    make_self_assessment,
    make_user,
)

ON = date(2021, 6, 14)


def line(title="Initial call", due=None, waits="", kind="Judgement to write"):
    return Line(title, kind, "Inspection 2021", f"/{title.lower().replace(' ', '-')}", due, waits)


# What stands in one


def test_each_line_stands_once_under_the_first_heading_that_fits():
    lines = [
        line("Later", date(2021, 6, 22)),
        line("In a week", date(2021, 6, 21)),
        line("Today", ON),
        line("Late", date(2021, 6, 13), "returned"),
        line("Came back", date(2021, 6, 30), "returned"),
        line("Asked", None, "question"),
        line("Undated"),
    ]

    found = reminder_of(lines, on=ON)

    assert [(heading, [row.title for row in rows]) for heading, rows in found.parts] == [
        ("Overdue", ["Late"]),
        ("Due within seven days", ["Today", "In a week"]),
        ("Returned to you", ["Came back"]),
        ("Questions to you", ["Asked"]),
    ]
    assert (found.count, found.others) == (5, 2)


@pytest.mark.parametrize("lines", [[], [line("Undated")], [line("Later", date(2021, 6, 22))]])
def test_nothing_that_presses_is_no_mail(lines):
    assert reminder_of(lines, on=ON) is None


def test_the_mail_says_what_by_when_and_where():
    found = reminder_of([line("Late", date(2021, 6, 13)), line("Undated")], on=ON)

    text = text_of(found, force="Fenshire", on=ON, base="https://here", home="/", account="/account")

    assert subject_of(found, force="Fenshire") == "1 thing waits for you in NCPI readiness, Fenshire"
    assert text == (
        "What waits for you in Fenshire's preparation for its inspection, on 14 June 2021.\n\n"
        "Overdue (1)\n- Judgement to write: Late (Inspection 2021), was due 13 June 2021\n  https://here/late\n\n"
        "1 more is yours and not due yet.\n\n"
        "All of it, in order of urgency: https://here/\n\n"
        "This comes once a day, and only when something presses. Turn it off at https://here/account"
    )


def test_a_long_part_is_cut_and_says_so():
    found = reminder_of([line(f"Row {number:02}", date(2021, 6, 13)) for number in range(17)], on=ON)

    text = text_of(found, force="Fenshire", on=ON, base="", home="/", account="/account")

    assert (text.count("Row "), text.count("- and 2 more")) == (15, 1)


# Sending it


@pytest.fixture
def force(db):
    return make_force()


@pytest.fixture
def lead(force):
    return make_user("lead", force=force)


def item(force, **changes):
    values = {
        "urgency": 0, "title": "Initial call", "kind": "Judgement to write", "address": "/x", "inspection": "2021",
        "due_date": date(2021, 6, 13), "force": force.pk,
    }  # fmt: skip
    return WorkItem(**{**values, **changes})


def remind(user, force, *items, on=ON):
    return reminder_operations.remind(by=None, user=user, force=force, items=items, on=on, at=NOW)


def test_a_reminder_is_one_mail_a_day_however_often_it_is_asked_for(force, lead):
    first = remind(lead, force, item(force))
    second = remind(lead, force, item(force), item(force, title="Another"))
    tomorrow = remind(lead, force, item(force), on=ON + timedelta(days=1))

    assert (first.to, second.pk, tomorrow.pk != first.pk) == (lead.email, first.pk, True)
    assert (Mail.objects.count(), Job.objects.filter(kind="send_mail").count()) == (2, 2)


def test_only_the_forces_own_work_is_in_it(force, lead):
    other = make_force("Wolden Police")

    assert remind(lead, force, item(other)) is None
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("changes", [{"wants_reminders": False}, {"is_active": False}])
def test_who_turned_them_off_or_left_gets_none(force, lead, changes):
    User.objects.filter(pk=lead.pk).update(**changes)

    assert remind(User.objects.get(pk=lead.pk), force, item(force)) is None


def returned_and_asked(force, lead):
    """One criterion overdue and one returned, both the lead's, with a question on a third and an action due soon."""
    by, on = make_user("coordinator", force=force), clock_of(force).on
    reviewer = make_user("reviewer", force=force)
    inspection = make_inspection(
        force, notice_date=on - timedelta(days=30), fieldwork_start_date=on + timedelta(days=60),
        fieldwork_end_date=on + timedelta(days=70),
    )  # fmt: skip
    rows = make_self_assessment(inspection)
    for row, due in ((rows[0], on - timedelta(days=1)), (rows[1], None), (rows[2], None)):
        changes = {"lead": lead, **({"due_date": due} if due else {})}
        assignment_operations.assign(by=by, inspection=inspection, versions={row.pk: 1}, changes=changes)
        row.refresh_from_db()
    saved = judge(rows[1], by=lead)
    sent = operations.send_for_review(by=lead, judgement=saved, version=saved.version, at=NOW)
    operations.return_judgement(by=reviewer, judgement=sent, version=sent.version, reason="A child called X", at=NOW)
    thread_operations.start_thread(by=reviewer, judgement=rows[2], kind="question", text="A secret?", at=NOW)
    make_action(inspection, by=by, owner=lead, on=on, due_date=on + timedelta(days=7), next_step="Ask X")
    return rows


def test_every_morning_each_gets_what_is_theirs_and_no_free_text(force, lead):
    rows = returned_and_asked(force, lead)

    tasks.remind_everybody()
    tasks.remind_everybody()

    mail = Mail.objects.get(to=lead.email)
    heads = [text.split("\n")[0] for text in mail.body.split("\n\n")]
    assert heads[1:5] == ["Overdue (1)", "Due within seven days (1)", "Returned to you (1)", "Questions to you (1)"]
    assert mail.body.count(rows[1].criterion.title) == 1
    assert [mail.body.count(secret) for secret in ("A child called X", "A secret?", "Ask X")] == [0, 0, 0]


def test_the_day_is_the_forces_own(lead, force):
    returned_and_asked(force, lead)
    force.is_demonstration, force.clock_offset = True, timedelta(days=1000)
    force.save()

    tasks.remind_everybody()

    mail = Mail.objects.get(to=lead.email)
    there = clock_of(force).on.isoformat()
    assert (mail.key.endswith(f":{there}"), mail.body.count("Overdue"), mail.body.count("Questions to you")) == (
        True,
        0,
        1,
    )


def test_a_closed_inspection_reminds_nobody(lead, force):
    rows = returned_and_asked(force, lead)
    inspection = rows[0].inspection
    inspection.refresh_from_db()
    inspections.close_inspection(by=lead, inspection=inspection, version=inspection.version, at=NOW)

    tasks.remind_everybody()

    assert Mail.objects.filter(to=lead.email).count() == 0


# Turning it off


def test_people_turn_their_own_off_and_on(lead):
    client = client_of(lead)

    client.post(reverse("accounts:reminders"), {"wanted": "no"})
    off = User.objects.get(pk=lead.pk).wants_reminders
    page = client.get(reverse("accounts:account")).content.decode()
    client.post(reverse("accounts:reminders"), {"wanted": "yes"})

    assert (off, page.count("Turn my reminders on"), User.objects.get(pk=lead.pk).wants_reminders) == (False, 1, True)
