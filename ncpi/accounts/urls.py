from django.urls import path

from ncpi.accounts import views

app_name = "accounts"

urlpatterns = [
    path("account", views.account, name="account"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/progress", views.job_progress, name="job-progress"),
]
