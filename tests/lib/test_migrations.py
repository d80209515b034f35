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
        ([HOUSE, ROOM, DOORS, HAS_DOORS], [[HOUSE, ROOM, DOORS, HAS_DOORS]]),
        ([DOORS, FEWER_DOORS], [[DOORS], [FEWER_DOORS]]),
        ([HOUSE, SQL, ROOM], [[HOUSE], SQL, [ROOM]]),
    ],
)
def test_a_step_ends_where_a_field_is_changed_again_and_at_other_operations(operations, steps):
    grouped = in_few_steps(operations)

    assert [step.operations if isinstance(step, Step) else step for step in grouped] == steps


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [[[HOUSE, ROOM, DOORS, HAS_DOORS]], [[HOUSE, ROOM], [DOORS, HAS_DOORS]]])
def test_a_step_is_done_and_undone_whole(steps):
    states = [ProjectState()]

    for step in map(Step, steps):
        states.append(states[-1].clone())
        step.state_forwards("ncpi", states[-1])
        with connection.schema_editor(atomic=False) as editor:
            step.database_forwards("ncpi", editor, *states[-2:])
    made = _described("ncpi_house")
    with connection.schema_editor(atomic=False) as editor:
        Step([DOORS, HAS_DOORS]).database_backwards("ncpi", editor, states[-1], _without_doors())
    undone = _described("ncpi_house")

    assert made == (["doors", "id"], ["house_has_doors", "ncpi_house_pkey"])
    assert undone == (["id"], ["ncpi_house_pkey"])


def _without_doors():
    state = ProjectState()
    Step([HOUSE, ROOM]).state_forwards("ncpi", state)
    return state


def _described(table):
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        constraints = connection.introspection.get_constraints(cursor, table)
    return sorted(columns), sorted(name for name in constraints if not name.endswith("_not_null"))
