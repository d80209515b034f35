"""The benchmark's own judgement: what it counts, which gates fail, that every address is listed."""

import pytest
from django.db import connection
from django.urls import get_resolver

from audits.management.bench.addresses import FILLERS, _routes
from audits.management.bench.measure import beside, count, is_read
from audits.management.bench.pages import gates
from ncpi.inspections.models import Force
from tests.factories import make_force


def row(queries=5, buffers=100, parameters=3):
    return {"queries": queries, "buffers": buffers, "parameters": parameters}


def judged(small, large):
    return gates({"room:page": {"counts": {"1k": small, "10k": large}}})


def test_a_page_that_costs_the_same_at_both_sizes_passes():
    assert judged(row(), row(buffers=110)) == []


@pytest.mark.parametrize(
    ("small", "large", "says"),
    [
        (row(queries=13), row(queries=13), "room:page: 13 queries, at most 12."),
        (row(queries=5), row(queries=6), "room:page: 5 queries at one size, 6 at another."),
        (row(buffers=100), row(buffers=140), "room:page: 100 buffers at one size, 140 at another."),
        (row(parameters=3), row(parameters=101), "room:page: a query with 101 parameters, at most 100."),
    ],
)
def test_a_page_that_asks_too_much_fails(small, large, says):
    assert judged(small, large) == [says]


@pytest.mark.django_db
def test_queries_parameters_and_buffers_are_counted():
    counted = count(lambda: list(Force.objects.filter(name="Nowhere", slug="nowhere")))

    assert (counted.queries, counted.parameters) == (1, 2)
    assert counted.buffers >= 1


@pytest.mark.django_db
def test_rows_that_are_looked_at_and_thrown_away_count():
    for number in range(3):
        make_force(f"Force{number}")

    counted = count(lambda: list(Force.objects.filter(suppression_threshold=99)))

    assert counted.rows == 3


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("SELECT 1", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("\nWITH a AS (SELECT 1)\nSELECT * FROM a", True),
        ("SELECT set_config('a', 'b', true)", False),
        ("WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a", False),
        ("UPDATE a SET b = 1", False),
    ],
)
def test_only_reads_are_explained(sql, reads):
    assert is_read(sql) is reads


@pytest.mark.django_db
def test_explaining_leaves_the_planner_as_it_was():
    count(Force.objects.count)

    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_an_act_is_timed_beside_its_floor():
    timed = beside(lambda: sum(range(200_000)), lambda: sum(range(20_000)), rounds=5)

    assert timed.wall_ratio > 2


def test_every_address_is_listed():
    unlisted = [
        name
        for name, parts, _ in _routes(get_resolver().url_patterns)
        for part in parts
        if not {f"{name} {part}", f"{name.split(':')[0]} {part}", part} & set(FILLERS)
    ]

    assert unlisted == []
