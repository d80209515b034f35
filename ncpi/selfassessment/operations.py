"""What people do with judgements, evidence and signatures. Reviewing and signing keep two people in every decision."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ncpi.accounts.models import Draft
from ncpi.inspections.marks import record_change
from ncpi.inspections.models import Area, Criterion, Inspection
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.uploads import Document, kept
from ncpi.lib.versions import StaleVersion, swap
from ncpi.selfassessment import queries
from ncpi.selfassessment.limits import too_long
from ncpi.selfassessment.models import (
    Evidence,
    EvidenceFile,
    EvidenceLink,
    Judgement,
    JudgementState,
    ReviewStep,
    Signature,
    Step,
)
from ncpi.selfassessment.thread_models import Thread

_FORGET_DRAFT = "DELETE FROM ncpi_draft WHERE user_id = %(user)s AND form = %(form)s"


class NotPossibleNow(Exception):
    """What was asked does not fit the judgement's state; the text says why, for the page."""


class OwnJudgement(Exception):
    """Nobody reviews what they wrote or hold."""


class TooManyWords(NotPossibleNow):
    """A text is longer than the programme allows; the text says which and by how much."""


class QuestionsOpen(NotPossibleNow):
    """Nothing is agreed while somebody waits for an answer about it."""


class ChangedWhileOpen(Exception):
    """What is to be signed is no longer what the page showed."""


class AlreadyLinked(Exception):
    """This evidence supports this criterion already."""


@transaction.atomic
def begin(*, by: Any, inspection: Inspection, at: datetime) -> int:
    """Open one judgement a criterion; return how many are new. Begun twice, nothing is doubled."""
    refuse_closed(inspection)
    criteria = Criterion.objects.filter(area__programme=inspection.programme)
    held = Judgement.objects.filter(inspection=inspection)
    before = held.count()
    Judgement.objects.bulk_create(
        [Judgement(inspection=inspection, criterion=criterion) for criterion in criteria], ignore_conflicts=True
    )
    new = held.count() - before
    _note(by, "began self-assessment", inspection, inspection, at, detail=str(new))
    return new


@transaction.atomic
def save_judgement(
    *,
    by: Any,
    judgement: Judgement,
    version: int,
    at: datetime,
    grade: Any,
    texts: Mapping[str, str],
    forgets_draft: bool = True,
) -> Judgement:
    """Save grade and texts over the version that the person saw, and forget their draft unless told to leave it.

    Saving an agreed judgement opens it again. Somebody else's change of lead or due date is no conflict: it is saved
    over when grade, texts and state are still what they were in the version seen.
    """
    was, inspection = judgement.state, judgement.inspection
    refuse_closed(inspection)
    if not judgement.is_editable:
        raise NotPossibleNow("This judgement is in review. Ask the reviewer to return it, then change it.")
    for problem in too_long(texts, limit=inspection.programme.word_limit).values():
        raise TooManyWords(problem)
    changes = {"grade": grade, **texts, "state": JudgementState.DRAFTING, "saved_by": by, "saved_at": at}
    changes["carried_from"] = None
    try:
        saved = swap(judgement, version=version, **changes)
    except StaleVersion as stale:
        if not queries.says_the_same_since(judgement, version=version):
            raise
        saved = swap(judgement, version=stale.row.version, **changes)  # type: ignore[attr-defined]
    if was == JudgementState.AGREED:
        _step(saved, Step.REOPENED, "", by=by, at=at)
    draft = {"user": by.pk, "form": saved.draft_form}
    record_change(
        by=by, verb="saved judgement", subject=saved, inspection=inspection, at=at,
        beside=_FORGET_DRAFT if forgets_draft else "", values=draft,
    )  # fmt: skip
    return saved


@transaction.atomic
def save_and_send(
    *, by: Any, judgement: Judgement, version: int, at: datetime, grade: Any, texts: Mapping[str, str]
) -> Judgement:
    """Save, and hand the judgement to its reviewer; if it cannot be sent, it is not saved either."""
    inspection = judgement.inspection
    saved = save_judgement(by=by, judgement=judgement, version=version, at=at, grade=grade, texts=texts)
    saved.inspection = inspection
    return send_for_review(by=by, judgement=saved, version=saved.version, at=at)


@transaction.atomic(savepoint=False)
def keep_draft(*, by: Any, judgement_id: int, data: Mapping[str, str], at: datetime) -> None:
    """Keep what the person has typed and not saved; one statement, and nobody else's draft is touched."""
    Draft.objects.bulk_create(
        [Draft(user=by, form=f"judgement:{judgement_id}", data=dict(data), updated_at=at)],
        update_conflicts=True,
        unique_fields=["user", "form"],
        update_fields=["data", "updated_at"],
    )


@transaction.atomic
def discard_draft(*, by: Any, judgement: Judgement) -> None:
    _forget_draft(by, judgement)


@transaction.atomic
def send_for_review(*, by: Any, judgement: Judgement, version: int, at: datetime) -> Judgement:
    """Hand a graded and written judgement to its reviewer."""
    if judgement.state not in (JudgementState.DRAFTING, JudgementState.RETURNED):
        raise NotPossibleNow("Only a judgement that is being written or was returned can be sent for review.")
    if judgement.carried_from_id is not None:
        raise NotPossibleNow("This is carried over from the last inspection. Save or confirm it before you send it.")
    if judgement.grade_id is None or not judgement.narrative.strip():
        raise NotPossibleNow("Give a grade and say what you do before you send this for review.")
    return _move(judgement, JudgementState.IN_REVIEW, Step.SENT, "", by=by, version=version, at=at)


@transaction.atomic
def agree(*, by: Any, judgement: Judgement, version: int, at: datetime, text: str = "") -> Judgement:
    """Agree a judgement in review that somebody else wrote, once no question about it is open."""
    _refuse_own(by, judgement)
    _refuse_open_questions(judgement)
    return _move(judgement, JudgementState.AGREED, Step.AGREED, text, by=by, version=version, at=at)


@transaction.atomic
def return_judgement(*, by: Any, judgement: Judgement, version: int, at: datetime, reason: str) -> Judgement:
    """Send a judgement in review back to its lead, with the reason."""
    _refuse_own(by, judgement)
    if not reason.strip():
        raise NotPossibleNow("Say why you return it.")
    return _move(judgement, JudgementState.RETURNED, Step.RETURNED, reason, by=by, version=version, at=at)


@transaction.atomic
def add_evidence(
    *,
    by: Any,
    inspection: Inspection,
    at: datetime,
    fields: Mapping[str, Any],
    document: Document | None = None,
    judgement: Judgement | None = None,
    shows: str = "",
) -> Evidence:
    """Put a document or a link into the library; with a judgement, link it there in the same breath.

    `fields` are the columns of `Evidence` that a person fills in.
    """
    refuse_closed(inspection)
    if bool(document) == bool(fields.get("link")):
        raise NotPossibleNow("Give either a document or a link.")
    evidence = Evidence.objects.create(inspection=inspection, added_at=at, **{"owner": by, **fields})
    if document is not None:
        _keep_file(evidence, document, number=1, by=by, at=at)
    _note(by, "added evidence", evidence, inspection, at)
    if judgement is not None:
        link_evidence(by=by, evidence=evidence, judgement=judgement, shows=shows, at=at)
    return evidence


@transaction.atomic
def edit_evidence(*, by: Any, evidence: Evidence, version: int, at: datetime, fields: Mapping[str, Any]) -> Evidence:
    """Change what is said about a piece of evidence; its files stay."""
    inspection = _in_use(evidence)
    if bool(fields.get("link", evidence.link)) != bool(evidence.link):
        raise NotPossibleNow("A document stays a document and a link a link. Add a new piece of evidence instead.")
    edited = swap(evidence, version=version, **fields)
    _note(by, "edited evidence", edited, inspection, at)
    return edited


@transaction.atomic
def add_file_version(*, by: Any, evidence: Evidence, version: int, at: datetime, document: Document) -> EvidenceFile:
    """Add a newer version of the document; the older ones stay as they are."""
    inspection = _in_use(evidence)
    if evidence.link:
        raise NotPossibleNow("This is a link. Add a new piece of evidence for the document.")
    swap(evidence, version=version)
    number = evidence.files.count() + 1
    file = _keep_file(evidence, document, number=number, by=by, at=at)
    _note(by, "added file version", evidence, inspection, at, detail=str(number))
    return file


@transaction.atomic
def withdraw_evidence(*, by: Any, evidence: Evidence, version: int, at: datetime) -> Evidence:
    """Take a piece of evidence out of use: it supports nothing any more, and stays readable."""
    inspection = _in_use(evidence)
    gone = swap(evidence, version=version, withdrawn_at=at)
    _note(by, "withdrew evidence", gone, inspection, at)
    return gone


@transaction.atomic
def link_evidence(*, by: Any, evidence: Evidence, judgement: Judgement, shows: str, at: datetime) -> EvidenceLink:
    """Let a piece of evidence support a criterion, with a sentence on what it shows."""
    inspection = _in_use(evidence)
    if evidence.inspection_id != judgement.inspection_id:
        raise NotPossibleNow("Evidence supports criteria of its own inspection only.")
    try:
        with transaction.atomic():
            link = EvidenceLink.objects.create(
                evidence=evidence, judgement=judgement, shows=shows, added_by=by, added_at=at
            )
    except IntegrityError:
        raise AlreadyLinked("This evidence supports this criterion already. Change its sentence instead.")
    _note(by, "linked evidence", link, inspection, at)
    return link


@transaction.atomic
def link_many(
    *, by: Any, inspection: Inspection, links: Iterable[tuple[Evidence, Judgement, str]], at: datetime
) -> int:
    """Link many pieces at once and say how many links are new; links that stand already stay."""
    refuse_closed(inspection)
    rows = [
        EvidenceLink(evidence=evidence, judgement=judgement, shows=shows, added_by=by, added_at=at)
        for evidence, judgement, shows in links
        if evidence.inspection_id == judgement.inspection_id == inspection.pk
    ]
    held = EvidenceLink.objects.standing().filter(evidence__inspection=inspection)
    before = held.count()
    EvidenceLink.objects.bulk_create(rows, ignore_conflicts=True)
    made = held.count() - before
    _note(by, "linked evidence", inspection, inspection, at, detail=str(made))
    return made


@transaction.atomic
def change_what_it_shows(*, by: Any, link: EvidenceLink, version: int, shows: str, at: datetime) -> EvidenceLink:
    inspection = _in_use(link.evidence)
    changed = swap(link, version=version, shows=shows)
    _note(by, "changed evidence link", changed, inspection, at)
    return changed


@transaction.atomic
def unlink_evidence(*, by: Any, link: EvidenceLink, version: int, at: datetime) -> None:
    """End a piece of evidence's support of a criterion; the link stays in the history."""
    inspection = link.evidence.inspection
    refuse_closed(inspection)
    if link.removed_at is not None:
        raise NotPossibleNow("This link was removed already.")
    swap(link, version=version, removed_at=at)
    _note(by, "unlinked evidence", link, inspection, at)


@transaction.atomic
def sign(
    *, by: Any, inspection: Inspection, area: Area | None, shown_digest: str, name: str, statement: str, at: datetime
) -> Signature:
    """Put a chief officer's name over the state that the page showed.

    Two signers of one scope at once: the lock on the inspection lets one after the other, and the second supersedes
    the first. A state that is not the one shown is refused, so nobody signs what they have not seen.
    """
    refuse_closed(inspection)
    Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
    scope = queries.scope_to_sign(inspection, area)
    if scope.digest != shown_digest:
        raise ChangedWhileOpen("Something changed while this page was open. Read what changed, then sign again.")
    if not scope.is_all_agreed:
        raise NotPossibleNow("Every judgement must be agreed before it can be signed.")
    before = list(Signature.objects.standing().filter(inspection=inspection, area=area))
    signature = Signature.objects.create(
        inspection=inspection, area=area, signed_by=by, signed_name=name, signed_at=at, statement=statement,
        digest=scope.digest, signed_state=scope.text,
    )  # fmt: skip
    for older in before:
        swap(older, version=older.version, superseded_by=signature)
    what = area.key if area else "whole return"
    _note(by, "signed", signature, inspection, at, detail=f"{what} {scope.digest}")
    return signature


@transaction.atomic
def withdraw_signature(*, by: Any, signature: Signature, version: int, reason: str, at: datetime) -> Signature:
    """Take a standing signature back, with the reason."""
    inspection = signature.inspection
    refuse_closed(inspection)
    if not signature.is_standing:
        raise NotPossibleNow("This signature was withdrawn or superseded already.")
    if not reason.strip():
        raise NotPossibleNow("Say why you withdraw it.")
    withdrawn = swap(signature, version=version, withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason)
    _note(by, "withdrew signature", withdrawn, inspection, at)
    return withdrawn


def _move(judgement: Judgement, state: str, step: str, text: str, *, by: Any, version: int, at: datetime) -> Judgement:
    if step in (Step.AGREED, Step.RETURNED) and judgement.state != JudgementState.IN_REVIEW:
        raise NotPossibleNow("This judgement is not in review.")
    inspection = judgement.inspection
    refuse_closed(inspection)
    moved = swap(judgement, version=version, state=state)
    _step(moved, step, text, by=by, at=at)
    _note(by, Step(step).label.lower(), moved, inspection, at)
    return moved


def _note(by: Any, verb: str, subject: Any, inspection: Inspection, at: datetime, *, detail: str = "") -> None:
    """Write the journal's line, and mark that a summary would now say something else."""
    record_change(by=by, verb=verb, subject=subject, inspection=inspection, at=at, detail=detail)


def _step(judgement: Judgement, step: str, text: str, *, by: Any, at: datetime) -> None:
    ReviewStep.objects.create(
        judgement=judgement, step=step, text=text, judgement_version=judgement.version, by=by, at=at
    )


def _refuse_own(by: Any, judgement: Judgement) -> None:
    if by.pk in (judgement.lead_id, judgement.saved_by_id):
        raise OwnJudgement("Nobody reviews a judgement that they wrote or hold. Ask another reviewer.")


def _refuse_open_questions(judgement: Judgement) -> None:
    """The race is with somebody who asks: both lock the judgement, so the question is seen or comes after."""
    Judgement.objects.select_for_update(no_key=True).only("pk").get(pk=judgement.pk)
    count = Thread.objects.open_questions().filter(judgement=judgement).count()
    if count:
        noun, them = ("question is", "it") if count == 1 else ("questions are", "them")
        raise QuestionsOpen(f"{count} {noun} still open. Resolve {them}, then agree.")


def _in_use(evidence: Evidence) -> Inspection:
    """Return the inspection of evidence that may still change."""
    refuse_closed(evidence.inspection)
    if evidence.is_withdrawn:
        raise NotPossibleNow("This evidence was withdrawn.")
    return evidence.inspection


def _forget_draft(by: Any, judgement: Judgement) -> None:
    Draft.objects.filter(user=by, form=judgement.draft_form).delete()


def _keep_file(evidence: Evidence, document: Document, *, number: int, by: Any, at: datetime) -> EvidenceFile:
    with kept(document) as file:
        return EvidenceFile.objects.create(
            evidence=evidence, number=number, uploaded_by=by, uploaded_at=at, **file.columns()
        )
