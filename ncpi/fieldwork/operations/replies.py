"""What somebody who cannot come says instead, and what the co-ordinator makes of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from ncpi.accounts import journal
from ncpi.fieldwork.cells import Span
from ncpi.fieldwork.models import Band, Duty, DutyKind, Invitation, OfferedTime, Reply
from ncpi.fieldwork.operations.invitations import keep_reply
from ncpi.inspections.models import Inspection
from ncpi.lib import dates
from ncpi.lib.versions import swap

MOST_TIMES = 5


class TimesDoNotFit(Exception):
    """The times offered are past, too short for the session, or too many."""


class NothingToTakeOver(Exception):
    """The reply offers no times, or they were taken over before."""


@transaction.atomic
def offer_other_times(
    *, by: Any, invitation: Invitation, version: int, times: Sequence[Span], at: datetime
) -> Invitation:
    """Take a person's "I cannot then", with when they could come."""
    _refuse_unfit(invitation, times, at)
    invitation = keep_reply(by=by, invitation=invitation, version=version, reply=Reply.OTHER_TIMES, at=at)
    OfferedTime.objects.bulk_create(OfferedTime(invitation=invitation, during=span) for span in dates.merged(times))
    return invitation


@transaction.atomic
def propose_stand_in(*, by: Any, invitation: Invitation, version: int, who: str, at: datetime) -> Invitation:
    """Take a proposal that somebody else comes; whether they can, the co-ordinator sees and the proposer does not."""
    return keep_reply(by=by, invitation=invitation, version=version, reply=Reply.STAND_IN, stand_in=who, at=at)


@transaction.atomic
def take_over_times(
    *, by: Any, inspection: Inspection, invitation: Invitation, version: int, at: datetime
) -> Invitation:
    """Make what somebody offered their own times: busy when they were asked, and there when they said they could be.

    What they offered outside their shifts is marked as agreed by them on the day of their reply; of a partner it is
    another time offered.
    """
    if invitation.reply != Reply.OTHER_TIMES or invitation.handled_at is not None:
        raise NothingToTakeOver("These times were taken over already, or the answer has changed.")
    invitation = swap(invitation, version=version, handled_at=at)
    person = invitation.person
    held: dict[str, list[Span]] = {}
    for kind, during in Duty.objects.filter(person=person).values_list("kind", "during"):
        held.setdefault(kind, []).append((during.lower, during.upper))
    asked = (invitation.during.lower, invitation.during.upper)
    busy = dates.without([asked], held.get(DutyKind.BUSY, []))
    there = [span for kind in DutyKind.can_be_asked() for span in held.get(kind, [])]
    offered = [(one.during.lower, one.during.upper) for one in invitation.offered_times.order_by("during", "pk")]
    is_partner = person.band == Band.PARTNER
    mark = {} if is_partner else {"agreed_by": person.name, "agreed_date": _day_of(invitation.replied_at or at)}
    kind = DutyKind.OFFERED if is_partner else DutyKind.AGREED
    Duty.objects.bulk_create(
        [
            *(Duty(person=person, kind=DutyKind.BUSY, during=span, note="Cannot then") for span in busy),
            *(Duty(person=person, kind=kind, during=span, **mark) for span in dates.without(offered, there)),
        ]
    )
    journal.record(by=by, verb="took over the times of", subject=invitation, force=inspection.force)
    return invitation


def _day_of(moment: datetime) -> Any:
    return dates.to_local(moment).date()


def _refuse_unfit(invitation: Invitation, times: Sequence[Span], at: datetime) -> None:
    minutes = invitation.session.minutes
    if not 1 <= len(times) <= MOST_TIMES:
        raise TimesDoNotFit(f"Offer from one to {MOST_TIMES} times.")
    for start, end in times:
        local = dates.to_local(start)
        if start < at:
            raise TimesDoNotFit(f"{local.day} {local:%B %H:%M} is past.")
        if end - start < timedelta(minutes=minutes):
            raise TimesDoNotFit(
                f"{local.day} {local:%B %H:%M}: the session lasts {minutes} minutes, and this is shorter."
            )
