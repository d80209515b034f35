from django.urls import include, path

from ncpi.inspections.views import inspections as views
from ncpi.inspections.views import programmes

app_name = "inspections"

one_inspection = [
    path("", views.inspection, name="inspection"),
    path("dates", views.change_dates, name="dates"),
    path("close", views.close, name="close"),
    path("milestones/new", views.add_milestone, name="add-milestone"),
    path("milestones/<int:pk>/move", views.move_milestone, name="move-milestone"),
    path("milestones/<int:pk>/finish", views.finish_milestone, name="finish-milestone"),
    path("milestones/<int:pk>/reopen", views.reopen_milestone, name="reopen-milestone"),
]
one_programme = [
    path("", programmes.programme, name="programme"),
    path("criteria/<slug:criterion>/", programmes.criterion, name="criterion"),
    path("audit", programmes.audit_tool, name="audit-tool"),
    path("sessions", programmes.sessions, name="session-kinds"),
    path("deadlines", programmes.deadlines, name="deadlines"),
]

urlpatterns = [
    path("inspections/", views.inspection_list, name="list"),
    path("open-inspection", views.open_inspection, name="open"),
    path("inspections/<slug:ref>/", include(one_inspection)),
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/compare", programmes.comparison, name="compare"),
    path("programmes/<slug:key>/<int:edition>/", include(one_programme)),
]
