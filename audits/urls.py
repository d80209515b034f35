from django.urls import path

from audits.views import agreement, allocation, auditor, concerns, feedback, guidance, moderation, sample, tool

app_name = "audits"

urlpatterns = [
    path("inspections/<slug:ref>/my-cases", auditor.my_cases, name="my-cases"),
    path("inspections/<slug:ref>/audits/<int:pk>", auditor.audit, name="audit"),
    path("inspections/<slug:ref>/audits/<int:pk>/answer", auditor.answer, name="answer"),
    path("inspections/<slug:ref>/audits/<int:pk>/note", auditor.note, name="note"),
    path("inspections/<slug:ref>/audits/<int:pk>/save", auditor.save, name="save"),
    path("inspections/<slug:ref>/audits/<int:pk>/concern", auditor.raise_concern, name="raise-concern"),
    path("inspections/<slug:ref>/audits/<int:pk>/finding", auditor.record_finding, name="record-finding"),
    path("inspections/<slug:ref>/audits/<int:pk>/paper", tool.take_to_paper, name="take-to-paper"),
    path("inspections/<slug:ref>/audits/<int:pk>/blank", tool.blank, name="blank"),
    path("inspections/<slug:ref>/audit-questions", tool.questions, name="questions"),
    path("inspections/<slug:ref>/audit-questions/add", tool.add_question, name="add-question"),
    path("inspections/<slug:ref>/audit-questions/put-to-use", tool.put_to_use, name="put-to-use"),
    path("inspections/<slug:ref>/audit-questions/<int:pk>/withdraw", tool.withdraw_question, name="withdraw-question"),
    path("inspections/<slug:ref>/allocation", allocation.allocation, name="allocation"),
    path("inspections/<slug:ref>/audits/<int:pk>/conflict", allocation.conflict, name="conflict"),
    path("inspections/<slug:ref>/allocation/auditors/<int:pk>", allocation.auditor, name="auditor"),
    path("inspections/<slug:ref>/allocation/<slug:code>/<slug:capacity>", allocation.reallocate, name="reallocate"),
    path("inspections/<slug:ref>/findings", sample.findings, name="findings"),
    path("inspections/<slug:ref>/findings/<int:pk>/action", sample.finding_action, name="finding-action"),
    path("inspections/<slug:ref>/moderation", moderation.moderation, name="moderation"),
    path("inspections/<slug:ref>/moderation/<slug:code>", moderation.moderate, name="moderate"),
    path("inspections/<slug:ref>/feedback", feedback.feedback_list, name="feedback-list"),
    path("inspections/<slug:ref>/feedback/<slug:code>", feedback.feedback, name="feedback"),
    path("inspections/<slug:ref>/feedback/<slug:code>/acknowledge", feedback.acknowledge, name="acknowledge-feedback"),
    path("inspections/<slug:ref>/guidance", guidance.guidance, name="guidance"),
    path("inspections/<slug:ref>/agreement", agreement.agreement_page, name="agreement"),
    path("inspections/<slug:ref>/my-agreement", agreement.my_agreement, name="my-agreement"),
    path("inspections/<slug:ref>/inspector-gradings", moderation.inspector_gradings, name="inspector-gradings"),
    path(
        "inspections/<slug:ref>/inspector-gradings/<slug:code>",
        moderation.grade_as_inspector,
        name="grade-as-inspector",
    ),
    path("inspections/<slug:ref>/concerns", concerns.concerns, name="concerns"),
    path("inspections/<slug:ref>/concerns/<int:pk>", concerns.concern, name="concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/acknowledge", concerns.acknowledge, name="acknowledge-concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/resolve", concerns.resolve, name="resolve-concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/close", concerns.close, name="close-concern"),
    path("inspections/<slug:ref>/concerns/<int:pk>/return", concerns.give_back, name="return-concern"),
]
