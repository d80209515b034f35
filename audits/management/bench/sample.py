"""What the sample costs: importing an extract beside COPY of the same rows, and a list read far from its beginning."""

import gc
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from audits.management.bench.measure import beside, count
from cases import demo as cases_demo
from cases import operations as cases
from cases.checking import check_extract
from cases.copying import COLUMNS
from cases.models import Case
from ncpi.accounts.models import User

ROUNDS = 3
MOST_GROWTH = 10.0
# How far down, and what a page there may cost more than the first.
DEPTH = 0.9
DEEPER = 1.5
SLACK_PAGES = 24
# Fifty rows with what belongs to each, and the count by its index: not the rows of the whole list.
FIRST_PAGE_BUFFERS = 600
_MEGABYTE = 1024**2
_FRAME = """
INSERT INTO cases_frame (version, inspection_id, number, file_name, file_sha256, rows, imported_by_id, imported_at,
    digest)
VALUES (1, %s, 1, '', '', 0, %s, now(), '') RETURNING id
"""


def importing(demo: Any, rows: int) -> dict[str, Any]:
    """Check and keep an extract as the job does, beside COPY of the same rows into the same table, turn by turn."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as lines:
        file.write(_extract(demo, rows))
        _keep_lines(demo, file, lines)
        # The first of each warms both up.
        rounds = [(_import(demo, file), _copy(demo, lines)) for _ in range(ROUNDS + 1)][1:]
        acts, floors = [act for act, _ in rounds], [floor for _, floor in rounds]
        growth = _growth(lambda: _import(demo, file))
    return {
        "rows": rows,
        "seconds": round(statistics.median(acts), 2),
        "beside COPY": round(statistics.median(acts) / statistics.median(floors), 2),
        "memory growth in MB": growth,
    }


def import_gates(report: dict[str, Any]) -> list[str]:
    growth = report["memory growth in MB"]
    return [f"Import: held {growth} MB at once, at most {MOST_GROWTH:.0f}."] if growth > MOST_GROWTH else []


def _extract(demo: Any, rows: int) -> bytes:
    keys = list(demo.other_inspection.programme.case_types.order_by("order").values_list("key", flat=True))
    return cases_demo.extract(random.Random(1), keys, rows=rows)


def _checked(demo: Any, file: Any) -> Any:
    return check_extract(file, "csv", mapping=None, **cases.types_of(demo.other_inspection))


def _keep_lines(demo: Any, file: Any, lines: Any) -> None:
    """Write down what COPY would read, so that the floor has no checking in it."""
    with _checked(demo, file) as checked:
        while chunk := checked.lines.read(_MEGABYTE):
            lines.write(chunk)


def _import(demo: Any, file: Any) -> float:
    by, inspection = demo.other_people["coordinator"], demo.other_inspection
    with transaction.atomic():
        started = time.perf_counter()
        with _checked(demo, file) as checked:
            cases.keep_frame(
                by=by, inspection=inspection, file_name="bulk.csv", sha256="0" * 64, checked=checked, at=demo.at
            )
        return _ended(started)


def _copy(demo: Any, lines: Any) -> float:
    by, inspection = demo.other_people["coordinator"], demo.other_inspection
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FRAME, [inspection.pk, by.pk])
        (frame,) = cursor.fetchone()
        columns = ", ".join(COLUMNS)
        cursor.execute(f"ALTER TABLE cases_candidate ALTER frame_id SET DEFAULT {int(frame)}")
        lines.seek(0)
        started = time.perf_counter()
        cursor.copy_expert(f"COPY cases_candidate ({columns}) FROM STDIN", lines)
        return _ended(started)


def _ended(started: float) -> float:
    """Give the seconds with every reference checked, as a commit would, and take all of it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seconds = time.perf_counter() - started
    transaction.set_rollback(True)
    return seconds


def _growth(act: Callable[[], Any]) -> float:
    """Give the most megabytes that the act held at once, by the interpreter's own count, which repeats exactly.

    The size of the process would say nothing: it keeps what earlier acts have given back.
    """
    gc.collect()
    tracemalloc.start()
    try:
        act()
        return round(tracemalloc.get_traced_memory()[1] / _MEGABYTE, 1)
    finally:
        tracemalloc.stop()


class DeepList:
    """The list of a large sample's cases: its first page, and one at nine tenths of its length."""

    def __init__(self, bulk: Any) -> None:
        self.inspection = bulk.inspections[0]
        self.client = Client()
        person = User.objects.get(email="coordinator@bulk-1.example")
        self.client.force_login(person, backend="ncpi.accounts.backends.MembersBackend")
        self.address = reverse("cases:list", args=[self.inspection.ref])
        self.sizes: dict[str, Any] = {}

    def measure(self, size: str) -> None:
        rows = Case.objects.filter(inspection=self.inspection).order_by("pk")
        total = rows.count()
        code = rows.values_list("code", flat=True)[int(total * DEPTH)]

        def first() -> None:
            self._open("")

        def deep() -> None:
            self._open(f"?after={code}")

        for warm in (first, deep):
            warm()
        one, far = count(first), count(deep)
        self.sizes[size] = {
            "cases": total,
            "first page": {"queries": one.queries, "buffers": one.buffers},
            "at 90%": {"queries": far.queries, "buffers": far.buffers},
            "beside the first page": beside(deep, first).as_json(),
        }

    def gates(self) -> list[str]:
        failed = []
        for size, row in self.sizes.items():
            first, deep = row["first page"], row["at 90%"]
            if first["buffers"] > FIRST_PAGE_BUFFERS:
                failed.append(
                    f"List of cases at {size}: {first['buffers']} buffers at first, at most {FIRST_PAGE_BUFFERS}."
                )
            if deep["buffers"] > first["buffers"] * DEEPER + SLACK_PAGES:
                failed.append(f"List of cases at {size}: {deep['buffers']} buffers deep, {first['buffers']} at first.")
            # One more finds the row beside which the page stands.
            if deep["queries"] > first["queries"] + 1:
                failed.append(f"List of cases at {size}: {deep['queries']} queries deep, {first['queries']} at first.")
        return failed

    def _open(self, query: str) -> None:
        answer = self.client.get(self.address + query)
        if answer.status_code != 200:
            raise AssertionError(f"The list answered {answer.status_code}.")
