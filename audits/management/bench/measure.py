"""Counting queries, buffers and parameters; timing acts beside their floor."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, transaction

ROUNDS = 15
WARM_UP = 3


@dataclass
class Counted:
    """What one act asked of the database."""

    queries: int = 0
    buffers: int = 0
    rows: int = 0
    parameters: int = 0
    statements: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.queries += 1
            self.parameters = max(self.parameters, len(params or ()))
            self.statements.append((sql, params))
        return execute(sql, params, many, context)


def count(act: Callable[[], Any], *, by_index: bool = True) -> Counted:
    """Run an act once and count; the buffers are those of its reads, asked of the planner afterwards."""
    counted = Counted()
    with connection.execute_wrapper(counted):
        act()
    reads = [(sql, params) for sql, params in counted.statements if is_read(sql)]
    plans = [plan_of(sql, params, by_index=by_index) for sql, params in reads]
    counted.buffers = sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans)
    counted.rows = sum(map(rows_read, plans))
    return counted


def is_read(sql: str) -> bool:
    return sql.lstrip().startswith(("SELECT", "WITH")) and not any(
        word in sql for word in ("INSERT INTO", "UPDATE ", "DELETE FROM", "set_config")
    )


def plan_of(sql: str, params: Any, *, by_index: bool = True) -> dict[str, Any]:
    """Run a read and give its plan, with the pages that it touched in memory or on disk.

    A table of a few pages is read whole where a large one is read by its index, so that the two sizes could not be
    compared: both are asked for the plan by index. Where there is no index the whole table is read all the same.
    Without `by_index` it is the plan that the database chooses.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _plan_by_index(cursor, by_index)
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        plan: dict[str, Any] = cursor.fetchone()[0][0]["Plan"]
        _plan_by_index(cursor, False)
    return plan


def rows_read(plan: dict[str, Any]) -> int:
    """Count the rows that a plan took from tables, those it looked at and threw away among them."""
    below = sum(map(rows_read, plan.get("Plans", ())))
    if "Relation Name" not in plan:
        return below
    thrown = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return below + round((plan["Actual Rows"] + thrown) * plan["Actual Loops"])


def _plan_by_index(cursor: Any, wanted: bool) -> None:
    for way in ("seqscan", "hashjoin", "mergejoin"):
        cursor.execute(f"SET LOCAL enable_{way} = {'off' if wanted else 'on'}")


@dataclass(frozen=True)
class Timed:
    """An act beside its floor: medians in milliseconds, their ratio, and how much the ratio moved."""

    cpu: float
    wall: float
    cpu_ratio: float
    wall_ratio: float
    spread: float

    def as_json(self) -> dict[str, float]:
        return {key: round(value, 3) for key, value in asdict(self).items()}


def beside(
    act: Callable[[], Any], floor: Callable[[], Any], *, rounds: int = ROUNDS, after: Callable[[], Any] = bool
) -> Timed:
    """Time an act and its floor turn by turn, so that a busy machine slows both; `after` each act is not timed."""
    for _ in range(WARM_UP):
        act()
        after()
        floor()
    pairs = []
    for _ in range(rounds):
        timed = _timed(act)
        after()
        pairs.append((timed, _timed(floor)))
    acts, floors = zip(*pairs, strict=True)
    ratios = [mine[1] / other[1] for mine, other in pairs]
    return Timed(
        cpu=_median(acts, 0),
        wall=_median(acts, 1),
        cpu_ratio=_median(acts, 0) / _median(floors, 0) if _median(floors, 0) else 0.0,
        wall_ratio=_median(acts, 1) / _median(floors, 1),
        spread=statistics.pstdev(ratios) / statistics.mean(ratios),
    )


def _timed(act: Callable[[], Any]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def _median(pairs: Any, place: int) -> float:
    return statistics.median(pair[place] for pair in pairs)
