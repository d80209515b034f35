from django.urls import include, path

from ncpi.actions.views import actions as views
from ncpi.actions.views import recommendations

app_name = "actions"

one_action = [
    path("", views.action, name="action"),
    path("update", views.update, name="update"),
    path("move", views.move, name="move"),
    path("hand-over", views.hand_over, name="hand-over"),
    path("proof", views.add_proof, name="add-proof"),
    path("proofs/<int:proof>", views.proof_file, name="proof-file"),
    path("ask", views.ask, name="ask"),
    path("decide", views.decide, name="decide"),
    path("not-adopt", views.not_adopt, name="not-adopt"),
]
one_recommendation = [
    path("", recommendations.recommendation, name="recommendation"),
    path("edit", recommendations.edit, name="edit-recommendation"),
    path("status", recommendations.change_status, name="change-status"),
    path("repeats", recommendations.link_repeat, name="link-repeat"),
]

urlpatterns = [
    path("inspections/<slug:ref>/actions/", views.action_list, name="list"),
    path("inspections/<slug:ref>/actions.csv", views.export, {"kind": "csv"}, name="export-csv"),
    path("inspections/<slug:ref>/actions.xlsx", views.export, {"kind": "xlsx"}, name="export-xlsx"),
    path("inspections/<slug:ref>/actions/new", views.raise_action, name="raise"),
    path("inspections/<slug:ref>/actions/<int:pk>/", include(one_action)),
    path(
        "inspections/<slug:ref>/actions/recommendations/", recommendations.recommendation_list, name="recommendations"
    ),
    path(
        "inspections/<slug:ref>/actions/recommendations.csv",
        recommendations.export,
        {"kind": "csv"},
        name="recommendations-csv",
    ),
    path(
        "inspections/<slug:ref>/actions/recommendations.xlsx",
        recommendations.export,
        {"kind": "xlsx"},
        name="recommendations-xlsx",
    ),
    path("inspections/<slug:ref>/actions/recommendations/new", recommendations.enter, name="enter"),
    path("inspections/<slug:ref>/actions/recommendations/import", recommendations.import_rows, name="import"),
    path(
        "inspections/<slug:ref>/actions/recommendations/sample.csv", recommendations.import_sample, name="import-sample"
    ),
    path("inspections/<slug:ref>/actions/recommendations/<int:pk>/", include(one_recommendation)),
]
