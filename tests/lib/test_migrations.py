import pytest
from django.db import connection, models
from django.db.migrations import AddConstraint, AddField, AlterField, CreateModel, RunSQL
from django.db.migrations.state import ProjectState

from ncpi.lib.migrations import Step, in_few_steps

HOUSE = CreateModel("House", [("id", models.AutoField(primary_key=True))])
ROOM = CreateModel(
    "Room", [("id", models.AutoField(primary_key=True)), ("house", models.ForeignKey("ncpi.House", models.CASCADE))]
)
DOORS = AddField("House", "doors", models.IntegerField(default=1))
FEWER_DOORS = AlterField("House", "doors", models.SmallIntegerField(default=1))
HAS_DOORS = AddConstraint("House", models.CheckConstraint(condition=models.Q(doors__gt=0), name="house_has_doors"))
SQL = RunSQL("select 1", RunSQL.noop)


@pytest.mark.parametrize(
    ("operations", "steps"),
    [
        ([], []),
        ([HOUSE, ROOM], [[HOUSE, ROOM]]),
        ([DOORS, HAS_DOORS, ROOM], [[DOORS, HAS_DOORS, ROOM]]),
        ([HOUSE, ROOM, DOORS, HAS_DOORS], [[HOUSE, ROOM], [DOORS, HAS_DOORS]]),
        ([DOORS, FEWER_DOORS], [[DOORS], [FEWER_DOORS]]),
        ([HOUSE, SQL, ROOM], [[HOUSE], SQL, [ROOM]]),
    ],
)
def test_a_step_ends_where_what_it_made_is_changed_and_at_other_operations(operations, steps):
    grouped = in_few_steps(operations)

    assert [step.operations if isinstance(step, Step) else step for step in grouped] == steps


@pytest.mark.django_db
def test_a_step_is_done_and_undone_whole():
    start, states = ProjectState(), []

    with connection.schema_editor(atomic=False) as editor:
        for step in in_few_steps([HOUSE, ROOM, DOORS, HAS_DOORS]):
            before = (states[-1] if states else start).clone()
            states.append(before.clone())
            step.state_forwards("ncpi", states[-1])
            step.database_forwards("ncpi", editor, before, states[-1])
    made = _described("ncpi_house")
    with connection.schema_editor(atomic=False) as editor:
        in_few_steps([DOORS, HAS_DOORS])[0].database_backwards("ncpi", editor, states[1], states[0])
    undone = _described("ncpi_house")

    assert made == (["doors", "id"], ["house_has_doors", "ncpi_house_pkey"])
    assert undone == (["id"], ["ncpi_house_pkey"])


def _described(table):
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        constraints = connection.introspection.get_constraints(cursor, table)
    return sorted(columns), sorted(name for name in constraints if not name.endswith("_not_null"))
