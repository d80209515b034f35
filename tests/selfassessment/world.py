"""A force whose self-assessment has begun, and its people."""

from tests.factories import make_inspection, make_self_assessment, make_user


class People(dict):
    """The force's people by role; each is made when first asked for."""

    def __init__(self, force):
        super().__init__()
        self.force = force

    def __missing__(self, role):
        self[role] = make_user(role, force=self.force, name=f"The {role}")
        return self[role]


class World:
    def __init__(self, inspection=None):
        self.inspection = inspection or make_inspection()
        self.force = self.inspection.force
        self.people = People(self.force)
        for role in ("coordinator", "lead", "reviewer", "chief_officer"):
            self.people[role] = make_user(role, force=self.force, name=f"The {role}")
        self.judgements = make_self_assessment(self.inspection)
