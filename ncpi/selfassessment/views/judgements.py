"""One criterion: judging it, reviewing it, and how it came to say what it says."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ncpi.accounts.access import permissions_in, requires, requires_of_row
from ncpi.accounts.permissions import Permission
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import access, operations, queries
from ncpi.selfassessment.canonical import TEXTS
from ncpi.selfassessment.forms import JudgementForm, ReviewForm
from ncpi.selfassessment.merging import bring_together
from ncpi.selfassessment.models import JudgementState

LABELS = {"grade": "Our grade", **TEXTS}


@requires(Permission.DRAFT_VIEW)
def criterion(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.DRAFT_VIEW)
    drafts = queries.drafts(judgement)
    own = next((row for row in drafts if row.user_id == request.user.pk), None)
    stored = {"version": judgement.version, **JudgementForm.values_of(judgement)}
    typed = {name: own.data[name] for name in stored if name in own.data} if own else {}
    form = JudgementForm(initial={**stored, **typed}, programme=judgement.inspection.programme)
    return _page(request, judgement, form, draft=own if typed else None, drafts=drafts)


@requires_of_row(Permission.JUDGEMENT_EDIT)
def save(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.JUDGEMENT_EDIT)
    if request.method != "POST":
        return redirect("selfassessment:criterion", ref, criterion)
    form = JudgementForm(request.POST, programme=judgement.inspection.programme)
    if not form.is_valid():
        return _page(request, judgement, form)
    if request.POST.get("join") in TEXTS:
        return _joined(request, judgement, form, request.POST["join"])
    is_sent = request.POST.get("then") == "send"
    try:
        _save(request, judgement, form, is_sent=is_sent)
    except StaleVersion as stale:
        return _conflict(request, stale.row, form)
    except (operations.NotPossibleNow, InspectionClosed) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, judgement, form)
    messages.success(request, "Sent for review." if is_sent else "Judgement saved.")
    return redirect("selfassessment:criterion", ref, criterion)


@requires_of_row(Permission.JUDGEMENT_EDIT)
@require_POST
def keep_draft(request, ref, criterion):
    pk = access.get_judgement_id(request.user, ref, criterion, Permission.JUDGEMENT_EDIT)
    typed = {name: request.POST[name] for name in ("version", *LABELS) if name in request.POST}
    if not typed:
        return HttpResponseBadRequest()
    operations.keep_draft(by=request.user, judgement_id=pk, data=typed, at=timezone.now())
    return HttpResponse(status=204)


@requires(Permission.JUDGEMENT_EDIT)
@require_POST
def discard_draft(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.JUDGEMENT_EDIT)
    operations.discard_draft(by=request.user, judgement=judgement)
    messages.success(request, "What you had typed is discarded. This is what is saved.")
    return redirect("selfassessment:criterion", ref, criterion)


@requires(Permission.JUDGEMENT_REVIEW)
def review(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.JUDGEMENT_REVIEW)
    form = ReviewForm(request.POST or None, initial={"version": judgement.version})
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, judgement, form)
        except (operations.NotPossibleNow, operations.OwnJudgement, InspectionClosed) as refusal:
            form.add_error(None, str(refusal))
        except StaleVersion as stale:
            form.add_error(None, "Somebody changed this judgement while you were reading. Read it again, then decide.")
            form.take_version(stale.row.version)
        else:
            return redirect("selfassessment:criterion", ref, criterion)
    context = {"judgement": judgement, "inspection": judgement.inspection, "form": form, "texts": _texts(judgement)}
    context.update(links=queries.standing_links(judgement), steps=queries.steps(judgement))
    return render(request, "selfassessment/review.html", context)


def _save(request, judgement, form, *, is_sent):
    act = operations.save_and_send if is_sent else operations.save_judgement
    act(
        by=request.user,
        judgement=judgement,
        version=form.cleaned_data["version"],
        grade=form.grade,
        texts=form.texts,
        at=clock_of(judgement.inspection.force).at,
    )


def _conflict(request, row, form):
    """Show both versions, offer what was typed over the newer one, and save nothing."""
    judgement = access.get_judgement(request.user, row.inspection.ref, row.criterion.key, Permission.DRAFT_VIEW)
    seen = queries.as_seen(judgement, version=form.cleaned_data["version"])
    offer, sides = bring_together(
        labels=LABELS,
        seen=form.values_of(seen) if seen else None,
        stored=form.values_of(judgement),
        typed={name: form.cleaned_data[name] for name in LABELS},
    )
    form.offer(offer, version=judgement.version)
    return _page(request, judgement, form, sides=[form.in_words(side) for side in sides], status=409)


def _joined(request, judgement, form, name):
    """Offer the typed text with the saved one under it; nothing is saved."""
    typed = {label: form.cleaned_data[label] for label in LABELS}
    both = "\n\n".join(text for text in (typed[name], getattr(judgement, name)) if text)
    form.offer({**typed, name: both}, version=form.cleaned_data["version"])
    messages.info(request, f"Both texts are under “{LABELS[name]}”. Nothing is saved yet.")
    return _page(request, judgement, form)


def _page(request, judgement, form, *, draft=None, drafts=None, sides=(), status=200):
    inspection, clock = judgement.inspection, clock_of(judgement.inspection.force)
    held = permissions_in(request.user, inspection.force_id)
    drafts = queries.drafts(judgement) if drafts is None else drafts
    context = {
        "judgement": judgement,
        "inspection": inspection,
        "form": form,
        "held": held,
        "may_write": Permission.JUDGEMENT_EDIT in held and judgement.is_editable and not inspection.is_closed,
        "may_bring": judgement.state == JudgementState.NOT_STARTED and queries.inspection_before(inspection),
        "texts": _texts(judgement),
        "draft": draft,
        "draft_is_behind": bool(draft) and str(draft.data.get("version")) != str(judgement.version),
        "others": [row for row in drafts if row.user_id != request.user.pk],
        "sides": sides,
        "may_talk": not inspection.is_closed,
        "on": clock.on,
        **queries.beside(judgement),
    }
    return render(request, "selfassessment/criterion.html", context, status=status)


def _decide(request, judgement, form):
    version, text = form.cleaned_data["version"], form.cleaned_data["text"]
    at = clock_of(judgement.inspection.force).at
    if form.cleaned_data["decision"] == "agree":
        operations.agree(by=request.user, judgement=judgement, version=version, text=text, at=at)
        messages.success(request, "Judgement agreed.")
    else:
        operations.return_judgement(by=request.user, judgement=judgement, version=version, reason=text, at=at)
        messages.success(request, "Judgement returned to its lead.")


def _texts(judgement):
    return [(label, getattr(judgement, name)) for name, label in TEXTS.items()]
