"""The evidence library: documents and links, and which criteria they support."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ncpi.accounts.access import permissions_in, requires
from ncpi.accounts.permissions import Permission
from ncpi.inspections.access import get_inspection
from ncpi.inspections.operations import InspectionClosed
from ncpi.lib.clocks import clock_of
from ncpi.lib.exports import as_file, wanted
from ncpi.lib.listing import listing
from ncpi.lib.uploads import UnacceptableDocument, as_attachment
from ncpi.lib.versions import StaleVersion
from ncpi.selfassessment import access, operations, queries
from ncpi.selfassessment.forms import EvidenceForm, FileVersionForm, LinkForm, ShowsForm
from ncpi.selfassessment.models import EvidenceKind, Marking

REFUSALS = (operations.NotPossibleNow, operations.AlreadyLinked, InspectionClosed, UnacceptableDocument)


@requires(Permission.DRAFT_VIEW)
def library(request, ref):
    inspection = get_inspection(request.user, ref, Permission.DRAFT_VIEW)
    asked, on = queries.LibraryFilter.of(request.GET), clock_of(inspection.force).on
    rows = queries.library(inspection, asked=asked, on=on)
    if wanted(request):
        header, lines = queries.LIBRARY_COLUMNS, queries.library_rows(rows)
        return as_file(request, name=f"Evidence {ref}", header=header, rows=lines)
    context = {
        "inspection": inspection,
        "listing": listing(request, rows),
        "asked": asked,
        "kinds": EvidenceKind.choices,
        "markings": Marking.choices,
        "uses": queries.LIBRARY_USES.items(),
        "reviews": queries.LIBRARY_REVIEWS.items(),
        "sorts": [(key, label) for key, (label, _) in queries.LIBRARY_SORTS.items()],
        "owners": queries.library_owners(inspection),
        "criteria": queries.library_criteria(inspection),
        "held": permissions_in(request.user, inspection.force_id),
        "on": on,
    }
    return render(request, "selfassessment/library.html", context)


@requires(Permission.JUDGEMENT_EDIT)
def add(request, ref):
    inspection = get_inspection(request.user, ref, Permission.JUDGEMENT_EDIT)
    key = request.GET.get("criterion", "")
    judgement = access.get_judgement(request.user, ref, key, Permission.JUDGEMENT_EDIT) if key else None
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        force=inspection.force,
        is_new=True,
        criterion=judgement.criterion.title if judgement else None,
        initial={"owner": request.user.pk, "marking": "official"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            evidence = operations.add_evidence(
                by=request.user,
                inspection=inspection,
                fields=form.columns,
                judgement=judgement,
                document=form.cleaned_data["document"],
                shows=form.cleaned_data.get("shows", ""),
                at=clock_of(inspection.force).at,
            )
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Evidence added.")
            return _back_to(ref, key) if key else redirect("selfassessment:evidence", ref, evidence.pk)
    cancel = (
        reverse("selfassessment:criterion", args=[ref, key]) if key else reverse("selfassessment:library", args=[ref])
    )
    context = {"inspection": inspection, "form": form, "title": "Add evidence", "cancel": cancel}
    return render(request, "selfassessment/evidence_form.html", context)


@requires(Permission.DRAFT_VIEW)
def evidence(request, ref, pk):
    found = access.get_evidence(request.user, ref, pk, Permission.DRAFT_VIEW)
    return _evidence_page(request, found, FileVersionForm(initial={"version": found.version}))


@requires(Permission.JUDGEMENT_EDIT)
def edit(request, ref, pk):
    found = access.get_evidence(request.user, ref, pk, Permission.JUDGEMENT_EDIT)
    initial = {name: getattr(found, name) for name in queries.EVIDENCE_COLUMNS}
    initial.update(owner=found.owner_id, version=found.version)
    form = EvidenceForm(
        request.POST or None, initial=initial, force=found.inspection.force, is_new=False, is_link=bool(found.link)
    )
    conflict, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_evidence(
                by=request.user,
                evidence=found,
                version=form.cleaned_data["version"],
                fields=form.columns,
                at=clock_of(found.inspection.force).at,
            )
        except StaleVersion as stale:
            conflict, status = queries.evidence_differences(form, stale.row), 409
            form.take_version(stale.row.version)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Evidence changed.")
            return redirect("selfassessment:evidence", ref, pk)
    context = {"inspection": found.inspection, "form": form, "title": f"Change {found.title}", "conflict": conflict}
    context["cancel"] = reverse("selfassessment:evidence", args=[ref, pk])
    return render(request, "selfassessment/evidence_form.html", context, status=status)


@requires(Permission.JUDGEMENT_EDIT)
@require_POST
def add_file_version(request, ref, pk):
    found = access.get_evidence(request.user, ref, pk, Permission.JUDGEMENT_EDIT)
    form = FileVersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _evidence_page(request, found, form)
    try:
        operations.add_file_version(
            by=request.user,
            evidence=found,
            version=form.cleaned_data["version"],
            document=form.cleaned_data["document"],
            at=clock_of(found.inspection.force).at,
        )
    except (StaleVersion, *REFUSALS) as refusal:
        messages.error(request, f"{refusal} The file was not added.")
    else:
        messages.success(request, "New version added. The older ones are kept.")
    return redirect("selfassessment:evidence", ref, pk)


@requires(Permission.JUDGEMENT_EDIT)
@require_POST
def withdraw(request, ref, pk):
    found = access.get_evidence(request.user, ref, pk, Permission.JUDGEMENT_EDIT)
    act = operations.withdraw_evidence
    if _act(request, act, evidence=found, inspection=found.inspection):
        messages.success(request, "Evidence withdrawn. It supports nothing any more.")
    return redirect("selfassessment:evidence", ref, pk)


@requires(Permission.JUDGEMENT_VIEW)
def download(request, ref, pk):
    file = access.get_evidence_file(request.user, ref, pk)
    return as_attachment(stored_name=file.stored_name, file_name=file.file_name, media_type=file.media_type)


@requires(Permission.JUDGEMENT_EDIT)
def link(request, ref, criterion):
    judgement = access.get_judgement(request.user, ref, criterion, Permission.JUDGEMENT_EDIT)
    form = LinkForm(request.POST or None, choices=queries.linkable(judgement))
    if request.method == "POST" and form.is_valid():
        at = clock_of(judgement.inspection.force).at
        try:
            operations.link_evidence(
                by=request.user, evidence=form.evidence, judgement=judgement, shows=form.cleaned_data["shows"], at=at
            )
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Evidence linked.")
            return _back_to(ref, criterion)
    context = {"judgement": judgement, "inspection": judgement.inspection, "form": form}
    context["cancel"] = reverse("selfassessment:criterion", args=[ref, criterion])
    return render(request, "selfassessment/link_form.html", context)


@requires(Permission.JUDGEMENT_EDIT)
def shows(request, ref, pk):
    found = access.get_evidence_link(request.user, ref, pk, Permission.JUDGEMENT_EDIT)
    form = ShowsForm(request.POST or None, initial={"shows": found.shows, "version": found.version})
    conflict, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_what_it_shows(
                by=request.user,
                link=found,
                version=form.cleaned_data["version"],
                shows=form.cleaned_data["shows"],
                at=clock_of(found.evidence.inspection.force).at,
            )
        except StaleVersion as stale:
            conflict, status = [("What it shows", stale.row.shows, form.cleaned_data["shows"])], 409
            form.take_version(stale.row.version)
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Sentence changed.")
            return _back_to(ref, found.judgement.criterion.key)
    context = {"link": found, "judgement": found.judgement, "inspection": found.evidence.inspection, "form": form}
    context.update(
        conflict=conflict, cancel=reverse("selfassessment:criterion", args=[ref, found.judgement.criterion.key])
    )
    return render(request, "selfassessment/link_form.html", context, status=status)


@requires(Permission.JUDGEMENT_EDIT)
@require_POST
def unlink(request, ref, pk):
    found = access.get_evidence_link(request.user, ref, pk, Permission.JUDGEMENT_EDIT)
    if _act(request, operations.unlink_evidence, link=found, inspection=found.evidence.inspection):
        messages.success(request, "Evidence unlinked. It stays in the library.")
    return _back_to(ref, found.judgement.criterion.key)


def _act(request, act, *, inspection, **subject):
    """Do one act whose button carries the version; say why where it is refused."""
    try:
        version = int(request.POST.get("version", ""))
        act(by=request.user, version=version, at=clock_of(inspection.force).at, **subject)
    except ValueError:
        messages.error(request, "The button was incomplete. Try again.")
    except (StaleVersion, *REFUSALS) as refusal:
        messages.error(request, str(refusal))
    else:
        return True
    return False


def _evidence_page(request, found, form):
    context = {
        "inspection": found.inspection,
        "evidence": found,
        "form": form,
        "files": found.files.select_related("uploaded_by").order_by("-number", "pk"),
        "links": queries.links_of(found),
        "may_write": Permission.JUDGEMENT_EDIT in permissions_in(request.user, found.inspection.force_id)
        and not found.is_withdrawn and not found.inspection.is_closed,
        "on": clock_of(found.inspection.force).on,
    }  # fmt: skip
    return render(request, "selfassessment/evidence.html", context)


def _back_to(ref, criterion):
    return redirect(reverse("selfassessment:criterion", args=[ref, criterion]) + "#evidence")
