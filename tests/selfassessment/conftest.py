"""What most tests of the self-assessment start from; a module that needs another story makes its own."""

import pytest
from django.utils import timezone

from tests.factories import NOW, make_force, make_inspection, make_self_assessment, make_user


class People(dict):
    """The force's people by role; each is made when first asked for."""

    def __init__(self, force):
        super().__init__()
        self.force = force

    def __missing__(self, role):
        self[role] = make_user(role, force=self.force, name=f"The {role}")
        return self[role]


@pytest.fixture
def force(db):
    return make_force()


@pytest.fixture
def in_its_time(force):
    """Let the force live at the moment of the tests, as a demonstration does."""
    force.is_demonstration, force.clock_offset = True, timezone.now() - NOW
    force.save()


@pytest.fixture
def people(force):
    return People(force)


@pytest.fixture
def lead(people):
    return people["lead"]


@pytest.fixture
def reviewer(people):
    return people["reviewer"]


@pytest.fixture
def chief(people):
    return people["chief_officer"]


@pytest.fixture
def inspection(force):
    return make_inspection(force)


@pytest.fixture
def judgements(inspection):
    return make_self_assessment(inspection)


@pytest.fixture
def judgement(judgements):
    return judgements[0]
