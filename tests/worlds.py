"""What the tests of a file start from, made once for all of them.

A module's world is built in a transaction that is never committed. Each test runs in a savepoint of it and works on
a copy of its own, so none sees what another did. Tests that commit need a world of their own.

    board = worlds.copies(make_world)

    @pytest.fixture
    def world(board, db):
        return board()
"""

import pickle
from functools import partial

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


def copies(build):
    """Like `world`, but its value is a function that returns a copy: pickling takes a tenth of a deep copy's time."""
    return world(lambda: partial(pickle.loads, pickle.dumps(build())))
