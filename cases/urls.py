from django.urls import path

from cases import views

app_name = "cases"

SAMPLE = "inspections/<slug:ref>/sample/"

urlpatterns = [
    path(SAMPLE, views.sample, name="sample"),
    path(SAMPLE + "import", views.import_extract, name="import"),
    path(SAMPLE + "extract-columns.csv", views.extract_columns, name="extract-columns"),
    path(SAMPLE + "frames/<int:number>/", views.frame, name="frame"),
    path(SAMPLE + "frames/<int:number>/frame.csv", views.frame_csv, name="frame-csv"),
    path(SAMPLE + "frames/<int:number>/freeze", views.freeze, name="freeze"),
    path(SAMPLE + "frames/<int:number>/discard", views.discard, name="discard"),
    path(SAMPLE + "plan", views.plan, name="plan"),
    path(SAMPLE + "draw", views.draw, name="draw"),
    path(SAMPLE + "certificate", views.certificate, name="certificate"),
    path(SAMPLE + "draw.json", views.draw_json, name="draw-json"),
    path(SAMPLE + "drawn.csv", views.drawn_csv, name="drawn-csv"),
    path(SAMPLE + "cases/", views.cases, name="list"),
    path(SAMPLE + "cases.csv", views.cases_csv, name="list-csv"),
    path(SAMPLE + "cases.xlsx", views.cases_xlsx, name="list-xlsx"),
    path(SAMPLE + "cases/<slug:code>/", views.case, name="case"),
    path(SAMPLE + "cases/<slug:code>/replace", views.replace, name="replace"),
]
