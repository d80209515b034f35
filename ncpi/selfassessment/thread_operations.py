"""What people say to each other about a criterion: questions and comments, answers, and when one is settled.

None of it is material to a signature or to a summary, so nothing here marks the inspection as changed.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.accounts.access import colleagues, permissions_in
from ncpi.accounts.permissions import Permission
from ncpi.inspections.operations import refuse_closed
from ncpi.lib.versions import swap
from ncpi.selfassessment import queries
from ncpi.selfassessment.mentions import mentions_in
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.operations import NotPossibleNow
from ncpi.selfassessment.thread_models import Mention, Presence, Remark, Thread, ThreadKind

LONGEST_REMARK = 5_000
MOST_TOLD = 20


class NobodyOfThatName(Exception):
    """A name was called that nobody has who reads the drafts of this force; the text says which."""


class NotYoursToResolve(Exception):
    """A question is settled by who asked it or by a reviewer, not by who has to answer it."""


@transaction.atomic
def start_thread(
    *, by: Any, judgement: Judgement, kind: str, text: str, tell: Iterable[int] = (), at: datetime
) -> Thread:
    """Ask a question or make a comment on a criterion; `tell` are the numbers of people to tell beside those named.

    The race is with a reviewer who agrees: both lock the judgement, so a question asked before is seen, and one asked
    after finds the judgement agreed.
    """
    inspection = judgement.inspection
    refuse_closed(inspection)
    said, told = _checked(inspection.force, text, tell)
    _hold(judgement.pk)
    thread = Thread.objects.create(judgement=judgement, kind=kind, opened_by=by, opened_at=at)
    _say(by, thread, said, told, at)
    verb = "asked" if kind == ThreadKind.QUESTION else "commented"
    journal.record(by=by, verb=verb, subject=thread, force=inspection.force, detail=_detail(told))
    return thread


@transaction.atomic
def reply(*, by: Any, thread: Thread, text: str, tell: Iterable[int] = (), at: datetime) -> Remark:
    """Answer in an open thread. The race is with who resolves it: both lock the thread."""
    inspection = thread.judgement.inspection
    refuse_closed(inspection)
    said, told = _checked(inspection.force, text, tell)
    now = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    if not now.is_open:
        raise NotPossibleNow("Somebody resolved this meanwhile. Open it again to go on; what you typed is kept below.")
    remark = _say(by, thread, said, told, at)
    journal.record(by=by, verb="replied", subject=thread, force=inspection.force, detail=_detail(told))
    return remark


@transaction.atomic
def resolve(*, by: Any, thread: Thread, version: int, at: datetime) -> Thread:
    """Settle a thread. A question is settled by who asked it, or by a reviewer who does not hold the criterion."""
    judgement = thread.judgement
    refuse_closed(judgement.inspection)
    if not thread.is_open:
        raise NotPossibleNow("This is resolved already.")
    reviews = Permission.JUDGEMENT_REVIEW in permissions_in(by, judgement.inspection.force_id)
    if not queries.may_resolve(thread, user=by, reviews=reviews):
        raise NotYoursToResolve("A question is resolved by the person who asked it, or by a reviewer.")
    resolved = swap(thread, version=version, resolved_by=by, resolved_at=at)
    journal.record(by=by, verb="resolved", subject=resolved, force=judgement.inspection.force)
    return resolved


@transaction.atomic
def reopen(*, by: Any, thread: Thread, version: int, at: datetime) -> Thread:
    """Take a thread up again; as when a question is asked, a reviewer who agrees comes before or after."""
    inspection = thread.judgement.inspection
    refuse_closed(inspection)
    if thread.is_open:
        raise NotPossibleNow("This is open already.")
    _hold(thread.judgement_id)
    opened = swap(thread, version=version, resolved_by=None, resolved_at=None)
    journal.record(by=by, verb="reopened", subject=opened, force=inspection.force)
    return opened


@transaction.atomic(savepoint=False)
def be_here(*, by: Any, judgement_id: int, at: datetime) -> None:
    """Note that the person has the criterion's page open; one statement."""
    Presence.objects.bulk_create(
        [Presence(judgement_id=judgement_id, user=by, seen_at=at)],
        update_conflicts=True,
        unique_fields=["judgement", "user"],
        update_fields=["seen_at"],
    )


def _hold(judgement_id: int) -> None:
    Judgement.objects.select_for_update(no_key=True).only("pk").get(pk=judgement_id)


def _checked(force: Any, text: str, tell: Iterable[int]) -> tuple[str, Collection[int]]:
    """Return what is said, and the numbers of the people it is said to."""
    said = text.strip()
    if not said:
        raise NotPossibleNow("Write something first.")
    if len(said) > LONGEST_REMARK:
        raise NotPossibleNow(f"Keep it under {LONGEST_REMARK:,} characters; this has {len(said):,}.")
    names = dict(colleagues(force, Permission.DRAFT_VIEW).values_list("pk", "name"))
    found = mentions_in(said, names)
    if found.shared:
        raise NobodyOfThatName(f"More than one colleague is called {found.shared[0]}. Choose one from the list.")
    if found.unknown:
        raise NobodyOfThatName(
            f"Nobody who can read this is called “{found.unknown[0]}”. Choose somebody from the list, or write the "
            "name as the list has it."
        )
    told = dict.fromkeys((*tell, *found.people))
    if not told.keys() <= names.keys():
        raise NobodyOfThatName("One of the people you chose cannot read this. Choose from the list.")
    if len(told) > MOST_TOLD:
        raise NotPossibleNow(f"Tell {MOST_TOLD} people at most; this names {len(told)}.")
    return said, list(told)


def _say(by: Any, thread: Thread, text: str, told: Collection[int], at: datetime) -> Remark:
    remark = Remark.objects.create(thread=thread, text=text, by=by, at=at)
    Mention.objects.bulk_create([Mention(remark=remark, person_id=number) for number in told])
    return remark


def _detail(told: Collection[int]) -> str:
    return f"told {', '.join(f'User {number}' for number in told)}" if told else ""
