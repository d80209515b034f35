"""A published fortnight of two days: a focus group of two out of six, and an interview with somebody named."""

from datetime import timedelta

from django.utils import timezone

from ncpi.fieldwork.models import Invitation
from ncpi.fieldwork.operations import replies, stand_ins
from tests.factories import NOW, make_force, make_inspection, make_user
from tests.fieldwork import makers

TUESDAY = makers.MONDAY + timedelta(days=1)
BOTH_DAYS = [makers.hours(), makers.hours(day=TUESDAY)]


class World:
    def __init__(self):
        force = make_force()
        # The pages read the clock: the force's stands before its fieldwork, as it did then.
        force.clock_offset = timezone.now() - NOW
        force.is_demonstration = True
        force.save(update_fields=["clock_offset", "is_demonstration"])
        self.inspection = make_inspection(force)
        self.by = make_user("coordinator", force=self.inspection.force)
        self.people = [self.person(number) for number in range(1, 6)]
        self.sergeant = self.person(6, band="sergeant")
        self.outsider = self.person(7)
        makers.make_inspector(self.inspection, by=self.by)
        pool = [*self.people, self.sergeant]
        self.session = makers.make_session(self.inspection, by=self.by, pool=pool, size=2, title="Focus group")
        self.named = makers.make_session(self.inspection, by=self.by, number=2, fixed=[self.outsider])
        makers.publish(makers.make_timetable(self.inspection, by=self.by), by=self.by, tell=True)

    def person(self, number, **fields):
        return makers.make_person(self.inspection.force, by=self.by, number=number, times=BOTH_DAYS, **fields)

    def invitation(self, session=None):
        rows = Invitation.objects.filter(session=session or self.session, is_cancelled=False)
        return rows.select_related("person__force", "session__inspection__force").order_by("pk").first()

    def free(self):
        """Return one of the pool who is not asked."""
        asked = Invitation.objects.filter(session=self.session).values("person")
        return next(one for one in self.people if not asked.filter(person=one).exists())

    def offer(self, *times, invitation=None):
        row = invitation or self.invitation()
        return replies.offer_other_times(by=None, invitation=row, version=row.version, times=times, at=NOW)

    def take_over(self, row):
        return replies.take_over_times(
            by=self.by, inspection=self.inspection, invitation=row, version=row.version, at=NOW
        )

    def propose(self, who, row=None):
        row = row or self.invitation()
        return replies.propose_stand_in(by=None, invitation=row, version=row.version, who=who, at=NOW)

    def accept(self, row):
        return stand_ins.accept_stand_in(
            by=self.by, inspection=self.inspection, invitation=row, version=row.version, at=NOW, now=timezone.now()
        )
