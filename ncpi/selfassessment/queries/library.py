"""The evidence library as a list: what is asked of it, in which order, and as it is taken away."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, F, Q, QuerySet

from ncpi.accounts.models import User
from ncpi.inspections.models import Criterion, Inspection
from ncpi.selfassessment.models import Evidence, EvidenceKind, EvidenceLink, Marking

LIBRARY_USES = {
    "": "In use",
    "unlinked": "In use, supports nothing yet",
    "outside": "In use, speaks for no day of the evidence period",
    "withdrawn": "Withdrawn",
}
LIBRARY_REVIEWS = {
    "": "At any time",
    "fieldwork": "Before fieldwork starts",
    "passed": "Passed already",
    "none": "No date is set",
}
LIBRARY_SORTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "newest": ("Newest period", ("-period_to_date", "title", "pk")),
    "oldest": ("Oldest period", ("period_to_date", "title", "pk")),
    "title": ("Title", ("title", "pk")),
    "review": ("Review date", (F("review_date").asc(nulls_last=True), "title", "pk")),
    "owner": ("Owner", ("owner__name", "title", "pk")),
    "uses": ("Criteria supported, fewest first", ("uses", "title", "pk")),
}
LIBRARY_COLUMNS = (
    "title", "kind", "from", "to", "review by", "marking", "owner", "link", "file", "version", "criteria", "supports",
)  # fmt: skip
_LINKED = Q(links__removed_at=None)


@dataclass(frozen=True)
class LibraryFilter:
    """What a person asked to see of the library; what makes no sense asks for nothing."""

    text: str = ""
    kind: str = ""
    criterion: str = ""
    use: str = ""
    owner: int | None = None
    marking: str = ""
    review: str = ""
    period_from: date | None = None
    period_to: date | None = None
    sort: str = "newest"

    @classmethod
    def of(cls, asked: Any) -> "LibraryFilter":
        kind, marking, sort = asked.get("kind", ""), asked.get("marking", ""), asked.get("sort", "")
        use, review, owner = asked.get("use", ""), asked.get("review", ""), asked.get("owner", "")
        return cls(
            text=asked.get("text", "").replace("\0", "")[:200],
            kind=kind if kind in EvidenceKind.values else "",
            criterion=asked.get("criterion", "").replace("\0", "")[:40],
            use=use if use in LIBRARY_USES else "",
            owner=int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 10 else None,
            marking=marking if marking in Marking.values else "",
            review=review if review in LIBRARY_REVIEWS else "",
            period_from=_day(asked.get("from", "")),
            period_to=_day(asked.get("to", "")),
            sort=sort if sort in LIBRARY_SORTS else "newest",
        )

    @property
    def is_open(self) -> bool:
        """Something is asked for that the page keeps folded away until it is used."""
        return any((self.owner, self.marking, self.review, self.period_from, self.period_to))

    @property
    def is_any(self) -> bool:
        return self != replace(LibraryFilter(), sort=self.sort)


def library(inspection: Inspection, *, asked: LibraryFilter, on: date) -> QuerySet[Evidence]:
    """Return the library's pieces that the filter lets through, in the order asked for."""
    rows: Any = Evidence.objects.filter(inspection=inspection)
    rows = rows.exclude(withdrawn_at=None) if asked.use == "withdrawn" else rows.in_use()
    rows = _of_period(_of_review(rows, inspection, asked, on), inspection, asked)
    if asked.text:
        rows = rows.filter(title__icontains=asked.text)
    for name in ("kind", "owner", "marking"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    if asked.criterion:
        rows = rows.filter(pk__in=_supporting(inspection, asked.criterion))
    rows = rows.annotate(uses=Count("links", filter=_LINKED))
    if asked.use == "unlinked":
        rows = rows.filter(uses=0)
    found: QuerySet[Evidence] = rows.with_newest_file().select_related("owner")
    return found.order_by(*LIBRARY_SORTS[asked.sort][1])


def library_rows(rows: Any) -> list[tuple[Any, ...]]:
    """Return the pieces as they are taken away, with the criteria that each supports."""
    key = "links__judgement__criterion__key"
    return [
        (
            row.title, row.get_kind_display(), row.period_from_date, row.period_to_date, row.review_date,
            row.get_marking_display(), row.owner.name, row.link, row.newest_name or "", row.newest_number or "",
            row.uses, row.supports,
        )
        for row in rows.annotate(supports=StringAgg(key, " ", filter=_LINKED, order_by=key, default=""))
    ]  # fmt: skip


def library_owners(inspection: Inspection) -> QuerySet[User]:
    """Return who owns something in this library."""
    owners = Evidence.objects.filter(inspection=inspection).values("owner")
    return User.objects.filter(pk__in=owners).only("name").order_by("name", "pk")


def library_criteria(inspection: Inspection) -> QuerySet[Criterion, tuple[str, str]]:
    """Return key and title of what a piece may support, in the programme's order."""
    rows = Criterion.objects.filter(area__programme=inspection.programme_id)
    return rows.order_by("area__order", "order", "pk").values_list("key", "title")


def _of_review(rows: Any, inspection: Inspection, asked: LibraryFilter, on: date) -> Any:
    if asked.review == "fieldwork":
        return rows.filter(review_date__lt=inspection.fieldwork_start_date)
    if asked.review == "passed":
        return rows.filter(review_date__lt=on)
    return rows.filter(review_date=None) if asked.review == "none" else rows


def _of_period(rows: Any, inspection: Inspection, asked: LibraryFilter) -> Any:
    """Keep what speaks for a day of the period asked for, or for none of the inspection's evidence period."""
    if asked.period_from:
        rows = rows.filter(period_to_date__gte=asked.period_from)
    if asked.period_to:
        rows = rows.filter(period_from_date__lte=asked.period_to)
    if asked.use == "outside":
        starts_late = Q(period_from_date__gt=inspection.evidence_to_date)
        rows = rows.filter(starts_late | Q(period_to_date__lt=inspection.evidence_from_date))
    return rows


def _supporting(inspection: Inspection, key: str) -> Any:
    links = EvidenceLink.objects.filter(removed_at=None, judgement__criterion__key=key)
    return links.filter(evidence__inspection=inspection).values("evidence")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
