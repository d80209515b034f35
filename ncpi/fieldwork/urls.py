"""Addresses of the fieldwork."""

from django.urls import path

from ncpi.fieldwork.views import grids, guest, inspectors, overview, people, records, sessions, timetables

app_name = "fieldwork"

BASE = "inspections/<slug:ref>/fieldwork"

urlpatterns = [
    path(BASE, overview.overview, name="overview"),
    path(f"{BASE}/rules", overview.arrangement, name="arrangement"),
    path(f"{BASE}/replies", overview.replies, name="replies"),
    path(f"{BASE}/people", people.people, name="people"),
    path(f"{BASE}/people/add", people.add, name="person-add"),
    path(f"{BASE}/people/import", people.import_people, name="people-import"),
    path(f"{BASE}/people/times/import", people.import_duties, name="duties-import"),
    path(f"{BASE}/people/<int:pk>", people.person, name="person"),
    path(f"{BASE}/people/<int:pk>/change", people.change, name="person-change"),
    path(f"{BASE}/people/<int:pk>/let-go", people.let_go, name="person-let-go"),
    path(f"{BASE}/people/<int:pk>/times/<int:duty>/remove", people.remove_duty, name="duty-remove"),
    path(f"{BASE}/people/<int:pk>/link", people.link, name="person-link"),
    path(f"{BASE}/people/<int:pk>/link/revoke", people.revoke_link, name="person-link-revoke"),
    path(f"{BASE}/people/<int:pk>/sessions.ics", people.calendar, name="person-calendar"),
    path(f"{BASE}/inspectors", inspectors.inspectors, name="inspectors"),
    path(f"{BASE}/inspectors/add", inspectors.add, name="inspector-add"),
    path(f"{BASE}/inspectors/<int:pk>", inspectors.inspector, name="inspector"),
    path(f"{BASE}/inspectors/<int:pk>/absences/add", inspectors.add_absence, name="absence-add"),
    path(f"{BASE}/inspectors/<int:pk>/absences/<int:absence>/remove", inspectors.remove_absence, name="absence-remove"),
    path(f"{BASE}/sessions", sessions.sessions, name="sessions"),
    path(f"{BASE}/sessions/add", sessions.add, name="session-add"),
    path(f"{BASE}/sessions/import", sessions.import_sessions, name="sessions-import"),
    path(f"{BASE}/sessions/<int:pk>", sessions.session, name="session"),
    path(f"{BASE}/sessions/<int:pk>/cancel", sessions.cancel, name="session-cancel"),
    path(f"{BASE}/after", records.records, name="records"),
    path(f"{BASE}/sessions/<int:pk>/after", records.record, name="record"),
    path(f"{BASE}/sessions/<int:pk>/after/action", records.follow_up, name="record-action"),
    path(f"{BASE}/sessions/<int:pk>/after/again", records.again, name="record-again"),
    path(f"{BASE}/timetables/make", timetables.make, name="make"),
    path(f"{BASE}/timetables/stop", timetables.stop, name="stop"),
    path(f"{BASE}/timetables/<int:number>", timetables.timetable, name="timetable"),
    path(f"{BASE}/timetables/<int:number>/timetable.xlsx", grids.workbook, name="timetable-xlsx"),
    path(f"{BASE}/timetables/<int:number>/timetable.pdf", grids.paper, name="timetable-pdf"),
    path(f"{BASE}/timetables/<int:number>/timetable.ics", grids.calendar, name="timetable-ics"),
    path(f"{BASE}/timetables/<int:number>/publish", timetables.publish, name="publish"),
    path("my-sessions", guest.mine, name="mine"),
    path("my-sessions/answer/<uuid:uid>", guest.answer_mine, name="mine-answer"),
    path("my-sessions/<str:token>", guest.my_sessions, name="my-sessions"),
    path("my-sessions/<str:token>/sessions.ics", guest.calendar, name="my-sessions-calendar"),
    path("my-sessions/<str:token>/<uuid:uid>", guest.answer, name="my-sessions-answer"),
]
