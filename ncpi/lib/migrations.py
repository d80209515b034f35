"""Migrations that render their models once a step, not once an operation.

Django renders every model that is related to a changed one anew for each operation. Here nearly all of a hundred are
related, and migrating an empty database took 50 s of the processor; in few steps it takes six.
"""

from django.db.migrations import operations as django_operations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# What these do to the tables follows from the models before and after them, not from what is between.
TOGETHER = (
    django_operations.CreateModel,
    django_operations.AddField,
    django_operations.AlterField,
    django_operations.RemoveField,
    django_operations.AddConstraint,
    django_operations.RemoveConstraint,
    django_operations.AddIndex,
    django_operations.RemoveIndex,
    AddTrigger,
    RemoveTrigger,
)


class Step(Operation):
    """Operations that see the models as they were before all of them and as they are after all of them.

    They are undone one at a time: a constraint goes while the fields that it speaks of are still there.
    """

    def __init__(self, operations):
        self.operations = operations

    @property
    def reversible(self):
        return all(operation.reversible for operation in self.operations)

    @property
    def reduces_to_sql(self):
        return all(operation.reduces_to_sql for operation in self.operations)

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # else each operation renders what it touches
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        created = set()
        for operation in self.operations:
            if isinstance(operation, django_operations.CreateModel):
                created.add(operation.name_lower)
            elif operation.model_name.lower() in created:
                continue  # it was created as it is in the end
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        states = [to_state]
        for operation in self.operations:
            states.append(states[-1].clone())
            operation.state_forwards(app_label, states[-1])
        for operation in reversed(self.operations):
            after = states.pop()
            operation.database_backwards(app_label, schema_editor, after, states[-1])

    def describe(self):
        return "; ".join(operation.describe() for operation in self.operations)


def in_few_steps(operations):
    """Group the operations of a migration, in their order, into as few steps as come to the same tables.

    A step ends before a second operation on one field. An operation of any other kind stands alone.
    """
    steps, fields = [], set()
    for operation in operations:
        if not isinstance(operation, TOGETHER):
            steps.append(operation)
            continue
        field = (operation.model_name_lower, operation.name_lower) if isinstance(operation, FieldOperation) else None
        if not (steps and isinstance(steps[-1], Step)) or field in fields:
            steps.append(Step([]))
            fields = set()
        steps[-1].operations.append(operation)
        if field:
            fields.add(field)
    return steps
