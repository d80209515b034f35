from django.urls import path

from cases.views import cases, draws, frames, retention

app_name = "cases"

SAMPLE = "inspections/<slug:ref>/sample/"

urlpatterns = [
    path(SAMPLE, draws.sample, name="sample"),
    path(SAMPLE + "import", frames.import_extract, name="import"),
    path(SAMPLE + "extract-columns.csv", frames.extract_columns, name="extract-columns"),
    path(SAMPLE + "extracts/<int:number>/", frames.extract, name="extract"),
    path(SAMPLE + "extracts/<int:number>/problems.csv", frames.extract_problems, name="extract-problems"),
    path(SAMPLE + "extracts/<int:number>/put-aside", frames.put_extract_aside, name="put-extract-aside"),
    path(SAMPLE + "frames/<int:number>/", frames.frame, name="frame"),
    path(SAMPLE + "frames/<int:number>/frame.csv", frames.frame_csv, name="frame-csv"),
    path(SAMPLE + "frames/<int:number>/freeze", frames.freeze, name="freeze"),
    path(SAMPLE + "frames/<int:number>/discard", frames.discard, name="discard"),
    path(SAMPLE + "plan", draws.plan, name="plan"),
    path(SAMPLE + "draw", draws.draw, name="draw"),
    path(SAMPLE + "draw.json", draws.draw_json, name="draw-json"),
    path(SAMPLE + "rounds/<int:number>/certificate", draws.certificate, name="certificate"),
    path(SAMPLE + "rounds/<int:number>/drawn.csv", draws.drawn_csv, name="drawn-csv"),
    path(SAMPLE + "rounds/<int:number>/places.csv", draws.places_csv, name="places-csv"),
    path(SAMPLE + "rounds/<int:number>/used.csv", draws.used_csv, name="used-csv"),
    path("inspections/<slug:ref>/retention/", retention.retention, name="retention"),
    path("inspections/<slug:ref>/retention/<slug:name>", retention.retention_step, name="retention-step"),
    path(SAMPLE + "cases/", cases.cases, name="list"),
    path(SAMPLE + "cases.csv", cases.cases_csv, name="list-csv"),
    path(SAMPLE + "cases.xlsx", cases.cases_xlsx, name="list-xlsx"),
    path(SAMPLE + "cases/<slug:code>/", cases.case, name="case"),
    path(SAMPLE + "cases/<slug:code>/replace", cases.replace, name="replace"),
]
