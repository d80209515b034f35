"""What is said about criteria, to whom, and who else has a criterion open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ncpi.accounts.access import forces_granting
from ncpi.accounts.permissions import Permission
from ncpi.inspections.models import Inspection
from ncpi.lib.clocks import Clock
from ncpi.selfassessment.models import Judgement
from ncpi.selfassessment.thread_models import Mention, Remark, Thread, ThreadKind

# After this long without a sign somebody is taken to have left the page.
GONE_AFTER = timedelta(minutes=2)
SAID_FILTERS = {"": "Still open", "questions": "Open questions", "all": "Everything"}


@dataclass(frozen=True)
class Talk:
    """One thread with all that was said in it, the oldest first."""

    thread: Thread
    remarks: tuple[Any, ...]


def talk_of(judgement: Judgement) -> list[Talk]:
    """Return the threads of a criterion in one query: open questions, open comments, then what is resolved."""
    rows = Remark.objects.filter(thread__judgement=judgement)
    rows = rows.select_related("by", "thread__opened_by", "thread__resolved_by")
    rows = rows.annotate(
        told=ArrayAgg("mentions__person__name", filter=Q(mentions__isnull=False), order_by="mentions__pk", default=None)
    )
    found: dict[int, list[Any]] = {}
    for row in rows.order_by("at", "pk"):
        found.setdefault(row.thread_id, []).append(row)
    talks = [Talk(said[0].thread, tuple(said)) for said in found.values()]
    for talk in talks:
        talk.thread.judgement = judgement
    return sorted(talks, key=lambda talk: (not talk.thread.is_open, not talk.thread.is_question, talk.thread.pk))


def may_resolve(thread: Thread, *, user: Any, reviews: bool) -> bool:
    """Say whether this person settles the thread: a comment anybody; a question who asked, or a reviewer not its lead.

    `reviews` says whether the person holds the permission to review here.
    """
    is_asker, holds_it = thread.opened_by_id == user.pk, thread.judgement.lead_id == user.pk
    return not thread.is_question or is_asker or (reviews and not holds_it)


def with_open_questions(rows: QuerySet[Judgement]) -> QuerySet[Judgement]:
    """Annotate how many questions keep each judgement from being agreed."""
    asked = Thread.objects.open_questions().filter(judgement=OuterRef("pk")).order_by().values("judgement")
    return rows.annotate(open_questions=Coalesce(Subquery(asked.annotate(count=Count("pk")).values("count")), 0))


def said_to(user: Any, inspection: Inspection, *, show: str) -> QuerySet[Remark]:
    """Return what others said to the person: by name, on criteria they hold, or in threads they spoke in."""
    to_me = Exists(Mention.objects.filter(remark=OuterRef("pk"), person=user))
    spoke = Exists(Remark.objects.filter(thread=OuterRef("thread"), by=user))
    rows = Remark.objects.filter(thread__judgement__inspection=inspection).exclude(by=user)
    rows = rows.annotate(is_to_me=to_me).filter(Q(is_to_me=True) | Q(thread__judgement__lead=user) | spoke)
    if show != "all":
        rows = rows.filter(thread__resolved_at=None)
    if show == "questions":
        rows = rows.filter(thread__kind=ThreadKind.QUESTION)
    return rows.select_related("by", "thread__judgement__criterion__area").order_by("-at", "-pk")


def waiting_for(user: Any, *, clock: Clock) -> QuerySet[Thread]:
    """Return open threads in which the next word is this person's.

    Those are threads that named them since they last spoke; questions on criteria they hold, and their own questions,
    when the last word was somebody else's.
    """
    words = Remark.objects.filter(thread=OuterRef("pk")).order_by("-pk")
    named = Mention.objects.filter(
        person=user, remark__thread=OuterRef("pk"), remark__gt=Coalesce(OuterRef("own_last"), 0)
    )
    rows = Thread.objects.open().filter(
        judgement__inspection__closed_at=None,
        judgement__inspection__force__clock_offset=clock.offset,
        judgement__inspection__force__in=forces_granting(user, Permission.DRAFT_VIEW),
    )
    rows = rows.annotate(
        last_by=Subquery(words.values("by")[:1]), own_last=Subquery(words.filter(by=user).values("pk")[:1])
    )
    theirs = Q(kind=ThreadKind.QUESTION) & (Q(judgement__lead=user) | Q(opened_by=user)) & ~Q(last_by=user)
    rows = rows.annotate(is_named=Exists(named)).filter(Q(is_named=True) | theirs)
    return rows.select_related("judgement__inspection", "judgement__criterion").order_by("opened_at", "pk")


def here_now(user: Any, ref: str, criterion: str, *, since: datetime) -> tuple[int | None, list[str]]:
    """Return a judgement's number and who else was there since a moment, in one query; no number is no such page."""
    rows = Judgement.objects.visible_to(user, Permission.DRAFT_VIEW)
    rows = rows.filter(inspection__ref=ref, criterion__key=criterion)
    found = list(rows.values_list("pk", "presences__user", "presences__user__name", "presences__seen_at"))
    others = {
        number: name for _, number, name, seen in found if number not in (None, user.pk) and seen and seen >= since
    }
    return (found[0][0] if found else None), sorted(others.values())
