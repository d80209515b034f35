"""The demonstration's fieldwork: 90 people on rotas, six inspectors, the programme's 24 sessions, one fortnight.

People, rotas, times and sessions come in by the imports, from files such as a force has (`demo_tables.py`).
"""

from datetime import date, time

from django.utils import timezone

from ncpi.fieldwork import demo_records, demo_tables, duty_rows, people_rows, rota_rows, session_rows
from ncpi.fieldwork.models import Invitation, Person, Reply
from ncpi.fieldwork.operations import invitations, people, rotas, session_imports, timetables
from ncpi.inspections.demo import moment, reached
from ncpi.lib import dates, tables

SEED = 7

INSPECTORS = [
    ("Inspector 1", ["leadership"]),
    ("Inspector 2", ["digital"]),
    ("Inspector 3", ["custody"]),
    ("Inspector 4", []),
    ("Inspector 5", ["digital"]),
    ("Inspector 6", []),
]


def build(demo, *, stage):
    """Add people, times, inspectors and sessions; from the fieldwork on, a published timetable and answers."""
    if not reached(stage, "audit"):
        return
    by = demo.people["coordinator"]
    _import(demo)
    _accounts(demo)
    _inspectors(demo)
    made = timetables.make_timetable(
        by=by, inspection=demo.inspection, at=moment(date(2021, 6, 25), 11), seconds=15, seed=SEED
    )
    if reached(stage, "fieldwork"):
        published = moment(date(2021, 6, 28), 10)
        timetables.publish(by=by, timetable=made, at=published, now=timezone.now(), tell=False)
        _answers(demo)
        _replan(demo)
        demo_records.build(demo)


def _import(demo):
    """Bring in people, rotas, times and sessions as a co-ordinator does: from files."""
    by, force, inspection = demo.people["coordinator"], demo.force, demo.inspection
    people.import_people(by=by, force=force, rows=people_rows.read_people(tables.read_csv(demo_tables.people())))
    bands = dict(Person.objects.filter(force=force).values_list("reference", "band"))
    shifts = rota_rows.read_rotas(tables.read_csv(demo_tables.rotas()), known=bands)
    rotas.import_rotas(by=by, force=force, rows=shifts)
    times = duty_rows.read_duties(tables.read_csv(demo_tables.times(demo.rng)), known=bands)
    people.import_duties(by=by, force=force, rows=times)
    kinds = list(inspection.programme.session_kinds.order_by("order", "pk"))
    wanted = session_rows.read_sessions(
        tables.read_csv(demo_tables.sessions(kinds)),
        kinds={kind.key: kind.minutes for kind in kinds},
        people={
            row.reference: session_rows.KnownPerson(row.unit, row.band)
            for row in Person.objects.filter(force=force).order_by("reference")
        },
    )
    session_imports.import_sessions(by=by, inspection=inspection, rows=wanted, at=moment(date(2021, 6, 22), 14))


def _accounts(demo):
    """Say which people have accounts, so that their invitations are on their work lists."""
    named = {"Chief Officer 1": "chief_officer", "Public Protection Superintendent 1": "lead_1"}
    for person in Person.objects.filter(force=demo.force, name__in=named).select_related("force", "line_manager"):
        people.change_person(
            by=demo.people["coordinator"],
            person=person,
            version=person.version,
            line_manager=person.line_manager,
            user=demo.people[named[person.name]],
        )


def _inspectors(demo):
    for number, (name, specialisms) in enumerate(INSPECTORS, start=1):
        inspector = people.add_inspector(
            by=demo.people["coordinator"],
            inspection=demo.inspection,
            reference=f"I{number}",
            name=name,
            email=f"inspector{number}@inspectorate.example",
            specialisms=specialisms,
            user=demo.people.get(f"inspector_{number}"),
        )
        if number % 3 == 0:
            day = date(2021, 7, 6 + number)
            people.add_absence(
                by=demo.people["coordinator"],
                inspector=inspector,
                during=dates.span(day, time(0), day, time(23, 45)),
                reason="Another inspection",
            )


def _answers(demo):
    """Most accept, three decline, some have not answered."""
    rows = list(Invitation.objects.filter(session__inspection=demo.inspection).order_by("session__reference", "pk"))
    # Where two more could come than are wanted, a group goes on without whoever declines.
    groups = [row for row in rows if row.session.size and row.session.candidates.count() > row.session.size + 1]
    declined = {row.pk for row in demo.rng.sample(groups, 3)}
    for row in rows:
        if row.pk in declined or demo.rng.random() < 0.8:
            invitations.answer(
                by=None,
                invitation=row,
                version=row.version,
                reply=Reply.DECLINED if row.pk in declined else Reply.ACCEPTED,
                at=moment(date(2021, 6, 30), 12),
            )


def _replan(demo):
    """Around the three who declined, with the least disturbance that is proved; those asked anew accept."""
    by = demo.people["coordinator"]
    made = timetables.make_timetable(
        by=by, inspection=demo.inspection, at=moment(date(2021, 6, 30), 14), seconds=60, seed=SEED
    )
    told = moment(date(2021, 7, 1), 10)
    timetables.publish(by=by, timetable=made, at=told, now=timezone.now(), tell=False)
    for row in Invitation.objects.filter(session__inspection=demo.inspection, told_at=told, is_cancelled=False):
        invitations.answer(
            by=None, invitation=row, version=row.version, reply=Reply.ACCEPTED, at=moment(date(2021, 7, 2), 9)
        )
