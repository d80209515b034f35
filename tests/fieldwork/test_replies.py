"""What people answer, what the co-ordinator makes of it, and what they are sent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.utils import timezone

from ncpi.fieldwork import problem_queries
from ncpi.fieldwork.models import Duty, Invitation, OfferedTime, Reply, Session, SessionPerson, Timetable
from ncpi.fieldwork.operations import (
    changes,
    invitations,
    people,
    reminders,
    replies,
    sessions,
    stand_ins,
    timetables,
)
from ncpi.fieldwork.session_reminders import reminded_until
from ncpi.fieldwork.stand_ins import Known, meant
from ncpi.jobs.models import Job, Mail
from ncpi.jobs.tasks import send_mail
from tests import worlds
from tests.factories import NOW, TODAY
from tests.fieldwork import makers
from tests.fieldwork.reply_world import TUESDAY, World
from tests.fieldwork.rfc5545 import events_of

pytestmark = pytest.mark.django_db

made = worlds.copies(World)


@pytest.fixture
def world(made, db):
    return made()


class TestOtherTimes:
    def test_they_become_busy_when_asked_and_agreed_where_there_was_no_shift(self, world):
        evening = makers.hours("16:00", "19:00", TUESDAY)
        row = world.offer(evening)

        world.take_over(row)

        found = Duty.objects.filter(person=row.person).exclude(kind="duty").order_by("kind")
        assert [(one.kind, one.during.lower, one.during.upper, one.agreed_by, one.agreed_date) for one in found] == [
            ("agreed", makers.hours("17:00", day=TUESDAY, end="19:00")[0], evening[1], row.person.name, TODAY),
            ("busy", row.during.lower, row.during.upper, "", None),
        ]

    def test_a_partners_are_offered_again_and_need_no_agreement(self, world):
        row = world.offer(makers.hours("18:00", "19:00"))
        people.change_person(by=world.by, person=row.person, version=row.person.version, band="partner")

        world.take_over(row)

        assert Duty.objects.get(person=row.person, kind="offered").agreed_by == ""

    def test_they_are_taken_over_once(self, world):
        row = world.take_over(world.offer(makers.hours("18:00", "19:00")))

        with pytest.raises(replies.NothingToTakeOver):
            world.take_over(row)

    def test_the_next_timetable_moves_the_session_and_asks_afresh(self, world):
        row = world.take_over(world.offer(makers.hours(day=TUESDAY), invitation=world.invitation(world.named)))

        makers.publish(makers.make_timetable(world.inspection, by=world.by), by=world.by)

        after = Invitation.objects.get(pk=row.pk)
        assert after.during != row.during
        assert (after.reply, after.replied_at, after.handled_at, after.sequence) == (Reply.NONE, None, None, 1)
        assert not OfferedTime.objects.exists()

    @pytest.mark.parametrize(
        ("times", "message"),
        [
            ([], "Offer from one to 5 times."),
            ([makers.hours("09:00", "09:30")], "5 July 09:00: the session lasts 60 minutes, and this is shorter."),
            ([makers.hours(day=date(2021, 5, 3))], "3 May 09:00 is past."),
        ],
    )
    def test_times_that_do_not_fit_are_refused(self, world, times, message):
        with pytest.raises(replies.TimesDoNotFit) as refused:
            world.offer(*times)

        assert str(refused.value) == message
        assert world.invitation().reply == Reply.NONE


class TestStandIns:
    def test_only_the_two_are_told_and_nothing_else_moves(self, world):
        coming = world.free()
        row = world.propose(coming.email.upper())
        others = set(Invitation.objects.exclude(pk=row.pk).values_list("pk", "sequence", "during"))
        told = set(Mail.objects.values_list("pk", flat=True))

        published = world.accept(row)

        sent = Mail.objects.exclude(pk__in=told).order_by("to")
        assert sorted(one.to for one in sent) == sorted([row.person.email, coming.email])
        assert {(event.method, *event.attendees) for one in sent for event in events_of(bytes(one.attachment))} == {
            ("CANCEL", row.person.email),
            ("REQUEST", coming.email),
        }
        new = Invitation.objects.get(session=world.session, person=coming)
        assert others == set(
            Invitation.objects.exclude(pk__in=[row.pk, new.pk]).values_list("pk", "sequence", "during")
        )
        assert (published.state, new.during) == ("published", row.during)
        assert problem_queries.plan_of(published)[str(world.session.pk)].people.count(str(coming.pk)) == 1

    def test_in_the_place_of_somebody_named_the_stand_in_is_named(self, world):
        row = world.propose("p1", world.invitation(world.named))

        world.accept(row)

        assert list(SessionPerson.objects.filter(session=world.named).values_list("person__reference", "part")) == [
            ("P1", "fixed")
        ]

    @pytest.mark.parametrize(
        ("who", "message"),
        [
            ("P6", "Response Constable 6 is of another rank band than the others."),
            ("P7", "Nobody who may come to this session has that reference or e-mail address."),
            ("nobody@fenshire.example", "Nobody who may come to this session has that reference or e-mail address."),
        ],
    )
    def test_who_may_not_come_is_not_accepted_and_nothing_changes(self, world, who, message):
        row = world.propose(who)

        with pytest.raises(stand_ins.CannotStandIn) as refused:
            world.accept(row)

        assert str(refused.value) == message
        assert Timetable.objects.count() == 1

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("manager", "would sit with their line manager, or with somebody whom they manage"),
            ("leave", "is elsewhere then"),
        ],
    )
    def test_the_rules_of_the_timetable_are_asked_of_a_stand_in(self, world, kind, reason):
        coming, row = world.free(), world.invitation()
        if kind == "leave":
            people.add_duty(by=world.by, person=coming, kind="leave", during=makers.hours())
            people.add_duty(by=world.by, person=coming, kind="court", during=makers.hours(day=TUESDAY))
        else:
            other = Invitation.objects.filter(session=world.session).exclude(pk=row.pk).get().person
            people.change_person(by=world.by, person=coming, version=coming.version, line_manager=other)

        with pytest.raises(stand_ins.CannotStandIn) as refused:
            world.accept(world.propose(coming.reference))

        assert str(refused.value) == f"{coming.name} {reason}."

    def test_somebody_who_is_in_the_session_already_is_no_stand_in(self, world):
        row = world.invitation()
        other = Invitation.objects.filter(session=world.session).exclude(pk=row.pk).get().person

        with pytest.raises(stand_ins.CannotStandIn, match="is in this session already"):
            world.accept(world.propose(other.reference))

    def test_refused_it_counts_as_declined_and_cannot_be_decided_twice(self, world):
        row = world.propose("P1")

        refused = stand_ins.refuse_stand_in(
            by=world.by, inspection=world.inspection, invitation=row, version=row.version, at=NOW
        )

        assert refused.reply == Reply.DECLINED
        with pytest.raises(stand_ins.CannotStandIn):
            world.accept(refused)


@pytest.mark.parametrize(("text", "who"), [(" p1 ", "1"), ("A@F.example", "1"), ("p3", None), ("", None)])
def test_who_is_meant_is_found_by_reference_or_address_in_any_case(text, who):
    found = meant(text, [Known("1", "P1", "a@f.example"), Known("2", "P2", "b@f.example")])

    assert (found.id if found else None) == who


class TestReminders:
    def remind(self, world, on=makers.MONDAY - timedelta(days=3)):
        at = datetime.combine(on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=6)
        return reminders.remind_of_sessions(inspection=world.inspection, on=on, at=at, now=timezone.now())

    def test_each_is_reminded_of_each_session_once_however_often_it_runs_or_moves(self, world):
        first = self.remind(world), self.remind(world, on=makers.MONDAY)
        row = world.take_over(world.offer(makers.hours(day=TUESDAY), invitation=world.invitation(world.named)))
        makers.publish(makers.make_timetable(world.inspection, by=world.by), by=world.by, tell=True)

        again = self.remind(world), self.remind(world, on=makers.MONDAY)

        keys = Mail.objects.filter(key__startswith="session-reminder:").values_list("key", flat=True)
        assert (sum(first), again, len(keys)) == (3, (0, 0), 3)
        assert f"session-reminder:{row.uid}" in keys

    def test_who_said_no_or_was_never_told_is_not_reminded(self, world):
        row = world.invitation()
        invitations.answer(by=None, invitation=row, version=row.version, reply=Reply.DECLINED, at=NOW)
        Mail.objects.filter(to=world.outsider.email).delete()

        assert self.remind(world) == 1

    @pytest.mark.parametrize(
        ("on", "until"),
        [("2021-07-01", "2021-07-02"), ("2021-07-02", "2021-07-05"), ("2021-07-03", "2021-07-05")],
    )
    def test_the_reminder_comes_on_the_last_working_day_before(self, on, until):
        assert reminded_until(date.fromisoformat(on)) == date.fromisoformat(until)


class Away(locmem.EmailBackend):
    """A mail server that is away until somebody says that it is back."""

    is_back = False

    def send_messages(self, messages):
        if not Away.is_back:
            raise ConnectionRefusedError
        return super().send_messages(messages)


def test_while_mail_is_down_invitations_wait_and_each_is_sent_once_when_it_is_back(world, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    Away.is_back = False
    jobs = [job.pk for job in Job.objects.filter(kind="send_mail").order_by("pk")]
    for job in jobs:
        send_mail(job_id=job)
    waiting = set(Job.objects.filter(pk__in=jobs).values_list("state", flat=True))
    Away.is_back = True

    for job in (*jobs, *jobs):
        send_mail(job_id=job)

    asked = Invitation.objects.values_list("person__email", flat=True)
    assert waiting == {"queued"}
    assert sorted(one.to[0] for one in mail.outbox) == sorted(asked)


def test_another_meeting_link_is_told_to_those_it_concerns_and_their_answer_stands(world):
    row = world.invitation()
    invitations.answer(by=None, invitation=row, version=row.version, reply=Reply.ACCEPTED, at=NOW)
    before = list(Mail.objects.values_list("pk", flat=True))
    session = Session.objects.get(pk=world.session.pk)
    sessions.change_session(
        by=world.by, session=session, version=session.version, at=NOW, link="https://meet.example/2",
        wanted=sessions.Wanted(pool=[*world.people, world.sergeant]),
    )  # fmt: skip
    published = Timetable.objects.get(state="published")

    for _ in range(2):
        draft = changes.start_draft(by=world.by, timetable=published, at=NOW)
        published = timetables.publish(by=world.by, timetable=draft, at=NOW, now=timezone.now(), tell=True)

    told = Mail.objects.exclude(pk__in=before).order_by("pk")
    asked = Invitation.objects.filter(session=session).select_related("person")
    assert sorted(one.to for one in told) == sorted(one.person.email for one in asked)
    events = [event for one in told for event in events_of(bytes(one.attachment))]
    assert [(event.method, event.sequence, event.uid.split("@")[0]) for event in events] == [
        ("REQUEST", 1, str(one.uid)) for one in asked.order_by("pk")
    ]
    assert all(b"https://meet.example/2" in bytes(one.attachment) for one in told)
    assert Invitation.objects.get(pk=row.pk).reply == Reply.ACCEPTED


def test_a_mail_program_can_act_on_the_message_and_an_independent_reader_accepts_it(world):
    row = world.invitation()
    job = Job.objects.get(kind="send_mail", key=f"invitation:{row.uid}:0")

    send_mail(job_id=job.pk)

    parts = {part.get_content_type(): part for part in mail.outbox[0].message().walk()}
    (event,) = events_of(parts["text/calendar"].get_payload(decode=True))
    assert (event.method, event.attendees) == ("REQUEST", [row.person.email])
    assert (event.starts_at, event.ends_at) == (row.during.lower, row.during.upper)
    assert events_of(parts["application/ics"].get_payload(decode=True)) == [event]
    assert parts["text/calendar"].get_param("method") == "REQUEST"


def test_every_message_carries_the_persons_own_address_and_a_revoked_one_is_replaced(world):
    row = world.invitation()
    address = invitations.addresses_of(inspection=world.inspection, people=[row.person_id], at=NOW)[row.person_id]
    sent = Mail.objects.get(to=row.person.email)

    invitations.revoke_links(by=world.by, person=row.person, inspection=world.inspection, at=NOW)
    again = invitations.addresses_of(inspection=world.inspection, people=[row.person_id], at=NOW)[row.person_id]

    assert address in sent.body
    assert again != address
