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
