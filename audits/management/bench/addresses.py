"""Every address of the URL configuration with what fills its parts, from the demonstration.

An address that is not known here is reported and fails the gate: a new page is listed or it is not measured.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from audits import feedback_operations
from audits.feedback_queries import feedback_list
from audits.models import Audit, Calibration, CalibrationCase, Concern, Feedback, Finding, OwnQuestion
from audits.queries import cases_to_moderate
from cases.models import Case, Extract, Frame
from ncpi.accounts.models import Membership, User
from ncpi.accounts.permissions import ROLES
from ncpi.actions.models import Action, Proof, Recommendation
from ncpi.board.models import Ask, Meeting, Summary, SummaryChart
from ncpi.fieldwork.models import Absence, Duty, Inspector, Invitation, Person, Rota, Session, Timetable
from ncpi.fieldwork.operations import invitations
from ncpi.inspections.models import Criterion, Milestone
from ncpi.jobs import operations as jobs
from ncpi.selfassessment.models import Evidence, EvidenceFile, EvidenceLink, Judgement, Signature
from ncpi.selfassessment.return_models import SubmittedReturn

_PART = re.compile(r"<\w+:(\w+)>")
PUBLIC = "public"


@dataclass(frozen=True)
class Address:
    """One page: who opens it (nobody for a public one), and where; no path when the demonstration has nothing there."""

    name: str
    path: str
    person: User | None


class Unlisted(Exception):
    """Nothing here says how to fill a part of this address."""


class Addresses:
    """The addresses of one demonstration."""

    def __init__(self, demo: Any) -> None:
        self.demo = demo
        self._values: dict[str, Any] = {}

    def all(self) -> Iterator[Address | str]:
        """Give each page, or the name of one that is not listed."""
        for name, parts, view in _routes(get_resolver().url_patterns):
            room = name.split(":")[0]
            try:
                values = {part: self._value(room, name, part) for part in parts}
            except Unlisted:
                yield name
                continue
            path = "" if None in values.values() else reverse(name, kwargs=values)
            yield Address(name, path, self._person(name, view))

    def _value(self, room: str, name: str, part: str) -> Any:
        for key in (f"{name} {part}", f"{room} {part}", part):
            if key in FILLERS:
                if key not in self._values:
                    self._values[key] = FILLERS[key](self.demo)
                return self._values[key]
        raise Unlisted(name)

    def _person(self, name: str, view: Any) -> User | None:
        permission = getattr(view, "permission", PUBLIC)
        if permission == PUBLIC:
            return None
        if name in WHOSE:
            return WHOSE[name](self.demo)
        if permission is None:
            return self.demo.people["coordinator"]
        # The co-ordinator runs everything; where the role does not reach, the first who does.
        keys = ["coordinator", "chief_officer", "auditor", *self.demo.people]
        return next(
            self.demo.people[key]
            for key in keys
            if any(permission in ROLES[role].permissions for role in _roles(self.demo.people[key]))
        )


def _routes(patterns: Any, room: str = "", parts: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...], Any]]:
    for entry in patterns:
        mine = (*parts, *_PART.findall(str(entry.pattern)))
        if hasattr(entry, "url_patterns"):
            yield from _routes(entry.url_patterns, f"{entry.app_name}:" if entry.app_name else room, mine)
        elif entry.name:
            yield f"{room}{entry.name}", mine, entry.callback


def _roles(user: User) -> list[str]:
    return list(Membership.objects.filter(user=user).values_list("role", flat=True))


def _first(rows: Any, field: str = "pk") -> Any:
    return rows.order_by("pk").values_list(field, flat=True).first()


def _of(model: Any, field: str = "pk", **filters: Any) -> Callable[[Any], Any]:
    """The first row of the demonstration's inspection."""
    return lambda demo: _first(model.objects.filter(inspection=demo.inspection, **filters), field)


def _job(demo: Any) -> Any:
    return jobs.enqueue(
        by=demo.people["coordinator"],
        kind="compile_summary",
        key="bench",
        args={"inspection": demo.inspection.pk},
        force=demo.force,
        at=demo.at,
    ).pk


def _token(demo: Any) -> str:
    person = Person.objects.filter(invitations__session__inspection=demo.inspection).order_by("pk").first()
    return invitations.give_link(by=demo.people["coordinator"], person=person, inspection=demo.inspection, at=demo.at)


def _feedback_token(demo: Any) -> str | None:
    feedback = Feedback.objects.filter(inspection=demo.inspection, state="released").order_by("pk").first()
    if feedback is None:
        return None
    by = demo.people["coordinator"]
    address = feedback_operations.send_feedback(by=by, feedback=feedback, to="", at=demo.at, now=demo.at)
    return address.rpartition("/")[2]


def _audit(demo: Any) -> Any:
    return Audit.objects.filter(inspection=demo.inspection, auditor__isnull=False, ended_at=None).order_by("pk").first()


def _summary(demo: Any) -> Any:
    return Summary.objects.filter(inspection=demo.inspection).order_by("-number").first()


def _figure_name(demo: Any) -> Any:
    summary = _summary(demo)
    return summary and json.loads(summary.content)["figures"][0]["id"]


def _judgement(demo: Any) -> Any:
    rows = Judgement.objects.filter(inspection=demo.inspection).select_related("criterion__area")
    return rows.order_by("pk").first()


def _links(demo: Any) -> Any:
    return EvidenceLink.objects.filter(judgement__inspection=demo.inspection, removed_at=None)


WHOSE: dict[str, Callable[[Any], Any]] = {
    "audits:audit": lambda demo: _audit(demo).auditor,
    "audits:conflict": lambda demo: _audit(demo).auditor,
    "audits:correct-grade": lambda demo: _audit(demo).auditor,
    "audits:blank": lambda demo: _audit(demo).auditor,
}

FILLERS: dict[str, Callable[[Any], Any]] = {
    "ref": lambda demo: demo.inspection.ref,
    "accounts:set-password uid": lambda demo: urlsafe_base64_encode(force_bytes(demo.people["lead"].pk)),
    "accounts:set-password token": lambda demo: default_token_generator.make_token(demo.people["lead"]),
    "accounts kind": lambda demo: "csv",
    "accounts:job pk": _job,
    "accounts:job-progress pk": _job,
    "accounts:retry-job pk": _job,
    "accounts:end-role pk": lambda demo: _first(Membership.objects.filter(force=demo.force)),
    "accounts pk": lambda demo: demo.people["lead"].pk,
    "inspections pk": _of(Milestone),
    "inspections key": lambda demo: demo.inspection.programme.key,
    "inspections edition": lambda demo: demo.inspection.programme.edition,
    "inspections criterion": lambda demo: _first(
        Criterion.objects.filter(area__programme=demo.inspection.programme), "key"
    ),
    "selfassessment criterion": lambda demo: _judgement(demo).criterion.key,
    "selfassessment area": lambda demo: _judgement(demo).criterion.area.key,
    "selfassessment rule": lambda demo: "no_voice",
    "selfassessment number": _of(SubmittedReturn, "number"),
    "selfassessment:signature pk": _of(Signature),
    "selfassessment:withdraw-signature pk": _of(Signature),
    "selfassessment:download pk": lambda demo: _first(
        EvidenceFile.objects.filter(evidence__inspection=demo.inspection, evidence__withdrawn_at=None)
    ),
    "selfassessment:evidence-link pk": lambda demo: _first(_links(demo)),
    "selfassessment:unlink-evidence pk": lambda demo: _first(_links(demo)),
    "selfassessment pk": _of(Evidence),
    "actions:recommendation pk": lambda demo: _first(Recommendation.objects.filter(force=demo.force)),
    "actions:edit-recommendation pk": lambda demo: _first(Recommendation.objects.filter(force=demo.force)),
    "actions:change-status pk": lambda demo: _first(Recommendation.objects.filter(force=demo.force)),
    "actions:link-repeat pk": lambda demo: _first(Recommendation.objects.filter(force=demo.force)),
    "actions:proof-file pk": lambda demo: _first(_filed(demo), "action_id"),
    "actions:proof-file proof": lambda demo: _first(_filed(demo)),
    "actions pk": _of(Action),
    "fieldwork:person-calendar pk": lambda demo: _first(
        Person.objects.filter(invitations__session__inspection=demo.inspection)
    ),
    "fieldwork:inspector pk": _of(Inspector),
    "fieldwork:absence-add pk": _of(Inspector),
    "fieldwork:absence-remove pk": _of(Inspector),
    "fieldwork:session pk": _of(Session),
    "fieldwork:session-cancel pk": _of(Session),
    "fieldwork:move pk": _of(Session),
    "fieldwork:starts pk": _of(Session),
    "fieldwork duty": lambda demo: _first(Duty.objects.all()),
    "fieldwork absence": lambda demo: _first(Absence.objects.all()),
    "fieldwork rota": lambda demo: _first(Rota.objects.all()),
    "fieldwork number": _of(Timetable, "number"),
    "fieldwork uid": lambda demo: _first(Invitation.objects.filter(session__inspection=demo.inspection), "uid"),
    "fieldwork token": _token,
    "fieldwork pk": lambda demo: _first(Person.objects.filter(force=demo.force)),
    "board:meeting pk": _of(Meeting),
    "board:withdraw-ask pk": _of(Ask),
    "board number": lambda demo: _summary(demo) and _summary(demo).number,
    "board:chart name": lambda demo: _first(SummaryChart.objects.filter(summary=_summary(demo)), "name"),
    "board:figure name": _figure_name,
    **{f"cases:{name} number": _of(Extract, "number") for name in ("extract", "extract-problems", "put-extract-aside")},
    **{f"cases:{name} number": lambda demo: 1 for name in ("certificate", "drawn-csv", "places-csv", "used-csv")},
    "cases number": _of(Frame, "number", discarded_at=None),
    "cases name": lambda demo: "hold",
    "cases code": _of(Case, "code", replaced_at=None),
    "audits:auditor pk": lambda demo: _audit(demo).auditor_id,
    "audits pk": lambda demo: _audit(demo).pk,
    "audits:moderate code": lambda demo: _first(cases_to_moderate().filter(inspection=demo.inspection), "code"),
    **{
        name: lambda demo: _first(feedback_list(demo.inspection).filter(is_final=True), "code")
        for name in ("audits:feedback code", "audits:acknowledge-feedback code")
    },
    "audits token": _feedback_token,
    "audits code": _of(Case, "code", replaced_at=None),
    "audits capacity": lambda demo: "first",
    "audits:finding-action pk": _of(Finding),
    "audits:close-calibration pk": _of(Calibration),
    "audits:calibrate pk": _of(CalibrationCase, calibration__closed_at=None),
    "audits:withdraw-question pk": lambda demo: _first(OwnQuestion.objects.filter(force=demo.force)),
    **{
        f"audits:{name} pk": _of(Concern)
        for name in ("concern", "acknowledge-concern", "resolve-concern", "close-concern", "return-concern")
    },
}


def _filed(demo: Any) -> Any:
    return Proof.objects.filter(action__inspection=demo.inspection).exclude(stored_name="")
