"""The way to the rows of the fieldwork; what is not of the inspection does not exist."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac

from ncpi.fieldwork.models import Absence, Duty, Inspector, Invitation, Person, PersonalLink, Rota, Session, Timetable
from ncpi.inspections.models import Inspection


def get_person(inspection: Inspection, pk: int) -> Person:
    rows = Person.objects.here().filter(force_id=inspection.force_id).select_related("force", "line_manager")
    return get_object_or_404(rows, pk=pk)


def get_duty(person: Person, pk: int) -> Duty:
    return get_object_or_404(Duty.objects.filter(person=person).select_related("person__force"), pk=pk)


def get_rota(person: Person, pk: int) -> Rota:
    return get_object_or_404(Rota.objects.filter(person=person).select_related("person__force"), pk=pk)


def get_inspector(inspection: Inspection, pk: int) -> Inspector:
    return get_object_or_404(Inspector.objects.filter(inspection=inspection).select_related("inspection__force"), pk=pk)


def get_absence(inspector: Inspector, pk: int) -> Absence:
    rows = Absence.objects.filter(inspector=inspector).select_related("inspector__inspection__force")
    return get_object_or_404(rows, pk=pk)


def get_session(inspection: Inspection, pk: int) -> Session:
    rows = Session.objects.filter(inspection=inspection).select_related("inspection__force", "inspection__programme")
    return get_object_or_404(rows, pk=pk)


def get_timetable(user: Any, inspection: Inspection, number: int) -> Timetable:
    """Return a version; a draft does not exist for those who only see what is published."""
    rows = Timetable.objects.open_to(user, inspection)
    rows = rows.select_related("inspection__force", "inspection__arrangement", "published_by")
    return get_object_or_404(rows, number=number)


def get_link(token: str) -> PersonalLink:
    """Return the personal link that a secret opens; a revoked or unknown one does not exist."""
    rows = PersonalLink.objects.filter(revoked_at=None, person__left_at=None)
    return get_object_or_404(rows.select_related("person", "inspection__force"), digest=digest_of(token))


def get_invitation(link: PersonalLink, uid: Any) -> Invitation:
    rows = Invitation.objects.filter(person_id=link.person_id, session__inspection_id=link.inspection_id)
    return get_object_or_404(rows.select_related("person", "session__inspection__force"), uid=uid)


def get_own_invitation(user: Any, uid: Any) -> Invitation:
    rows = Invitation.objects.filter(person__user=user, person__left_at=None)
    return get_object_or_404(rows.select_related("person", "session__inspection__force"), uid=uid)


def get_reply(inspection: Inspection, pk: int) -> Invitation:
    """Return one of the inspection's invitations in force, with the answer that it got."""
    rows = Invitation.objects.filter(session__inspection=inspection, is_cancelled=False)
    return get_object_or_404(rows.select_related("person__force", "session__inspection__force"), pk=pk)


def secret_of(seed: Any) -> str:
    """Return the secret of a personal link: only somebody with the row and the service's own key can work it out."""
    worked_out = salted_hmac("ncpi.fieldwork.personal-link", str(seed), algorithm="sha256").digest()
    return urlsafe_b64encode(worked_out).decode("ascii").rstrip("=")


def digest_of(secret: str) -> str:
    """Return what is kept of a personal link's secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
