"""Every reply with the one next step that it asks of the co-ordinator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from ncpi.fieldwork import problem_queries
from ncpi.fieldwork.models import (
    Invitation,
    Part,
    Person,
    PlacementPerson,
    Reply,
    SessionPerson,
    Timetable,
    TimetableState,
)
from ncpi.fieldwork.queries import invited, latest_of, published_of
from ncpi.fieldwork.stand_ins import Known, meant, obstacles
from ncpi.inspections.models import Inspection

# What a reply asks of the co-ordinator.
NOTHING, WAIT, REPLAN, TIMES, STAND_IN, REFUSE = "nothing", "wait", "replan", "times", "stand_in", "refuse"
# The newest draft has them no more where they said no, or the session is over.
PLANNED, OVER = "planned", "over"
SETTLED_NO = Q(reply=Reply.DECLINED) | (Q(reply=Reply.OTHER_TIMES) & ~Q(handled_at=None))


@dataclass(frozen=True)
class StandIn:
    """Who was meant as a stand-in, if anybody that may come, and what stands in the way."""

    person: Person | None
    obstacles: list[str]


@dataclass(frozen=True)
class ReplyRow:
    invitation: Invitation
    stand_in: StandIn | None = None
    is_over: bool = False
    is_planned: bool = False

    @property
    def step(self) -> str:
        one = self.invitation
        if self.is_over:
            return OVER
        if one.reply == Reply.ACCEPTED:
            return NOTHING
        if one.reply == Reply.NONE:
            return WAIT
        if one.handled_at is not None or one.reply == Reply.DECLINED:
            return PLANNED if self.is_planned else REPLAN
        if one.reply == Reply.OTHER_TIMES:
            return TIMES
        return STAND_IN if self.stand_in and self.stand_in.person and not self.stand_in.obstacles else REFUSE


@dataclass(frozen=True)
class Replan:
    """The settled answers for which the timetable has yet to change, and the draft that may do so already.

    `left` and `planned` are invitations by number: those that the newest draft still has as they are, and the others.
    """

    draft: Timetable | None
    left: frozenset[int]
    planned: frozenset[int]


def replan_of(inspection: Inspection, *, at: datetime) -> Replan:
    """Return what is to be planned around from a moment on."""
    latest = latest_of(inspection)
    draft = latest if latest and latest.state == TimetableState.DRAFT else None
    rows = invited(inspection, at=at).filter(SETTLED_NO)
    seats = PlacementPerson.objects.filter(
        timetable=draft, person=OuterRef("person"), placement__session=OuterRef("session"), during=OuterRef("during")
    )
    stays = dict(rows.annotate(stays=Exists(seats)).values_list("pk", "stays"))
    left = frozenset(key for key, one in stays.items() if one or draft is None)
    return Replan(draft, left, frozenset(stays) - left)


def counts_of(inspection: Inspection, *, at: datetime) -> dict[str, int]:
    """Count the answers in force: of sessions to come by what they say, and those of sessions that are over."""
    rows = Invitation.objects.filter(session__inspection=inspection, is_cancelled=False)
    to_come = Q(during__endswith__gt=at)
    open_offers = Q(reply__in=[Reply.OTHER_TIMES, Reply.STAND_IN], handled_at=None)
    return rows.aggregate(
        accepted=Count("pk", filter=to_come & Q(reply=Reply.ACCEPTED)),
        unanswered=Count("pk", filter=to_come & Q(reply=Reply.NONE)),
        not_coming=Count("pk", filter=to_come & Q(reply__in=Reply.not_coming())),
        to_decide=Count("pk", filter=to_come & open_offers),
        over=Count("pk", filter=~to_come),
    )


def rows_of(
    inspection: Inspection, invitations: Sequence[Invitation], replan: Replan, *, at: datetime
) -> list[ReplyRow]:
    """Return rows for the page, in a number of queries that does not grow with them."""
    over = {one.pk for one in invitations if one.during.upper <= at}
    proposed = [
        one for one in invitations if one.reply == Reply.STAND_IN and one.handled_at is None and one.pk not in over
    ]
    found = stand_ins_of(inspection, proposed) if proposed else {}
    return [ReplyRow(one, found.get(one.pk), one.pk in over, one.pk in replan.planned) for one in invitations]


def stand_ins_of(inspection: Inspection, proposed: Sequence[Invitation]) -> dict[int, StandIn]:
    """Return, for invitations with a proposal, who is meant and whether they can come.

    In the place of one of a pool comes another of it; in the place of somebody named, anybody of the force.
    """
    people = {str(one.pk): one for one in Person.objects.here().filter(force_id=inspection.force_id)}
    pools: dict[int, set[str]] = {}
    in_pool = SessionPerson.objects.filter(session__in=[one.session_id for one in proposed], part=Part.POOL)
    for session, person in in_pool.values_list("session_id", "person_id"):
        pools.setdefault(session, set()).add(str(person))
    published = published_of(inspection)
    plan = problem_queries.plan_of(published) if published else {}
    problem = problem_queries.problem_of(inspection)
    found = {}
    for one in proposed:
        pool, leaving = pools.get(one.session_id, set()), str(one.person_id)
        allowed = pool if leaving in pool else people.keys()
        known = meant(
            one.stand_in,
            [Known(key, who.reference, who.email) for key, who in people.items() if key in allowed and key != leaving],
        )
        if known is None:
            found[one.pk] = StandIn(None, [])
            continue
        reasons = obstacles(problem, plan, session=str(one.session_id), leaving=leaving, coming=known.id)
        found[one.pk] = StandIn(people[known.id], reasons)
    return found
