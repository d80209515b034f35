from django.urls import path

from ncpi.board.views import downloads, pages

app_name = "board"

urlpatterns = [
    path("inspections/<slug:ref>/board/", pages.dashboard, name="dashboard"),
    path("inspections/<slug:ref>/board/<int:number>/", pages.released, name="released"),
    path("inspections/<slug:ref>/board/<int:number>/respond", pages.respond, name="respond"),
    path("inspections/<slug:ref>/readiness/", pages.readiness, name="readiness"),
    path("inspections/<slug:ref>/readiness/compile", pages.compile_now, name="compile"),
    path("inspections/<slug:ref>/readiness/meetings/new", pages.meeting, name="new-meeting"),
    path("inspections/<slug:ref>/readiness/meetings/<int:pk>", pages.meeting, name="meeting"),
    path("inspections/<slug:ref>/readiness/asks/new", pages.ask, name="ask"),
    path("inspections/<slug:ref>/readiness/asks/<int:pk>/withdraw", pages.withdraw_ask, name="withdraw-ask"),
    path("inspections/<slug:ref>/summaries/<int:number>/", pages.summary, name="summary"),
    path("inspections/<slug:ref>/summaries/<int:number>/covering-note", pages.covering_note, name="covering-note"),
    path("inspections/<slug:ref>/summaries/<int:number>/approve", pages.approve, name="approve"),
    path("inspections/<slug:ref>/summaries/<int:number>/release", pages.release, name="release"),
    path("inspections/<slug:ref>/summaries/<int:number>.json", downloads.summary_json, name="summary-json"),
    path("inspections/<slug:ref>/summaries/<int:number>.frozen.json", downloads.frozen_json, name="frozen-json"),
    path("inspections/<slug:ref>/summaries/<int:number>.pdf", downloads.paper_pdf, name="paper-pdf"),
    path("inspections/<slug:ref>/summaries/<int:number>.docx", downloads.paper_docx, name="paper-docx"),
    path("inspections/<slug:ref>/summaries/<int:number>.xlsx", downloads.figures_xlsx, name="figures-xlsx"),
    path("inspections/<slug:ref>/summaries/<int:number>/charts/<slug:name>.svg", downloads.chart_svg, name="chart"),
    path("inspections/<slug:ref>/summaries/<int:number>/figures/<path:name>", pages.figure, name="figure"),
]
