from django.urls import include, path

from ncpi.selfassessment.views import (
    carrying,
    evidence,
    exchange,
    history,
    judgements,
    last_time,
    overview,
    returns,
    signatures,
    threads,
    worklist,
)

app_name = "selfassessment"

ROOT = "inspections/<slug:ref>/self-assessment"

# In two steps, so that an address elsewhere is not compared with each of these.
_OF_ONE_CRITERION = [
    path("save", judgements.save, name="save"),
    path("draft", judgements.keep_draft, name="keep-draft"),
    path("draft/discard", judgements.discard_draft, name="discard-draft"),
    path("review", judgements.review, name="review"),
    path("bring-forward", carrying.bring_one, name="bring-forward"),
    path("confirm", carrying.confirm, name="confirm-carried"),
    path("history", history.history, name="history"),
    path("last-time", last_time.of_criterion, name="last-time"),
    path("talk", threads.talk, name="talk"),
    path("talk/start", threads.start, name="start-thread"),
    path("gaps/<slug:rule>", overview.act_on_gap, name="act-on-gap"),
    path("here", threads.here, name="here"),
    path("evidence", evidence.link, name="link-evidence"),
]
_INSIDE = [
    path("begin", overview.begin, name="begin"),
    path("assign", overview.assign, name="assign"),
    path("gaps", overview.gaps, name="gaps"),
    path("areas/<slug:area>", overview.area, name="area"),
    path("areas/<slug:area>/last-time", last_time.of_area, name="area-last-time"),
    path("areas/<slug:area>/sign", signatures.sign, name="sign-area"),
    path("sign", signatures.sign, name="sign"),
    path("signatures/<int:pk>", signatures.signature, name="signature"),
    path("signatures/<int:pk>/withdraw", signatures.withdraw_signature, name="withdraw-signature"),
    path("returns", returns.submitted_returns, name="returns"),
    path("returns/<int:number>", returns.submitted_return, name="return"),
    path("as-it-was", history.as_it_was, name="as-it-was"),
    path("submit", returns.submit, name="submit"),
    path("bring-forward", carrying.bring_all, name="bring-all-forward"),
    path("workbook", exchange.workbook, name="workbook"),
    path("workbook/file", exchange.workbook_file, name="workbook-file"),
    path("word", exchange.word_file, name="word-file"),
    path("workbook/changes", exchange.changes, name="workbook-changes"),
    path("workbook/put-aside", exchange.put_aside, name="put-workbook-aside"),
    path("evidence", evidence.library, name="library"),
    path("evidence/add", evidence.add, name="add-evidence"),
    path("evidence/<int:pk>", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/change", evidence.edit, name="edit-evidence"),
    path("evidence/<int:pk>/version", evidence.add_file_version, name="add-file-version"),
    path("evidence/<int:pk>/withdraw", evidence.withdraw, name="withdraw-evidence"),
    path("evidence/files/<int:pk>", evidence.download, name="download"),
    path("evidence/links/<int:pk>", evidence.shows, name="evidence-link"),
    path("evidence/links/<int:pk>/remove", evidence.unlink, name="unlink-evidence"),
    path("work", worklist.work, name="work"),
    path("said", threads.said, name="said"),
    path("threads/<int:pk>/reply", threads.reply, name="reply"),
    path("threads/<int:pk>/settle", threads.settle, name="settle-thread"),
    path("<slug:criterion>", judgements.criterion, name="criterion"),
    path("<slug:criterion>/", include(_OF_ONE_CRITERION)),
]

urlpatterns = [
    path(ROOT, overview.overview, name="overview"),
    path(f"{ROOT}/", include(_INSIDE)),
]
