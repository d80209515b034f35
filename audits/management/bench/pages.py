"""Every page against the bare one, at two sizes of what belongs to others."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.test.utils import override_settings

from audits.management.bench.addresses import Address
from audits.management.bench.measure import Counted, beside, count

BARE = "/bench/bare"
STOCK_BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_QUERIES = 12
# Buffers may differ by so much between the two sizes: a deeper index costs a page or two.
SLACK_SHARE, SLACK_PAGES = 0.10, 24
ROUNDS = 5


@dataclass
class Page:
    """One page as opened by one person."""

    address: Address
    client: Client
    status: int

    def open(self) -> Any:
        response = self.client.get(self.address.path)
        # A file is made while it is sent.
        for _ in getattr(response, "streaming_content", ()):
            pass
        return response


class Pages:
    """The pages that answer a GET, and what each cost at each size."""

    def __init__(self, demo: Any, addresses: Any) -> None:
        self.unlisted: list[str] = []
        self.empty: list[str] = []
        self.rows: dict[str, dict[str, Any]] = {}
        self._clients: dict[int | None, Client] = {}
        self._bare = Page(Address("bare", BARE, demo.people["coordinator"]), _floor(demo.people["coordinator"]), 200)
        self.pages = [page for page in map(self._page, addresses.all()) if page]

    def measure(self, size: str) -> None:
        """Count each page, once it has been opened twice."""
        for page in self.pages:
            page.open()
            row = self.rows.setdefault(page.address.name, {"status": page.status, "counts": {}})
            row["counts"][size] = _counts(count(page.open))

    def time(self) -> None:
        for page in self.pages:
            self.rows[page.address.name]["time"] = beside(page.open, self._bare.open, rounds=ROUNDS).as_json()

    def opener(self, path: str, person: Any) -> Callable[[], Any]:
        return Page(Address(path, path, person), self._client(person), 200).open

    @property
    def bare(self) -> Callable[[], Any]:
        return self._bare.open

    def _page(self, address: Address | str) -> Page | None:
        if isinstance(address, str):
            self.unlisted.append(address)
            return None
        if not address.path:
            self.empty.append(address.name)
            return None
        client = self._client(address.person)
        status = client.get(address.path).status_code
        if status == 405:
            return None
        if status in (403, 404):
            self.empty.append(address.name)
            return None
        return Page(address, client, status)

    def _client(self, person: Any) -> Client:
        key = person and person.pk
        if key not in self._clients:
            self._clients[key] = Client()
            if person:
                self._clients[key].force_login(person, backend="ncpi.accounts.backends.MembersBackend")
                _note_the_visit(self._clients[key])
        return self._clients[key]


def gates(rows: dict[str, dict[str, Any]]) -> list[str]:
    """Say which pages ask too much, or more when others have more."""
    failed = []
    for name, row in rows.items():
        counts = list(row["counts"].values())
        asked = max(found["queries"] for found in counts)
        if asked > MOST_QUERIES:
            failed.append(f"{name}: {asked} queries, at most {MOST_QUERIES}.")
        small, large = counts[0], counts[-1]
        if small["queries"] != large["queries"]:
            failed.append(f"{name}: {small['queries']} queries at one size, {large['queries']} at another.")
        if large["buffers"] > small["buffers"] * (1 + SLACK_SHARE) + SLACK_PAGES:
            failed.append(f"{name}: {small['buffers']} buffers at one size, {large['buffers']} at another.")
        if large["parameters"] > 100:
            failed.append(f"{name}: a query with {large['parameters']} parameters, at most 100.")
    return failed


def _floor(person: Any) -> Client:
    """Sign somebody in with Django's own sessions and backend.

    What this product finds faster than Django does is its gain and no part of the floor.
    """
    client = Client()
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.db"):
        client.force_login(person, backend=STOCK_BACKEND)
        _note_the_visit(client)
        # The client takes up its sessions at its first request, and keeps them.
        if client.get(BARE).status_code != 200:
            raise AssertionError("The bare page is not there.")
    return client


def _note_the_visit(client: Client) -> None:
    """Write now that the person was here, for as long as the benchmark takes: a page does so once a minute."""
    session = client.session
    session["seen"] = time.time() + 24 * 60 * 60
    session.save()


def _counts(counted: Counted) -> dict[str, int]:
    return {"queries": counted.queries, "buffers": counted.buffers, "parameters": counted.parameters}
