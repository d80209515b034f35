"""What the tests of a file start from, made once for all of them.

A module's world is built in a transaction that is never committed. Each test runs in a savepoint of it and works on
a deep copy of the objects, so none sees what another did. Tests that commit need a world of their own.

    board = worlds.world(make_world)

    @pytest.fixture
    def world(board, db):
        return copy.deepcopy(board)
"""

import pytest
from django.db import transaction


def world(build):
    """Return a module's fixture whose value is what `build()` gives, rolled back after the module's last test."""

    @pytest.fixture(scope="module")
    def made(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            yield build()
            transaction.set_rollback(True)

    return made
