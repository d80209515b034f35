"""What colleagues did since a person was last here, counted from the journal.

Each room that `settings.NEWS` names lists the kinds of journal line that its people want to hear of. A line is counted
for those who hold the kind's permission in the line's force; nobody is told of what they did themselves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.module_loading import import_string

from ncpi.accounts.access import memberships, permissions_in
from ncpi.accounts.models import JournalEntry
from ncpi.accounts.permissions import Permission
from ncpi.accounts.work import InspectionCard

# After a longer absence the journal says more than a list of counts.
LOOKS_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Kind:
    """One kind of journal line worth hearing of: its words for one and for many, and where to read on.

    `page` is the name of an address that takes the ref of an inspection.
    """

    subject_type: str
    verb: str
    one: str
    many: str
    permission: Permission
    page: str


@dataclass(frozen=True)
class News:
    """So many things of one kind in one force; `address` is empty where several inspections could be meant."""

    text: str
    force: str
    address: str


def kinds(subject_type: str, permission: Permission, page: str, words: Mapping[str, tuple[str, str]]) -> list[Kind]:
    """Return the kinds of one subject: each verb of the journal with the words for one and for many."""
    return [Kind(subject_type, verb, one, many, permission, page) for verb, (one, many) in words.items()]


def news_of(user: Any, *, since: datetime, cards: Iterable[InspectionCard], at: datetime) -> list[News]:
    """Return what others did after a moment, the latest first. `cards` are the person's open inspections."""
    rows = JournalEntry.objects.filter(
        force_id__in={row.force_id for row in memberships(user)}, at__gt=max(since, at - LOOKS_BACK)
    ).exclude(by=user)
    counted = rows.values("force_id", "subject_type", "verb").annotate(
        subjects=Count("subject_id", distinct=True), last=Max("pk")
    )
    forces = {row.force_id: row.force.name for row in memberships(user)}
    refs = _only_refs(cards)
    found = []
    for row in counted.order_by("-last"):
        kind = _kinds().get((row["subject_type"], row["verb"]))
        if kind and kind.permission in permissions_in(user, row["force_id"]):
            ref = refs.get(row["force_id"])
            text = f"1 {kind.one}" if row["subjects"] == 1 else f"{row['subjects']} {kind.many}"
            found.append(News(text, forces[row["force_id"]], reverse(kind.page, args=[ref]) if ref else ""))
    return found


def _only_refs(cards: Iterable[InspectionCard]) -> dict[int, str]:
    """Return the open inspection of each force that has just one."""
    refs: dict[int, list[str]] = {}
    for card in cards:
        refs.setdefault(card.force_id, []).append(card.ref)
    return {force_id: found[0] for force_id, found in refs.items() if len(found) == 1}


@cache
def _kinds() -> dict[tuple[str, str], Kind]:
    return {(kind.subject_type, kind.verb): kind for path in settings.NEWS for kind in import_string(path)}
