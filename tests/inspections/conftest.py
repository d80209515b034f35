import pytest

from tests import databases


@pytest.fixture
def nothing_adopted(db):
    """A database as it is before the first programme is adopted, for this test."""
    databases.empty(kept=["django_migrations", "django_content_type", "auth_permission"])
