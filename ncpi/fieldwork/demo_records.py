"""The demonstration after its first week: sessions written up day by day, the last two still to do, and two replies
to a session of the second week that wait for the co-ordinator."""

from datetime import date, time, timedelta

from ncpi.fieldwork import record_queries
from ncpi.fieldwork.models import Invitation, Person
from ncpi.fieldwork.operations import records, replies
from ncpi.inspections.demo import moment
from ncpi.lib import dates

FRIDAY = date(2021, 7, 9)
LEFT = 2
# kind of the programme: what the force noted of its session
NOTES = {
    "opening_briefing": "Send the inspectors the list of contacts for the fortnight.",
    "performance_and_audit": "Send the last three dip samples and the minutes in which they were discussed.",
    "custody": "Send the policy on detained children, and its review date.",
    "control_room_manager": "Send the training record of call takers.",
}
PUT_OFF = {"joint_meeting": "The partner agencies put their meeting off by a week."}


CLOSING = "closing_feedback"
CANNOT_THEN, SENDS_ANOTHER = "Public Protection Superintendent 1", "Inspection Support Officer 1"
STAND_IN = "Performance Analyst 1"


def build(demo):
    _write_up(demo)
    _reply(demo)


def _reply(demo):
    """One cannot come at the time asked and offers another; one proposes somebody else."""
    rows = Invitation.objects.filter(session__inspection=demo.inspection, session__kind__key=CLOSING)
    asked = {row.person.name: row for row in rows.select_related("person", "session__inspection__force")}
    later, sending = asked[CANNOT_THEN], asked[SENDS_ANOTHER]
    day = later.during.upper.date()
    replies.offer_other_times(
        by=demo.people["lead_1"],
        invitation=later,
        version=later.version,
        times=[dates.span(day, time(14, 30), day, time(17))],
        at=moment(FRIDAY, 15),
    )
    other = Person.objects.get(force=demo.force, name=STAND_IN)
    replies.propose_stand_in(
        by=None, invitation=sending, version=sending.version, who=other.email, at=moment(FRIDAY, 16)
    )


def _write_up(demo):
    over = list(record_queries.over_of(demo.inspection, at=moment(FRIDAY, 18)).select_related("session__kind"))
    for row in over[: len(over) - LEFT]:
        key = row.session.kind.key
        records.record_session(
            by=demo.people["coordinator"],
            session=row.session,
            version=0,
            took_place=key not in PUT_OFF,
            reason=PUT_OFF.get(key, ""),
            note=NOTES.get(key, ""),
            came=[one.person_id for one in row.people.all()],
            at=row.during.upper + timedelta(hours=1),
        )
