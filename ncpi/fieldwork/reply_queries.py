"""Every reply with the one next step that it asks of the co-ordinator."""

from collections.abc import Sequence
from dataclasses import dataclass

from ncpi.fieldwork import problem_queries
from ncpi.fieldwork.models import Invitation, Part, Person, Reply, SessionPerson
from ncpi.fieldwork.queries import published_of
from ncpi.fieldwork.stand_ins import Known, meant, obstacles
from ncpi.inspections.models import Inspection

# What a reply asks of the co-ordinator.
NOTHING, WAIT, REPLAN, TIMES, STAND_IN, REFUSE = "nothing", "wait", "replan", "times", "stand_in", "refuse"


@dataclass(frozen=True)
class StandIn:
    """Who was meant as a stand-in, if anybody that may come, and what stands in the way."""

    person: Person | None
    obstacles: list[str]


@dataclass(frozen=True)
class ReplyRow:
    invitation: Invitation
    stand_in: StandIn | None = None

    @property
    def step(self) -> str:
        one = self.invitation
        if one.reply == Reply.ACCEPTED:
            return NOTHING
        if one.reply == Reply.NONE:
            return WAIT
        if one.handled_at is not None or one.reply == Reply.DECLINED:
            return REPLAN
        if one.reply == Reply.OTHER_TIMES:
            return TIMES
        return STAND_IN if self.stand_in and self.stand_in.person and not self.stand_in.obstacles else REFUSE


def rows_of(inspection: Inspection, invitations: Sequence[Invitation]) -> list[ReplyRow]:
    """Return rows for the page, in a number of queries that does not grow with them."""
    proposed = [one for one in invitations if one.reply == Reply.STAND_IN and one.handled_at is None]
    found = stand_ins_of(inspection, proposed) if proposed else {}
    return [ReplyRow(one, found.get(one.pk)) for one in invitations]


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
