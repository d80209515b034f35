"""A chief officer's name over a state: giving it, reading what it was over, taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.models import Area
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import access, operations, queries
from ncpi.selfassessment.canonical import MATERIAL
from ncpi.selfassessment.forms import SignForm, WithdrawForm
from ncpi.selfassessment.signing import STATEMENT, differences, read


@requires(Permission.SIGN)
def sign(request, ref, area=None):
    inspection = get_inspection(request.user, ref, Permission.SIGN)
    found = get_object_or_404(Area, programme=inspection.programme_id, key=area) if area else None
    scope = queries.scope_to_sign(inspection, found)
    form = SignForm(request.POST or None, initial={"name": request.user.name, **SignForm.of(scope)})
    moved, status = [], 200
    if request.method == "POST" and form.is_valid():
        try:
            signature = _sign(request, inspection, found, form)
        except operations.ChangedWhileOpen as refusal:
            form.add_error(None, str(refusal))
            scope = queries.scope_to_sign(inspection, found)
            moved, status = differences(form.shown_text, scope.text), 409
            form.show(scope)
        except (operations.NotPossibleNow, InspectionClosed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Signed.")
            return redirect("selfassessment:signature", ref, signature.pk)
    return _sign_page(request, inspection, scope, form, moved=moved, status=status)


@requires(Permission.DRAFT_VIEW)
def signature(request, ref, pk):
    found = access.get_signature(request.user, ref, pk, Permission.DRAFT_VIEW)
    return _page(request, found, WithdrawForm(initial={"version": found.version}))


@requires(Permission.SIGN)
def withdraw_signature(request, ref, pk):
    found = access.get_signature(request.user, ref, pk, Permission.SIGN)
    form = WithdrawForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            operations.withdraw_signature(
                by=request.user, signature=found, version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"], at=clock_of(found.inspection.force).at,
            )  # fmt: skip
        except (StaleVersion, operations.NotPossibleNow, InspectionClosed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Signature withdrawn.")
            return redirect("selfassessment:signature", ref, pk)
    return _page(request, found, form)


def _sign(request, inspection, area, form):
    return operations.sign(
        by=request.user,
        inspection=inspection,
        area=area,
        shown_digest=form.cleaned_data["digest"],
        name=form.cleaned_data["name"],
        statement=STATEMENT,
        at=clock_of(inspection.force).at,
    )


def _sign_page(request, inspection, scope, form, *, moved, status):
    last = queries.last_signature(inspection, scope.area)
    context = {
        "inspection": inspection,
        "area": scope.area,
        "scope": scope,
        "form": form,
        "statement": STATEMENT,
        "moved": moved,
        "last": last,
        "differences": differences(last.signed_state, scope.text) if last else [],
        "signed_text": read(scope.text),
        "material": MATERIAL.values(),
    }
    return render(request, "selfassessment/sign.html", context, status=status)


def _page(request, found, form):
    now = queries.scope_to_sign(found.inspection, found.area)
    context = {
        "inspection": found.inspection,
        "signature": found,
        "status": queries.status_now(found, now.digest),
        "differences": differences(found.signed_state, now.text) if found.is_standing else [],
        "signed_text": read(found.signed_state),
        "files": queries.files_signed(found),
        "may_sign": Permission.SIGN in permissions_in(request.user, found.inspection.force_id),
        "form": form,
        "material": MATERIAL.values(),
    }
    return render(request, "selfassessment/signature.html", context)
