"""A hundred at once for one hour of one person: the database lets one through."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from ncpi.fieldwork.models import Placement, PlacementPerson, Session
from ncpi.fieldwork.operations import timetables
from tests.factories import make_inspection, make_user
from tests.fieldwork import makers

RACERS = 20
FOR_ONE_HOUR = 100
# A database for tests takes a hundred connections, some of them its own.
CONNECTIONS = 50


def race(act, racers=RACERS):
    """Run `act(number)` in so many threads at once; return what each gave or raised."""
    gate, results, room = threading.Barrier(racers), [None] * racers, threading.Semaphore(CONNECTIONS)

    def run(number):
        gate.wait()
        with room:
            try:
                results[number] = act(number)
            except Exception as error:
                results[number] = error
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_one_of_a_hundred_gets_the_hour():
    inspection = make_inspection()
    by = make_user("coordinator", force=inspection.force)
    person = makers.make_fieldwork(inspection, by=by)[0]
    made = makers.make_timetable(inspection, by=by)
    kind = inspection.sessions.get().kind
    sessions = Session.objects.bulk_create(
        Session(inspection=inspection, kind=kind, reference=f"R{number}", title="Interview", minutes=60)
        for number in range(FOR_ONE_HOUR)
    )
    PlacementPerson.objects.filter(timetable=made).delete()

    def take(number):
        with transaction.atomic():
            placement = Placement.objects.create(
                timetable=made, session=sessions[number], during=makers.hours("10:00", "11:00")
            )
            return PlacementPerson.objects.create(
                placement=placement, timetable=made, person=person, during=placement.during
            )

    results = race(take, FOR_ONE_HOUR)

    assert sum(isinstance(one, PlacementPerson) for one in results) == 1
    # Refused by the constraint; or, on a slow machine, tired of waiting for whoever was first.
    assert sum(isinstance(one, IntegrityError | OperationalError) for one in results) == FOR_ONE_HOUR - 1
    assert PlacementPerson.objects.filter(timetable=made).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_twenty_publishes():
    inspection = make_inspection()
    by = make_user("coordinator", force=inspection.force)
    makers.make_fieldwork(inspection, by=by)
    made = makers.make_timetable(inspection, by=by)

    results = race(lambda number: makers.publish(made, by=by))

    assert sum(isinstance(one, timetables.AlreadyPublished) for one in results) == RACERS - 1
    assert [error for error in results if isinstance(error, IntegrityError)] == []
