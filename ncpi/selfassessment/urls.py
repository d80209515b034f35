from django.urls import path

from ncpi.selfassessment.views import carrying, evidence, history, judgements, overview, returns, signatures

app_name = "selfassessment"

ROOT = "inspections/<slug:ref>/self-assessment"

urlpatterns = [
    path(ROOT, overview.overview, name="overview"),
    path(f"{ROOT}/begin", overview.begin, name="begin"),
    path(f"{ROOT}/assign", overview.assign, name="assign"),
    path(f"{ROOT}/gaps", overview.gaps, name="gaps"),
    path(f"{ROOT}/areas/<slug:area>", overview.area, name="area"),
    path(f"{ROOT}/areas/<slug:area>/sign", signatures.sign, name="sign-area"),
    path(f"{ROOT}/sign", signatures.sign, name="sign"),
    path(f"{ROOT}/signatures/<int:pk>", signatures.signature, name="signature"),
    path(f"{ROOT}/signatures/<int:pk>/withdraw", signatures.withdraw_signature, name="withdraw-signature"),
    path(f"{ROOT}/returns", returns.submitted_returns, name="returns"),
    path(f"{ROOT}/returns/<int:number>", returns.submitted_return, name="return"),
    path(f"{ROOT}/as-it-was", history.as_it_was, name="as-it-was"),
    path(f"{ROOT}/submit", returns.submit, name="submit"),
    path(f"{ROOT}/bring-forward", carrying.bring_all, name="bring-all-forward"),
    path(f"{ROOT}/evidence", evidence.library, name="library"),
    path(f"{ROOT}/evidence/add", evidence.add, name="add-evidence"),
    path(f"{ROOT}/evidence/<int:pk>", evidence.evidence, name="evidence"),
    path(f"{ROOT}/evidence/<int:pk>/change", evidence.edit, name="edit-evidence"),
    path(f"{ROOT}/evidence/<int:pk>/version", evidence.add_file_version, name="add-file-version"),
    path(f"{ROOT}/evidence/<int:pk>/withdraw", evidence.withdraw, name="withdraw-evidence"),
    path(f"{ROOT}/evidence/files/<int:pk>", evidence.download, name="download"),
    path(f"{ROOT}/evidence/links/<int:pk>", evidence.shows, name="evidence-link"),
    path(f"{ROOT}/evidence/links/<int:pk>/remove", evidence.unlink, name="unlink-evidence"),
    path(f"{ROOT}/<slug:criterion>", judgements.criterion, name="criterion"),
    path(f"{ROOT}/<slug:criterion>/save", judgements.save, name="save"),
    path(f"{ROOT}/<slug:criterion>/draft", judgements.keep_draft, name="keep-draft"),
    path(f"{ROOT}/<slug:criterion>/draft/discard", judgements.discard_draft, name="discard-draft"),
    path(f"{ROOT}/<slug:criterion>/review", judgements.review, name="review"),
    path(f"{ROOT}/<slug:criterion>/bring-forward", carrying.bring_one, name="bring-forward"),
    path(f"{ROOT}/<slug:criterion>/confirm", carrying.confirm, name="confirm-carried"),
    path(f"{ROOT}/<slug:criterion>/history", history.history, name="history"),
    path(f"{ROOT}/<slug:criterion>/evidence", evidence.link, name="link-evidence"),
]
