"""Who has which role, and what the journal says. Everything is limited to the forces where the reader may look."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from ncpi.accounts.access import forces_granting
from ncpi.accounts.models import JournalEntry, Membership, MembershipQuerySet, User
from ncpi.accounts.permissions import Permission

UNUSED_AFTER = timedelta(days=90)
READING_DAYS = 30


@dataclass(frozen=True)
class JournalFilter:
    """What to look for in the journal; empty parts ask for nothing."""

    person: str = ""
    verb: str = ""
    subject: str = ""
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True)
class Reading:
    """How much protected material one person opened lately, and on their busiest day."""

    name: str
    total: int
    days: int
    busiest: int


def managed_memberships(user: Any) -> MembershipQuerySet:
    """Return every role, past and present, in the forces whose people the user manages."""
    forces = forces_granting(user, Permission.PEOPLE_MANAGE)
    return Membership.objects.filter(force_id__in=forces).select_related("user", "force")


def people_of(user: Any, *, on: date, search: str = "", role: str = "") -> MembershipQuerySet:
    """Return the current roles that the user manages, in order of name."""
    rows = managed_memberships(user).current(on)
    if search:
        rows = rows.filter(Q(user__name__icontains=search) | Q(user__email__icontains=search))
    if role:
        rows = rows.filter(role=role)
    return rows.order_by("user__name", "user_id", "force__name", "role", "pk")


def is_unused(membership: Membership, at: datetime) -> bool:
    """Whether the person has not been here for so long that the role should be asked about."""
    seen = membership.user.last_seen_at
    return seen is None or at - seen > UNUSED_AFTER


def last_reviews(user: Any) -> dict[int, datetime]:
    """Return when the access of each managed force was last gone through."""
    rows = JournalEntry.objects.filter(
        force_id__in=forces_granting(user, Permission.PEOPLE_MANAGE), verb="reviewed access"
    )
    return {row.force_id: row.at for row in rows.order_by("at", "pk") if row.force_id is not None}


def journal_of(user: Any, wanted: JournalFilter) -> QuerySet[JournalEntry]:
    """Return the journal lines of the forces where the user may read it, newest first."""
    rows = JournalEntry.objects.filter(force_id__in=forces_granting(user, Permission.JOURNAL_VIEW))
    if wanted.person:
        people = User.objects.filter(Q(name__icontains=wanted.person) | Q(email__icontains=wanted.person))
        rows = rows.filter(by__in=people.values("pk"))
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.subject:
        rows = rows.filter(subject__icontains=wanted.subject)
    if wanted.from_date:
        rows = rows.filter(at__date__gte=wanted.from_date)
    if wanted.to_date:
        rows = rows.filter(at__date__lte=wanted.to_date)
    return rows.select_related("by", "force").order_by("-at", "-pk")


def journal_page(
    rows: QuerySet[JournalEntry], *, before: tuple[datetime, int] | None, size: int
) -> tuple[list[JournalEntry], bool]:
    """Return one page of the journal from a place in it, and whether there is more.

    By place and not by number: page ten thousand costs what page one costs.
    """
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def verbs_of(user: Any) -> list[str]:
    """Return the verbs that occur in the journals the user may read."""
    rows = JournalEntry.objects.filter(force_id__in=forces_granting(user, Permission.JOURNAL_VIEW))
    return list(rows.order_by("verb").values_list("verb", flat=True).distinct())


def readings_of(user: Any, *, at: datetime) -> list[Reading]:
    """Return who opened protected material in the last 30 days, most first, so that unusual reading shows."""
    rows = JournalEntry.objects.filter(
        force_id__in=forces_granting(user, Permission.JOURNAL_VIEW),
        verb="read",
        at__gte=at - timedelta(days=READING_DAYS),
    )
    a_day = rows.values("by_id", "by__name", "at__date").annotate(count=Count("pk")).order_by("by_id", "at__date")
    found: dict[int, Reading] = {}
    for row in a_day:
        earlier = found.get(row["by_id"], Reading(row["by__name"] or "The service", 0, 0, 0))
        found[row["by_id"]] = Reading(
            earlier.name,
            earlier.total + row["count"],
            earlier.days + 1,
            max(earlier.busiest, row["count"]),
        )
    return sorted(found.values(), key=lambda reading: (-reading.total, reading.name))
