"""The pages of the fieldwork."""

from datetime import timedelta

from ncpi.accounts.permissions import Permission
from ncpi.fieldwork import rotas
from ncpi.fieldwork.models import Invitation
from ncpi.fieldwork.operations import invitations, people, records
from ncpi.fieldwork.operations import rotas as rota_operations
from tests.factories import NOW
from tests.fieldwork import makers
from tests.pages.base import Page, World

VIEW, MANAGE = Permission.FIELDWORK_VIEW, Permission.FIELDWORK_MANAGE


def build(world: World) -> None:
    by, inspection = world.people["coordinator"], world.inspection
    makers.make_inspector(inspection, by=by)
    person = makers.make_person(inspection.force, by=by, user=world.people["lead"])
    makers.make_session(inspection, by=by, fixed=[person])
    timetable = makers.publish(makers.make_timetable(inspection, by=by), by=by)
    inspector = inspection.inspectors.get()
    records.record_session(
        by=by,
        session=inspection.sessions.get(),
        version=0,
        took_place=False,
        reason="The line was down.",
        at=makers.hours()[1],
    )
    first = makers.MONDAY + timedelta(days=28)
    rota_operations.enter_rota(
        by=by,
        force=inspection.force,
        people=[person],
        rota=rotas.Written(rotas.read_pattern("07:00-17:00, off"), first, first + timedelta(days=3)),
    )
    world.made |= {
        "person": person,
        "rota": person.rotas.get(),
        "duty": person.duties.get(rota=None),
        "inspector": inspector,
        "absence": people.add_absence(by=by, inspector=inspector, during=makers.hours("09:00", "10:00")),
        "session": inspection.sessions.get(),
        "timetable": timetable,
        "invitation": Invitation.objects.get(person=person),
        "token": invitations.give_link(by=by, person=person, inspection=inspection, at=NOW),
    }


def inspection(world):
    return {"ref": world.inspection.ref}


def person(world):
    return {"ref": world.inspection.ref, "pk": world.made["person"].pk}


def duty(world):
    return person(world) | {"duty": world.made["duty"].pk}


def rota(world):
    return person(world) | {"rota": world.made["rota"].pk}


def inspector(world):
    return {"ref": world.inspection.ref, "pk": world.made["inspector"].pk}


def absence(world):
    return inspector(world) | {"absence": world.made["absence"].pk}


def session(world):
    return {"ref": world.inspection.ref, "pk": world.made["session"].pk}


def timetable(world):
    return {"ref": world.inspection.ref, "number": world.made["timetable"].number}


def placed(world):
    return timetable(world) | {"pk": world.made["session"].pk}


def token(world):
    return {"token": world.made["token"]}


def invitation(world):
    return {"uid": world.made["invitation"].uid}


def reply(world):
    return {"ref": world.inspection.ref, "pk": world.made["invitation"].pk}


def own(world):
    return token(world) | invitation(world)


PAGES = [
    Page("fieldwork:overview", VIEW, inspection),
    Page("fieldwork:arrangement", MANAGE, inspection),
    Page("fieldwork:replies", MANAGE, inspection),
    Page("fieldwork:reply-take-over", MANAGE, reply, get=None),
    Page("fieldwork:stand-in-accept", MANAGE, reply, get=None),
    Page("fieldwork:stand-in-refuse", MANAGE, reply, get=None),
    Page("fieldwork:people", MANAGE, inspection),
    Page("fieldwork:person-add", MANAGE, inspection),
    Page("fieldwork:people-import", MANAGE, inspection),
    Page("fieldwork:duties-import", MANAGE, inspection),
    Page("fieldwork:rotas", MANAGE, inspection),
    Page("fieldwork:rota-enter", MANAGE, inspection),
    Page("fieldwork:rotas-import", MANAGE, inspection),
    Page("fieldwork:person-rota", MANAGE, person),
    Page("fieldwork:rota-remove", MANAGE, rota, get=None),
    Page("fieldwork:person", MANAGE, person),
    Page("fieldwork:person-change", MANAGE, person),
    Page("fieldwork:person-let-go", MANAGE, person, get=None),
    Page("fieldwork:duty-remove", MANAGE, duty, get=None),
    Page("fieldwork:person-link", MANAGE, person, get=None),
    Page("fieldwork:person-link-revoke", MANAGE, person, get=None),
    Page("fieldwork:person-calendar", MANAGE, person),
    Page("fieldwork:inspectors", MANAGE, inspection),
    Page("fieldwork:inspector-add", MANAGE, inspection),
    Page("fieldwork:inspector", MANAGE, inspector),
    Page("fieldwork:absence-add", MANAGE, inspector, get=None),
    Page("fieldwork:absence-remove", MANAGE, absence, get=None),
    Page("fieldwork:sessions", VIEW, inspection),
    Page("fieldwork:coverage", VIEW, inspection),
    Page("fieldwork:session-add", MANAGE, inspection),
    Page("fieldwork:sessions-import", MANAGE, inspection),
    Page("fieldwork:session", MANAGE, session),
    Page("fieldwork:session-cancel", MANAGE, session, get=None),
    Page("fieldwork:records", Permission.FIELDWORK_NOTES, inspection),
    Page("fieldwork:record", MANAGE, session),
    Page("fieldwork:record-action", MANAGE, session, get=None),
    Page("fieldwork:record-as-planned", MANAGE, session, get=None),
    Page("fieldwork:record-again", MANAGE, session, get=None),
    Page("fieldwork:make", MANAGE, inspection, get=None),
    Page("fieldwork:stop", MANAGE, inspection, get=None),
    Page("fieldwork:timetable", VIEW, timetable),
    Page("fieldwork:timetable-xlsx", VIEW, timetable),
    Page("fieldwork:timetable-pdf", VIEW, timetable),
    Page("fieldwork:timetable-ics", VIEW, timetable),
    Page("fieldwork:publish", MANAGE, timetable, get=None),
    Page("fieldwork:versions", VIEW, inspection),
    Page("fieldwork:changes", MANAGE, timetable),
    Page("fieldwork:check", MANAGE, timetable),
    Page("fieldwork:accept", MANAGE, timetable, get=None),
    Page("fieldwork:discard", MANAGE, timetable, get=None),
    Page("fieldwork:start-draft", MANAGE, timetable, get=None),
    Page("fieldwork:move", MANAGE, placed),
    Page("fieldwork:starts", MANAGE, placed),
    Page("fieldwork:pin", MANAGE, placed, get=None),
    Page("fieldwork:unpin", MANAGE, placed, get=None),
    Page("fieldwork:take-out", MANAGE, placed, get=None),
    Page("fieldwork:mine", None),
    Page("fieldwork:mine-answer", None, invitation, get=None, only=("lead",)),
    Page("fieldwork:mine-times", None, invitation, only=("lead",)),
    Page("fieldwork:mine-stand-in", None, invitation, only=("lead",)),
    Page("fieldwork:my-sessions", "public", token),
    Page("fieldwork:my-sessions-calendar", "public", token),
    Page("fieldwork:my-sessions-answer", "public", own, get=None),
    Page("fieldwork:my-sessions-times", "public", own),
    Page("fieldwork:my-sessions-stand-in", "public", own),
]
