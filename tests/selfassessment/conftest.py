"""What most tests of the self-assessment start from; a module that needs another story makes its own."""

import pytest
from django.utils import timezone

from tests import worlds
from tests.factories import NOW
from tests.selfassessment.world import World

begun = worlds.copies(World)


@pytest.fixture
def world(begun, db):
    return begun()


@pytest.fixture
def force(world):
    return world.force


@pytest.fixture
def in_its_time(force):
    """Let the force live at the moment of the tests, as a demonstration does."""
    force.is_demonstration, force.clock_offset = True, timezone.now() - NOW
    force.save()


@pytest.fixture
def people(world):
    return world.people


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
def inspection(world):
    return world.inspection


@pytest.fixture
def judgements(world):
    return world.judgements


@pytest.fixture
def judgement(judgements):
    return judgements[0]
