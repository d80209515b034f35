"""The self-assessment's pages for the sweep."""

import io

from django.utils import timezone

from ncpi.accounts.permissions import Permission
from ncpi.lib import uploads
from ncpi.selfassessment import operations, queries, thread_operations
from ncpi.selfassessment.return_operations import submit_return
from ncpi.selfassessment.signing import STATEMENT
from tests.factories import NOW, judge, make_agreed, make_evidence
from tests.pages.base import Page
from tests.selfassessment.workbooks import brought_back, taken_away, typed_into

TEXT = b"Month,Visits\nJune,12\n"


def build(world):
    """One area and the whole signed and submitted with a document that they name; one criterion changed since."""
    people, inspection = world.people, world.inspection
    rows = make_agreed(inspection, lead=people["lead"])
    area = rows[0].criterion.area
    document = uploads.inspect(io.BytesIO(TEXT), "Visits.csv")
    evidence = make_evidence(
        inspection, by=people["lead"], title="Visits", judgement=rows[0], link="", document=document
    )
    for scope in (queries.scope_to_sign(inspection, None), queries.scope_to_sign(inspection, area)):
        signature = operations.sign(
            by=people["chief_officer"], inspection=inspection, area=scope.area, shown_digest=scope.digest,
            name="Deputy Chief Constable", statement=STATEMENT, at=NOW,
        )  # fmt: skip
    shown = queries.next_return(inspection).scope.digest
    submit_return(by=people["coordinator"], inspection=inspection, shown_digest=shown, at=NOW)
    judge(rows[-1], by=people["lead"])
    thread = thread_operations.start_thread(
        by=people["reviewer"], judgement=rows[-1], kind="question", text="How do you know?", tell=[people["lead"].pk],
        at=NOW,
    )  # fmt: skip
    brought_back(
        inspection, typed_into(taken_away(inspection), {"G3": "Typed offline."}), by=people["lead"], at=timezone.now()
    )
    world.made.update(
        sa_area=area, sa_criterion=rows[-1].criterion, sa_evidence=evidence, sa_file=evidence.files.get(),
        sa_link=evidence.links.get(), sa_signature=signature,
        sa_thread=thread,
    )  # fmt: skip


def ref(world):
    return {"ref": world.inspection.ref}


def of_criterion(world):
    return {**ref(world), "criterion": world.made["sa_criterion"].key}


def of_gap(world):
    return {**of_criterion(world), "rule": "no_evidence"}


def of_area(world):
    return {**ref(world), "area": world.made["sa_area"].key}


def of(name):
    return lambda world: {**ref(world), "pk": world.made[name].pk}


P = Permission
PAGES = [
    Page("selfassessment:overview", P.JUDGEMENT_VIEW, ref),
    Page("selfassessment:begin", P.JUDGEMENT_ASSIGN, ref, get=None),
    Page("selfassessment:assign", P.JUDGEMENT_ASSIGN, ref),
    Page("selfassessment:gaps", P.DRAFT_VIEW, ref),
    Page("selfassessment:area", P.DRAFT_VIEW, of_area),
    Page("selfassessment:sign-area", P.SIGN, of_area),
    Page("selfassessment:sign", P.SIGN, ref),
    Page("selfassessment:signature", P.DRAFT_VIEW, of("sa_signature")),
    Page("selfassessment:withdraw-signature", P.SIGN, of("sa_signature")),
    Page("selfassessment:returns", P.JUDGEMENT_VIEW, ref),
    Page("selfassessment:return", P.JUDGEMENT_VIEW, lambda world: {**ref(world), "number": 1}),
    Page("selfassessment:as-it-was", P.DRAFT_VIEW, ref),
    Page("selfassessment:submit", P.RETURN_SUBMIT, ref),
    Page("selfassessment:workbook", P.JUDGEMENT_EDIT, ref),
    Page("selfassessment:workbook-file", P.DRAFT_VIEW, ref),
    Page("selfassessment:word-file", P.DRAFT_VIEW, ref),
    Page("selfassessment:workbook-changes", P.JUDGEMENT_EDIT, ref),
    Page("selfassessment:put-workbook-aside", P.JUDGEMENT_EDIT, ref, get=None),
    Page("selfassessment:library", P.DRAFT_VIEW, ref),
    Page("selfassessment:add-evidence", P.JUDGEMENT_EDIT, ref),
    Page("selfassessment:evidence", P.DRAFT_VIEW, of("sa_evidence")),
    Page("selfassessment:edit-evidence", P.JUDGEMENT_EDIT, of("sa_evidence")),
    Page("selfassessment:add-file-version", P.JUDGEMENT_EDIT, of("sa_evidence"), get=None),
    Page("selfassessment:withdraw-evidence", P.JUDGEMENT_EDIT, of("sa_evidence"), get=None),
    Page("selfassessment:download", P.JUDGEMENT_VIEW, of("sa_file")),
    Page("selfassessment:evidence-link", P.JUDGEMENT_EDIT, of("sa_link")),
    Page("selfassessment:unlink-evidence", P.JUDGEMENT_EDIT, of("sa_link"), get=None),
    Page("selfassessment:criterion", P.DRAFT_VIEW, of_criterion),
    Page("selfassessment:save", P.JUDGEMENT_EDIT, of_criterion, get=302),
    Page("selfassessment:keep-draft", P.JUDGEMENT_EDIT, of_criterion, get=None),
    Page("selfassessment:discard-draft", P.JUDGEMENT_EDIT, of_criterion, get=None),
    Page("selfassessment:review", P.JUDGEMENT_REVIEW, of_criterion),
    Page("selfassessment:bring-all-forward", P.JUDGEMENT_ASSIGN, ref),
    Page("selfassessment:bring-forward", P.JUDGEMENT_EDIT, of_criterion),
    Page("selfassessment:confirm-carried", P.JUDGEMENT_EDIT, of_criterion, get=None),
    Page("selfassessment:history", P.DRAFT_VIEW, of_criterion),
    Page("selfassessment:last-time", P.DRAFT_VIEW, of_criterion),
    Page("selfassessment:area-last-time", P.DRAFT_VIEW, of_area),
    Page("selfassessment:work", P.DRAFT_VIEW, ref),
    Page("selfassessment:said", P.DRAFT_VIEW, ref),
    Page("selfassessment:talk", P.DRAFT_VIEW, of_criterion),
    Page("selfassessment:start-thread", P.DRAFT_VIEW, of_criterion, get=None),
    Page("selfassessment:act-on-gap", P.DRAFT_VIEW, of_gap, get=None),
    Page("selfassessment:here", P.DRAFT_VIEW, of_criterion, get=None),
    Page("selfassessment:reply", P.DRAFT_VIEW, of("sa_thread"), get=None),
    Page("selfassessment:settle-thread", P.DRAFT_VIEW, of("sa_thread"), get=None),
    Page("selfassessment:link-evidence", P.JUDGEMENT_EDIT, of_criterion),
]
