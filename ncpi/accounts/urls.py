from django.urls import path

from ncpi.accounts import views
from ncpi.accounts.views import journal, people, queue

app_name = "accounts"

urlpatterns = [
    path("account", views.account, name="account"),
    path("account/password", views.change_password, name="change-password"),
    path("account/reminders", views.reminders, name="reminders"),
    path("account/end-sessions", views.end_sessions, name="end-sessions"),
    path("set-password/<str:uid>/<str:token>", views.set_password, name="set-password"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/progress", views.job_progress, name="job-progress"),
    path("people", people.people, name="people"),
    path("people/export.<str:kind>", people.export, name="people-export"),
    path("people/invite", people.invite, name="invite"),
    path("people/review", people.review, name="access-review"),
    path("people/<int:pk>", people.person, name="person"),
    path("people/<int:pk>/password-link", people.password_link, name="password-link"),
    path("people/roles/<int:pk>/end", people.end_role, name="end-role"),
    path("journal", journal.journal, name="journal"),
    path("journal/export.csv", journal.export, name="journal-export"),
    path("journal/reading", journal.reading, name="journal-reading"),
    path("operations", queue.operations, name="operations"),
    path("operations/jobs/<int:pk>/retry", queue.retry, name="retry-job"),
]
