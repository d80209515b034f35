"""Query sets that are turned into SQL once a process: the way for what every page asks.

Django writes the SQL of a query set anew each time it is evaluated. For one row with what belongs to it that is ten
times the work of asking the database and reading the answer. A prepared query is built from an ordinary query set,
scope and all, with a `Parameter` wherever a use gives a value.
"""

import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, get_related_populators
from django.http import Http404

# Django's own way from a row to the objects that belong to it; its stubs describe another release.
_populators: Any = get_related_populators

Row = TypeVar("Row", bound=models.Model)


class Parameter(Expression):
    """Stands in a query set for a value that each use of the prepared query gives."""

    def __init__(self, name: str, output_field: models.Field | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class NotPreparable(Exception):
    """This query set is not made of one statement that gives whole rows."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A query set as SQL, and how a row of its answer becomes an object."""

    database: str
    sql: str
    params: tuple[Any, ...]
    model: type[models.Model]
    own: slice
    names: tuple[str, ...]
    related: tuple[Any, ...]
    annotations: tuple[tuple[str, int], ...]
    converters: tuple[tuple[int, tuple[list[Any], Any]], ...]

    def bound(self, values: dict[str, Any]) -> list[Any]:
        return [values[param.name] if isinstance(param, Parameter) else param for param in self.params]

    def objects(self, rows: list[Any]) -> Any:
        connection = connections[self.database]
        for row in rows:
            if self.converters:
                row = list(row)
                for place, (convert, expression) in self.converters:
                    for step in convert:
                        row[place] = step(row[place], expression, connection)
            made = self.model.from_db(self.database, self.names, row[self.own])
            for populator in self.related:
                populator.populate(row, made)
            for name, place in self.annotations:
                setattr(made, name, row[place])
            yield made


class Prepared(Generic[Row]):
    """A query set that is compiled at its first use; each use gives the values of its parameters by name."""

    def __init__(self, build: Callable[[], models.QuerySet[Row]]) -> None:
        self._build = build
        self._plan: _Plan | None = None

    def rows(self, **values: Any) -> list[Row]:
        plan = self._plan = self._plan or _compiled(self._build())
        with connections[plan.database].cursor() as cursor:
            cursor.execute(plan.sql, plan.bound(values))
            found = cursor.fetchall()
        return list(plan.objects(found))

    def one_or_404(self, **values: Any) -> Row:
        """Give the one row; a row that is not there, or not this person's, does not exist."""
        found = self.rows(**values)
        if not found:
            raise Http404
        return found[0]


class OfEach(Generic[Row]):
    """Rows that belong to some objects: of one, as most pages ask, prepared; of several, by an ordinary query."""

    def __init__(self, column: str, build: Callable[[], models.QuerySet[Row]]) -> None:
        self._column = column
        self._build = build
        self._of_one: Prepared[Row] = Prepared(lambda: build().filter(**{column: Parameter("owner")}))

    def rows(self, owners: Collection[models.Model]) -> list[Row]:
        if len(owners) == 1:
            return self._of_one.rows(owner=next(iter(owners)).pk)
        return list(self._build().filter(**{f"{self._column}__in": owners}))


def _compiled(queryset: Any) -> _Plan:
    if (
        queryset._iterable_class is not ModelIterable
        or queryset._prefetch_related_lookups
        or queryset._known_related_objects
    ):
        raise NotPreparable("Only rows of a model, in one statement.")
    compiler = queryset.query.get_compiler(queryset.db)
    with contextlib.suppress(EmptyResultSet):
        sql, params = compiler.as_sql()
        return _plan(queryset, compiler, sql, params)
    raise NotPreparable("This query set never finds anything.")


def _plan(queryset: Any, compiler: Any, sql: str, params: tuple[Any, ...]) -> _Plan:
    places = compiler.klass_info["select_fields"]
    own = slice(places[0], places[-1] + 1)
    converters = compiler.get_converters([column for column, *_ in compiler.select])
    return _Plan(
        database=queryset.db,
        sql=sql,
        params=tuple(params),
        model=compiler.klass_info["model"],
        own=own,
        names=tuple(column.target.attname for column, *_ in compiler.select[own]),
        related=tuple(_populators(compiler.klass_info, compiler.select, queryset.db)),
        annotations=tuple(compiler.annotation_col_map.items()),
        converters=tuple(converters.items()),
    )
