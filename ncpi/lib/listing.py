"""Lists: pages of rows, filters that live in the address, exports of what is shown."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE_SIZE = 50


@dataclass(frozen=True)
class Listing:
    """One page of a list, and the address parts that keep its filters."""

    page: Page
    query: str


def listing(request: HttpRequest, rows: Any, *, size: int = PAGE_SIZE) -> Listing:
    """Cut the asked-for page out of ordered rows; a page number that makes no sense gives the nearest page."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    return Listing(page=page, query=kept.urlencode())


@dataclass(frozen=True)
class Stretch:
    """A page of a long list, read from a place in it and not by counting rows: `before` and `after` name its ends."""

    rows: list[Any]
    count: int
    before: str
    after: str
    query: str


def stretch(request: HttpRequest, rows: Any, *, sign: str, size: int = PAGE_SIZE) -> Stretch:
    """Cut a page out of rows in the order of their keys; `sign` is the field by which the address names a row.

    `?after=` and `?before=` name the row beside the page; a name that makes no sense gives the first page.
    """
    way = next((way for way in ("after", "before") if request.GET.get(way)), "")
    beside = rows.filter(**{sign: request.GET[way]}).values_list("pk", flat=True).first() if way else None
    if beside is None:
        found, has_before = list(rows.order_by("pk")[: size + 1]), False
        has_after = len(found) > size
        found = found[:size]
    elif way == "after":
        found, has_before = list(rows.filter(pk__gt=beside).order_by("pk")[: size + 1]), True
        has_after = len(found) > size
        found = found[:size]
    else:
        found, has_after = list(rows.filter(pk__lt=beside).order_by("-pk")[: size + 1]), True
        has_before = len(found) > size
        found = found[:size][::-1]
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    return Stretch(
        rows=found,
        count=rows.count(),
        before=getattr(found[0], sign) if found and has_before else "",
        after=getattr(found[-1], sign) if found and has_after else "",
        query=kept.urlencode(),
    )
