"""The demonstration's first week after its sessions: written up day by day, the last two still to do."""

from datetime import date, timedelta

from ncpi.fieldwork import record_queries
from ncpi.fieldwork.operations import records
from ncpi.inspections.demo import moment

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


def build(demo):
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
