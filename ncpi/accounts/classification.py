"""What is held about whom, read from the models themselves, so that the data protection page cannot go stale."""

from dataclasses import dataclass

from django.apps import apps

from ncpi.accounts.permissions import ROLES, Permission

PROTECTED_APPS = ("cases", "audits")
SENSITIVITY = {
    "open": "Says nothing about a child: who did what, when, to which row",
    "child": "About one case, known by a reference only, or written by somebody who read its file",
}
_READS_CASES = {
    Permission.SAMPLE_VIEW,
    Permission.AUDIT_DO,
    Permission.AUDIT_MODERATE,
    Permission.GUIDANCE_VIEW,
    Permission.INSPECTOR_GRADES,
    Permission.CONCERN_VIEW,
}


@dataclass(frozen=True)
class ClassifiedField:
    name: str
    sensitivity: str
    meaning: str


@dataclass(frozen=True)
class ProtectedModel:
    """One table that may hold data about a child, field by field."""

    name: str
    fields: list[ClassifiedField]


@dataclass(frozen=True)
class DescribedRole:
    title: str
    description: str
    reads_cases: bool


def roles() -> list[DescribedRole]:
    """Return every role and whether it may open a case."""
    return [
        DescribedRole(role.title, role.description, bool(role.permissions & _READS_CASES)) for role in ROLES.values()
    ]


def protected_models() -> list[ProtectedModel]:
    """Return the tables of the protected apps with the classification that each declares."""
    models = [model for label in PROTECTED_APPS for model in apps.get_app_config(label).get_models()]
    found = []
    for model in models:
        privacy = getattr(model, "Privacy", None)
        if privacy is None:
            continue
        fields = [
            ClassifiedField(name.replace("_", " "), kind, SENSITIVITY.get(kind, kind))
            for name, kind in privacy.fields.items()
        ]
        found.append(ProtectedModel(str(model._meta.verbose_name).capitalize(), fields))
    return found
