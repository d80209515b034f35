from django.urls import path

from audits import concern_views, moderation_views, sample_views, views

app_name = "audits"

urlpatterns = [
    path("inspections/<slug:ref>/my-cases", views.my_cases, name="my-cases"),
    path("inspections/<slug:ref>/audits/<int:pk>", views.audit, name="audit"),
    path("inspections/<slug:ref>/audits/<int:pk>/answer", views.answer, name="answer"),
    path("inspections/<slug:ref>/audits/<int:pk>/note", views.note, name="note"),
    path("inspections/<slug:ref>/audits/<int:pk>/save", views.save, name="save"),
    path("inspections/<slug:ref>/audits/<int:pk>/concern", views.raise_concern, name="raise-concern"),
    path("inspections/<slug:ref>/audits/<int:pk>/finding", views.record_finding, name="record-finding"),
    path("inspections/<slug:ref>/allocation", sample_views.allocation, name="allocation"),
    path("inspections/<slug:ref>/allocation/<slug:code>/<slug:capacity>", sample_views.reallocate, name="reallocate"),
    path("inspections/<slug:ref>/findings", sample_views.findings, name="findings"),
    path("inspections/<slug:ref>/findings/<int:pk>/action", sample_views.finding_action, name="finding-action"),
    path("inspections/<slug:ref>/moderation", moderation_views.moderation, name="moderation"),
    path("inspections/<slug:ref>/moderation/<slug:code>", moderation_views.moderate, name="moderate"),
    path("inspections/<slug:ref>/agreement", moderation_views.agreement_page, name="agreement"),
    path("inspections/<slug:ref>/inspector-gradings", moderation_views.inspector_gradings, name="inspector-gradings"),
    path(
        "inspections/<slug:ref>/inspector-gradings/<slug:code>",
        moderation_views.grade_as_inspector,
        name="grade-as-inspector",
    ),
    path("inspections/<slug:ref>/concerns", concern_views.concerns, name="concerns"),
    path("inspections/<slug:ref>/concerns/<int:pk>", concern_views.concern, name="concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/acknowledge", concern_views.acknowledge, name="acknowledge-concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/resolve", concern_views.resolve, name="resolve-concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/close", concern_views.close, name="close-concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/return", concern_views.give_back, name="return-concern"),
]
